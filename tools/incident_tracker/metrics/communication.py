"""Whether people are told in time and as promised, and who notices first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from incident_tracker.cadence import Verdict, promises, waits
from incident_tracker.measure import Measurement, Single, State, of_rate
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.metrics.grouping import ALL, by_severity, together
from incident_tracker.model import Incident, Milestone, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example

SECOND = "incidents/2026/2026-03-02-second.md"
BROKEN = Example(path=SECOND, replace={"- Next update: 12:00": "- Next update: 11:00"})
MISSED = (Verdict.LATE, Verdict.BROKEN)


@metric(
    "promises",
    "Promises kept",
    worked=Worked(given=(Example(), BROKEN), group="P1", expect=50),
)
def promises_kept(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Share of the announced "next updates" that came by the announced time, by severity.

    A promise is kept when the next update comes in time, whatever it says; it is late when that
    comes later, and broken when none comes.

    **Left out.** Promises whose time is still to come, those that another update of the same
    minute replaced, and those of what was over by then. Drills, maintenance, cancelled ones and
    duplicates.

    **Source.** Protocol, message templates: each update says when the next one comes. No target.
    """
    return _by_severity(incidents, terms, lambda incident: _promises(incident, now))


@metric(
    "updates-in-time",
    "Updates in time",
    worked=Worked(given=(Example(), Example(record="security")), group="P1", expect=100),
)
def updates_in_time(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Share of the waits for an update that ended within the time of the severity then held.

    A wait begins with detection, with an update, or where the severity was raised; it ends with
    the next update, or when the incident is verified, closed or cancelled.

    **Left out.** Waits that are not over and still in time, and severities without a time for
    updates. Imported ones. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Protocol, communication: how often the status is updated. No target.
    """
    return _by_severity(incidents, terms, lambda incident: _waits(incident, now))


@metric(
    "detected-by-monitoring",
    "Detected by monitoring",
    worked=Worked(
        given=(
            Example(),
            Example(
                path=SECOND,
                set={"detected_by": "user-report"},
                replace={"detected via monitoring": "detected via user report"},
            ),
        ),
        group=ALL,
        expect=50,
    ),
)
def detected_by_monitoring(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """Share of the incidents that monitoring noticed before any person did.

    **Left out.** Incidents that do not say how they were detected. Drills, maintenance, cancelled
    ones and duplicates.

    **Source.** Our own: whether we know before our users do. No target.
    """
    group = together(incidents)
    values = [_source(incident) for incident in group.incidents]
    return of_rate(ALL, values, terms.metrics, left_out=group.left_out)


def _by_severity(
    incidents: Sequence[Incident],
    terms: Protocol,
    singles: Callable[[Incident], Iterable[Single]],
) -> tuple[Measurement, ...]:
    return tuple(
        of_rate(
            group.label,
            [single for incident in group.incidents for single in singles(incident)],
            terms.metrics,
            left_out=group.left_out,
        )
        for group in by_severity(incidents, terms)
    )


def _promises(incident: Incident, now: datetime) -> Iterable[Single]:
    for promise in promises(incident):
        if promise.verdict(now) is Verdict.NOT_APPLICABLE:
            continue
        end = promise.answered or now
        yield _single(incident, promise.made, end, promise.verdict(now))


def _waits(incident: Incident, now: datetime) -> Iterable[Single]:
    for wait in waits(incident):
        yield _single(incident, wait.start, wait.ended or now, wait.verdict(now))


def _single(incident: Incident, start: datetime, end: datetime, verdict: Verdict) -> Single:
    running = verdict is Verdict.RUNNING
    return Single(
        record=incident.id,
        state=State.PENDING if running else State.RECORDED,
        value=(end - start).total_seconds(),
        missed=None if running else verdict in MISSED,
        reason="its time is still to come" if running else verdict.value,
        at=start,
    )


def _source(incident: Incident) -> Single:
    single = Single(record=incident.id, at=incident.at(Milestone.DETECTED))
    if not incident.detected_by:
        reason = "does not say how it was detected"
        return replace(single, state=State.NOT_APPLICABLE, reason=reason)
    return replace(single, missed=incident.detected_by != "monitoring", reason=incident.detected_by)
