"""How ``incident cancel`` turns what was typed into the line of the protocol."""

from __future__ import annotations

from incident_tracker.cli._shared import Session, one_of
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import find_id
from incident_tracker.lifecycle.moves import Move, cancelled, moved
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident
from incident_tracker.protocol import Word


def cancel(session: Session, incident: Incident, how: str, because: str, at: str | None) -> None:
    """Write the cancellation."""
    moment = session.at(at, incident)
    if incident.is_maintenance:
        step = Move(status="cancelled", at=moment, reason=because)
        session.change(incident.path, lambda draft: moved(draft, step))
        return
    kinds = incident.protocol.cancellations
    first, _, other = how.replace(":", " ").strip().partition(" ")
    if not first:
        raise Refusal("what was it?", f"--as with one of: {', '.join(kinds)}")
    spelled = {
        key: Word(words=tuple(w.replace(" ", "-") for w in kinds[key].words)) for key in kinds
    }
    kind = one_of(first, spelled, "cancellation")
    if kinds[kind].takes_id and not other:
        raise Refusal("a duplicate of which incident?", f'--as "{first} ID"')
    known = find_id(other.strip(), session.ids) if kinds[kind].takes_id else ""

    def change(draft: Draft) -> Draft:
        return cancelled(draft, kind, known, because, moment)

    session.change(incident.path, change)
