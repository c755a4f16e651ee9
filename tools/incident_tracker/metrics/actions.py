"""Whether what was decided after incidents gets done, and in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from incident_tracker.measure import Measurement, Single, State, of_durations, of_rate
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.metrics.grouping import ALL
from incident_tracker.model import Action, ActionState, Incident, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example

ACTION = "Test releases with an index of the previous release (Owner: bo, Due: 2026-03-20, "
DONE = f"- [x] {ACTION}Type: prevent, Ticket: OPS-102, Done: 2026-03-18)"
OPEN = f"- [ ] {ACTION}Type: prevent, Ticket: OPS-102)"
ONE_OPEN = (Example(), Example(record="review", replace={DONE: OPEN}))


@metric(
    "action-completion", "Action completion", worked=Worked(given=ONE_OPEN, group=ALL, expect=50)
)
def action_completion(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Share of the action items of incidents and their reviews that are done, drills included.

    Open ones count as not done, whether they are due or not.

    **Left out.** Action items that were dropped with a reason.

    **Source.** Protocol, Success Metrics: tracked, without a target and without a definition; this
    one is ours.
    """
    return of_rate(ALL, map(_completed, actions_of(incidents, tracker)), terms.metrics)


@metric(
    "actions-in-time", "Actions done in time", worked=Worked(given=ONE_OPEN, group=ALL, expect=50)
)
def actions_in_time(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Share of the action items due by now, or done, that were done by the end of their due day.

    **Left out.** Action items that are open and not yet due, that were dropped, or that say no day.

    **Source.** Our own, beside the action completion. No target.
    """
    actions = actions_of(incidents, tracker)
    return of_rate(ALL, (_in_time(action, now, terms) for action in actions), terms.metrics)


@metric(
    "actions-overdue",
    "Overdue actions, by how long",
    worked=Worked(
        given=ONE_OPEN, group=ALL, expect=timedelta(hours=7), now="2026-03-21T12:00:00+00:00"
    ),
)
def actions_overdue(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Time that open action items are past the end of their due day, the mean.

    **Left out.** Whatever is not overdue: action items that are done, dropped, not yet due, or
    without a due day.

    **Source.** Our own, beside the action completion. No target.
    """
    overdue = [
        Single(record=action.id, value=(now - end).total_seconds(), at=end)
        for action in actions_of(incidents, tracker)
        if (end := overdue_since(action, now, terms)) is not None
    ]
    return of_durations(ALL, overdue, terms.metrics)


def actions_of(incidents: Iterable[Incident], tracker: Tracker) -> Iterator[Action]:
    """Yield the action items of incidents and of their reviews, withdrawn ones left out."""
    for incident in incidents:
        if incident.is_withdrawn:
            continue
        yield from incident.actions
        review = tracker.review_by_incident.get(incident.id)
        if review is not None:
            yield from review.actions


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the midnight that ends a day in a zone, with its fixed offset."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    # Adding to a time in a zone moves the hands of the clock, not the time that passes.
    return midnight.replace(tzinfo=timezone(midnight.utcoffset() or timedelta()))


def overdue_since(action: Action, now: datetime, terms: Protocol) -> datetime | None:
    """Return since when an open action is overdue: the end of its due day; None if it is not."""
    if action.state is not ActionState.OPEN or action.due is None:
        return None
    end = end_of(action.due, terms.tzinfo)
    return end if now >= end else None


def _completed(action: Action) -> Single:
    if action.state is ActionState.DROPPED:
        return Single(record=action.id, state=State.NOT_APPLICABLE, reason="dropped")
    return Single(record=action.id, missed=action.state is ActionState.OPEN)


def _in_time(action: Action, now: datetime, terms: Protocol) -> Single:
    single = _completed(action)
    if single.state is not State.RECORDED:
        return single
    if action.due is None:
        return replace(
            single, state=State.NOT_APPLICABLE, missed=None, reason="says no day on which it is due"
        )
    if action.state is ActionState.OPEN:
        overdue = overdue_since(action, now, terms) is not None
        waiting = replace(single, state=State.PENDING, missed=None, reason="not due yet")
        return replace(single, reason="overdue") if overdue else waiting
    if action.done is None:
        return replace(single, state=State.INVALID, missed=None, reason="says no day when done")
    return replace(single, missed=action.done > action.due)
