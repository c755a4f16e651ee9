"""A record that should not be there: marked, or emptied to what its place in the list needs."""

from __future__ import annotations

from datetime import datetime

from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.declare import Declaration, new_incident
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import folded
from incident_tracker.model import WITHDRAWN, Milestone
from incident_tracker.text.document import read_document

TITLE = "Withdrawn"


def withdrawn(draft: Draft, reason: str, at: datetime) -> Draft:
    """Return the draft as withdrawn; its words stay."""
    if draft.incident.is_withdrawn:
        message = f"{draft.incident.id} is withdrawn already"
        raise Refusal(message, "--erase takes its words away")
    line = phrasing.cancelled(draft.protocol, WITHDRAWN, "", one_line(reason))
    return with_entry(draft, at, line)


def erased(draft: Draft, reason: str, at: datetime) -> str:
    """Return the text that takes the record's place: that it was there, and why it is not."""
    incident = draft.incident
    said = Declaration(
        title=TITLE,
        at=incident.at(Milestone.DETECTED) or at,
        severity=incident.severity,
        kinds=incident.kinds,
        visibility="internal",
        detected_by=incident.detected_by,
    )
    text = new_incident(draft.current, said, draft.zone)
    empty = Draft(read_document(draft.document.path, text.encode()), draft.current)
    return folded(withdrawn(empty, reason, at)).document.text
