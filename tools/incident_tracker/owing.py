"""All files of a tracker on disk → the records that may owe something at a moment, and no others.

What an incident and its review owe depends on their files, the protocol folder and the moment: once
they owe nothing, they never do again, whatever time it gets. So that is remembered of them, and the
little that duties ask of incidents that are over: the first one begins the team's practice, the
last use of a runbook counts for it, and one of the same cause makes a later one owe a review. Those
few are read, too.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import NamedTuple

from incident_tracker.assemble import Registers, assemble
from incident_tracker.due import due_of_incidents
from incident_tracker.lines import Box
from incident_tracker.loading import load, load_registers, without_collection
from incident_tracker.memory import Memory
from incident_tracker.metrics.actions import end_of
from incident_tracker.model import Incident, Milestone, Tracker
from incident_tracker.practice import own_days
from incident_tracker.protocol import Protocol
from incident_tracker.recalling import FEWEST, Task, Unit, Work, files_of, terms_of
from incident_tracker.units import units_of
from incident_tracker.workspace import Workspace

LATE = datetime(9000, 1, 1, tzinfo=UTC)
"""A moment behind all that records tell of."""
EARLY = datetime(1, 1, 2, tzinfo=UTC)


class Cause(NamedTuple):
    """The cause of an incident that counts, when it was detected, and since when one repeats it."""

    name: str
    at: str
    since: str


class _Repeating(Tracker):
    """A tracker of which each incident repeats another."""

    @property
    def repeats(self) -> Mapping[str, Incident]:
        """Each incident, as if it had one before it."""
        return {incident.id: incident for incident in self.incidents}


class Past(NamedTuple):
    """What duties may ask of the records of a unit; moments in UTC, so that texts compare."""

    settled_at: str | None = None
    """From when on they owe nothing any more, None where that is not known of them."""
    owes_repeated: bool = False
    """Whether they owe something yet where they repeat another."""
    first_day: str = ""
    """The day of their first incident that is the team's own."""
    causes: tuple[Cause, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    """The runbooks that were used, each with the last day."""
    lasts: bool = True
    """Whether the same files give the same again."""


def owing_files(
    workspace: Workspace,
    now: datetime,
    *,
    remembered: Callable[[], Memory | None] = lambda: None,
    processes: int = 0,
    fewest: int = FEWEST,
) -> Tracker:
    """Return a tracker that owes at a moment what the whole one owes, with all that is unread.

    Without a memory that is the whole one.
    """
    terms = terms_of(workspace)
    with without_collection():
        sources, memory = files_of(workspace, terms, remembered, fewest)
        if memory is None:
            return load(workspace)
        units = units_of(sources)
        pasts = Work(_task(terms.protocol), terms, memory, processes).answers(units)
        wanted = {source.path for number in _wanted(pasts, now) for source in units[number]}
        found = [source for source in sources if source.path in wanted]
        return assemble(found, terms.protocol, load_registers(workspace))


def _wanted(pasts: Sequence[Past], now: datetime) -> set[int]:
    """The units that may owe something, and those that it may depend on."""
    moment = _utc(now)
    caused: dict[str, list[tuple[str, int]]] = {}
    for number, past in enumerate(pasts):
        for cause in past.causes:
            caused.setdefault(cause.name, []).append((cause.at, number))
    for found in caused.values():
        found.sort()
    wanted: set[int] = set()
    for number, past in enumerate(pasts):
        earlier = {other for cause in past.causes for other in _before(cause, caused[cause.name])}
        over = past.settled_at is not None and past.settled_at <= moment
        if not over or (past.owes_repeated and earlier):
            wanted |= {number, *earlier}
    first = [(past.first_day, number) for number, past in enumerate(pasts) if past.first_day]
    last: dict[str, tuple[str, int]] = {}
    for number, past in enumerate(pasts):
        for runbook, day in past.tried:
            last[runbook] = max(last.get(runbook, ("", 0)), (day, number))
    return wanted | {number for _, number in [*last.values(), *sorted(first)[:1]]}


def _before(cause: Cause, found: Sequence[tuple[str, int]]) -> set[int]:
    """The units by which it is known whether an incident repeats another; none if it does not."""
    near = found[bisect_left(found, (cause.since, 0)) : bisect_left(found, (cause.at, sys.maxsize))]
    if len(near) == 1:
        return set()  # itself
    # Of those before it one is enough; which of two at the same moment is first, their ids say.
    last = max((at for at, _ in near if at < cause.at), default=cause.at)
    return {number for at, number in near if at >= last}


def _task(protocol: Protocol) -> Task[Past]:
    return Task(
        do=lambda unit: past_of(unit, protocol),
        written=written,
        read=read,
        lasts=lambda past: past.lasts,
    )


def past_of(unit: Unit, protocol: Protocol) -> Past:
    """Return what duties may ask of the records of a unit."""
    pair = assemble(unit, protocol, Registers())
    settled_at, days = _settled_at(pair), own_days(pair)
    return Past(
        settled_at=_utc(settled_at) if settled_at is not None else None,
        owes_repeated=any(due_of_incidents(_repeating(pair), LATE)),
        first_day=min(days).isoformat() if days else "",
        causes=tuple(cause for incident in pair.incidents for cause in _causes(incident)),
        tried=tuple(use for incident in pair.incidents for use in _tried(incident)),
        lasts=not any("zone" in record.fields for record in pair.records),
    )


def _repeating(pair: Tracker) -> Tracker:
    return _Repeating(**{row.name: getattr(pair, row.name) for row in fields(pair)})


def _settled_at(pair: Tracker) -> datetime | None:
    """The last moment that records tell of, if they owe nothing from then on."""
    busy = any(incident.is_open or incident.is_drill for incident in pair.incidents)
    if busy or pair.unread or not pair.incidents:
        return None
    if any(due_of_incidents(pair, LATE)):
        return None
    return max(_moments(pair), default=EARLY)


def _moments(pair: Tracker) -> Iterator[datetime]:
    """All moments that the records tell of, each day by its end."""
    for incident in pair.incidents:
        yield from incident.times.values()
        log = incident.log
        for told in (log.entries, log.updates, log.severities, log.statuses):
            yield from (one.at for one in told if one.at is not None)
        yield from log.audiences.values()
        yield from _of_boxes(incident.boxes, pair)
    for review in pair.reviews:
        yield from (at for at in (review.held_at, review.published_at) if at is not None)
        if review.followed_up_at is not None:
            yield end_of(review.followed_up_at, pair.protocol.tzinfo)
        yield from _of_boxes(review.boxes, pair)


def _of_boxes(boxes: Sequence[Box], pair: Tracker) -> Iterator[datetime]:
    for box in boxes:
        if box.at is not None:
            yield box.at
        if box.on is not None:
            yield end_of(box.on, pair.protocol.tzinfo)


def _causes(incident: Incident) -> Iterator[Cause]:
    at = incident.at(Milestone.DETECTED)
    if incident.root_cause and at is not None and incident.counts:
        since = max(at - EARLY, incident.protocol.repeat_window) - incident.protocol.repeat_window
        yield Cause(incident.root_cause, _utc(at), _utc(EARLY + since))


def _tried(incident: Incident) -> Iterator[tuple[str, str]]:
    for entry in incident.log.of("runbook-used"):
        if entry.said is not None and entry.at is not None:
            for name in entry.said.names:
                yield name, entry.at.date().isoformat()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def written(past: Past) -> bytes:
    """Return what is told of a unit as one line; reading it gives the same."""
    return json.dumps(past, separators=(",", ":"), allow_nan=False).encode("ascii")


def read(line: bytes) -> Past | None:
    """Return what a line tells of a unit, None where it tells nothing."""
    try:
        settled_at, owes_repeated, first_day, causes, tried, lasts = json.loads(line)
        return Past(
            None if settled_at is None else _text(settled_at),
            bool(owes_repeated),
            _text(first_day),
            tuple(Cause(*map(_text, cause)) for cause in causes),
            tuple((_text(name), _text(day)) for name, day in tried),
            bool(lasts),
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
