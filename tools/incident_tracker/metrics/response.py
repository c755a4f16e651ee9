"""How fast incidents are noticed, taken on, mitigated and resolved, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from incident_tracker.measure import Measurement, Single, State, Target, of_count
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.metrics.durations import between, measured, spanning
from incident_tracker.metrics.grouping import by_severity, set_apart
from incident_tracker.model import Incident, Milestone, Tracker
from incident_tracker.protocol import Protocol, Severity
from incident_tracker.registry import Example

SECOND = "incidents/2026/2026-03-02-second.md"
STARTED = "- 09:55 - Impact started: first error in the log\n"
TAKEN = "- 10:05 - Acknowledged by bo\n"
TOLD = "- 10:07 - Notified: on-call team, team lead via phone\n"
START_UNKNOWN = Example(path=SECOND, set={"started_at": None}, replace={STARTED: ""})
TAKEN_LATER = Example(
    path=SECOND,
    set={"acknowledged_at": "2026-03-02T10:09-06:00"},
    replace={TAKEN: "", TOLD: f"{TOLD}- 10:09 - Acknowledged by bo\n"},
)


def response_target(terms: Severity) -> Target | None:
    """Return what acknowledging is held against: the target, else the response time."""
    if terms.acknowledge_target is not None:
        return Target.of(terms.acknowledge_target)
    return Target.of(terms.response, strict=False, label="response time, not a target")


@metric(
    "time-to-detect",
    "Time to detect (MTTD)",
    worked=Worked(given=(Example(), START_UNKNOWN), group="P1", expect=timedelta(minutes=5)),
)
def time_to_detect(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from the start of the impact to its detection, the mean by severity.

    **Left out.** Incidents whose start is unknown: it is never taken to be the detection, which
    would report zero. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Protocol, Success Metrics: tracked, without a target.
    """
    return measured(incidents, terms, _detected)


@metric(
    "time-to-acknowledge",
    "Time to acknowledge (MTTA)",
    worked=Worked(given=(Example(), TAKEN_LATER), group="P1", expect=timedelta(minutes=7)),
)
def time_to_acknowledge(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from detection until somebody owns the incident, the mean by severity.

    **Left out.** Incidents that nobody has acknowledged: past the deadline they count as missed,
    inside it they are pending. Imported ones whose source does not say when. Drills, maintenance,
    cancelled ones and duplicates.

    **Source.** Protocol, Success Metrics: a target for the two highest severities; the others are
    held against their response time, which is no target.
    """
    return measured(incidents, terms, lambda i: _acknowledged(i, now), response_target)


@metric(
    "time-to-mitigate",
    "Time to mitigate (MTTM)",
    worked=Worked(given=(Example(),), group="P1", expect=timedelta(minutes=60)),
)
def time_to_mitigate(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from detection until users no longer suffer the main impact, the mean by severity.

    **Left out.** Incidents without a line "Service restored": the fix is not taken for it. Open
    ones are pending. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Our own: it shows restored service apart from the fix. No target.
    """
    return measured(
        incidents, terms, lambda i: between(i, Milestone.DETECTED, Milestone.MITIGATED, now)
    )


@metric(
    "time-to-resolve",
    "Time to resolve (MTTR)",
    worked=Worked(given=(Example(),), group="P1", expect=timedelta(minutes=70)),
)
def time_to_resolve(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from detection until the fix is in place, the mean by severity.

    It ends at "Resolution implemented", not at the end of the watch: the protocol demands both a
    long watch and a short time to resolve, which no honest team could meet otherwise.

    **Left out.** Open incidents: they are listed with the time that they run, and count as missed
    once it is past the target. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Protocol, Success Metrics: a target for the two highest severities.
    """
    return measured(
        incidents,
        terms,
        lambda i: between(i, Milestone.DETECTED, Milestone.RESOLVED, now),
        lambda severity: Target.of(severity.resolve_target),
    )


@metric(
    "time-to-verify",
    "Time to verify",
    worked=Worked(given=(Example(),), group="P1", expect=timedelta(minutes=105)),
)
def time_to_verify(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from detection until the checks passed after the watch, the mean by severity.

    **Left out.** Incidents that are not verified yet. Imported ones whose source does not say
    when. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Our own, beside the time to resolve, which ends before the watch. No target.
    """
    return measured(
        incidents, terms, lambda i: between(i, Milestone.DETECTED, Milestone.VERIFIED, now)
    )


@metric(
    "impact-duration",
    "Impact duration",
    worked=Worked(given=(Example(),), group="P1", expect=timedelta(minutes=65)),
)
def impact_duration(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from the start of the impact until users no longer suffered it, the mean by severity.

    It ends when service was restored, where no line says so when the fix was in place.

    **Left out.** Incidents whose start is unknown. Open ones are pending. Drills, maintenance,
    cancelled ones and duplicates.

    **Source.** Our own: what users felt. No target.
    """
    return measured(incidents, terms, lambda i: _impact(i, now))


@metric(
    "incidents",
    "Incidents",
    worked=Worked(
        given=(Example(), Example(record="security"), Example(path=SECOND)), group="P1", expect=2
    ),
)
def incidents_by_severity(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Number of incidents by severity, each counted once, in the period of its detection.

    **Left out.** Drills, maintenance, cancelled ones and duplicates are counted by themselves.

    **Source.** Protocol, Success Metrics: tracked, without a target.
    """
    found = [
        of_count(group.label, map(_one, group.incidents)) for group in by_severity(incidents, terms)
    ]
    apart: dict[str, list[Single]] = defaultdict(list)
    for incident in incidents:
        if not incident.counts:
            apart[set_apart(incident)].append(_one(incident))
    return (*found, *(of_count(reason, values) for reason, values in apart.items()))


def _one(incident: Incident) -> Single:
    return Single(record=incident.id, value=1.0, at=incident.at(Milestone.DETECTED))


def _detected(incident: Incident) -> Single:
    single = between(incident, Milestone.STARTED, Milestone.DETECTED, None)
    entry = incident.log.times.get(Milestone.STARTED)
    if single.state is State.RECORDED and entry is not None and entry.estimated:
        return replace(single, reason="the start is estimated")
    return single


def _acknowledged(incident: Incident, now: datetime) -> Single:
    single = between(incident, Milestone.DETECTED, Milestone.ACKNOWLEDGED, now)
    detected = incident.at(Milestone.DETECTED)
    if single.state is not State.NOT_APPLICABLE or incident.origin or detected is None:
        return single
    # It is over and nobody had taken it on: how long it lasted is how long nobody did.
    ended = incident.at(Milestone.RESOLVED) or incident.at(Milestone.VERIFIED) or now
    lasted = spanning(incident, detected, ended, "over before it was detected")
    if lasted.state is State.INVALID:
        return lasted
    return replace(lasted, state=State.NOT_APPLICABLE, reason="never acknowledged")


def _impact(incident: Incident, now: datetime) -> Single:
    started, restored = incident.at(Milestone.STARTED), incident.at(Milestone.MITIGATED)
    if started is not None and restored is not None:
        return spanning(incident, started, restored, "restored before it started")
    return between(incident, Milestone.STARTED, Milestone.RESOLVED, now)
