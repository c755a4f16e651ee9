"""How each component was from when to when, as the records tell it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.model import Incident, Milestone
from incident_tracker.pages.drawings import State
from incident_tracker.protocol import Protocol

# From the best to the worst: an incident is never hidden by planned work.
WORST_LAST = (State.OK, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spell:
    """A component had a level from one moment to another; ``end`` is None while it still has it."""

    incident: Incident
    component: str
    level: str
    start: datetime
    end: datetime | None


def look_of(level: str, protocol: Protocol) -> State:
    """How a level looks; one that the protocol does not know looks like nothing recorded."""
    word = protocol.component_levels.get(level)
    try:
        return State(word.look) if word else State.OK
    except ValueError:
        return State.OK


def label_of(level: str, protocol: Protocol) -> str:
    """The word for a level."""
    word = protocol.component_levels.get(level)
    return word.label if word else level


def worst(looks: Iterable[State]) -> State:
    """The worst of several states, of none that nothing is recorded."""
    return max(looks, key=WORST_LAST.index, default=State.OK)


def spells(incident: Incident, now: datetime) -> Iterator[Spell]:
    """How the incident's components were.

    One that is over has no spell without an end. Where its end lies before its beginning, nobody
    knows how long it took: the spell ends as it begins, and so counts for that day alone.
    """
    if incident.is_maintenance:
        yield from _planned(incident, now)
        return
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    if start is None:
        return
    times = [incident.at(Milestone.MITIGATED), incident.at(Milestone.RESOLVED)]
    if times[-1] is None and not incident.is_open:
        times.append(incident.at(Milestone.CLOSED))
    ends = [at for at in times if at is not None]
    changes: list[tuple[datetime, Mapping[str, str]]] = [(start, incident.components)]
    changes += [(u.at, u.components) for u in incident.log.updates if u.at and u.components]
    well = dict.fromkeys({name for _, levels in changes for name in levels}, "")
    if not incident.is_open:
        if ends and max(ends) < start:
            yield from _of_no_length(incident, start)
            return
        ends = ends or [start]
        ends.append(max(*ends, *(at for at, _ in changes)))
    changes += [(at, well) for at in ends]
    yield from _between(incident, sorted(changes, key=lambda change: change[0]), start)


def _of_no_length(incident: Incident, at: datetime) -> Iterator[Spell]:
    for name, level in incident.components.items():
        yield Spell(incident=incident, component=name, level=level, start=at, end=at)


def touched(incident: Incident) -> Mapping[str, str]:
    """The components that the record or one of its updates names, each with its worst level."""
    found: dict[str, str] = {}
    for levels in (incident.components, *(u.components for u in incident.log.updates)):
        for name, level in levels.items():
            looks = [look_of(one, incident.protocol) for one in (found.get(name, ""), level)]
            if name not in found or worst(looks) is not looks[0]:
                found[name] = level
    return found


def standing(incident: Incident, now: datetime) -> Mapping[str, str]:
    """The level that each component of an open incident has now; the best one where it is over."""
    best = next(iter(incident.protocol.component_levels))
    levels = dict.fromkeys(touched(incident), best)
    for spell in spells(incident, now):
        if spell.start <= now and (spell.end is None or spell.end > now):
            levels[spell.component] = spell.level
    return levels


def is_over(incident: Incident) -> bool:
    """Whether its components are as they are without it: nothing is broken, under way or ahead."""
    return not incident.is_open and incident.status not in ("scheduled", "in-progress")


def looking_back(level: str, incident: Incident) -> str:
    """How a level is named once the incident is over, so that nobody takes it for the present."""
    words = label_of(level, incident.protocol).lower()
    if look_of(level, incident.protocol) is State.OK:
        return words
    if incident.is_cancelled:
        return f"reported: {words}"
    return f"was {words}" if incident.is_maintenance else f"at worst: {words}"


def _between(
    incident: Incident, changes: Iterable[tuple[datetime, Mapping[str, str]]], start: datetime
) -> Iterator[Spell]:
    held: dict[str, tuple[str, datetime]] = {}
    for at, levels in changes:
        for name, level in levels.items():
            before, since = held.get(name, ("", start))
            if before == level:
                continue
            if before and at > since:
                yield Spell(incident=incident, component=name, level=before, start=since, end=at)
            held[name] = (level, at)
    for name, (level, since) in held.items():
        if level:
            yield Spell(incident=incident, component=name, level=level, start=since, end=None)


def _planned(incident: Incident, now: datetime) -> Iterator[Spell]:
    start, end = incident.scheduled_start, incident.scheduled_end
    if start is None or start > now or incident.is_cancelled:
        return
    if is_over(incident) and (end is None or end > now):
        told = [c.at for c in incident.log.statuses if c.value == incident.status and c.at]
        end = min([*told[-1:], now])
    for name, level in incident.components.items():
        yield Spell(
            incident=incident,
            component=name,
            level=level,
            start=start,
            end=end if end is not None and end <= now else None,
        )
