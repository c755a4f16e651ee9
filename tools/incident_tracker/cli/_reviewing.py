"""How ``incident pir`` begins, schedules and publishes a review."""

from __future__ import annotations

from datetime import datetime

from incident_tracker.cli._choosing import each
from incident_tracker.cli._gates import GateClosed
from incident_tracker.cli._repeating import repeated
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say
from incident_tracker.lifecycle import reviews
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.moments import moment_ahead
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lines import answered_boxes
from incident_tracker.model import Incident, Review


def begin(session: Session, incident: Incident) -> None:
    """Write the scaffold, and print the facts that stand on the page without being typed."""
    path = path_of(incident.id, "pir")
    try:
        draft = session.create(path, reviews.new_review(incident))
    except FileExistsError as error:
        raise Refusal(f"{path} is there already", f"incident pir schedule {incident.id}") from error
    for name, value in reviews.facts(incident, repeated(session, incident)).items():
        say(f"  {name + ':':<18}{value}")
    people = reviews.invited(incident)
    if people:
        say(f"invite: {', '.join(people)}")
    session.tell_owed(draft.record)


def schedule(session: Session, record_id: str, at: str, attendees: str) -> None:
    """Write the time of the meeting; a review that is not there yet is begun."""
    path = path_of(record_id, "pir")
    if session.workspace.text(path) is None:
        begin(session, session.draft(path_of(record_id)).incident)
    names = each(attendees)

    def change(draft: Draft) -> Draft:
        moment = moment_ahead(at, session.now, draft.zone)
        return reviews.scheduled(draft, moment, names)

    after = session.change(path, change)
    held = after.review.held_at
    if held is not None and held > session.now:
        say(f"invitation: {program()} pir invite {session.short(record_id)} --format ics")


def publish(session: Session, record_id: str, at: datetime) -> None:
    """Publish the review, if nothing is owed."""
    path = path_of(record_id, "pir")
    review = session.draft(path).review
    _refuse_published(review)
    if review.held_at is not None and review.held_at > session.now:
        raise GateClosed(
            f"{record_id} cannot be published yet",
            [f"its meeting on {review.held_at:%Y-%m-%d %H:%M}, which is still to come"],
            f"if it was held earlier: incident pir schedule {session.short(record_id)} --at TIME",
        )
    gate = session.protocol.gates.review[-1]

    def change(draft: Draft) -> Draft:
        _refuse_published(draft.review)
        return reviews.published(draft, at)

    after = session.change(path, change, gate=gate)
    open_ = [action for action in after.review.actions if action.state == "open"]
    say(Paint("published", "green"), f"; {len(open_)} of {len(after.review.actions)} actions open")
    answered = answered_boxes(after.review.boxes)
    words = session.protocol.review_boxes.items()
    left = [word.text for name, word in words if name not in answered]
    if left:
        say(f"still to be ticked: {'; '.join(left)}")


def _refuse_published(review: Review) -> None:
    if review.status in review.protocol.gates.review and review.published_at is not None:
        day = f"{review.published_at:%Y-%m-%d %H:%M}"
        raise Refusal(f"the review of {review.incident} is published already, since {day}")
