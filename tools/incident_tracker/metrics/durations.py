"""The time between two milestones of an incident: recorded, still running, unknown, impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from incident_tracker.measure import Measurement, Single, State, Target, of_durations
from incident_tracker.metrics.grouping import by_severity
from incident_tracker.model import Incident, Milestone
from incident_tracker.protocol import Protocol, Severity

# What systems write down about their incidents; where these are missing they never were.
NEVER_IMPORTED = (Milestone.STARTED, Milestone.ACKNOWLEDGED, Milestone.MITIGATED)
TargetOf = Callable[[Severity], Target | None]


def named(milestone: Milestone) -> str:
    """Return a milestone as a word: ``resolved``."""
    return milestone.value.removesuffix("_at")


def between(incident: Incident, start: Milestone, end: Milestone, now: datetime | None) -> Single:
    """Return the time from one milestone to the other, in seconds.

    Where the end is still to come the value is pending, with the time that runs so far; without
    ``now`` the end is nothing to wait for.
    """
    first, last = incident.at(start), incident.at(end)
    if first is None:
        return missing(incident, start)
    is_to_come = last is not None and now is not None and first <= now < last
    if last is not None and not is_to_come:
        return spanning(incident, first, last, f"{named(end)} before it was {named(start)}")
    waits = (incident.is_open or is_to_come) and not (incident.origin and end in NEVER_IMPORTED)
    if waits and now is not None and first <= now:
        return Single(
            record=incident.id,
            state=State.PENDING,
            value=(now - first).total_seconds(),
            reason=f"not {named(end)} yet",
            at=incident.at(Milestone.DETECTED),
        )
    return missing(incident, end)


def spanning(incident: Incident, first: datetime, last: datetime, reversed_: str) -> Single:
    """Return the time between two moments; a negative one is invalid, for the reason given."""
    seconds = (last - first).total_seconds()
    return Single(
        record=incident.id,
        state=State.RECORDED if seconds >= 0 else State.INVALID,
        value=seconds,
        reason="" if seconds >= 0 else reversed_,
        at=incident.at(Milestone.DETECTED),
    )


def measured(
    incidents: Iterable[Incident],
    terms: Protocol,
    single: Callable[[Incident], Single | None],
    target: TargetOf = lambda _: None,
) -> tuple[Measurement, ...]:
    """Return a measurement for each severity; an incident that has nothing to measure gives None.

    Each value is held against the target in the protocol of its own day; the one printed is that
    of the protocol in force.
    """
    found = []
    for group in by_severity(incidents, terms):
        values = []
        for incident in group.incidents:
            then = _target(incident.protocol, group.label, target)
            value = single(incident)
            if value is not None:
                values.append(then.judged(value) if then else value)
        found.append(
            of_durations(
                group.label,
                values,
                terms.metrics,
                target=_target(terms, group.label, target),
                left_out=group.left_out,
            )
        )
    return tuple(found)


def _target(protocol: Protocol, severity: str, target: TargetOf) -> Target | None:
    terms = protocol.severities.get(severity)
    return target(terms) if terms is not None else None


def missing(incident: Incident, milestone: Milestone) -> Single:
    """Return that there is no value because a moment is unknown, and why it is."""
    state, reason = State.NOT_APPLICABLE, f"no time at which it was {named(milestone)}"
    if not incident.sound:
        state, reason = State.INVALID, "the record has errors of form"
    elif incident.origin is not None:
        reason = f"{incident.origin.system} does not say when it was {named(milestone)}"
    return Single(
        record=incident.id, state=state, reason=reason, at=incident.at(Milestone.DETECTED)
    )
