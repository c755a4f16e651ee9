"""A stranger's timeline, a list, a table or a heading for each entry, as entries of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from incident_tracker.importers.markdown_parts import cells
from incident_tracker.importers.markdown_stamps import Calendar, NoZoneError, Stamp
from incident_tracker.importers.moments import NoMomentError
from incident_tracker.importers.story import Block, Noted, Shape

TIME_HEAD = re.compile(r"\b(?:time|date|when|timestamp|clock|at)\b", re.IGNORECASE)
ABOUT_ZONE = re.compile(r"\b(?:times?|time ?zone|timestamps?|clocks?)\b", re.IGNORECASE)
MARKED = re.compile(r"\*\*([^*]{3,60})\*\*|__([^_]{3,60})__|\(([^()]{3,60})\)")
BULLET = re.compile(r"^(?:[-*+]|[0-9]{1,4}[.)]) ")
BACK = timedelta(hours=12)
ONE_DAY = timedelta(days=1)
LONGEST_ZONE_LINE = 120


@dataclass(kw_only=True, slots=True)
class _Entry:
    """An entry that is being filled."""

    at: datetime
    text: str
    line: int
    is_estimated: bool
    more: list[str] = field(default_factory=list)

    def closed(self) -> Noted:
        text, more = self.text, self.more
        if not text and more:
            text, more = BULLET.sub("", more[0]), more[1:]
        return Noted(
            at=self.at,
            text=text or "(nothing is written here)",
            line=self.line,
            more=tuple(more),
            is_estimated=self.is_estimated,
        )


@dataclass(kw_only=True, slots=True)
class Timeline:
    """The entries of a timeline, in their order; ``leading`` stood above the first of them.

    ``untimed`` are the lines that should have a time and have none that can be read, each with the
    reason.
    """

    calendar: Calendar
    entries: list[Noted] = field(default_factory=list)
    leading: list[Block] = field(default_factory=list)
    untimed: list[tuple[int, str]] = field(default_factory=list)
    _open: _Entry | None = None
    _is_under_heading: bool = False
    _latest: datetime | None = None
    _columns: tuple[list[int], list[int]] | None = None

    def read(self, blocks: tuple[Block, ...]) -> Timeline:
        """Take in the blocks below the heading."""
        for block in blocks:
            if block.shape is Shape.ROW:
                self._row(block)
                continue
            self._columns = None
            if block.shape is Shape.HEADING:
                self._heading(block)
            elif block.shape is Shape.CODE or block.goes_on:
                self._go_on(block)
            else:
                self._line(block)
        self._close()
        return self

    def _heading(self, block: Block) -> None:
        stamp = self.calendar.stamp(block.text)
        self._is_under_heading = True
        if stamp is None:
            self._without_time(block, f'"{block.text[:60]}" begins with no time')
        elif not self._begin(stamp, block):
            self._dated(stamp, block)

    def _line(self, block: Block) -> None:
        stamp = self.calendar.stamp(block.text)
        if stamp is not None and stamp.clock:
            if block.shape is Shape.ITEM and block.depth == 0:
                self._is_under_heading = False
            self._begin(stamp, block)
        elif stamp is not None and not stamp.rest:
            self._is_under_heading = False
            self._dated(stamp, block)
        elif self._is_zone(block):
            self.leading.append(block)
        elif block.shape is Shape.ITEM and block.depth == 0 and not self._is_under_heading:
            self._without_time(block, f'"{block.text[:60]}" begins with no time')
        else:
            self._go_on(block)

    def _is_zone(self, block: Block) -> bool:
        """Whether a line says in which zone the times are, and perhaps on which day."""
        if self.entries or self._open or len(block.text) > LONGEST_ZONE_LINE:
            return False
        if not ABOUT_ZONE.search(block.text):
            return False
        name = self.calendar.zone_in(block.text)
        self.calendar.zone = name or self.calendar.zone
        tail = re.search(r"\bon ([A-Z0-9].*)$", block.text)
        stamp = self.calendar.stamp(tail[1]) if tail else None
        if stamp is not None and stamp.day:
            self.calendar.day = stamp.day
        return bool(name)

    def _row(self, block: Block) -> None:
        row = cells(block.text)
        if not row:
            return
        if self._columns is None:
            self._columns = self._head(row)
            if TIME_HEAD.search(" ".join(row)) and self.calendar.stamp(row[0]) is None:
                return
        times, texts = self._columns
        when = " ".join(row[n] for n in times if n < len(row))
        text = "; ".join(
            row[n]
            for n in (*texts, *range(len(times) + len(texts), len(row)))
            if n < len(row) and row[n]
        )
        self._is_under_heading = False
        stamp = self.calendar.stamp(when)
        if stamp is None:
            self._without_time(block, f'"{when[:40]}" is no time', f"{when} {text}")
        elif not self._begin(stamp, block, text):
            self._dated(stamp, block, f"{when} {text}".strip())

    def _head(self, row: list[str]) -> tuple[list[int], list[int]]:
        """Which columns hold the time, by their names; the first one where none says so."""
        times = [n for n, cell in enumerate(row) if TIME_HEAD.search(cell)] or [0]
        name = self.calendar.zone_in(" ".join(row[n] for n in times))
        self.calendar.zone = name or self.calendar.zone
        return times, [n for n in range(len(row)) if n not in times]

    def _begin(self, stamp: Stamp, block: Block, text: str | None = None) -> bool:
        """Begin an entry where the stamp has a clock; one that has no moment is told."""
        if not stamp.clock:
            return False
        day = stamp.day or self.calendar.day or self.calendar.base
        if day is None:
            self._without_time(block, f"{stamp.clock} has no day")
            return True
        said = stamp.rest if text is None else " ".join(filter(None, (stamp.rest, text)))
        try:
            at = self._forward(stamp, day)
        except NoZoneError:
            self.calendar.unzoned.append(block.line)
            self.calendar.first = self.calendar.first or stamp.day
            self._go_on(block, block.text if text is None else f"{stamp.clock} {text}")
            return True
        except NoMomentError as error:
            self._without_time(block, str(error))
            return True
        self._close()
        self.calendar.day = at.date() if stamp.day is None and at.date() != day else day
        self._latest = at
        until = f"(until {stamp.until})" if stamp.until else ""
        self._open = _Entry(
            at=at,
            text=" ".join(filter(None, (until, said))),
            line=block.line,
            is_estimated=stamp.is_estimated,
        )
        return True

    def _forward(self, stamp: Stamp, day: date) -> datetime:
        """The moment; where only the clock is written and goes far back, that of the next day."""
        at = self.calendar.moment(stamp, day)
        if stamp.day is None and self._latest is not None and self._latest - at > BACK:
            return self.calendar.moment(stamp, day + ONE_DAY)
        return at

    def _dated(self, stamp: Stamp, block: Block, text: str = "") -> None:
        """Take in a day without a clock: those below it are of that day."""
        self.calendar.day = stamp.day
        self.calendar.first = self.calendar.first or stamp.day
        self._latest = None
        if text or stamp.rest or block.shape is Shape.HEADING:
            self._without_time(block, f"{stamp.day} has no time of the day", text)

    def _without_time(self, block: Block, reason: str, text: str = "") -> None:
        self.untimed.append((block.line, reason))
        self._go_on(block, text)

    def _go_on(self, block: Block, text: str = "") -> None:
        if self._open is None:
            self.leading.append(block)
        else:
            self._open.more += list(_lines(block, text))

    def _close(self) -> None:
        if self._open is not None:
            self.entries.append(self._open.closed())
        self._open = None


def _lines(block: Block, text: str) -> Iterator[str]:
    if block.shape is Shape.CODE:
        yield from (line.strip() for line in block.text.split("\n") if line.strip())
    elif block.shape is Shape.ITEM:
        yield f"{block.marker} {text or block.text}"
    else:
        yield text or block.text


def marked(text: str) -> Iterator[str]:
    """What of an entry's text may be a label: all of it, or what is bold or in brackets."""
    yield text
    for match in MARKED.finditer(text):
        yield next(filter(None, match.groups()))
