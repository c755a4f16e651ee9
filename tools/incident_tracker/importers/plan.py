"""What an import would write: new records, changed ones, none where people changed a record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from incident_tracker.importers.draft import Defect, Draft, Remark, Skipped
from incident_tracker.importers.record import is_untouched, render
from incident_tracker.importers.review import review_text
from incident_tracker.importers.settle import Settled, settle
from incident_tracker.importers.story import Unplaced
from incident_tracker.lifecycle.ids import free_id, path_of, slug_of
from incident_tracker.model import Milestone, Tracker
from incident_tracker.parse import stem
from incident_tracker.protocol import Protocol
from incident_tracker.text.yaml_writer import flow_map

ORIGIN = re.compile(r"^origin: (\{.*\})$", re.MULTILINE)
EDGE = re.compile(r"(, url: .*|, digest: .*)?\}$")
UNTITLED = "imported"

Watched: TypeAlias = Callable[[list[Settled]], Iterator[Settled]]


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
    cut: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What an import does: the files by path, and the rows that become none, by place."""

    files: tuple[Planned, ...] = ()
    reviews: tuple[Planned, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def of(self, action: Action) -> tuple[Planned, ...]:
        """The records of one action."""
        return tuple(planned for planned in self.files if planned.action is action)

    def written(self) -> tuple[Planned, ...]:
        """The records and reviews that are new or changed, each record before its review."""
        every = (*self.files, *self.reviews)
        return tuple(one for one in every if one.action in (Action.NEW, Action.CHANGED))

    def unplaced(self) -> tuple[Unplaced, ...]:
        """What of the source has no place of its own in the records, by place."""
        stories = (planned.settled.draft.story for planned in self.files)
        found = (one for story in stories if story is not None for one in story.unplaced)
        return tuple(sorted(found, key=lambda one: (one.path, one.line)))

    def missing(self) -> Mapping[str, int]:
        """How many records lack what their source never had, the most frequent first."""
        found = Counter(name for planned in self.files for name in planned.settled.missing)
        return dict(found.most_common())

    def untaken(self) -> Mapping[str, int]:
        """In how many rows a column holds what is not taken, the most frequent first."""
        found = Counter(name for planned in self.files for name in planned.settled.draft.untaken)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def defects(self) -> tuple[Defect, ...]:
        """The values of all records that cannot be right, by place."""
        found = (defect for planned in self.files for defect in planned.settled.draft.defects)
        return tuple(sorted(found, key=lambda defect: (defect.path, defect.line, defect.reason)))

    def components(self) -> Mapping[str, str]:
        """The components of all records, names by id."""
        found: dict[str, str] = {}
        for planned in self.files:
            for component, name in planned.settled.draft.components.items():
                found.setdefault(component, name)
        return dict(sorted(found.items()))


@dataclass(frozen=True, kw_only=True, slots=True)
class There:
    """A file that an earlier import wrote."""

    path: str
    text: str
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Existing:
    """The records that came from other systems, by their origin; and all ids in use."""

    by_origin: Mapping[str, There]
    taken: Collection[str] = ()
    reviews: Mapping[str, str] = field(default_factory=dict)
    """The texts of all reviews by path, whoever wrote them."""

    @classmethod
    def of(cls, tracker: Tracker) -> Existing:
        """What a tracker holds; a file that cannot be read counts by the line of its origin."""
        found: dict[str, There] = {}
        for incident in tracker.incidents:
            if incident.origin is not None:
                mark = _mark(incident.origin.system, incident.origin.id)
                there = There(
                    path=incident.path,
                    text=incident.document.text,
                    version=incident.written.protocol or "",
                )
                found.setdefault(mark, there)
        reviews = {review.path: review.document.text for review in tracker.reviews}
        for unread in tracker.unread:
            if unread.path.startswith("pir/"):
                reviews[unread.path] = unread.text
                continue
            match = ORIGIN.search(unread.text.replace("\r", ""))
            if match:
                found.setdefault(EDGE.sub("}", match[1]), There(path=unread.path, text=unread.text))
        paths = [record.path for record in tracker.records] + [u.path for u in tracker.unread]
        return cls(by_origin=found, taken=frozenset(stem(path) for path in paths), reviews=reviews)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Taken:
    """The ids in use while more are given, and the numbers that were found to be."""

    ids: set[str]
    passed: dict[tuple[str, int], int] = field(default_factory=dict)


def plan(
    rows: Iterable[Draft | Skipped | Remark],
    protocol: Protocol,
    existing: Existing,
    watched: Watched = iter,
) -> Plan:
    """What an import of these rows does; the same rows and files always give the same plan.

    ``watched`` hands on the records that are planned, one by one, to whoever shows how far it is.
    """
    skipped: list[Skipped] = []
    drafts: list[Settled] = []
    remarks: list[Remark] = []
    for row in rows:
        if isinstance(row, Remark):
            remarks.append(row)
            continue
        found = settle(row, protocol) if isinstance(row, Draft) else row
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            drafts.append(found)
    taken = _Taken(ids=set(existing.taken))
    ordered = watched(sorted(drafts, key=_order))
    files = [_planned(one, protocol, existing, taken) for one in ordered]
    reviews = (_review(planned, protocol, existing) for planned in files)
    return Plan(
        files=tuple(sorted(files, key=lambda planned: planned.path)),
        reviews=tuple(sorted((one for one in reviews if one), key=lambda planned: planned.path)),
        skipped=tuple(sorted(skipped, key=lambda row: (row.path, row.line))),
        remarks=tuple(remarks),
    )


def not_ahead(
    rows: Iterable[Draft | Skipped | Remark], now: datetime
) -> Iterator[Draft | Skipped | Remark]:
    """The rows without what is still to come: nothing but planned work can be told ahead."""
    for row in rows:
        yield _so_far(row, now) if isinstance(row, Draft) and not row.is_maintenance else row


def _so_far(draft: Draft, now: datetime) -> Draft | Skipped:
    detected = draft.times.get(Milestone.DETECTED)
    if detected is not None and detected > now:
        reason = f"{Milestone.DETECTED.value}: {detected} is still to come"
        return Skipped(path=draft.path, line=draft.line, reason=reason)
    times = {milestone.value: at for milestone, at in draft.times.items()}
    times |= {"end": draft.end} if draft.end else {}
    defects = [
        Defect(
            path=draft.path, line=draft.line, reason=f"{name}: {at} is still to come", field=name
        )
        for name, at in times.items()
        if at > now
    ]
    if not defects:
        return draft
    return replace(
        draft,
        times={milestone: at for milestone, at in draft.times.items() if at <= now},
        end=None if draft.end and draft.end > now else draft.end,
        defects=(*draft.defects, *defects),
    )


def _order(settled: Settled) -> tuple[float, str]:
    """By time, so that the order of the rows does not decide about ids."""
    return (settled.begins.timestamp(), settled.draft.id)


def _planned(settled: Settled, protocol: Protocol, existing: Existing, taken: _Taken) -> Planned:
    draft = settled.draft
    there = existing.by_origin.get(_mark(draft.system, draft.id))
    rendered = render(settled, protocol, there.version if there else "")
    text, cut = rendered.text, rendered.cut
    if there is None:
        day = settled.begins.astimezone(protocol.tzinfo).date()
        name = (draft.story.slug if draft.story else "") or draft.title
        slug = slug_of(name, otherwise=UNTITLED)
        record_id = free_id(day, slug, taken.ids, taken.passed)
        taken.ids.add(record_id)
        return Planned(
            settled=settled, path=path_of(record_id), text=text, action=Action.NEW, cut=cut
        )
    action = _action(there.text, text)
    return Planned(settled=settled, path=there.path, text=text, action=action, cut=cut)


def _review(planned: Planned, protocol: Protocol, existing: Existing) -> Planned | None:
    """The review of a record, beside it and by its name; one that people wrote stays as it is."""
    record_id = stem(planned.path)
    text = review_text(planned.settled, protocol, record_id)
    if not text:
        return None
    path = path_of(record_id, "pir")
    there = existing.reviews.get(path)
    action = Action.NEW if there is None else _action(there, text)
    return Planned(settled=planned.settled, path=path, text=text, action=action)


def _action(there: str, text: str) -> Action:
    if there.replace("\r\n", "\n") == text:
        return Action.SAME
    return Action.CHANGED if is_untouched(there) else Action.KEPT


def _mark(system: str, origin_id: str) -> str:
    return flow_map({"system": system, "id": origin_id})
