"""Which incidents count, and in which group: by their severity when they were resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from incident_tracker.cadence import severity_at
from incident_tracker.measure import LeftOut
from incident_tracker.model import Incident, Milestone
from incident_tracker.protocol import Protocol

ALL = "all"
NO_SEVERITY = "no severity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The incidents of one group that count, and how many others were set apart and why."""

    label: str
    incidents: tuple[Incident, ...]
    left_out: tuple[LeftOut, ...]


def set_apart(incident: Incident) -> str:
    """Return why the incident is counted by itself only, an empty text where it counts."""
    if incident.is_maintenance:
        return "maintenance"
    if incident.is_drill:
        return "drill"
    if incident.is_cancelled:
        return "duplicate" if incident.duplicate_of else "cancelled"
    return ""


def severity_of(incident: Incident) -> str:
    """Return the severity at resolution, of an unresolved incident the one that is held now."""
    return severity_at(incident, incident.at(Milestone.RESOLVED))


def by_severity(incidents: Iterable[Incident], terms: Protocol) -> tuple[Group, ...]:
    """Return a group for each severity of the protocol, most severe first, unknown ones behind."""
    found: dict[str, list[Incident]] = {name: [] for name in terms.severities}
    for incident in incidents:
        severity = severity_of(incident)
        if severity or not incident.is_maintenance:
            found.setdefault(severity or NO_SEVERITY, []).append(incident)
    return tuple(_group(label, members) for label, members in found.items())


def together(incidents: Iterable[Incident]) -> Group:
    """Return the incidents of all severities as one group."""
    return _group(ALL, incidents)


def _group(label: str, incidents: Iterable[Incident]) -> Group:
    members = tuple(incidents)
    apart = Counter(filter(None, map(set_apart, members)))
    return Group(
        label=label,
        incidents=tuple(incident for incident in members if incident.counts),
        left_out=tuple(LeftOut(reason=reason, count=count) for reason, count in apart.items()),
    )
