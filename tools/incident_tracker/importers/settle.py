"""A draft in the words of a protocol: its times, where it stands, what its source never had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from incident_tracker.importers.draft import Defect, Draft, Skipped, Told
from incident_tracker.model import Milestone
from incident_tracker.protocol import Protocol

MONITORING, RESOLVED, CLOSED = "monitoring", "resolved", "closed"
UNDER_WAY, COMPLETED = "in-progress", "completed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A draft with its times and status decided; each update has a status.

    ``begins`` is the moment whose day the id begins with, ``begun`` and ``ended`` when planned work
    was under way. ``missing`` names what the source never had.
    """

    draft: Draft
    begins: datetime
    times: Mapping[Milestone, datetime]
    status: str
    updates: tuple[Told, ...]
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None
    begun: datetime | None = None
    ended: datetime | None = None
    missing: tuple[str, ...] = ()


def settle(draft: Draft, protocol: Protocol) -> Settled | Skipped:
    """The draft with what follows from it; without a day to stand under there is no record."""
    known = known_words(draft, protocol)
    settled = _maintenance(known, protocol) if known.is_maintenance else _incident(known, protocol)
    if settled is None:
        reason = "detected_at: neither a detection nor a window"
        return Skipped(path=draft.path, line=draft.line, reason=reason)
    return settled


def known_words(draft: Draft, protocol: Protocol) -> Draft:
    """The draft with every word as the protocol spells it; one that it does not know is told."""
    names = protocol.maintenance_statuses if draft.is_maintenance else protocol.statuses
    sets: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("severity", draft.severity, protocol.severities),
        ("status", draft.status, names),
        ("detected_by", draft.detected_by, protocol.detection_sources),
        ("kind", "".join(draft.kinds), protocol.kinds),
    )
    found = {name: _spelled(word, words) for name, word, words in sets}
    told = tuple(replace(u, status=_spelled(u.status, names) or "") for u in draft.updates)
    reasons = [
        (name, f'{name}: "{word[:60]}" is no {name} of the protocol')
        for name, word, _ in sets
        if found[name] is None
    ]
    reasons += [
        ("updates", f'updates: "{update.status[:60]}" is no status of {_what(draft)}')
        for update, ours in zip(draft.updates, told, strict=True)
        if update.status and not ours.status
    ]
    defects = [
        Defect(path=draft.path, line=draft.line, reason=reason, field=name)
        for name, reason in reasons
    ]
    return replace(
        draft,
        severity=found["severity"] or "",
        status=found["status"] or "",
        detected_by=found["detected_by"] or "",
        kinds=(found["kind"],) if found["kind"] else (),
        updates=told,
        defects=(*draft.defects, *defects),
    )


def _spelled(word: str, words: Iterable[str]) -> str | None:
    folded = word.casefold().replace("_", "-").replace(" ", "-")
    return "" if not word else next((w for w in words if w.casefold() == folded), None)


def _what(draft: Draft) -> str:
    return "planned work" if draft.is_maintenance else "an incident"


def _incident(draft: Draft, protocol: Protocol) -> Settled | None:
    ranks = protocol.status_order
    times = dict(draft.times)
    begins = times.get(Milestone.DETECTED) or times.get(Milestone.STARTED)
    if begins is None and draft.story is not None and draft.story.day is not None:
        begins = datetime.combine(draft.story.day, time(), protocol.tzinfo)
    if begins is None:
        return None
    watched = _standing(draft.updates, MONITORING, ranks)
    if not any(update.status == MONITORING for update in draft.updates):
        watched = draft.watched
    if draft.end is not None:
        # Their end is our fix, unless they watched it: then the watch began with the fix.
        times.setdefault(Milestone.RESOLVED, watched or draft.end)
        if watched is not None:
            times.setdefault(Milestone.VERIFIED, draft.end)
    elif watched is not None:
        times.setdefault(Milestone.RESOLVED, watched)
    first = next(iter(protocol.statuses))
    updates = _carried(draft.updates, first)
    status = draft.status or _status(times, updates, first, ended=draft.end is not None)
    ordered = {milestone: times[milestone] for milestone in Milestone if milestone in times}
    return Settled(
        draft=draft,
        begins=begins,
        times=ordered,
        status=status,
        updates=updates,
        missing=(*_words_missing(draft), *(m.value for m in Milestone if m not in ordered)),
    )


def _status(
    times: Mapping[Milestone, datetime], updates: tuple[Told, ...], first: str, *, ended: bool
) -> str:
    if Milestone.CLOSED in times:
        return CLOSED
    if ended or Milestone.VERIFIED in times:
        return RESOLVED
    if updates:
        return updates[-1].status
    return RESOLVED if Milestone.RESOLVED in times else first


def _maintenance(draft: Draft, protocol: Protocol) -> Settled | None:
    ranks = protocol.status_order
    begun = _standing(draft.updates, UNDER_WAY, ranks)
    ended = _standing(draft.updates, COMPLETED, ranks) or draft.end
    # Where the plan is not told, the time under way is the nearest to it.
    begins = draft.scheduled_start or begun or draft.times.get(Milestone.DETECTED)
    if begins is None:
        return None
    updates = _carried(draft.updates, next(iter(protocol.maintenance_statuses)))
    status = draft.status or (
        COMPLETED if ended else updates[-1].status if updates else "scheduled"
    )
    missing = [
        name for name in ("scheduled_start", "scheduled_end") if getattr(draft, name) is None
    ]
    if not draft.components:
        missing.insert(0, "components")
    return Settled(
        draft=draft,
        begins=begins,
        times={},
        status=status,
        updates=updates,
        scheduled_start=begins,
        scheduled_end=draft.scheduled_end or ended,
        begun=begun,
        ended=ended,
        missing=tuple(missing),
    )


def _standing(updates: tuple[Told, ...], wanted: str, ranks: Mapping[str, int]) -> datetime | None:
    """When the status was reached for good: a step back before it is over starts anew."""
    since: datetime | None = None
    for update in updates:
        if update.status == wanted:
            since = since or update.at
        elif update.status and ranks.get(update.status, -1) < ranks[wanted]:
            since = None
    return since


def _carried(updates: tuple[Told, ...], first: str) -> tuple[Told, ...]:
    """The updates, each with the status that held then."""
    carried: list[Told] = []
    status = first
    for update in updates:
        status = update.status or status
        carried.append(replace(update, status=status))
    return tuple(carried)


def _words_missing(draft: Draft) -> list[str]:
    pairs = {
        "severity": draft.severity,
        "components": draft.components,
        "detected_by": draft.detected_by,
        "updates": draft.updates,
    }
    return [name for name, value in pairs.items() if not value]
