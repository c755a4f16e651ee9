"""Times and summary of an incident: codes INC010 to INC013, INC018 and INC019."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from incident_tracker.finding import Level
from incident_tracker.lifecycle.follow import left_behind, missing_fields
from incident_tracker.model import Incident, Milestone
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.rules.incident import clock, unproven

ORDERED = tuple(milestone for milestone in Milestone if milestone is not Milestone.MITIGATED)


def same_minute(one: datetime, other: datetime) -> bool:
    """Whether two moments are the same to the minute."""
    return one == other or int(one.timestamp() // 60) == int(other.timestamp() // 60)


@rule(
    "INC010",
    Incident,
    bad=(
        Example(
            set={"acknowledged_at": "2026-03-02T09:59-06:00"},
            replace={
                "- 10:05 - Acknowledged by bo\n": "",
                "- 10:10 - IC assigned: asha, investigation started": "- 10:10 - asha takes over",
            },
        ),
        Example(
            set={"started_at": "2026-03-02T10:01-06:00"},
            replace={"- 09:55 - Impact started: first error in the log\n": ""},
        ),
    ),
    good=(
        Example(
            set={"acknowledged_at": "2026-03-02T10:00-06:00"},
            replace={"- 10:05 - Acknowledged by bo": "- 10:00 - Acknowledged by bo"},
        ),
    ),
)
def times_in_order(incident: Incident, context: Context) -> Iterator[Problem]:
    """Milestones follow each other: started, detected, acknowledged, resolved, verified, closed.

    **Why.** A negative duration poisons every mean that it enters.

    **Fix.** Correct the time that is wrong, in the timeline and in the field.
    """
    known = [(m, incident.times[m]) for m in ORDERED if m in incident.times]
    for (before, first), (after, second) in pairwise(known):
        if second < first:
            entry = incident.log.times.get(after)
            where = incident.fields.get(after.value) or (entry.position if entry else None)
            yield Problem(
                where,
                f"{after.value} {clock(second)} is before {before.value} {clock(first)}",
                help="correct the one that is wrong",
            )
            return
    restored, started = incident.at(Milestone.MITIGATED), incident.at(Milestone.STARTED)
    if restored is not None and started is not None and restored < started:
        yield Problem(
            incident.where("mitigated_at"),
            f"mitigated_at {clock(restored)} is before started_at {clock(started)}",
            help="correct the one that is wrong",
        )


@rule(
    "INC011",
    Incident,
    bad=(
        Example(set={"resolved_at": "2026-03-02T11:11-06:00"}),
        Example(set={"started_at": "2026-03-02T09:54-06:00"}),
    ),
    good=(Example(set={"resolved_at": "2026-03-02T17:10:30Z"}),),
)
def field_and_log_agree(incident: Incident, context: Context) -> Iterator[Problem]:
    """A time that stands both in the front matter and in the timeline is the same to the minute.

    **Why.** Nobody can know which of two times is right, and metrics would take one of them in
    silence.

    **Fix.** Correct one of them. Remove the field to let the timeline decide: `incident fold`
    writes it anew.
    """
    for milestone, written in incident.written.times.items():
        entry = incident.log.times.get(milestone)
        if entry is not None and entry.at is not None and not same_minute(entry.at, written):
            yield Problem(
                milestone.value,
                f"{milestone.value} is {clock(written)}, but line {entry.position.line} says {clock(entry.at)}",
                help=f"correct one; or remove the field and run incident fold {incident.id}",
            )


@rule(
    "INC012",
    Incident,
    bad=(
        Example(set={"status": "monitoring"}),
        Example(
            set={"severity": "P2"},
            replace={
                "Triage complete: real, P1": "Triage complete: real",
                "- 10:14 - Impact: no visitor can search": "- 10:14 - Impact: no visitor can search\n- 10:15 - Severity changed: P2 → P1 because nobody can search",
            },
        ),
    ),
    good=(
        Example(
            set={"severity": "P2"},
            replace={
                "- 10:14 - Impact: no visitor can search": "- 10:14 - Impact: no visitor can search\n- 10:15 - Severity changed: P1 → P2 because one page only",
            },
        ),
    ),
)
def summary_agrees(incident: Incident, context: Context) -> Iterator[Problem]:
    """Status, severity, roles, resolution and way of detection say what the log says.

    **Why.** Lists, metrics and pages read the summary; readers read the log. Both must tell one
    story.

    **Fix.** Add the line that is missing in the timeline, or run `incident fold ID` to let the
    summary follow it.
    """
    log, written = incident.log, incident.written
    changed = [change for change in log.severities if change.entry is not None]
    pairs = [
        ("status", _comparable(incident), log.statuses[-1].value if log.statuses else None),
        ("severity", written.severity, changed[-1].value if changed else None),
        ("resolution", written.resolution, log.resolution or None),
        ("detected_by", written.detected_by, log.detected_by or None),
    ]
    for role, name in (written.roles or {}).items():
        told = log.roles.get(role)
        pairs.append((f"roles.{role}", name, told[-1].value if told else None))
    for name, typed, logged in pairs:
        if typed is not None and logged is not None and typed != logged:
            yield Problem(
                incident.where(name.partition(".")[0]),
                f'{name} is "{typed}", but the log says "{logged}"',
                help=f"incident fold {incident.id}, or add the missing line to the timeline",
                fix=left_behind(incident, name),
            )


@rule(
    "INC013",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(
        Example(set={"closed_at": None}),
        Example(set={"detected_by": None}),
    ),
)
def summary_complete(incident: Incident, context: Context) -> Iterator[Problem]:
    """A closed incident carries the summary that its log proves.

    **Why.** Other tools read the front matter alone.

    **Fix.** `incident fold ID` or `incident check --fix` writes it; nothing is to be typed.
    """
    if incident.status != "closed" or _few_fields(incident):
        return
    missing = [m.value for m in incident.log.times if m not in incident.written.times]
    missing += (
        ["detected_by"] if incident.log.detected_by and incident.written.detected_by is None else []
    )
    missing += (
        ["resolution"] if incident.log.resolution and incident.written.resolution is None else []
    )
    missing += ["roles"] if incident.log.roles and incident.written.roles is None else []
    if missing:
        yield Problem(
            incident.where("status"),
            f"closed without {', '.join(missing)}, which the log proves",
            help=f"incident fold {incident.id}",
            fix=missing_fields(incident),
        )


def _comparable(incident: Incident) -> str | None:
    """Return the written status, None where another rule has already found it wrong.

    None as well where only the source of an imported record knows it: no source tells all steps.
    """
    written, protocol = incident.written.status, incident.protocol
    known = protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses
    return None if written not in known or unproven(incident) else written


def _few_fields(incident: Incident) -> bool:
    """Whether the record was kept without any derived field: the log alone is evidence enough."""
    written = incident.written
    return (
        not written.times
        and written.roles is None
        and written.resolution is None
        and written.detected_by is None
    )


@rule(
    "INC018",
    Incident,
    bad=(
        Example(
            set={"severity": "P3", "started_at": None, "detected_at": "2026-03-01T23:50-06:00"},
            replace={
                "real, P1": "real, P3",
                "- 09:55 - Impact started: first error in the log": "- 2026-03-01 23:50 - Incident detected via monitoring: search probe answers 500\n- 2026-03-02 09:55 - the error comes back",
                "- 10:00 - Incident detected via monitoring: search probe answers 500\n": "",
            },
        ),
    ),
)
def id_is_the_day_of_detection(incident: Incident, context: Context) -> Iterator[Problem]:
    """The id begins with the local date of detection.

    **Why.** The id is how people speak of it, and the war room is named after it.

    **Fix.** Correct the date of the detection, or the id: `incident rename ID --date 2026-11-02`.
    One that is in use in other systems is kept and the finding waived.
    """
    detected = incident.at(Milestone.DETECTED)
    if detected is None or incident.is_maintenance:
        return
    local = detected.astimezone(context.protocol.tzinfo).date().isoformat()
    if not incident.id.startswith((local, detected.date().isoformat())):
        entry = incident.log.times.get(Milestone.DETECTED)
        yield Problem(
            entry.position if entry else incident.where("detected_at"),
            f"detected on {local}, but the id begins with {incident.id[:10]}",
            help=f"correct the time, or the id: incident rename {incident.id} --date {local}",
        )
