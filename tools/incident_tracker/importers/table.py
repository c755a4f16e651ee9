"""One row of any source → a draft, by the mapping.

What a record cannot be without makes the row none; any other value that cannot be read is left out
and told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from incident_tracker.importers.draft import Defect, Draft, Row, Skipped, Told
from incident_tracker.importers.mapping import RowMap, UpdateColumns, Words
from incident_tracker.importers.moments import NoMomentError, moment
from incident_tracker.importers.texts import Cleaned, cleaned, one_line
from incident_tracker.lifecycle.ids import slug_of
from incident_tracker.model import Milestone

MOST_UPDATES = 400
LONGEST_ID = 200
LONGEST_URL = 1_000
MOST_SECONDS = 10**9


class WrongRowError(Exception):
    """A value that cannot be read: its column, and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}" if column else reason)
        self.reason = reason


def drafts(rows: Iterable[Row | Skipped], mapping: RowMap) -> Iterator[Draft | Skipped]:
    """A draft of each row, or why there is none; an id makes one record, the first."""
    seen: dict[str, Row] = {}
    for row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            draft = _Reading(row, mapping).draft()
        except WrongRowError as error:
            yield Skipped(path=row.path, line=row.line, reason=_placed(row, str(error)))
            continue
        first = seen.setdefault(draft.id, row)
        if first is row:
            yield draft
        else:
            place = f"line {first.line}" if first.path == row.path else first.path
            reason = f'{mapping.id or "id"}: "{draft.id}" stands in {place} already'
            yield Skipped(path=row.path, line=row.line, reason=_placed(row, reason))


def _placed(row: Row, reason: str) -> str:
    return f"{row.at}: {reason}" if row.at else reason


def found_at(row: object, path: str) -> object:
    """The value at a path of a row, None where there is none; the whole path may be a key."""
    if not path or not isinstance(row, Mapping):
        return None
    if path in row:
        return row[path]
    head, dot, tail = path.partition(".")
    return found_at(row.get(head), tail) if dot else None


