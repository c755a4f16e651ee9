"""The ticket of an action item in another system: written once, replaced only on purpose."""

from __future__ import annotations

import re

from incident_tracker.lifecycle.actions import appended, numbered, rewritten
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.log.lists import LABELS, TICKET
from incident_tracker.model import Action, ActionState

MOST_LETTERS, SHOWN = 500, 40
# What a browser would run where it is made a link; a number may well have a colon in it.
RUNS = re.compile(r"\s*(?:javascript|vbscript|data|file|blob)\s*:", re.IGNORECASE)
# What stays as it is when a ticket is written.
STAYS = ("text", "owner", "due", "type", "state", "done", "dropped")


def with_ticket(draft: Draft, number: int, reference: str, *, again: bool) -> Draft:
    """Return the draft whose action names its ticket; Refusal where it names another already."""
    action = numbered(draft, number)
    said = one_line(reference)
    if not said:
        message = "no ticket is named: the command that opens one printed nothing"
        raise Refusal(message, f"incident action ticket {action.id} OPS-412")
    if RUNS.match(said) or len(said) > MOST_LETTERS or not draft.protocol.names(said):
        shown = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
        message = f'"{shown}" is no ticket'
        raise Refusal(
            message, f"its number or its address, as OPS-412, at most {MOST_LETTERS} letters"
        )
    if action.state is ActionState.DROPPED:
        raise Refusal(f"{action.id} was dropped, so it needs no ticket")
    if action.ticket == said:
        return draft
    if action.ticket and not again:
        message = f"{action.id} has the ticket {action.ticket}; {said} was not written"
        raise Refusal(message, "--again, if it takes the place of that one")
    return _written(draft, action, said)


def _written(draft: Draft, action: Action, said: str) -> Draft:
    old, value = draft.document.line_text(action.position.line), f"{LABELS[TICKET]}: {said}"
    if action.ticket:
        line = value.join(old.rsplit(f"{LABELS[TICKET]}: {action.ticket}", 1))
    else:
        line = appended(draft, action, old, value)
    return rewritten(draft, action, line, value, STAYS)
