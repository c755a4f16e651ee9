"""The timeline: its entries in the order of the file, every other line a fault with its remedy."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.log.entries import Entries, entry_line
from incident_tracker.log.refused import (
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
from incident_tracker.model import Entry
from incident_tracker.protocol import Protocol
from incident_tracker.text.comments import OPEN, blanked
from incident_tracker.text.document import Document
from incident_tracker.text.sections import Section
from incident_tracker.text.stamps import DATE, YEARS

__all__ = ["canonical_line", "entry_line", "read_timeline"]

TOO_LONG = "TML014"
LONGEST = 2_000
DAY = re.compile(rf"###[ \t]+({DATE})[ \t]*")
ITEM = re.compile(r"[-*+][ \t]+(.*)")


def read_timeline(
    section: Section, document: Document, protocol: Protocol, *, zone: ZoneInfo, first_date: date
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The entries of a timeline, with the faults of its form by line.

    ``zone`` is that of clocks without an offset, ``first_date`` the day of entries above any date.
    An entry whose time cannot be known has no ``at``.
    """
    day = first_date if first_date.year in YEARS else date(YEARS[0], 1, 1)
    reading = _Reading(document, protocol, zone, day)
    reading.read(section.first_line, section.last_line)
    entries = tuple(block.entry for block in reading.entries.blocks)
    return entries, tuple(sorted(reading.entries.faults, key=lambda fault: fault.position))


def canonical_line(entry: Entry, document: Document) -> str:
    """The first line of an entry as commands write it, with what was typed in it."""
    return canonical(document.line_text(entry.position.line))


