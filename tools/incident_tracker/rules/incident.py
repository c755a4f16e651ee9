"""The fields of an incident: codes INC001 to INC009 and INC014 to INC017."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from incident_tracker.model import Incident, Milestone
from incident_tracker.registry import Context, Example, Problem, rule


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
    imported=False,
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
    imported=False,
    bad=(
        Example(
            set={"detected_at": None, "detected_by": None, "severity": "P3"},
            replace={
                "- 10:00 - Incident detected via monitoring: search probe answers 500\n": "",
                "Triage complete: real, P1": "Triage complete: real",
            },
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
    found = unproven(incident)
    if found is None:
        return
    status, milestone = found
    line = {p.sets: p.text[0] for p in context.protocol.phrases.values()}.get(milestone.value)
    yield Problem(
        "status",
        f'"{incident.status}", but nothing says when it was {status}',
        help=f"- HH:MM - {line}" if line else f"{milestone.value}: YYYY-MM-DDTHH:MM:SSZ",
    )


def unproven(incident: Incident) -> tuple[str, Milestone] | None:
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


@rule(
    "INC014",
    Incident,
    gated=True,
    bad=(Example(set={"visibility": "public"}),),
    good=(Example(set={"visibility": "public", "public_summary": "Search failed for an hour."}),),
)
def public_has_summary(incident: Incident, context: Context) -> Iterator[Problem]:
    """A public incident has a text that was written for the public.

    **Why.** Of the record's own texts only this one and the updates are published: without it
    the page does not say what is wrong.

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
        if incident.origin is not None:  # its source never had it
            return
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
        yield Problem(
            "protocol",
            f"no protocol version {written} here",
            help=f"keep it as protocol/versions/{written}.yml, or correct the line",
            note=f"known: {known}",
        )
