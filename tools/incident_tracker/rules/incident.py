"""Fields and times of an incident: codes INC001 to INC019 and INC060 to INC079."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from incident_tracker.finding import Level
from incident_tracker.lifecycle.follow import left_behind, missing_fields
from incident_tracker.model import Incident, Milestone
from incident_tracker.registry import Context, Example, Problem, rule

ORDERED = tuple(milestone for milestone in Milestone if milestone is not Milestone.MITIGATED)


def same_minute(one: datetime, other: datetime) -> bool:
    """Whether two moments are the same to the minute."""
    return int(one.timestamp() // 60) == int(other.timestamp() // 60)


def clock(moment: datetime) -> str:
    """Return a moment as people read it, with its offset."""
    return moment.isoformat(sep=" ", timespec="minutes")


@rule("INC001", Incident, bad=(Example(set={"title": None}),))
def title_given(incident: Incident, context: Context) -> Iterator[Problem]:
    """An incident has a title.

    **Why.** It is what everybody sees first: in the notice, in the list, in the search.

    **Fix.** Write `title: what is wrong, as a user would say it`.
    """
    if not incident.title:
        yield Problem(None, "no title", help="title: what is wrong, as a user would say it")


@rule(
    "INC002",
    Incident,
    bad=(Example(set={"severity": None}),),
    good=(Example(record="maintenance"),),
)
def severity_given(incident: Incident, context: Context) -> Iterator[Problem]:
    """An incident has a severity; planned work has none.

    **Why.** Every clock, audience and duty follows from it. Unsure: take the more severe one.

    **Fix.** Write `severity: P2`.
    """
    if not incident.severity and not incident.is_maintenance:
        known = ", ".join(context.protocol.severities)
        yield Problem(
            None, "no severity", help=f"severity: one of {known}; if unsure, the more severe one"
        )


@rule("INC003", Incident, bad=(Example(set={"status": None}, replace={}),))
def status_given(incident: Incident, context: Context) -> Iterator[Problem]:
    """An incident says where it stands.

    **Why.** What is owed, and whether it is shown as open, depends on it.

    **Fix.** Write `status: investigating`, or let `incident fold` derive it from the timeline.
    """
    if incident.written.status is None:
        status = incident.status or next(iter(context.protocol.statuses))
        yield Problem(None, "no status", help=f"status: {status}")


@rule(
    "INC004",
    Incident,
    bad=(
        Example(set={"status": "completed"}),
        Example(
            record="maintenance",
            set={"status": "closed"},
            replace={
                "- 03:10 - Maintenance completed: new version runs\n": "",
                "- 2026-03-15 02:05 - Maintenance started\n": "- 02:05 - begun\n",
            },
        ),
    ),
)
def status_of_its_kind(incident: Incident, context: Context) -> Iterator[Problem]:
    """Planned work and incidents each have statuses of their own.

    **Why.** Planned work is announced, not investigated, and stands in no mean.

    **Fix.** Write one of the statuses that the finding names.
    """
    known = (
        context.protocol.maintenance_statuses
        if incident.is_maintenance
        else context.protocol.statuses
    )
    what = "planned work" if incident.is_maintenance else "an incident"
    if incident.written.status is not None and incident.written.status not in known:
        yield Problem(
            "status",
            f'"{incident.written.status}" is no status of {what}',
            help=f"one of: {', '.join(known)}",
        )


@rule(
    "INC005",
    Incident,
    gated=True,
    imported=False,
    bad=(Example(set={"components": None}),),
)
def components_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """What is affected is named, from when the severity demands it.

    **Why.** The status page, the feeds and the history of each component are built from it.

    **Fix.** Write `components: [website]`, or `{website: major_outage}` to say how badly.
    """
    terms = context.protocol.severities.get(incident.severity)
    ranks = context.protocol.status_order
    needed = terms is not None and ranks.get(incident.status, -1) >= ranks.get(
        terms.component_needed, 0
    )
    if (
        not incident.components
        and (needed or incident.is_maintenance)
        and not incident.is_cancelled
    ):
        yield Problem(
            incident.where("severity", "kind"),
            "no component is named",
            help=f"components: [{context.protocol.default_component}]",
        )


@rule(
    "INC006",
    Incident,
    gated=True,
    imported=False,
    bad=(Example(set={"kind": None}),),
)
def kind_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """What kind of incident it is stands there once the cause is known.

    **Why.** Runbooks, drills and the trend of each kind hang on it.

    **Fix.** Write `kind: outage`, or a list of kinds.
    """
    ranks = context.protocol.status_order
    if incident.is_cancelled or incident.kinds:
        return
    if ranks.get(incident.status, -1) >= ranks[context.protocol.kind_needed]:
        yield Problem(
            incident.where("status"),
            f"{incident.status} without a kind",
            help=f"kind: one of {', '.join(k for k in context.protocol.kinds if k != 'maintenance')}",
        )


@rule(
    "INC007",
    Incident,
    bad=(
        Example(
            set={"detected_at": None, "detected_by": None, "severity": "P3"},
            replace={"- 10:00 - Incident detected via monitoring: search probe answers 500\n": ""},
        ),
    ),
)
def detection_known(incident: Incident, context: Context) -> Iterator[Problem]:
    """The record proves when the incident was detected.

    **Why.** Every clock of the protocol starts there.

    **Fix.** Add the line `- HH:MM - Incident detected via monitoring: what was seen`.
    """
    if incident.at(Milestone.DETECTED) is None and not incident.is_maintenance:
        timeline = incident.section("Timeline")
        yield Problem(
            timeline.position if timeline else None,
            "nothing says when it was detected",
            help="- HH:MM - Incident detected via monitoring: what was seen",
        )


PROVEN_BY = {
    "monitoring": Milestone.RESOLVED,
    "resolved": Milestone.VERIFIED,
    "closed": Milestone.CLOSED,
}


@rule(
    "INC008",
    Incident,
    imported=False,
    bad=(Example(set={"closed_at": None}, replace={"- 12:00 - Incident closed by asha\n": ""}),),
)
def status_proven(incident: Incident, context: Context) -> Iterator[Problem]:
    """A status has the milestone that proves it.

    **Why.** A status typed ahead of what happened hides that it did not.

    **Fix.** Add the milestone's line to the timeline, or put the status back.
    """
    unproven = _unproven(incident)
    if unproven is None:
        return
    status, milestone = unproven
    lines = {p.sets: p.text[0] for p in context.protocol.phrases.values() if p.sets}
    yield Problem(
        "status",
        f'"{incident.status}", but nothing says when it was {status}',
        help=f"- HH:MM - {lines[milestone.value]}",
    )


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
    """Return the written status, None where another rule has already found it wrong."""
    written, protocol = incident.written.status, incident.protocol
    known = protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses
    return None if written not in known or _unproven(incident) else written


def _unproven(incident: Incident) -> tuple[str, Milestone] | None:
    """Return the first status that was passed without the milestone that proves it."""
    if incident.is_cancelled or incident.is_maintenance:
        return None
    ranks = incident.protocol.status_order
    rank = ranks.get(incident.status, -1)
    return next(
        (
            (status, milestone)
            for status, milestone in PROVEN_BY.items()
            if rank >= ranks[status] and incident.at(milestone) is None
        ),
        None,
    )


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
    "INC014",
    Incident,
    bad=(Example(set={"visibility": "public"}),),
    good=(Example(set={"visibility": "public", "public_summary": "Search failed for an hour."}),),
)
def public_has_summary(incident: Incident, context: Context) -> Iterator[Problem]:
    """A public incident has a text that was written for the public.

    **Why.** Nothing else of the record is published, so the page would be empty.

    **Fix.** Write `public_summary: one or two sentences`, or `visibility: internal`.
    """
    if incident.visibility == "public" and not incident.public_summary:
        yield Problem(
            "visibility",
            "public without a public_summary",
            help="public_summary: one or two sentences for everybody",
        )


@rule(
    "INC015",
    Incident,
    bad=(
        Example(record="maintenance", set={"scheduled_end": None}),
        Example(record="maintenance", set={"scheduled_end": "2026-03-15T01:00-05:00"}),
    ),
)
def maintenance_has_window(incident: Incident, context: Context) -> Iterator[Problem]:
    """Planned work has a beginning and an end after it.

    **Why.** People plan around it.

    **Fix.** Write `scheduled_start` and `scheduled_end`, each with date, time and offset.
    """
    if not incident.is_maintenance:
        return
    start, end = incident.scheduled_start, incident.scheduled_end
    if start is None or end is None:
        missing = "scheduled_start" if start is None else "scheduled_end"
        yield Problem(
            incident.where("kind"),
            f"planned work without {missing}",
            help=f"{missing}: 2026-11-29T02:00-06:00",
        )
    elif end <= start:
        yield Problem(
            "scheduled_end",
            f"ends {clock(end)}, before it begins",
            help="correct the one that is wrong",
        )


@rule("INC016", Incident, bad=(Example(record="maintenance", set={"severity": "P2"}),))
def maintenance_has_no_severity(incident: Incident, context: Context) -> Iterator[Problem]:
    """Planned work has no severity.

    **Why.** It is not an incident and counts in no metric of incidents.

    **Fix.** Remove the line `severity`.
    """
    if incident.is_maintenance and incident.severity:
        yield Problem("severity", "planned work with a severity", help="remove the line")


@rule("INC017", Incident, bad=(Example(set={"protocol": "9.9.9"}),))
def protocol_known(incident: Incident, context: Context) -> Iterator[Problem]:
    """The protocol version that the record carries is one of this tracker's.

    **Why.** Old records are judged by the rules of their day.

    **Fix.** Keep the superseded version in `protocol/versions/`, or correct the line.
    """
    written = incident.written.protocol
    current = context.tracker.protocol
    if written is not None and written != current.version and written not in current.superseded:
        known = ", ".join([current.version, *current.superseded])
        yield Problem("protocol", f"no protocol version {written} here", help=f"known: {known}")


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

    **Fix.** Correct the date of the detection; an id that is in use is kept and the finding waived.
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
            help="correct the time or the file's name",
        )