class _Reading:
    """One row while it is read; counts what had to be removed or cut."""

    def __init__(self, row: Row, mapping: RowMap) -> None:
        self.where = row
        self.row = row.value
        self.mapping = mapping
        self.removed = 0
        self.cut = 0
        self.defects: list[Defect] = []
        self.fared: dict[str, str] = {}

    def draft(self) -> Draft:
        mapping = self.mapping
        if not isinstance(self.row, Mapping):
            raise WrongRowError("", "the row is no object with fields")
        title = self._line(mapping.title)
        if not title:
            raise WrongRowError(mapping.title, "no title")
        kind = self._kind()
        planned = kind == "maintenance"
        times = self._times(is_maintenance=planned)
        scheduled = {
            name: self._optional_time(mapping.times.get(name, ""))
            for name in ("scheduled_start", "scheduled_end")
        }
        end = self._optional_time(mapping.end)
        self._order(times, scheduled, end)
        updates = self._updates()
        return Draft(
            path=self.where.path,
            line=self.where.line,
            system=mapping.system,
            id=self._id(title, times, scheduled["scheduled_start"]),
            url=self._url(),
            title=title,
            text=self._take(cleaned(self._text(mapping.text))),
            times=times,
            end=end,
            scheduled_start=scheduled["scheduled_start"],
            scheduled_end=scheduled["scheduled_end"],
            severity="" if planned else self._word(mapping.severity, "severity"),
            status=self._word(mapping.status, "status"),
            kinds=(kind,) if kind else (),
            components=self._components() | self.fared,
            detected_by=self._word(mapping.detected_by, "detected_by"),
            updates=updates,
            removed=self.removed,
            cut=self.cut,
            defects=tuple(self.defects),
        )

    def _id(self, title: str, times: Mapping[Milestone, datetime], planned: datetime | None) -> str:
        if self.mapping.id:
            found = self._line(self.mapping.id, LONGEST_ID)
            if not found:
                raise WrongRowError(self.mapping.id, "no id")
            return found
        begin = times.get(Milestone.DETECTED, planned)
        mark = f"{title}\n{begin.timestamp() if begin else ''}"
        return f"row-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"

    def _url(self) -> str:
        found = self._line(self.mapping.url, LONGEST_URL + 1)
        is_address = found.startswith(("https://", "http://")) and " " not in found
        return found if is_address and len(found) <= LONGEST_URL else ""

    def _times(self, *, is_maintenance: bool) -> dict[Milestone, datetime]:
        mapping = self.mapping
        column = mapping.times.get("detected_at", "")
        detected = self._optional_time(column) if is_maintenance else self._time(column)
        if detected is None and not is_maintenance:
            raise WrongRowError(column or "detected_at", "no time of detection")
        found = {
            milestone: at
            for milestone in Milestone
            if (at := detected if milestone is Milestone.DETECTED else self._milestone(milestone))
        }
        for name, column in mapping.seconds.items():
            later = self._seconds(column)
            if later is not None and detected is not None:
                found.setdefault(Milestone(name), detected + later)
        return found

    def _milestone(self, milestone: Milestone) -> datetime | None:
        return self._optional_time(self.mapping.times.get(milestone.value, ""))

    def _order(
        self,
        times: Mapping[Milestone, datetime],
        scheduled: Mapping[str, datetime | None],
        end: datetime | None,
    ) -> None:
        """Tell of each time that lies before the one it must follow; both stay as they are."""
        columns = self.mapping.times
        known = [(columns.get(m.value, m.value), times[m]) for m in Milestone if m in times]
        window = [(columns[name], at) for name, at in scheduled.items() if at is not None]
        if end is not None:
            (window or known).append((self.mapping.end, end))
        for found in (known, window):
            for (before, earlier), (column, at) in pairwise(found):
                if at < earlier:
                    self._amiss(column, f"{at} lies before {before} {earlier}", is_kept=True)

    def _amiss(self, column: str, reason: str, *, is_kept: bool = False) -> None:
        row = self.where
        line = row.lines.get(column, row.line)
        told = _placed(row, f"{column}: {reason}")
        self.defects.append(Defect(path=row.path, line=line, reason=told, is_kept=is_kept))

    def _optional_time(self, column: str) -> datetime | None:
        """The time in a column; one that cannot be read is left out and told."""
        try:
            return self._time(column)
        except WrongRowError as error:
            self._amiss(column, error.reason)
            return None

    def _seconds(self, column: str) -> timedelta | None:
        text = self._text(column).strip()
        if not text:
            return None
        whole = text.partition(".")[0]
        if not (whole.isascii() and whole.isdigit() and len(whole) < len(str(MOST_SECONDS))):
            self._amiss(column, f'"{text[:40]}" is no number of seconds')
            return None
        return timedelta(seconds=int(whole))

    def _time(self, column: str, value: str | None = None) -> datetime | None:
        text = self._text(column) if value is None else value
        if not text.strip():
            return None
        try:
            return moment(text, self.mapping.forms, self.mapping.zone)
        except NoMomentError as error:
            raise WrongRowError(column, f"{error}") from error

    def _word(self, listed: Words, name: str) -> str:
        try:
            theirs = one_line(self._text(listed.column)).text
        except WrongRowError as error:
            self._amiss(listed.column, error.reason)
            return ""
        return self._ours(listed, theirs, listed.column, name)

    def _ours(self, listed: Words, theirs: str, column: str, name: str) -> str:
        """Our word for theirs; one that the mapping does not know is left out and told."""
        if theirs in listed.same:
            return ""
        ours = _ours(listed, theirs)
        if ours is None:
            hint = f"--map '{name}.{theirs[:60]}=OURS' gives it one"
            self._amiss(column, f'"{theirs[:60]}" has no {name} in the mapping; {hint}')
        return ours or ""

    def _kind(self) -> str:
        listed = self.mapping.kind
        return _ours(listed, one_line(self._text(listed.column)).text) or ""

    def _components(self) -> dict[str, str]:
        column = self.mapping.components
        value = found_at(self.row, column.column)
        if isinstance(value, str):
            value = value.split(column.separator) if column.separator else [value]
        if value is None:
            return {}
        if not isinstance(value, Sequence):
            self._amiss(column.column, "no list of names")
            return {}
        found: dict[str, str] = {}
        for item in value:
            given = item.get("name") if isinstance(item, Mapping) else item
            if not isinstance(given, str):
                self._amiss(column.column, "a component without a name")
                continue
            name = self._take(one_line(given))
            if name:
                found.setdefault(self._component_id(name), name)
        return found

    def _component_id(self, name: str) -> str:
        return self.mapping.components.words.get(name) or slug_of(name, otherwise="component")

    def _updates(self) -> tuple[Told, ...]:
        columns = self.mapping.updates
        if columns is None:
            return ()
        name, _, at = columns.at.partition("[].")
        value = found_at(self.row, name)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            self._amiss(name, "no list of updates")
            return ()
        if len(value) > MOST_UPDATES:
            self.cut += len(value) - MOST_UPDATES
        given = enumerate(value[:MOST_UPDATES])
        told = [found for n, item in given if (found := self._update(item, f"{name}[{n}]", at))]
        if told and told[0].at > told[-1].at:
            told.reverse()
        return tuple(sorted(told, key=lambda update: update.at))

    def _update(self, item: object, name: str, at_column: str) -> Told | None:
        """One update; one whose time cannot be read has no place among the others."""
        columns = self.mapping.updates or UpdateColumns(at="")
        written = found_at(item, at_column)
        try:
            at = self._time(f"{name}.{at_column}", written if isinstance(written, str) else "")
        except WrongRowError as error:
            self._amiss(f"{name}.{at_column}", f"{error.reason}; the update is left out")
            return None
        if at is None:
            self._amiss(f"{name}.{at_column}", "no time; the update is left out")
            return None
        status_column = columns.status.partition("[].")[2]
        theirs = one_line(_as_text(found_at(item, status_column))).text
        listed = self.mapping.status
        status = self._ours(listed, theirs, f"{name}.{status_column}", "status")
        text = self._take(cleaned(_as_text(found_at(item, columns.text.partition("[].")[2]))))
        return Told(at=at, status=status, text=text, levels=self._levels(item))

    def _levels(self, item: object) -> dict[str, str]:
        """How each component fared from an update on, by our ids; unknown words say nothing."""
        column = self.mapping.levels
        value = found_at(item, column.column)
        if not isinstance(value, Sequence) or isinstance(value, str):
            return {}
        found: dict[str, str] = {}
        for one in value:
            name = one_line(_as_text(found_at(one, column.name))).text
            level = column.words.get(one_line(_as_text(found_at(one, column.level))).text, "")
            if name and level:
                ours = self._component_id(name)
                found[ours] = level
                self.fared.setdefault(ours, name)
        return found

    def _text(self, column: str) -> str:
        value = found_at(self.row, column)
        if isinstance(value, Mapping) or (
            isinstance(value, Sequence) and not isinstance(value, str)
        ):
            raise WrongRowError(column, "holds a list or an object, not a text")
        return _as_text(value)

    def _line(self, column: str, longest: int | None = None) -> str:
        text = self._text(column)
        return self._take(one_line(text) if longest is None else one_line(text, longest))

    def _take(self, found: Cleaned) -> str:
        self.removed += found.removed
        self.cut += found.cut
        return found.text


def _ours(listed: Words, theirs: str) -> str | None:
    """Our word for theirs: without a list it is the same; None where the list does not know it."""
    if not theirs:
        return listed.otherwise
    if not listed.words:
        return listed.otherwise or theirs
    folded = theirs.casefold()
    found = (ours for word, ours in listed.words.items() if word.casefold() == folded)
    return next(found, listed.otherwise or None)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""
