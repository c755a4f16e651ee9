"""The timeline: its entries in the order of the file, and every line that is none as a fault with its remedy."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from incident_tracker.document import Document
from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.model import Entry, Said
from incident_tracker.order import Block, in_order
from incident_tracker.phrases import phrasebook
from incident_tracker.protocol import Protocol
from incident_tracker.refused import (
    ENTRY,
    NO_LIST,
    NO_SUCH_TIME,
    NOT_AN_ENTRY,
    Refused,
    canonical,
    doubtful_text,
    refused,
    table_lines,
)
from incident_tracker.sections import Section, fenced_lines
from incident_tracker.shapes import Wrong
from incident_tracker.stamps import DATE, day_of, moment, offset_text, readings, written_stamp

NO_DAY = "TML008"
OUT_OF_ORDER = "TML009"
REPEATED_HOUR = "TML010"
SKIPPED_HOUR = "TML011"
WRONG_VALUE = "TML012"
NEAR_PHRASE = "TML013"
TOO_LONG = "TML014"
LONGEST = 2_000
DAY = re.compile(rf"###[ \t]+({DATE})[ \t]*")
COMMENT = re.compile(r"<!--.*?-->")
ITEM = re.compile(r"[-*+][ \t]+(.*)")


def read_timeline(
    section: Section, document: Document, protocol: Protocol, *, zone: ZoneInfo, first_date: date
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The entries of a timeline, with the faults of its form by line.

    ``zone`` is that of clocks without an offset, ``first_date`` the day of entries above any date. An entry
    whose time cannot be known has no ``at``.
    """
    reading = _Reading(document, protocol, zone, first_date)
    reading.read(section.first_line, section.last_line)
    return tuple(block.entry for block in reading.blocks), tuple(
        sorted(reading.faults, key=lambda fault: fault.position)
    )


def canonical_line(entry: Entry, document: Document) -> str:
    """The first line of an entry as commands write it, with what was typed in it."""
    return canonical(document.line_text(entry.position.line))


def entry_line(
    at: datetime, text: str, zone: ZoneInfo, *, day: date | None = None, estimated: bool = False
) -> str:
    """A new entry's line, with the date where ``day``, that of the lines above, is another."""
    return f"- {'~' if estimated else ''}{written_stamp(at, zone, day=day)} - {text}"


