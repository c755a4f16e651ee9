"""A change of a tracker: what it was, what it is, and which files differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from incident_tracker.finding import Position
from incident_tracker.frozen import value
from incident_tracker.model import Entry, Incident, Record, Tracker
from incident_tracker.pairing import Paired, Placed, paired


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit that changed a file; ``at`` is when it was committed, with its offset."""

    commit: str
    at: datetime
    author: str


@value
class RecordChange:
    """One record before and after; ``old`` is None for a new one, ``new`` for one that is gone."""

    old: Record | None
    new: Record | None
    since: str
    """What the change is measured from, as people call it."""
    commit: str = ""
    """The short hash of the commit that has the old record."""
    likely: str = ""
    """Where a record that is gone seems to have been moved to."""
    taken: bool = False
    """Whether the name was taken by another record meanwhile."""

    def was(self, field: str, value: str) -> str:
        """Return what a field said before, and where."""
        place = self.old.fields.get(field) if self.old else None
        line = f", line {place.line}" if place else ""
        return f"in {self.since}{line}: {field}: {value}"

    def stood(self, place: Position) -> str:
        """Return what a line said before, and where."""
        line = self.old.document.line_text(place.line).strip() if self.old else ""
        return f"in {self.since}, line {place.line}: {line}"

    @property
    def record(self) -> Record:
        """The record as it is, else as it was."""
        record = self.new or self.old
        assert record is not None  # noqa: S101 # one of them is always there
        return record


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """What was changed since some state of the same tracker."""

    old: Tracker
    new: Tracker
    touched: frozenset[str]
    """The files of the record folders and of the protocol that differ, by path."""
    since: str
    """What the change is measured from, as people call it, with its commit."""
    commit: str = ""
    """The short hash of that commit."""
    altered: frozenset[str] = frozenset()
    """The files that were kept as evidence, and are gone or others."""
    taken: frozenset[str] = frozenset()
    """Files that are new here, and new and different in what the change is to be merged into."""

    @property
    def touches_protocol(self) -> bool:
        """Whether what all records are judged by is another."""
        return any(path.startswith("protocol/") for path in self.touched)

    @property
    def touches_nothing(self) -> bool:
        """Whether neither a record nor the protocol differs."""
        return not self.touched

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """The paths that records had before, to those that they have now, where they say so."""
        old = {record.path for record in self.old.records}
        left = {_folder_and_name(path): path for path in old - _paths(self.new)}
        found = {}
        for record in self.new.records:
            if record.path in old or record.path not in self.touched:
                continue
            incident = self.new.incident_by_id.get(record.id)
            former = incident.formerly if incident else ()
            folder, _ = _folder_and_name(record.path)
            names = ((folder, f"{name}.md") for name in reversed(former))
            path = next((left[name] for name in names if name in left), None)
            if path is not None:
                found[path] = record.path
        return found

    def records(self) -> Iterator[RecordChange]:
        """Yield the records that differ, by path; those that cannot be read are left out."""
        new = {record.path: record for record in self.new.records}
        there = _paths(self.new)
        back = {now: before for before, now in self.moved.items()}
        old = {record.path: record for record in self.old.records}
        for path in sorted(self.touched):
            if path in new:
                before = old.get(back.get(path, path))
                yield RecordChange(
                    old=before,
                    new=new[path],
                    since=self.since,
                    commit=self.commit,
                    taken=path in self.taken,
                )
            elif path in old and path not in there and path not in self.moved:
                likely = self._likely(old[path], [new[p] for p in self.touched if p in new])
                yield RecordChange(
                    old=old[path], new=None, since=self.since, commit=self.commit, likely=likely
                )

    def _likely(self, gone: Record, present: list[Record]) -> str:
        """The new record that says most of what one that is gone said, empty where none does."""
        known = _paths(self.old)
        wanted = set(gone.document.lines[1:])
        found = [
            (len(wanted & set(record.document.lines)), record.path)
            for record in present
            if record.path not in known and type(record) is type(gone)
        ]
        shared, path = max(found, default=(0, ""))
        return path if 2 * shared > len(wanted) else ""


def entries_of(old: Incident, new: Incident) -> Paired[Entry]:
    """Return the entries that are gone, and those at another time; edited ones are neither.

    One whose time could not be read before is none of them: mending it is no change of it.
    """
    before, now = (
        [Placed(place=e.at and minute(e.at), words=e.text, line=e) for e in record.log.entries]
        for record in (old, new)
    )
    return paired([placed for placed in before if old.sound or placed.line.at], now)


def minute(at: datetime) -> datetime:
    """Return a moment in UTC as records compare it, to the minute."""
    return at.replace(second=0, microsecond=0).astimezone(UTC)


def steps_back(old: Record, new: Record) -> bool:
    """Whether the log of an incident has a new line that changes the status."""
    return any(_new_moves(old, new))


def stepped_back_at(old: Incident, new: Incident) -> datetime | None:
    """When the first new line of the log took the status back, None where none does."""
    ranks = old.protocol.status_order
    back = [
        entry.at
        for entry in _new_moves(old, new)
        if entry.at is not None
        and entry.said is not None
        and ranks.get(entry.said.new, -1) < ranks.get(entry.said.old, -1)
    ]
    return min(back, default=None)


def _new_moves(old: Record, new: Record) -> Iterator[Entry]:
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    phrases = [name for name, p in new.protocol.phrases.items() if p.shape == "status-change"]
    known = {(entry.at, entry.text) for entry in old.log.of(*phrases)}
    for entry in new.log.of(*phrases):
        if (entry.at, entry.text) not in known:
            yield entry


def _paths(tracker: Tracker) -> frozenset[str]:
    """Where anything lies, readable or not."""
    return frozenset(r.path for r in tracker.records) | {u.path for u in tracker.unread}


def _folder_and_name(path: str) -> tuple[str, str]:
    """The record folder that a path is in, at any depth, and the name of the file."""
    return path.partition("/")[0], path.rpartition("/")[2]
