"""The boxes after an incident: what the review and the actions prove of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from incident_tracker.lifecycle.proofs import (
    NOT_ASKED,
    Proof,
    answers,
    day_of,
    is_before,
    many,
    no,
    time_of,
    yes,
)
from incident_tracker.model import Action, ActionState, Incident, Milestone, Review
from incident_tracker.owed_reviews import review_within

REPORT = "initial-report"


def after_boxes(
    incident: Incident, review: Review | None, now: datetime, *, asked: bool
) -> Iterator[tuple[str, Proof]]:
    """Yield the boxes of the list after the incident, each with what proves it."""
    protocol, none = incident.protocol, Proof(holds=None, evidence=NOT_ASKED)
    terms = protocol.severities.get(incident.severest)
    reports = terms is not None and terms.report is not None and incident.counts
    if review is None:
        proof = no("no review") if asked else none
        for key in protocol.after_boxes:
            yield key, none if key == REPORT and not reports else proof
        return
    for key, proof in answers(incident, review.boxes, protocol.review_boxes).items():
        yield key, none if key == REPORT and not reports and not proof.holds else proof
    held = review.held_at
    yield "review-scheduled", _scheduled(incident, held, asked=asked)
    yield "review-held", _held(incident, review, now)
    yield "review-published", _published(incident, review, now)
    actions = (*incident.actions, *review.actions)
    assigned = [action for action in actions if _is_assigned(incident, action)]
    told = f"{len(assigned)} of {many(len(actions), 'action', 'actions')} with owner and date"
    # The report has its own: those that the incident began with do not stand in it.
    told += "" if review.actions else ", none of them in the review"
    done = bool(review.actions) and len(assigned) == len(actions)
    yield "actions", Proof(holds=done, evidence=told if actions else "no action")
    yield "prevention", _prevented(incident, actions, now)


def _scheduled(incident: Incident, held: datetime | None, *, asked: bool) -> Proof:
    """The meeting with its time, and that it is late where it is owed by an earlier one."""
    if held is None:
        return no("no date")
    resolved = incident.at(Milestone.RESOLVED)
    due = resolved + review_within(incident) if asked and resolved is not None else None
    late = f", late: due {time_of(incident, due)}" if due is not None and held > due else ""
    return yes(f"{time_of(incident, held)}{late}")


def _held(incident: Incident, review: Review, now: datetime) -> Proof:
    held, names = review.held_at, incident.protocol.names
    if held is None or held > now:
        return no("not held yet")
    if is_before(incident, held, None):
        return no("held before the detection")
    if review.attendees and not any(names(name) for name in review.attendees):
        return no("nobody is named who was there")
    return yes(time_of(incident, held))


def _published(incident: Incident, review: Review, now: datetime) -> Proof:
    out = review.published_at
    if review.status not in incident.protocol.gates.review:
        return no(review.status)
    if out is not None and out > now:
        return no(f"published {time_of(incident, out)}, which is to come")
    if is_before(incident, out, None):
        return no("published before the detection")
    return yes(review.path)


def _is_assigned(incident: Incident, action: Action) -> bool:
    """Whether somebody is named who does it, by a day that is not before the incident."""
    named = incident.protocol.names(action.owner)
    return named and action.due is not None and not is_before(incident, None, action.due)


def _prevented(incident: Incident, actions: tuple[Action, ...], now: datetime) -> Proof:
    """Whether what prevents it was done: what was dropped is settled, but prevents nothing."""
    wanted = [a for a in actions if a.type in incident.protocol.preventive_types]
    states = Counter(action.state for action in wanted)
    if not states:
        return no("no preventive action")
    still, dropped = states[ActionState.OPEN], states[ActionState.DROPPED]
    told = f"{still} of {states.total()} preventive actions open"
    told += f", {dropped} dropped" if dropped else ""
    days = [action.done for action in wanted if action.done is not None]
    today = day_of(incident, now)
    odd = sum(day > today or is_before(incident, None, day) for day in days)
    if odd:
        return no(f"{told}, {odd} done on a day that cannot be")
    return Proof(holds=bool(states[ActionState.DONE]) and not still, evidence=told)