class _Reading:
    """One pass over the lines of a timeline."""

    def __init__(self, document: Document, protocol: Protocol, zone: ZoneInfo, day: date) -> None:
        self.document = document
        self.lines = document.lines
        self.protocol = protocol
        self.book = phrasebook(protocol)
        self.zone = zone
        self.first_day = day
        self.day = day
        self.latest: datetime | None = None
        self.blocks: list[Block] = []
        self.more: list[str] = []
        self.faults: list[Fault] = []
        self.begin = -1
        self.headings = False
        self.movable = True
        self.disorder: list[int] = []
        self.item_open = False

    def read(self, first: int, last: int) -> None:
        hidden = self._hidden(first, last)
        index = first
        while index < last:
            line = self.lines[index]
            if not line or line.isspace() or index in hidden:
                index += 1
            elif len(line) > LONGEST:
                self._too_long(line, index + 1)
                index += 1
            else:
                index = self._take(line, index, last)
        self._close()
        if self.disorder:
            self._report_disorder()

    def _take(self, line: str, index: int, last: int) -> int:
        """Read what begins at a line; the index of the first line behind it."""
        if "<!--" in line:
            line = COMMENT.sub("", line).rstrip()
            if not line:
                return index + 1
        match = ENTRY.fullmatch(line)
        if match is not None:
            doubt = doubtful_text(line, match, self.day, self.zone)
            if doubt is None:
                self._entry(match, index + 1)
            else:
                self._refuse(doubt, line, index + 1)
        elif line[0] == "#":
            return self._heading(line, index, last)
        elif line.lstrip()[0] == "|":
            return self._table(index, last)
        elif self.item_open and (line[:2] == "  " or line[0] == "\t"):
            self.more.append(line)
            self._extend(index + 1)
        else:
            self._refuse(refused(line, self.day, self.zone), line, index + 1)
        return index + 1

    def _hidden(self, first: int, last: int) -> set[int]:
        """The indexes of lines in comments of several lines and in fenced code."""
        hidden: set[int] = set()
        for comment in self.document.comments:
            if comment.end.line > comment.position.line:
                hidden.update(range(comment.position.line - 1, comment.end.line))
        if any("```" in line or "~~~" in line for line in self.lines[first:last]):
            hidden |= fenced_lines(self.lines, self.document.body_start)
        return hidden

    # --- entries --------------------------------------------------------------------------------

    def _entry(self, match: re.Match[str], number: int, original: str | None = None) -> None:
        """Read an entry; ``original`` is the line that stands in the file where it was mended."""
        self._close()
        self.item_open = True
        if self.begin < 0:
            self.begin = number
        text = match[5].rstrip()
        column = match.start(5) + 1
        if original is not None:
            column = len(original) - len(text) + 1 if original.endswith(text) else 1
        text_position = Position(number, column)
        faults = len(self.faults)
        at = self._moment(match, number, mended=original is not None)
        doubtful = len(self.faults) > faults
        if at is not None and self.latest is not None and at < self.latest:
            at = self._back(match, at, number)
        elif at is not None:
            self.latest = at
        self.blocks.append(
            Block(
                entry=Entry(
                    position=Position(number, 1),
                    text_position=text_position,
                    lines=(number, number),
                    at=at,
                    text=text,
                    estimated=match[1] is not None,
                    said=self._said(text, text_position),
                ),
                line=None if original is None else match.string,
                day=self.day,
                doubtful=doubtful,
            )
        )

    def _moment(self, match: re.Match[str], number: int, *, mended: bool) -> datetime | None:
        if match[2]:
            day = day_of(match[2])
            if day is None:
                self._no_day(match[2], Position(number, match.start(2) + 1))
                return None
            self.day = day
        if match[4]:
            return moment(self.day, match[3], match[4])
        found = readings(self.day, match[3], self.zone)
        if len(found) == 1:
            return found[0]
        place, end = Position(number, match.start(3) + 1), match.end(3) + 1
        if not found:
            self.faults.append(Fault(
                code=SKIPPED_HOUR, position=place, end_column=end,
                message=f"{match[3]} did not happen on {self.day}: the clocks went forward over it",
                help="write the time that the clock showed, or the offset behind it",
            ))
            return None
        at = next((at for at in found if self.latest is None or at >= self.latest), found[-1])
        offset = self.document.offset(Position(number, end))
        self.faults.append(Fault(
            code=REPEATED_HOUR, position=place, end_column=end,
            message=f"{match[3]} happened twice on {self.day}; read as {match[3]}{offset_text(at)}",
            help=f"write the offset: {match[3]}{offset_text(at)}",
            fix=() if mended else (Edit(offset, offset, offset_text(at)),),
        ))
        return at

    def _said(self, text: str, position: Position) -> Said | None:
        said = self.book.read(text)
        if said is None:
            near = self.book.nearest(text)
            if near:
                self.faults.append(Fault(
                    code=NEAR_PHRASE, position=position, message="this is kept as a note, but it is nearly a phrase",
                    help=f'did you mean "{near}"?',
                ))
            return None
        if isinstance(said, Wrong):
            self.faults.append(Fault(
                code=WRONG_VALUE, message=said.message, help=said.help,
                position=Position(position.line, position.column + said.start),
                end_column=position.column + len(text),
            ))
            return None
        return said

    def _extend(self, number: int) -> None:
        if self.blocks:
            self.blocks[-1].last_line = number

    def _close(self) -> None:
        """Give the entry above the lines that went on with it."""
        if self.more and self.blocks:
            block = self.blocks[-1]
            text = "\n".join([block.entry.text, *(line.strip() for line in self.more)])
            lines = (block.entry.position.line, block.last_line)
            block.entry = replace(block.entry, text=text, lines=lines)
        self.more = []

    # --- order ------------------------------------------------------------------------------------

    def _back(self, match: re.Match[str], at: datetime, number: int) -> datetime:
        """The moment of an entry that seems to go back in time."""
        assert self.latest is not None
        if not match[2] and self.latest - at > self.protocol.entry_back:
            tomorrow = self.day + timedelta(days=1)
            found = (
                (moment(tomorrow, match[3], match[4]),) if match[4]
                else readings(tomorrow, match[3], self.zone)
            )
            later = next((moment_ for moment_ in found if moment_ >= self.latest), None)
            if later is not None:
                self._missing_day(match, tomorrow, number)
                self.day, self.latest = tomorrow, later
                return later
        self.disorder.append(len(self.blocks))
        return at

    def _missing_day(self, match: re.Match[str], day: date, number: int) -> None:
        newline = self.document.newline
        blank = "" if number < 2 or not self.lines[number - 2].strip() else newline  # noqa: PLR2004
        start = self.document.offset(Position(number, 1))
        self.faults.append(Fault(
            code=NO_DAY, position=Position(number, match.start(3) + 1), end_column=match.end(3) + 1,
            message=f"{match[3]} is earlier than the entry above: a day heading is missing",
            help=f"write above it: ### {day}",
            fix=(Edit(start, start, f"{blank}### {day}{newline}"),),
        ))

    def _report_disorder(self) -> None:
        fix: tuple[Edit, ...] = ()
        if self.movable:
            start = self.document.offset(Position(self.begin, 1))
            final = self.blocks[-1].last_line
            end = self.document.offset(Position(final, len(self.lines[final - 1]) + 1))
            lines = in_order(self.blocks, self.lines, self.first_day, self.zone, headings=self.headings)
            fix = (Edit(start, end, self.document.newline.join(lines)),)
        for index in self.disorder:
            entry = self.blocks[index].entry
            self.faults.append(Fault(
                code=OUT_OF_ORDER, position=entry.position,
                message=f"{self._clock(entry)} stands below a later entry",
                help="move the line up, or write its date in front of the time", fix=fix,
            ))

    def _clock(self, entry: Entry) -> str:
        return written_stamp(entry.at, self.zone, day=entry.at.date()) if entry.at else "this entry"

    # --- what is no entry -----------------------------------------------------------------------------

    def _refuse(self, wrong: Refused, line: str, number: int) -> None:
        edits: tuple[Edit, ...] = ()
        if wrong.line is not None:
            same = _common_end(line, wrong.line)
            start = self.document.offset(Position(number, 1))
            edits = (Edit(start, start + len(line) - same, wrong.line[: len(wrong.line) - same]),)
        self.faults.append(Fault(
            code=wrong.code, message=wrong.message, help=wrong.help, fix=edits,
            position=Position(number, wrong.column), end_column=wrong.end_column,
        ))
        match = ENTRY.fullmatch(wrong.line) if wrong.line is not None else None
        if match is not None:
            self._entry(match, number, original=line)
        else:
            self._close()
            self.item_open = True
            self._extend(number)

    def _heading(self, line: str, index: int, last: int) -> int:
        day_heading = DAY.fullmatch(line)
        if day_heading is not None:
            self._day(day_heading, index + 1)
            return index + 1
        wrong = refused(line, self.day, self.zone)
        stop = index + 1
        while stop < last and self.lines[stop][:1] != "#" and not ENTRY.fullmatch(self.lines[stop]):
            stop += 1
        below = [n for n in range(index + 1, stop) if self.lines[n].strip()]
        meant = _heading_entries(line, wrong, [self.lines[n] for n in below], self.day, self.zone)
        if not meant or any("<!--" in self.lines[n] for n in below):
            self._refuse(wrong, line, index + 1)
            return index + 1
        start = self.document.offset(Position(index + 1, 1))
        final = below[-1] if below else index
        end = self.document.offset(Position(final + 1, len(self.lines[final]) + 1))
        text = self.document.newline.join(meant)
        self._replaced(wrong, meant, index + 1, Edit(start, end, text))
        return final + 1

    def _table(self, index: int, last: int) -> int:
        stop = index
        while stop < last and self.lines[stop].lstrip()[:1] == "|":
            stop += 1
        rows = list(self.lines[index:stop])
        meant = table_lines(rows)
        entries = [line for line in meant if line]
        wrong = Refused(
            code=NO_LIST, message="an entry is a list item, not a row of a table", column=1,
            help=f"write: {entries[0]}" if entries else "write: - 14:05 - what happened",
        )
        start = self.document.offset(Position(index + 1, 1))
        end = self.document.offset(Position(stop, len(rows[-1]) + 1))
        told = {number for number, line in enumerate(meant) if line}
        lost = [number for number in range(2 if len(rows) > 1 and not meant[1] else 0, len(rows)) if number not in told]
        fix = Edit(start, end, self.document.newline.join(entries)) if entries and not lost else None
        self._replaced(wrong, entries, index + 1, fix)
        return stop

    def _replaced(self, wrong: Refused, meant: list[str], number: int, fix: Edit | None) -> None:
        """Report lines that mean entries in another form, and read those."""
        self.movable = False
        self.faults.append(Fault(
            code=wrong.code, message=wrong.message, help=wrong.help, fix=(fix,) if fix else (),
            position=Position(number, wrong.column), end_column=wrong.end_column,
        ))
        for line in meant:
            match = ENTRY.fullmatch(line)
            if match is not None:
                self._entry(match, number, original=self.lines[number - 1])
        self.item_open = False

    def _day(self, match: re.Match[str], number: int) -> None:
        self._close()
        self.headings, self.item_open = True, False
        if self.begin < 0:
            self.begin = number
        day = day_of(match[1])
        if day is None:
            self._no_day(match[1], Position(number, match.start(1) + 1))
        else:
            self.day = day

    def _no_day(self, text: str, position: Position) -> None:
        self.faults.append(Fault(
            code=NO_SUCH_TIME, message=f'there is no day "{text}"', help="write the date as 2026-11-03",
            position=position, end_column=position.column + len(text),
        ))

    def _too_long(self, line: str, number: int) -> None:
        self._close()
        self.item_open = True
        self.faults.append(Fault(
            code=TOO_LONG, position=Position(number, LONGEST + 1), end_column=len(line) + 1,
            message=f"this line has {len(line):,} characters; at most {LONGEST:,} are read",
            help="keep long output beside the record, as evidence",
        ))


def _heading_entries(
    line: str, wrong: Refused, below: list[str], day: date, zone: ZoneInfo
) -> list[str]:
    """The entries that a heading with a time and the lines below it mean; none where it has no time."""
    if wrong.line is not None:
        return [wrong.line, *(f"  {text.strip()}" for text in below)]
    if wrong.code in {NO_SUCH_TIME} or (wrong.code == NOT_AN_ENTRY and wrong.end_column is None):
        return []
    entries: list[str] = []
    for text in below:
        item = ITEM.fullmatch(text)
        if entries and item is None:
            entries.append(f"  {text.strip()}")
            continue
        meant = refused(f"{line.rstrip(' #:–—-')} - {item[1] if item else text.strip()}", day, zone).line
        if meant is None:
            return []
        entries.append(meant)
    return entries


def _common_end(one: str, other: str) -> int:
    """How many characters both texts end with alike."""
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[-1 - n] != other[-1 - n]), most)
