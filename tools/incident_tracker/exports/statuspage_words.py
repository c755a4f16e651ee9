"""Our words as Statuspage's: statuses, impacts, levels, times and texts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from incident_tracker.model import Incident, Update
from incident_tracker.pages.drawings import State
from incident_tracker.pages.levels import WORST_LAST
from incident_tracker.protocol import Protocol

STATUSES: Mapping[str, str] = {
    "investigating": "investigating",
    "identified": "identified",
    "fixing": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
    "scheduled": "scheduled",
    "in-progress": "in_progress",
    "completed": "completed",
}
IMPACTS = ("critical", "major", "minor")
"""By the rank of the severity; those behind are "none"."""
NO_IMPACT, MAINTENANCE = "none", "maintenance"
LEVELS: Mapping[State, str] = {
    State.OK: "operational",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL: "partial_outage",
    State.MAJOR: "major_outage",
    State.MAINTENANCE: "under_maintenance",
}
WORST_LEVEL_LAST = tuple(LEVELS[state] for state in WORST_LAST)
OF_COMPONENTS: Mapping[str, tuple[str, str]] = {
    "operational": (NO_IMPACT, "All Systems Operational"),
    "under_maintenance": (NO_IMPACT, "Service Under Maintenance"),
    "degraded_performance": ("minor", "Partially Degraded Service"),
    "partial_outage": ("major", "Partial System Outage"),
    "major_outage": ("critical", "Major Service Outage"),
}
OF_INCIDENTS: Mapping[str, str] = {
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}
WORST_FIRST = (*IMPACTS, NO_IMPACT)
TOLD = ("impact", "next-steps", "eta", "next-update", "root-cause", "resolution", "prevention")
"""The key lines that a reader of an update is told, in their order."""


def status_of(incident: Incident) -> str:
    """Return the status of an incident or a maintenance; an unknown one is the beginning."""
    first = "scheduled" if incident.is_maintenance else "investigating"
    return STATUSES.get(incident.status, first)


def status_told(update: Update, incident: Incident) -> str:
    """Return the status that an update told."""
    return STATUSES.get(update.status) or status_of(incident)


def impact_of(incident: Incident) -> str:
    """Return the impact that the severity means: the most severe is critical, and so on."""
    if incident.is_maintenance:
        return MAINTENANCE
    rank = incident.protocol.rank(incident.severity)
    known = incident.severity in incident.protocol.severities
    return IMPACTS[rank] if known and rank < len(IMPACTS) else NO_IMPACT


def page_status(levels: Iterable[str], impacts: Iterable[str]) -> Mapping[str, str]:
    """Return the one line of a page: the worst of its components, or of its open incidents."""
    worst = max(levels, key=WORST_LEVEL_LAST.index, default="operational")
    indicator, words = OF_COMPONENTS[worst]
    known = (impact for impact in impacts if impact in WORST_FIRST)
    impact = min(known, key=WORST_FIRST.index, default=NO_IMPACT)
    if WORST_FIRST.index(impact) < WORST_FIRST.index(indicator):
        indicator, words = impact, OF_INCIDENTS[impact]
    return {"indicator": indicator, "description": words}


def stamp(at: datetime | None) -> str | None:
    """Return a moment as Statuspage writes it: in UTC, to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body_of(update: Update, protocol: Protocol) -> str:
    """Return what an update says as HTML, which bodies are: every sign of it is a text's."""
    keys = (
        f"{protocol.update_keys[key].label}: {value}"
        for key in TOLD
        if key in protocol.update_keys and (value := update.value(key))
    )
    parts = (update.text, "\n".join(keys))
    return as_html("\n\n".join(part for part in parts if part))


def as_html(text: str) -> str:
    """Return a text as HTML that shows it, line by line; entities in it are its signs."""
    return html.escape(html.unescape(text), quote=False).replace("\n", "<br />")