class _Reading:
    """One pass over the lines of a timeline."""

    def __init__(self, document: Document, protocol: Protocol, zone: ZoneInfo, day: date) -> None:
        self.document = document
        self.lines = document.lines
        self.zone = zone
        self.entries = Entries(document, protocol, zone, day)
        self.item_open = False

    def read(self, first: int, last: int) -> None:
        hidden = self._hidden()
        code = {index for block in self.document.body.code for index in block}
        index = first
        while index < last:
            line = self.lines[index]
            if index in code:
                # Code says nothing and stays with the entry above.
                self.entries.include(index + 1)
                index += 1
            elif not line or line.isspace() or index in hidden:
                index += 1
            elif len(line) > LONGEST:
                self._too_long(line, index + 1)
                index += 1
            else:
                index = self._take(line, index, last)
        self.entries.close()
        self.entries.report_disorder()

    def _take(self, line: str, index: int, last: int) -> int:
        """Read what begins at a line; the index of the first line behind it."""
        if OPEN in line:
            line = blanked(line).rstrip()
            if not line:
                return index + 1
        match = ENTRY.fullmatch(line)
        if match is not None:
            doubt = doubtful_text(line, match, self.entries.day, self.zone)
            if doubt is None:
                self.entries.add(match, index + 1)
                self.item_open = True
            else:
                self._refuse(doubt, line, index + 1)
        elif line[0] == "#":
            return self._heading(line, index, last)
        elif self.item_open and (line[:2] == "  " or line[0] == "\t"):
            self.entries.go_on(line, index + 1)
        elif line.lstrip()[0] == "|":
            return self._table(index, last)
        else:
            self._refuse(refused(line, self.entries.day, self.zone), line, index + 1)
        return index + 1

    def _hidden(self) -> set[int]:
        """The indexes of lines in comments of several lines."""
        hidden: set[int] = set()
        for comment in self.document.comments:
            if comment.end.line > comment.position.line:
                hidden.update(range(comment.position.line - 1, comment.end.line))
        return hidden

    def _refuse(self, wrong: Refused, line: str, number: int) -> None:
        """Report a line that is no entry; where it certainly means one, read that."""
        match = ENTRY.fullmatch(wrong.line) if wrong.line is not None else None
        if match is None:
            self._report(wrong, number)
            self.entries.close()
            self.entries.include(number)
        else:
            same = _common_end(line, match.string)
            start = self.document.offset(Position(number, 1))
            text = match.string[: len(match.string) - same]
            self._report(wrong, number, Edit(start, start + len(line) - same, text))
            self.entries.add(match, number, original=line)
        self.item_open = True

    def _report(self, wrong: Refused, number: int, *fix: Edit) -> None:
        self.entries.faults.append(
            Fault(
                code=wrong.code,
                message=wrong.message,
                help=wrong.help,
                position=Position(number, wrong.column),
                end_column=wrong.end_column,
                fix=fix,
            )
        )

    def _heading(self, line: str, index: int, last: int) -> int:
        self.item_open = False
        day_heading = DAY.fullmatch(line)
        if day_heading is not None:
            self.entries.start_day(day_heading[1], Position(index + 1, day_heading.start(1) + 1))
            return index + 1
        day = self.entries.day
        wrong = refused(line, day, self.zone)
        stop = index + 1
        while stop < last and self.lines[stop][:1] != "#" and not ENTRY.fullmatch(self.lines[stop]):
            stop += 1
        below = [n for n in range(index + 1, stop) if self.lines[n].strip()]
        meant = _heading_entries(line, wrong, [self.lines[n] for n in below], day, self.zone)
        if not meant or any("<!--" in self.lines[n] for n in below):
            self._refuse(wrong, line, index + 1)
            return index + 1
        final = below[-1] if below else index
        self._replace(wrong, meant, index, final + 1)
        return final + 1

    def _table(self, index: int, last: int) -> int:
        stop = index
        while stop < last and self.lines[stop].lstrip()[:1] == "|":
            stop += 1
        meant = table_lines(list(self.lines[index:stop]), self.entries.day, self.entries.zone)
        # A heading and the ruler below it say nothing; any other row must not get lost.
        head = 2 if len(meant) > 1 and not (meant[0] or meant[1]) else 0
        entries = [line for line in meant if line]
        wrong = Refused(
            code=NO_LIST,
            message="an entry is a list item, not a row of a table",
            help=f"write: {entries[0]}" if entries else "write: - 14:05 - what happened",
            column=1,
        )
        if entries and all(meant[head:]):
            self._replace(wrong, entries, index, stop)
        else:
            self._report(wrong, index + 1)
            self.entries.close()
            self.entries.include(stop)
        self.item_open = False
        return stop

    def _replace(self, wrong: Refused, meant: list[str], first: int, stop: int) -> None:
        """Report lines [first, stop) that mean entries in another form, and read those."""
        self.entries.movable = False
        start = self.document.offset(Position(first + 1, 1))
        end = self.document.offset(Position(stop, len(self.lines[stop - 1]) + 1))
        self._report(wrong, first + 1, Edit(start, end, self.document.newline.join(meant)))
        for line in meant:
            match = ENTRY.fullmatch(line)
            if match is not None:
                self.entries.add(match, first + 1, original=self.lines[first])
            else:
                self.entries.go_on(line, first + 1)

    def _too_long(self, line: str, number: int) -> None:
        self.entries.close()
        self.entries.include(number)
        self.item_open = True
        self.entries.faults.append(
            Fault(
                code=TOO_LONG,
                message=f"this line has {len(line):,} characters; at most {LONGEST:,} are read",
                help="keep long output beside the record, as evidence",
                position=Position(number, LONGEST + 1),
                end_column=len(line) + 1,
            )
        )


def _heading_entries(
    line: str, wrong: Refused, below: list[str], day: date, zone: ZoneInfo
) -> list[str]:
    """The entries that a heading and the lines below it mean; none where it has no time."""
    if wrong.line is not None:
        return [wrong.line, *(f"  {text.strip()}" for text in below)]
    if wrong.code == NO_SUCH_TIME or (wrong.code == NOT_AN_ENTRY and wrong.end_column is None):
        return []
    entries: list[str] = []
    for text in below:
        item = ITEM.fullmatch(text)
        if entries and item is None:
            entries.append(f"  {text.strip()}")
            continue
        meant = refused(
            f"{line.rstrip(' #:–—-')} - {item[1] if item else text.strip()}", day, zone
        ).line
        if meant is None:
            return []
        entries.append(meant)
    return entries


def _common_end(one: str, other: str) -> int:
    """How many characters both texts end with alike."""
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[-1 - n] != other[-1 - n]), most)
