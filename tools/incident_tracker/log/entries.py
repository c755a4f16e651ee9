"""The entries of a timeline as they are taken in: their moments, their order, and what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.log.order import Block, in_order
from incident_tracker.log.phrases import phrasebook
from incident_tracker.log.refused import NO_SUCH_TIME
from incident_tracker.log.shapes import Wrong
from incident_tracker.model import Entry, Said
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document
from incident_tracker.text.stamps import (
    day_after,
    day_of,
    moment,
    offset_text,
    readings,
    written_stamp,
)

NO_DAY = "TML008"
OUT_OF_ORDER = "TML009"
REPEATED_HOUR = "TML010"
SKIPPED_HOUR = "TML011"
WRONG_VALUE = "TML012"
NEAR_PHRASE = "TML013"


class Entries:
    """The entries so far, with the day and the moment that the next one is read against."""

    def __init__(self, document: Document, protocol: Protocol, zone: ZoneInfo, day: date) -> None:
        self.document = document
        self.protocol = protocol
        self.book = phrasebook(protocol)
        self.zone = zone
        self.first_day = day
        self.day = day
        self.latest: datetime | None = None
        self.blocks: list[Block] = []
        self.more: list[str] = []
        self.has_more = False
        self.faults: list[Fault] = []
        self.begin = 0
        self.headings = False
        self.movable = True
        self.disorder: list[int] = []

    def add(self, match: re.Match[str], number: int, original: str | None = None) -> None:
        """Take in an entry; ``original`` is the line in the file where it was mended."""
        if self.has_more:
            self.close()
        self.begin = self.begin or number
        text = match[5].rstrip()
        column = match.start(5) + 1
        if original is not None:
            column = len(original) - len(text) + 1 if original.endswith(text) else 1
        at, doubtful = self._moment(match, number, mended=original is not None)
        if at is not None and self.latest is not None and at < self.latest:
            at = self._back(match, at, self.latest, number, mended=original is not None)
        elif at is not None:
            self.latest = at
        entry = Entry(
            lines=(number, number),
            column=column,
            at=at,
            text=text,
            estimated=match[1] is not None,
            said=self._said(text, number, column),
        )
        line = None if original is None else match.string
        self.blocks.append(Block(entry, line, self.day, doubtful, number))

    def go_on(self, line: str, number: int) -> None:
        """Take in a line that belongs to the entry above."""
        self.more.append(line.strip())
        self.include(number)

    def include(self, number: int) -> None:
        """Let a line that says nothing move with the entry above."""
        self.has_more = True
        if self.blocks:
            self.blocks[-1].last_line = number

    def close(self) -> None:
        """Give the entry above the lines that went on with it."""
        if self.blocks and self.blocks[-1].last_line > self.blocks[-1].entry.lines[1]:
            block = self.blocks[-1]
            text = "\n".join([block.entry.text, *self.more])
            lines = (block.entry.lines[0], block.last_line)
            block.entry = replace(block.entry, text=text, lines=lines)
        self.more = []
        self.has_more = False

    def start_day(self, text: str, place: Position) -> None:
        """Take in a day heading."""
        self.close()
        self.headings = True
        self.begin = self.begin or place.line
        self._set_day(text, place)

    def _set_day(self, text: str, place: Position) -> bool:
        day = day_of(text)
        if day is None:
            self.faults.append(
                Fault(
                    code=NO_SUCH_TIME,
                    message=f'there is no day "{text}"',
                    help="write the date as 2026-11-03",
                    position=place,
                    end_column=place.column + len(text),
                )
            )
            return False
        self.day = day
        return True

    def _moment(
        self, match: re.Match[str], number: int, *, mended: bool
    ) -> tuple[datetime | None, bool]:
        """The moment of an entry, and whether its clock showed that time twice."""
        day, clock, offset = match.group(2, 3, 4)
        if day and not self._set_day(day, Position(number, match.start(2) + 1)):
            return None, False
        if offset:
            return moment(self.day, clock, offset), False
        found = readings(self.day, clock, self.zone)
        if len(found) == 1:
            return found[0], False
        place, end = Position(number, match.start(3) + 1), match.end(3) + 1
        if not found:
            self.faults.append(skipped_hour(SKIPPED_HOUR, clock, self.day, place))
            return None, False
        at = earliest(found, self.latest)
        insert = self.document.offset(Position(number, end))
        fix = () if mended else (Edit(insert, insert, offset_text(at)),)
        self.faults.append(repeated_hour(REPEATED_HOUR, clock, at, place, fix))
        return at, True

    def _said(self, text: str, number: int, column: int) -> Said | None:
        said = self.book.told(text)
        if isinstance(said, Said):
            return said
        if isinstance(said, Wrong):
            self.faults.append(
                Fault(
                    code=WRONG_VALUE,
                    message=said.message,
                    help=said.help,
                    position=Position(number, column + said.start),
                    end_column=column + len(text),
                )
            )
            return None
        if said:
            self.faults.append(
                Fault(
                    code=NEAR_PHRASE,
                    message="this is kept as a note, but it is nearly a phrase",
                    help=f'did you mean "{said}"?',
                    position=Position(number, column),
                )
            )
        return None

    def _back(
        self, match: re.Match[str], at: datetime, latest: datetime, number: int, *, mended: bool
    ) -> datetime:
        """The moment of an entry that seems to go back in time."""
        clock, offset = match.group(3, 4)
        if not match[2] and latest - at > self.protocol.entry_back:
            tomorrow = day_after(self.day)
            later = self._reading(tomorrow, clock, offset, latest) if tomorrow else None
            if tomorrow and later:
                self._missing_day(match, tomorrow, number, mended=mended)
                self.day, self.latest = tomorrow, later
                return later
        self.disorder.append(len(self.blocks))
        return at

    def _reading(self, day: date, clock: str, offset: str, latest: datetime) -> datetime | None:
        """The first moment of a clock on a day that is not before another, None where none is."""
        found = (moment(day, clock, offset),) if offset else readings(day, clock, self.zone)
        return next((time for time in found if time >= latest), None)

    def _missing_day(self, match: re.Match[str], day: date, number: int, *, mended: bool) -> None:
        newline = self.document.newline
        blank = newline if self.document.line_text(number - 1).strip() else ""
        start = self.document.offset(Position(number, 1))
        self.faults.append(
            Fault(
                code=NO_DAY,
                message=f"{match[3]} is earlier than the entry above: a day heading is missing",
                help=f"write above it: ### {day}",
                position=Position(number, match.start(3) + 1),
                end_column=match.end(3) + 1,
                fix=() if mended else (Edit(start, start, f"{blank}### {day}{newline}"),),
            )
        )

    def report_disorder(self) -> None:
        """Say which entries stand below later ones; one fix sorts them all."""
        fix = self._sorting() if self.disorder and self.movable else ()
        for index in self.disorder:
            entry = self.blocks[index].entry
            clock = entry.at.strftime("%H:%M") if entry.at else ""
            self.faults.append(
                Fault(
                    code=OUT_OF_ORDER,
                    message=f"{clock} stands below a later entry",
                    help="move the line up, or write its date in front of the time",
                    position=entry.position,
                    fix=fix,
                )
            )

    def _sorting(self) -> tuple[Edit, ...]:
        document, final = self.document, self.blocks[-1].last_line
        start = document.offset(Position(self.begin, 1))
        end = document.offset(Position(final, len(document.line_text(final)) + 1))
        lines = in_order(self.blocks, document.lines, self.first_day, headings=self.headings)
        return (Edit(start, end, document.newline.join(lines)),)


def earliest(found: tuple[datetime, ...], latest: datetime | None) -> datetime:
    """The earliest of the readings that does not go back behind a moment, else the last one."""
    return next((at for at in found if latest is None or at >= latest), found[-1])


def skipped_hour(code: str, clock: str, day: date, place: Position) -> Fault:
    """The fault of a time that the clocks went over."""
    return Fault(
        code=code,
        message=f"{clock} did not happen on {day}: the clocks went forward over it",
        help="write the time that the clock showed, or the offset behind it",
        position=place,
        end_column=place.column + len(clock),
    )


def repeated_hour(
    code: str, clock: str, at: datetime, place: Position, fix: tuple[Edit, ...]
) -> Fault:
    """The fault of a time that the clocks showed twice, read as ``at``."""
    written = f"{clock}{offset_text(at)}"
    return Fault(
        code=code,
        message=f"{clock} happened twice on {at.date()}; it is read as {written}",
        help=f"write the offset: {written}",
        position=place,
        end_column=place.column + len(clock),
        fix=fix,
    )


def entry_line(
    at: datetime, text: str, zone: ZoneInfo, *, day: date | None = None, estimated: bool = False
) -> str:
    """A new entry's line with its date where that of the lines above, ``day``, differs."""
    return f"- {'~' if estimated else ''}{written_stamp(at, zone, day=day)} - {text}"
