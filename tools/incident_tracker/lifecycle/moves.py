"""The moves of an incident from one status to another, and the lines that each move writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.boxes import with_all_ticked, with_boxes
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident, Milestone
from incident_tracker.protocol import Protocol, Word
from incident_tracker.text.characters import scrubbed


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What somebody says when an incident reaches a status."""

    status: str
    at: datetime
    by: str = ""
    resolution: str = ""
    note: str = ""
    reason: str = ""
    all_boxes: bool = False


def statuses_of(incident: Incident) -> Mapping[str, Word]:
    """Return the statuses that this kind of record goes through."""
    protocol = incident.protocol
    return protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses


def moved(draft: Draft, move: Move) -> Draft:
    """Return the draft in its new status; a step back without a reason is refused.

    So is a reason, or a note, that no line takes: it would be lost in silence.
    """
    after = _moved(draft, move)
    said = scrubbed(one_line(move.reason or move.note))
    if said and draft.document.text.count(said) >= after.document.text.count(said):
        raise _unwritten(draft, move, said)
    return after


def refuse_withdrawn(incident: Incident) -> None:
    """Refuse work on a record that should not be there."""
    if incident.is_withdrawn:
        message = f"{incident.id} is withdrawn; nobody works on it again"
        raise Refusal(message, 'incident new "What is wrong" declares another one')


def _unwritten(draft: Draft, move: Move, said: str) -> Refusal:
    incident = draft.incident
    if incident.status != move.status:
        message = f"the line of {move.status} has no place for words, so nothing was written"
        return Refusal(message, f'incident log {incident.id} "{said}"')
    line = said
    if move.reason:
        line = phrasing.status_changed(
            draft.protocol, phrasing.before(incident.log.statuses, move.status), move.status, said
        )
    message = f"{incident.id} is {move.status} already, so nothing was written"
    return Refusal(message, f'incident log {incident.id} "{line}"')


def _moved(draft: Draft, move: Move) -> Draft:
    incident = draft.incident
    ranks = {name: rank for rank, name in enumerate(statuses_of(incident))}
    if move.status == "cancelled" and not incident.is_maintenance:
        raise Refusal("cancelling says what it was", "incident cancel --as false-alarm --because …")
    refuse_withdrawn(incident)
    if ranks.get(incident.status, -1) > ranks[move.status]:
        if not move.reason:
            message = f"from {incident.status} back to {move.status} needs a reason"
            raise Refusal(message, '--reason "errors are back"')
        return _changed(draft, move)
    if incident.is_maintenance:
        return _maintained(draft, move)
    return _forward(draft, move, ranks)


def reopened(draft: Draft, reason: str, at: datetime) -> Draft:
    """Return the draft of an incident that is over, a cancelled one too, as worked on again."""
    incident = draft.incident
    if incident.is_open or incident.is_maintenance:
        message = f"{incident.id} is {incident.status}, so there is nothing to reopen"
        raise Refusal(message, 'incident new "What is wrong" declares another one')
    first = next(iter(incident.protocol.statuses))
    return moved(draft, Move(status=first, at=at, reason=reason))


def cancelled(draft: Draft, how: str, other: str, reason: str, at: datetime) -> Draft:
    """Return the draft of an incident that turned out to be none."""
    return with_entry(draft, at, phrasing.cancelled(draft.protocol, how, other, one_line(reason)))


def _forward(draft: Draft, move: Move, ranks: Mapping[str, int]) -> Draft:
    """Write the milestone of the status, and those before it that the same command can prove."""
    protocol, target = draft.protocol, ranks[move.status]
    brought = _brought(protocol)
    # Who closes it did not take it before it was resolved: a time after the fix would be false.
    taken = (Milestone.ACKNOWLEDGED, Milestone.RESOLVED)
    if move.by and all(draft.incident.at(milestone) is None for milestone in taken):
        draft = with_entry(draft, move.at, phrasing.acknowledged(protocol, one_line(move.by)))
    for status in (status for status in ranks if ranks[status] <= target):
        milestone = brought.get(status)
        if milestone is None or draft.incident.at(milestone) is not None:
            continue
        line = _milestone_line(draft, move, milestone, last=status == move.status)
        if line:
            draft = with_entry(draft, move.at, line)
    if move.status not in brought and draft.incident.status != move.status:
        draft = _changed(draft, move)
    reached = next((s for s, m in brought.items() if m is Milestone.RESOLVED), "")
    if reached and target >= ranks[reached]:
        draft = with_all_ticked(draft) if move.all_boxes else with_boxes(draft)
    return draft


def _milestone_line(draft: Draft, move: Move, milestone: Milestone, *, last: bool) -> str:
    protocol, note = draft.protocol, one_line(move.note or move.reason)
    if milestone is Milestone.RESOLVED:
        if not move.resolution:
            options = ", ".join(protocol.resolution_options)
            raise Refusal("how was it resolved?", f"--resolution with one of: {options}")
        return phrasing.resolution(protocol, move.resolution, note)
    if milestone is Milestone.VERIFIED:
        return phrasing.valued(protocol, "verified", note if last else "")
    if milestone is Milestone.CLOSED:
        return phrasing.closed(protocol, _closer(draft.incident, move))
    return ""


def _closer(incident: Incident, move: Move) -> str:
    name = move.by or incident.roles.get(incident.protocol.acknowledger_role, "")
    if not name:
        raise Refusal("who closes it?", "--by NAME, or INCIDENT_BY in the environment")
    return one_line(name)


def _maintained(draft: Draft, move: Move) -> Draft:
    if move.status == draft.incident.status:
        return draft
    known = phrasing.milestone_of(draft.protocol, move.status)
    if known is None or move.status in draft.protocol.statuses:
        return _changed(draft, move)
    return with_entry(
        draft,
        move.at,
        phrasing.valued(draft.protocol, known[0], one_line(move.note or move.reason)),
    )


def _changed(draft: Draft, move: Move) -> Draft:
    reason = one_line(move.reason or move.note)
    old = draft.incident.status
    line = phrasing.status_changed(draft.protocol, old, move.status, reason)
    return with_entry(draft, move.at, line)


def _brought(protocol: Protocol) -> Mapping[str, Milestone]:
    """The milestone that brings each status."""
    phrases = [p for p in protocol.phrases.values() if p.sets and p.status in protocol.statuses]
    return {phrase.status: Milestone(phrase.sets) for phrase in phrases}
