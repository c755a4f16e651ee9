"""What the team owes whatever happens: a drill in each quarter, fresh runbooks, training.

A tracker owes none of it before the first whole period (`drill_every`) behind its first record, so
that nobody begins with a list of things overdue. Imported and withdrawn records begin nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from incident_tracker.lifecycle.runbooks import tried_on
from incident_tracker.metrics.actions import end_of
from incident_tracker.model import Incident, Person, Tracker
from incident_tracker.periods import By, day_after, detected_on, first_day, label_of
from incident_tracker.standing_duties import Duty


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A scenario in the rotation, and the drills of it, the last one first."""

    scenario: str
    drills: tuple[Incident, ...]


def practice(tracker: Tracker, now: datetime) -> Iterator[Duty]:
    """Yield what is owed at a moment; what recurs only from its reminder on."""
    begun = owed_from(tracker)
    if begun is None or today(tracker, now) < begun:
        return
    yield from _drill(tracker, now, begun)
    yield from _runbooks(tracker, now, begun)
    yield from _training(tracker, now, begun)


def today(tracker: Tracker, now: datetime) -> date:
    """Return the day of a moment in the tracker's zone."""
    return now.astimezone(tracker.protocol.tzinfo).date()


def owed_from(tracker: Tracker) -> date | None:
    """Return the first day of the first period that owes practice, None before any record."""
    days = own_days(tracker)
    return day_after(min(days), By(tracker.protocol.drill_every)) if days else None


def own_days(tracker: Tracker) -> list[date]:
    """Return the days of the incidents that may begin the practice."""
    own = (i for i in tracker.incidents if i.origin is None and not i.is_withdrawn)
    return [day for i in own if (day := detected_on(i, tracker.protocol.tzinfo)) is not None]


def drills(tracker: Tracker, now: datetime) -> tuple[Incident, ...]:
    """Return the drills that were held by a moment, the last one first."""
    zone, last = tracker.protocol.tzinfo, today(tracker, now)
    held = [(detected_on(i, zone), i) for i in tracker.incidents if i.is_drill]
    dated = [(day, i.id, i) for day, i in held if day and day <= last and not i.is_cancelled]
    return tuple(incident for _, _, incident in sorted(dated, key=lambda one: one[:2])[::-1])


def rotation(tracker: Tracker, now: datetime) -> tuple[Turn, ...]:
    """Return the scenarios, the one that was drilled longest ago (or never) first: it is next."""
    held = drills(tracker, now)
    turns = [
        Turn(scenario=name, drills=tuple(drill for drill in held if drill.drill == name))
        for name in tracker.protocol.drill_scenarios
    ]
    return tuple(sorted(turns, key=lambda turn: _last(turn.drills, tracker) or date.min))


def missed(tracker: Tracker, now: datetime) -> tuple[date, ...]:
    """Return the first days of the periods that are over, owed a drill and had none."""
    begun, every = owed_from(tracker), By(tracker.protocol.drill_every)
    zone = tracker.protocol.tzinfo
    held = {first_day(day, every) for i in drills(tracker, now) if (day := detected_on(i, zone))}
    found: list[date] = []
    while begun is not None and day_after(begun, every) <= today(tracker, now):
        found += [begun] if begun not in held else []
        begun = day_after(begun, every)
    return tuple(found)


def untrained(person: Person, tracker: Tracker) -> tuple[str, ...]:
    """Return the topics that somebody of their role is to know and was not trained in."""
    topics = tracker.protocol.training.items()
    asked = (name for name, topic in topics if not topic.roles or person.role in topic.roles)
    return tuple(name for name in asked if name not in person.trained)


def _last(held: Sequence[Incident], tracker: Tracker) -> date | None:
    return detected_on(held[0], tracker.protocol.tzinfo) if held else None


def _drill(tracker: Tracker, now: datetime, begun: date) -> Iterator[Duty]:
    protocol, every = tracker.protocol, By(tracker.protocol.drill_every)
    current = first_day(today(tracker, now), every)
    held = drills(tracker, now)
    last = _last(held, tracker)
    if last is not None and last >= current:
        return
    # One drill now makes up for what was missed: it is due since the end of the first missed one.
    since = day_after(last, every) if last is not None else begun
    first = max(since, begun)
    when = end_of(day_after(first, every) - timedelta(days=1), protocol.tzinfo).astimezone(UTC)
    remind = when - protocol.quarter_reminder
    if now < remind:
        return
    yield Duty(
        id="drill",
        name="drill",
        what=f"no drill in {label_of(first, every)}{'' if first == current else ' nor since'}",
        when=when,
        who=protocol.owner,
        command=_drill_command(tracker, rotation(tracker, now), held),
        remind=remind,
    )


def _drill_command(tracker: Tracker, turns: Sequence[Turn], held: Sequence[Incident]) -> str:
    protocol = tracker.protocol
    scenario = turns[0].scenario if turns else ""
    word = protocol.drill_scenarios.get(scenario)
    known = [held[0].severity] if held and held[0].severity in protocol.severities else []
    severity = (known or list(protocol.severities))[0]
    title = shlex.quote(f"Drill: {word.label or scenario if word else protocol.drill_every}")
    parts = tracker.component_by_id
    usual = protocol.default_component
    component = usual if usual in parts or not parts else next(iter(parts))
    return f"incident new {title} --severity {severity} --component {component} --drill {scenario}"


def _runbooks(tracker: Tracker, now: datetime, begun: date) -> Iterator[Duty]:
    protocol = tracker.protocol
    for runbook in tracker.runbooks:
        asked = (
            ("reviewed", "read through", runbook.last_reviewed, protocol.runbook_review_every),
            ("tested", "tried", tried_on(runbook, tracker), protocol.runbook_test_every),
        )
        for verb, words, last, every in asked:
            if every is None:
                continue
            day = max(begun, last + every) if last else begun
            when = end_of(day, protocol.tzinfo).astimezone(UTC)
            remind = when - protocol.quarter_reminder
            if now >= remind:
                yield Duty(
                    id=f"runbook {runbook.id}",
                    name=f"runbook-{verb}",
                    what=f"{runbook.title or runbook.id}: {_ago(words, last)}",
                    when=when,
                    who=runbook.owner or protocol.owner,
                    command=f"incident runbook {verb} {runbook.id}",
                    remind=remind,
                )


def _ago(words: str, last: date | None) -> str:
    return f"last {words} on {last}" if last else f"never {words}"


def _training(tracker: Tracker, now: datetime, begun: date) -> Iterator[Duty]:
    """Yield who lacks what: the protocol gives no time for it, so it is never overdue."""
    protocol = tracker.protocol
    read = tracker.contacts.confirmed
    since = max(begun, read) if read and read <= today(tracker, now) else begun
    when = datetime.combine(since, time(), protocol.tzinfo).astimezone(UTC)
    for person in tracker.contacts.people:
        missing = untrained(person, tracker)
        if missing:
            topics = ", ".join(protocol.training[name].about for name in missing)
            yield Duty(
                id="training",
                name="training",
                what=f"{person.name} is to be trained in: {topics}",
                when=when,
                who=person.id,
                command=f"incident trained {person.id} {missing[0]}",
                is_possible=True,
            )
