"""A new record: the front matter and the first line of the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.draft import one_line
from incident_tracker.lifecycle.log import TIMELINE
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import time_field
from incident_tracker.log.timeline import entry_line
from incident_tracker.protocol import Protocol
from incident_tracker.text.edit import flow_list, flow_map, scalar
from incident_tracker.values import LONGEST_TEXT

# The kind that makes a record planned work; the model knows it by this name.
MAINTENANCE = "maintenance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """What is said when an incident, a drill or planned work is declared."""

    title: str
    at: datetime
    severity: str = ""
    kinds: tuple[str, ...] = ()
    components: Mapping[str, str] = field(default_factory=dict)
    visibility: str = ""
    public_summary: str = ""
    detected_by: str = ""
    symptom: str = ""
    drill: str = ""
    start: datetime | None = None
    end: datetime | None = None
    ticket: str = ""
    by: str = ""
    impact: str = ""
    alerts: tuple[str, ...] = ()
    alert_groups: tuple[str, ...] = ()


def new_incident(protocol: Protocol, said: Declaration, zone: ZoneInfo) -> str:
    """Return the text of a new incident's file."""
    source = said.detected_by or protocol.detection_default
    front = {
        "title": scalar(_title(said)),
        "severity": said.severity,
        "status": next(iter(protocol.statuses)),
        "kind": _one_or_list(said.kinds),
        "drill": said.drill,
        "components": _components(said.components),
        "visibility": said.visibility or _visibility(),
        "public_summary": _public_summary(said),
        "detected_by": source,
        "detected_at": time_field(said.at),
        "ticket": scalar(one_line(said.ticket)) if said.ticket else "",
        "alerts": flow_list(said.alerts) if said.alerts else "",
        "alert_groups": flow_list(said.alert_groups) if said.alert_groups else "",
        "protocol": protocol.version,
    }
    lines = [phrasing.detected(protocol, source, one_line(said.symptom))]
    if said.by:
        lines.append(phrasing.acknowledged(protocol, one_line(said.by)))
    if said.impact:
        lines.append(phrasing.valued(protocol, "impact", one_line(said.impact)))
    day = said.at.astimezone(zone).date()
    return _file(front, [entry_line(said.at, line, zone, day=day) for line in lines])


def new_maintenance(protocol: Protocol, said: Declaration) -> str:
    """Return the text of the file that announces planned work."""
    if said.start is not None and said.end is not None and said.end <= said.start:
        times = f"{said.end:%Y-%m-%d %H:%M} is not after {said.start:%Y-%m-%d %H:%M}"
        message = f"planned work ends after it begins: {times}"
        raise Refusal(message, "--end 2h, or a time behind --start")
    if said.start is None or said.end is None:
        message = "planned work needs its beginning and its end"
        raise Refusal(message, "--start 2026-11-29T02:00 --end 2026-11-29T04:00")
    front = {
        "title": scalar(_title(said)),
        "kind": protocol.kinds_needed_at_declare[-1]
        if not said.kinds
        else _one_or_list(said.kinds),
        "status": next(iter(protocol.maintenance_statuses)),
        "components": _components(said.components),
        "visibility": said.visibility or _visibility(),
        "public_summary": _public_summary(said),
        "scheduled_start": time_field(said.start),
        "scheduled_end": time_field(said.end),
        "protocol": protocol.version,
    }
    return _file(front, [])


def _title(said: Declaration) -> str:
    title = one_line(said.title)
    if not title:
        raise Refusal("an incident needs a title", 'incident new "Checkout returns 500"')
    if len(title) > LONGEST_TEXT:
        message = f"the title has {len(title):,} characters; at most {LONGEST_TEXT} fit"
        raise Refusal(message, "say in a few words what is wrong; incident log takes the rest")
    return title


def _visibility() -> str:
    # Whatever the kind: nothing is published that nobody has chosen to publish.
    return "internal"


def _public_summary(said: Declaration) -> str:
    text = one_line(said.public_summary)
    if len(text) > LONGEST_TEXT:
        message = f"the public summary has {len(text):,} characters; at most {LONGEST_TEXT} fit"
        raise Refusal(message, "say it in a sentence or two; incident update takes the rest")
    return scalar(text) if text else ""


def _one_or_list(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else flow_list(words) if words else ""


def _components(components: Mapping[str, str]) -> str:
    if not components:
        return ""
    return flow_map(components) if all(components.values()) else flow_list(components)


def _file(front: Mapping[str, str], entries: list[str]) -> str:
    lines = ["---", *(f"{key}: {value}" for key, value in front.items() if value), "---"]
    body = [f"## {TIMELINE}", *entries] if entries else []
    return "\n".join([*lines, *body]) + "\n"
