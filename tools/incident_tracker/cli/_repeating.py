"""What a command says of an incident whose root cause occurred before."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say
from incident_tracker.model import Incident
from incident_tracker.repeats import owes_review, repeats


def repeated(session: Session, incident: Incident) -> Mapping[str, Incident]:
    """Return what repeats what; without a named cause nobody knows, and nothing else is read."""
    return repeats(session.whole.incidents) if incident.root_cause else {}


def tell_repeat(session: Session, incident: Incident) -> None:
    """Say which incident this one repeats, and what is owed for that alone."""
    found = repeated(session, incident)
    earlier = found.get(incident.id)
    if earlier is None:
        return
    days = incident.protocol.repeat_window.days
    say(Paint("repeats", "yellow"), f": {earlier.id}, the same root cause within {days} days")
    owed_for_that = owes_review(incident, found) and not owes_review(incident, {})
    if owed_for_that and session.review(incident.id) is None:
        say(f"  a review is owed for that: {program()} pir new {session.short(incident.id)}")
