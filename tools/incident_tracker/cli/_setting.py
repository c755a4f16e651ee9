"""How ``incident set`` turns what was typed into fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incident_tracker.cli._options import pairs
from incident_tracker.cli._repeating import tell_repeat
from incident_tracker.cli._shared import Session
from incident_tracker.fields import INCIDENT, REVIEW
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.fielding import with_severity, with_value
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import time_field
from incident_tracker.model import Incident, Milestone, Record

EARLIEST = (Milestone.STARTED, Milestone.DETECTED)


def set_fields(
    session: Session, typed: str | None, given: Sequence[str], reason: str, at: str | None
) -> None:
    """Write fields into the incident, those that only a review has into the review."""
    record_id = session.id_of(typed)
    values = pairs(given)
    ours = {key: value for key, value in values.items() if key in INCIDENT or key not in REVIEW}
    if "status" in ours:
        raise Refusal(
            "a status has its own command", f"incident status {record_id} {ours['status']}"
        )
    if reason and "severity" not in ours:
        message = "a reason is written with a severity only"
        raise Refusal(message, f'incident log {record_id} "{reason}"')
    reviewed = {key: value for key, value in values.items() if key not in ours}
    if ours:
        path = path_of(record_id)
        moment = session.at(at, session.draft(path).record)

        times = {milestone.value: milestone for milestone in Milestone}
        for key in [key for key in ours if key in times and ours[key]]:
            ours[key] = _time(session, session.draft(path).record, times[key], ours[key])

        def change(draft: Draft) -> Draft:
            severity = ours.get("severity", "")
            if severity:
                draft = with_severity(draft, moment, severity, reason)
            return _written(draft, {k: v for k, v in ours.items() if k != "severity"})

        after = session.change(path, change)
        if ours.get("root_cause"):
            tell_repeat(session, after.incident)
    if reviewed:
        session.change(path_of(record_id, "pir"), lambda draft: _written(draft, reviewed))


def _time(session: Session, record: Record, milestone: Milestone, typed: str) -> str:
    """Return a time as the field has it; where the log tells the milestone, the line is first."""
    at = session.at(typed, record, is_early=milestone in EARLIEST)
    entry = record.log.times.get(milestone) if isinstance(record, Incident) else None
    if entry is not None and entry.at != at:
        message = f"{milestone.value} follows line {entry.position.line} of {record.path}"
        raise Refusal(
            message, f"correct that line: {record.document.line_text(entry.position.line)}"
        )
    return time_field(at)


def _written(draft: Draft, values: Mapping[str, str]) -> Draft:
    for key, value in values.items():
        draft = with_value(draft, key, value)
    return draft
