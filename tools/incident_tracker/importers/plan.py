"""What an import would write: new records, changed ones, none where people changed a record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from incident_tracker.importers.draft import Draft, Skipped
from incident_tracker.importers.record import is_untouched, record_text
from incident_tracker.importers.settle import Settled, settle
from incident_tracker.lifecycle.ids import free_id, path_of, slug_of
from incident_tracker.model import Tracker
from incident_tracker.parse import stem
from incident_tracker.protocol import Protocol
from incident_tracker.yaml_writer import flow_map

ORIGIN = re.compile(r"^origin: (\{.*\})$", re.MULTILINE)
EDGE = re.compile(r"(, url: .*|, digest: .*)?\}$")
UNTITLED = "imported"


class Action(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One record of the source and its file."""

    settled: Settled
    path: str
    text: str
    action: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What an import does: the files by path, and the rows that become none, by line."""

    files: tuple[Planned, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def of(self, action: Action) -> tuple[Planned, ...]:
        """The files of one action."""
        return tuple(planned for planned in self.files if planned.action is action)

    def missing(self) -> Mapping[str, int]:
        """How many records lack what their source never had, the most frequent first."""
        found = Counter(name for planned in self.files for name in planned.settled.missing)
        return dict(found.most_common())

    def components(self) -> Mapping[str, str]:
        """The components of all records, names by id."""
        found: dict[str, str] = {}
        for planned in self.files:
            for component, name in planned.settled.draft.components.items():
                found.setdefault(component, name)
        return dict(sorted(found.items()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Existing:
    """The records of another system, path and text by their origin; and all ids in use."""

    by_origin: Mapping[str, tuple[str, str]]
    taken: Collection[str] = ()

    @classmethod
    def of(cls, tracker: Tracker) -> Existing:
        """What a tracker holds; a file that cannot be read counts by the line of its origin."""
        found: dict[str, tuple[str, str]] = {}
        for incident in tracker.incidents:
            if incident.origin is not None:
                mark = _mark(incident.origin.system, incident.origin.id)
                found.setdefault(mark, (incident.path, incident.document.text))
        for unread in tracker.unread:
            match = ORIGIN.search(unread.text.replace("\r", ""))
            if match:
                found.setdefault(EDGE.sub("}", match[1]), (unread.path, unread.text))
        paths = [record.path for record in tracker.records] + [u.path for u in tracker.unread]
        return cls(by_origin=found, taken=frozenset(stem(path) for path in paths))


def plan(rows: Iterable[Draft | Skipped], protocol: Protocol, existing: Existing) -> Plan:
    """What an import of these rows does; the same rows and files always give the same plan."""
    skipped: list[Skipped] = []
    drafts: list[Settled] = []
    for row in rows:
        found = settle(row, protocol) if isinstance(row, Draft) else row
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            drafts.append(found)
    taken = set(existing.taken)
    files = [_planned(one, protocol, existing, taken) for one in sorted(drafts, key=_order)]
    return Plan(
        files=tuple(sorted(files, key=lambda planned: planned.path)),
        skipped=tuple(sorted(skipped, key=lambda row: row.line)),
    )


def _order(settled: Settled) -> tuple[float, str]:
    """By time, so that the order of the rows does not decide about ids."""
    return (settled.begins.timestamp(), settled.draft.id)


def _planned(settled: Settled, protocol: Protocol, existing: Existing, taken: set[str]) -> Planned:
    text = record_text(settled, protocol)
    draft = settled.draft
    there = existing.by_origin.get(_mark(draft.system, draft.id))
    if there is None:
        day = settled.begins.astimezone(protocol.tzinfo).date()
        record_id = free_id(day, slug_of(draft.title, otherwise=UNTITLED), taken)
        taken.add(record_id)
        return Planned(settled=settled, path=path_of(record_id), text=text, action=Action.NEW)
    path, before = there
    if before.replace("\r\n", "\n") == text:
        action = Action.SAME
    else:
        action = Action.CHANGED if is_untouched(before) else Action.KEPT
    return Planned(settled=settled, path=path, text=text, action=action)


def _mark(system: str, origin_id: str) -> str:
    return flow_map({"system": system, "id": origin_id})
