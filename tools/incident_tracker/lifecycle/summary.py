"""The summary of the log: which fields of the front matter follow it, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.model import Incident, Milestone
from incident_tracker.protocol import Protocol
from incident_tracker.text.edit import flow_map


def folded(draft: Draft) -> Draft:
    """Return the draft whose derived fields say what its log says.

    A field for which the log has no line is evidence of its own and stays, unless the incident has
    since gone back to an earlier status.
    """
    for key, value in summary_of(draft.incident).items():
        draft = draft.with_field(key, value)
    return draft


def summary_of(incident: Incident) -> Mapping[str, str | None]:
    """Return the fields that the log changes, as YAML; None for one that holds no longer."""
    status = _status(incident)
    changed: dict[str, str | None] = {}
    if status and status != incident.written.status:
        changed["status"] = status
    severity = incident.log.severities[-1] if incident.log.severities else None
    if severity and severity.entry and severity.value != incident.written.severity:
        changed["severity"] = severity.value
    if incident.log.detected_by not in ("", incident.written.detected_by):
        changed["detected_by"] = incident.log.detected_by
    changed |= _times(incident, status or incident.status)
    roles = _roles(incident)
    if roles != dict(incident.written.roles or {}):
        changed["roles"] = flow_map(roles)
    return {**changed, **_resolution(incident)}


def time_field(at: datetime) -> str:
    """Return a moment as the front matter has it."""
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def _status(incident: Incident) -> str:
    """The status that the last event brought: a line, an update, or a time without its line."""
    moves = [change for change in incident.log.statuses if change.at is not None]
    latest = moves[-1].at if moves else None
    status = moves[-1].value if moves else ""
    brings = _brings(incident.protocol)
    for milestone, at in sorted(incident.written.times.items(), key=lambda item: item[1]):
        alone = milestone not in incident.log.times and milestone in brings
        if alone and not _lines(incident, milestone) and (latest is None or at > latest):
            latest, status = at, brings[milestone]
    return status


def _times(incident: Incident, status: str) -> Mapping[str, str | None]:
    changed: dict[str, str | None] = {}
    written, ranks = incident.written.times, incident.protocol.status_order
    brings = _brings(incident.protocol)
    for milestone in Milestone:
        entry = incident.log.times.get(milestone)
        field = written.get(milestone)
        if entry is not None and entry.at is not None:
            if field is None or _minute(field) != _minute(entry.at):
                changed[milestone.value] = time_field(entry.at)
        elif field is not None:
            dropped = bool(_lines(incident, milestone))
            later = milestone in brings and ranks[brings[milestone]] > ranks.get(status, -1)
            if dropped or later:
                changed[milestone.value] = None
    return changed


def _roles(incident: Incident) -> Mapping[str, str]:
    held = dict(incident.written.roles or {})
    held |= {role: changes[-1].value for role, changes in incident.log.roles.items() if changes}
    return {role: held[role] for role in incident.protocol.roles if role in held}


def _resolution(incident: Incident) -> Mapping[str, str | None]:
    option, written = incident.log.resolution, incident.written.resolution
    if option and option != written:
        return {"resolution": option}
    gone = written and Milestone.RESOLVED not in incident.log.times
    return {"resolution": None} if gone and _lines(incident, Milestone.RESOLVED) else {}


def _brings(protocol: Protocol) -> Mapping[Milestone, str]:
    """The status that each milestone brings."""
    phrases = [p for p in protocol.phrases.values() if p.sets and p.status in protocol.statuses]
    return {Milestone(phrase.sets): phrase.status for phrase in phrases}


def _lines(incident: Incident, milestone: Milestone) -> bool:
    names = [n for n, p in incident.protocol.phrases.items() if p.sets == milestone.value]
    return bool(incident.log.of(*names)) if names else False


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
