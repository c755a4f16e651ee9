"""How ``incident status`` turns what was typed into a move."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._repeating import repeated
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import program, say
from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.moves import Move, moved, statuses_of
from incident_tracker.lifecycle.reviews import review_due
from incident_tracker.model import Incident


def move(session: Session, typed: str | None, status: str, given: Mapping[str, str]) -> None:
    """Write the move; at a gate only if nothing is owed."""
    incident = session.worked_on(typed)
    protocol = incident.protocol
    option = given["resolution"]
    target = one_of(status, statuses_of(incident), "status")
    step = Move(
        status=target,
        at=session.at(given.get("at"), incident),
        by=given["by"],
        resolution=one_of(option, protocol.resolution_options, "option") if option else "",
        note=given["note"],
        reason=given["reason"],
        all_boxes=bool(given["all_boxes"]),
    )
    impact = one_line(given["impact"])

    def change(draft: Draft) -> Draft:
        if impact:
            draft = with_entry(draft, step.at, phrasing.valued(protocol, "impact", impact))
        return moved(draft, step)

    gate = target if target in protocol.gates.incident else ""
    after = session.change(incident.path, change, gate=gate).incident
    if target == protocol.gates.incident[-1]:
        _review_next(session, after)


def _review_next(session: Session, incident: Incident) -> None:
    """Say that a review is owed, where the protocol wants one and none was begun."""
    due = review_due(incident, repeated(session, incident))
    if due is not None and session.review(incident.id) is None:
        say(f"a review is owed by {due:%Y-%m-%d}: {program()} pir new {session.short(incident.id)}")
