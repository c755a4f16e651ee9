"""What a command about one incident needs of others: those that had the same root cause."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.assemble import Source
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say, warn_unread
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.model import Incident, Tracker
from incident_tracker.owed_reviews import owes_review


def around(session: Session, incident: Incident) -> Tracker:
    """Return an incident with its review and those that may have its root cause, read anew."""
    own, cause = {incident.path, path_of(incident.id, "pir")}, incident.root_cause

    def may_tell(source: Source) -> bool:
        if source.path in own:
            return True
        return bool(cause) and source.path.startswith("incidents/") and source.may_hold(cause)

    tracker = session.workspace.those(may_tell, session.protocol, ("incidents", "pir"))
    warn_unread([unread.path for unread in tracker.unread])
    return tracker


def repeated(session: Session, incident: Incident) -> Mapping[str, Incident]:
    """Return what repeats what; without a named cause nobody knows, and nothing else is read."""
    return around(session, incident).repeats if incident.root_cause else {}


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
