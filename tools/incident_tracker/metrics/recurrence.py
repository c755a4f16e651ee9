"""Whether the same cause comes back, and whether what was done against it helped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from incident_tracker.measure import Measurement, Single, State, of_rate
from incident_tracker.metrics.actions import actions_of, end_of
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.metrics.grouping import ALL, together
from incident_tracker.model import Action, ActionState, Incident, Milestone, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example

LATER = "incidents/2026/2026-03-02-later.md"


@metric(
    "repeats",
    "Repeat incidents",
    worked=Worked(
        given=(Example(), Example(path=LATER), Example(record="security")),
        group=ALL,
        expect=100 / 3,
    ),
)
def repeat_incidents(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Share of the incidents that had the root cause of one detected shortly before.

    How shortly is the protocol's window for repeats; the earlier one may be of any severity and
    of any period.

    **Left out.** Incidents without a named root cause. Drills, maintenance, cancelled ones and
    duplicates.

    **Source.** Protocol, Success Metrics: tracked, without a target. The window is a setting.
    """
    group = together(incidents)
    values = [
        _named(incident, Single(record=incident.id, missed=incident.id in tracker.repeats))
        for incident in group.incidents
    ]
    return of_rate(ALL, values, terms.metrics, left_out=group.left_out, of_missed=True)


@metric(
    "prevention",
    "Prevention that held",
    worked=Worked(
        given=(Example(), Example(record="review")),
        group=ALL,
        expect=100,
        now="2026-07-01T12:00:00+00:00",
    ),
)
def prevention_effectiveness(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Share of the root causes that did not come back after the prevention against them was done.

    A prevention is done when all preventive action items of the incidents with that cause, and of
    their reviews, are done; it held when no incident with the cause was detected since, for at
    least the protocol's window for repeats.

    **Left out.** Root causes without a preventive action item, with one that is open, and those
    that did not come back but whose window is not over: they are pending.

    **Source.** Protocol, Success Metrics: tracked as "incident recurrence", without a target and
    without a definition; this one is ours.
    """
    causes = sorted({i.root_cause for i in incidents if i.counts and i.root_cause})
    values = [_prevented(cause, tracker.by_cause.get(cause, ()), tracker, now) for cause in causes]
    return of_rate(ALL, values, terms.metrics)


def _named(incident: Incident, single: Single) -> Single:
    single = replace(single, at=incident.at(Milestone.DETECTED))
    if incident.root_cause:
        return single
    return replace(single, state=State.NOT_APPLICABLE, missed=None, reason="no root cause is named")


def _prevented(
    cause: str, same: Iterable[tuple[datetime, Incident]], tracker: Tracker, now: datetime
) -> Single:
    unknown, terms = Single(record=cause, state=State.NOT_APPLICABLE), tracker.protocol
    done: datetime | None = None
    for detected, incident in same:
        if done is not None and detected >= done:
            return Single(record=cause, missed=True, reason=f"came back as {incident.id}")
        for action in _preventive(incident, tracker, terms):
            if action.state is ActionState.OPEN or action.done is None:
                return replace(unknown, reason="a preventive action is open")
            end = end_of(action.done, terms.tzinfo)
            done = end if done is None else max(done, end)
    if done is None:
        return replace(unknown, reason="no preventive action")
    if now < done + terms.repeat_window:
        return replace(unknown, state=State.PENDING, reason="its window is not over")
    return Single(record=cause, missed=False, at=done)


def _preventive(incident: Incident, tracker: Tracker, terms: Protocol) -> list[Action]:
    return [
        action
        for action in actions_of((incident,), tracker)
        if action.type in terms.preventive_types and action.state is not ActionState.DROPPED
    ]
