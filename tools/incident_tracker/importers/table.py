"""One row of any table → a draft, by the mapping; what is wrong first is the reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from incident_tracker.importers.draft import Draft, Skipped, Told
from incident_tracker.importers.mapping import RowMap, Words
from incident_tracker.importers.moments import NoMomentError, moment
from incident_tracker.importers.texts import Cleaned, cleaned, one_line
from incident_tracker.lifecycle.ids import slug_of
from incident_tracker.model import Milestone

MOST_UPDATES = 400
LONGEST_ID = 200
LONGEST_URL = 1_000
MOST_SECONDS = 10**9


class WrongRowError(Exception):
    """A row that becomes no draft; the message names the column."""


def drafts(rows: Iterator[tuple[int, object]], mapping: RowMap) -> Iterator[Draft | Skipped]:
    """A draft of each row, or why there is none; an id makes one record, the first."""
    seen: dict[str, int] = {}
    for line, row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            draft = _Row(row, line, mapping).draft()
        except WrongRowError as error:
            yield Skipped(line=line, reason=str(error))
            continue
        first = seen.setdefault(draft.id, line)
        if first == line:
            yield draft
        else:
            column = mapping.id or "id"
            yield Skipped(
                line=line, reason=f'{column}: "{draft.id}" stands in line {first} already'
            )


def found_at(row: object, path: str) -> object:
    """The value at a path of a row, None where there is none; the whole path may be a key."""
    if not path or not isinstance(row, Mapping):
        return None
    if path in row:
        return row[path]
    head, dot, tail = path.partition(".")
    return found_at(row.get(head), tail) if dot else None


class _Row:
    """One row while it is read; counts what had to be removed or cut."""

    def __init__(self, row: object, line: int, mapping: RowMap) -> None:
        self.row = row
        self.line = line
        self.mapping = mapping
        self.removed = 0
        self.cut = 0

    def draft(self) -> Draft:
        mapping = self.mapping
        if not isinstance(self.row, Mapping):
            raise WrongRowError("the row is no object with fields")
        title = self._line(mapping.title)
        if not title:
            raise WrongRowError(f"{mapping.title}: no title")
        kind = self._kind()
        planned = kind == "maintenance"
        times = self._times(is_maintenance=planned)
        scheduled = {
            name: self._time(mapping.times.get(name, ""))
            for name in ("scheduled_start", "scheduled_end")
        }
        return Draft(
            line=self.line,
            system=mapping.system,
            id=self._id(title, times, scheduled["scheduled_start"]),
            url=self._url(),
            title=title,
            text=self._take(cleaned(self._text(mapping.text))),
            times=times,
            end=self._time(mapping.end),
            scheduled_start=scheduled["scheduled_start"],
            scheduled_end=scheduled["scheduled_end"],
            severity="" if planned else self._word(mapping.severity, "severity"),
            status=self._word(mapping.status, "status"),
            kinds=(kind,) if kind else (),
            components=self._components(),
            detected_by=self._word(mapping.detected_by, "detected_by"),
            updates=self._updates(),
            removed=self.removed,
            cut=self.cut,
        )

    def _id(self, title: str, times: Mapping[Milestone, datetime], planned: datetime | None) -> str:
        if self.mapping.id:
            found = self._line(self.mapping.id, LONGEST_ID)
            if not found:
                raise WrongRowError(f"{self.mapping.id}: no id")
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
        found = {
            milestone: at
            for milestone in Milestone
            if (at := self._time(mapping.times.get(milestone.value, ""))) is not None
        }
        detected = found.get(Milestone.DETECTED)
        if detected is None and not is_maintenance:
            column = mapping.times.get("detected_at", "detected_at")
            raise WrongRowError(f"{column}: no time of detection")
        for name, column in mapping.seconds.items():
            later = self._seconds(column)
            if later is not None and detected is not None:
                found.setdefault(Milestone(name), detected + later)
        return found

    def _seconds(self, column: str) -> timedelta | None:
        text = self._text(column).strip()
        if not text:
            return None
        whole = text.partition(".")[0]
        if not (whole.isascii() and whole.isdigit() and len(whole) < len(str(MOST_SECONDS))):
            raise WrongRowError(f'{column}: "{text[:40]}" is no number of seconds')
        return timedelta(seconds=int(whole))

    def _time(self, column: str, value: str | None = None) -> datetime | None:
        text = self._text(column) if value is None else value
        if not text.strip():
            return None
        try:
            return moment(text, self.mapping.forms, self.mapping.zone)
        except NoMomentError as error:
            raise WrongRowError(f"{column}: {error}") from error

    def _word(self, listed: Words, name: str) -> str:
        theirs = one_line(self._text(listed.column)).text
        if theirs in listed.same:
            return ""
        ours = _ours(listed, theirs)
        if ours is None:
            raise WrongRowError(f'{listed.column}: "{theirs[:60]}" has no {name} in the mapping')
        return ours

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
            raise WrongRowError(f"{column.column}: no list of names")
        found: dict[str, str] = {}
        for item in value:
            given = item.get("name") if isinstance(item, Mapping) else item
            if not isinstance(given, str):
                raise WrongRowError(f"{column.column}: a component without a name")
            name = self._take(one_line(given))
            if name:
                ours = column.words.get(name) or slug_of(name, otherwise="component")
                found.setdefault(ours, name)
        return found

    def _updates(self) -> tuple[Told, ...]:
        columns = self.mapping.updates
        if columns is None:
            return ()
        name, _, at = columns.at.partition("[].")
        value = found_at(self.row, name)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise WrongRowError(f"{name}: no list of updates")
        if len(value) > MOST_UPDATES:
            self.cut += len(value) - MOST_UPDATES
        told = [self._update(item, name, at) for item in value[:MOST_UPDATES]]
        if told and told[0].at > told[-1].at:
            told.reverse()
        return tuple(sorted(told, key=lambda update: update.at))

    def _update(self, item: object, name: str, at_column: str) -> Told:
        columns = self.mapping.updates
        status_column = columns.status.partition("[].")[2] if columns else ""
        text_column = columns.text.partition("[].")[2] if columns else ""
        written = found_at(item, at_column)
        at = self._time(f"{name}[].{at_column}", written if isinstance(written, str) else "")
        if at is None:
            raise WrongRowError(f"{name}[].{at_column}: an update without a time")
        theirs = one_line(_as_text(found_at(item, status_column))).text
        listed = self.mapping.status
        status = "" if theirs in listed.same else _ours(listed, theirs)
        if status is None:
            reason = f'"{theirs[:60]}" has no status in the mapping'
            raise WrongRowError(f"{name}[].{status_column}: {reason}")
        text = self._take(cleaned(_as_text(found_at(item, text_column))))
        return Told(at=at, status=status, text=text)

    def _text(self, column: str) -> str:
        value = found_at(self.row, column)
        if isinstance(value, Mapping) or (
            isinstance(value, Sequence) and not isinstance(value, str)
        ):
            raise WrongRowError(f"{column}: holds a list or an object, not a text")
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
