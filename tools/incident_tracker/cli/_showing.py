"""Tables for people: incidents, one incident, checklists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incident_tracker.cadence import running_promise
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.lifecycle.checklist import Checklist
from incident_tracker.lifecycle.deliveries import in_doubt, told
from incident_tracker.lifecycle.ids import channel_of
from incident_tracker.lifecycle.listing import Listed, shown_status
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.model import Incident, Milestone

SIGNS = {True: ("yes", "green"), False: ("no", "yellow"), None: ("n/a", "bright_black")}


def list_table(incidents: Sequence[Listed]) -> None:
    """Print incidents, one line each."""
    if not incidents:
        say("no incident")
        return
    rows = [
        (
            i.told["severity"] or "-",
            i.shown_status,
            i.id,
            f"{i.told['title']}{' (drill)' if i.told['drill'] else ''}",
        )
        for i in incidents
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        head = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False))
        say(f"{head}  {row[3]}")


def incident_table(incident: Incident, now: datetime) -> None:
    """Print one incident in short."""
    zone = ZoneInfo(incident.zone)
    say(Paint(incident.title, "cyan"))
    say(f"{incident.severity or 'maintenance'}, {shown_status(incident)}, {incident.path}")
    lines = {
        "cancelled": _cancelled(incident),
        "severity was": _severities(incident),
        "symptoms": _last(incident, "detected"),
        "impact": incident.impact_last_told,
        "components": ", ".join(f"{name} {level}" for name, level in incident.components.items()),
        "kind": ", ".join(incident.kinds),
        "roles": ", ".join(f"{role} {name}" for role, name in incident.roles.items()),
        "war room": _war_room(incident),
        "told": "; ".join(told(incident)),
        "in doubt": "; ".join(in_doubt(incident)),
        "resolution": incident.resolution,
        "root cause": incident.root_cause,
    }
    for milestone in Milestone:
        at = incident.at(milestone)
        if at is not None:
            label = milestone.value.removesuffix("_at")
            lines[label] = f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({_ago(now - at)})"
    promise = running_promise(incident, now)
    if promise is not None and incident.is_open:
        lines["next update"] = f"{promise.due.astimezone(zone):%Y-%m-%d %H:%M}"
    for label, text in lines.items():
        if text:
            say(f"  {label:<13}{text}")


def _cancelled(incident: Incident) -> str:
    """As what it was cancelled, and why."""
    said = incident.cancelled_as
    return "" if said is None else ", ".join(filter(None, (said.option, *said.names, said.reason)))


def _severities(incident: Incident) -> str:
    """The severities that it had, where it had more than one."""
    held = [change.value for change in incident.log.severities]
    return " → ".join(held) if len(held) > 1 else ""


def _last(incident: Incident, phrase: str) -> str:
    """What the last line with this phrase says."""
    lines = incident.log.of(phrase)
    said = lines[-1].said if lines else None
    return said.text if said is not None else ""


def checklist_table(lists: Iterable[Checklist]) -> None:
    """Print checklists, one box a line."""
    for one in lists:
        held = sum(line.proof.holds is True for line in one.lines)
        say(Paint(one.title, "cyan"), f": {held} of {len(one.lines)}")
        for line in one.lines:
            sign, colour = ("late", "red") if line.proof.is_late else SIGNS[line.proof.holds]
            say("  ", Paint(f"{sign:<5}", colour), f"{line.text}: {line.proof.evidence}")


def _war_room(incident: Incident) -> str:
    """Where the people are: what the line says, else the room as the protocol names it."""
    opened = incident.log.of("war-room")
    said = opened[-1].said if opened else None
    if said is None:
        return ""
    return said.via or said.text or channel_of(incident.id)


def _ago(span: timedelta) -> str:
    text = spoken_duration(abs(span))
    return f"{text} ago" if span >= timedelta() else f"in {text}"
