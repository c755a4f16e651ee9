"""Edits that let the summary follow its log where nothing is to be decided.

Where a field says something that the log never said, one of the two is wrong, and only a person
knows which.
"""

from __future__ import annotations

from collections.abc import Iterable

from incident_tracker.fields import INCIDENT
from incident_tracker.finding import Edit
from incident_tracker.lifecycle.summary import time_field
from incident_tracker.model import Change, Incident
from incident_tracker.text.edit import flow_map, set_field


def missing_fields(incident: Incident) -> tuple[Edit, ...]:
    """Return the edits that add the fields that the log proves and nobody wrote."""
    log, written = incident.log, incident.written
    values = {
        milestone.value: time_field(entry.at)
        for milestone, entry in log.times.items()
        if milestone not in written.times and entry.at is not None
    }
    if log.detected_by and written.detected_by is None:
        values["detected_by"] = log.detected_by
    if log.resolution and written.resolution is None:
        values["resolution"] = log.resolution
    if log.roles and written.roles is None:
        held = {role: changes[-1].value for role, changes in log.roles.items() if changes}
        values["roles"] = flow_map(held)
    return _set(incident, values)


def left_behind(incident: Incident, name: str) -> tuple[Edit, ...]:
    """Return the edit that brings a field from an earlier word of the log to its last one.

    ``name`` is ``status``, ``severity`` or ``roles.ROLE``; any other field, and a value that the
    log never had, gives no edit.
    """
    log, written = incident.log, incident.written
    if name == "status":
        return _brought(incident, name, written.status, log.statuses)
    if name == "severity":
        return _brought(incident, name, written.severity, log.severities)
    role = name.removeprefix("roles.")
    held, changes = dict(written.roles or {}), log.roles.get(role, ())
    if role == name or not _is_earlier(held.get(role), changes):
        return ()
    return _set(incident, {"roles": flow_map({**held, role: changes[-1].value})})


def _brought(
    incident: Incident, key: str, typed: str | None, changes: tuple[Change, ...]
) -> tuple[Edit, ...]:
    return _set(incident, {key: changes[-1].value}) if _is_earlier(typed, changes) else ()


def _is_earlier(typed: str | None, changes: tuple[Change, ...]) -> bool:
    return typed is not None and any(change.value == typed for change in changes[:-1])


def _set(incident: Incident, values: dict[str, str]) -> tuple[Edit, ...]:
    order = tuple(INCIDENT)
    edits: Iterable[tuple[Edit, ...]] = (
        set_field(incident.document, key, values[key], order=order)
        for key in order
        if key in values
    )
    return tuple(edit for found in edits for edit in found)
