"""The ticket of an action item in another system: written once, replaced only on purpose."""

from __future__ import annotations

from incident_tracker.finding import Edit
from incident_tracker.lifecycle.actions import actions_of
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.log.lists import LABELS, TICKET
from incident_tracker.model import Action, ActionState


def with_ticket(draft: Draft, number: int, reference: str, *, again: bool) -> Draft:
    """Return the draft whose action names its ticket; Refusal where it names another already."""
    action = action_numbered(draft, number)
    said = one_line(reference)
    if not said:
        message = "no ticket is named: the command that opens one printed nothing"
        raise Refusal(message, f"incident action ticket {action.id} OPS-412")
    if action.state is ActionState.DROPPED:
        raise Refusal(f"{action.id} was dropped, so it needs no ticket")
    if action.ticket == said:
        return draft
    if action.ticket and not again:
        message = f"{action.id} has the ticket {action.ticket}; {said} was not written"
        raise Refusal(message, "--again, if it takes the place of that one")
    return _written(draft, action, said)


def action_numbered(draft: Draft, number: int) -> Action:
    """Return an action of the record by its place."""
    actions = actions_of(draft)
    if not 1 <= number <= len(actions):
        message = f"{draft.record.id} has {len(actions)} actions, so no #{number}"
        raise NothingFound(message, "incident action list names them")
    return actions[number - 1]


def _written(draft: Draft, action: Action, said: str) -> Draft:
    old = draft.document.line_text(action.position.line)
    if action.ticket:
        line = f"{LABELS[TICKET]}: {said}".join(old.rsplit(f"{LABELS[TICKET]}: {action.ticket}", 1))
    else:
        head, bracket, tail = old.rpartition(")")
        if not bracket or tail.strip(" ."):
            message = f"{action.id} does not end in (Owner: name, Due: date)"
            raise Refusal(message, f"mend line {action.position.line} of {draft.document.path}")
        line = f"{head}, {LABELS[TICKET]}: {said}){tail}"
    start = draft.document.offset(action.position) - (action.position.column - 1)
    after = draft.edited((Edit(start, start + len(old), line),))
    now = next((one for one in actions_of(after) if one.id == action.id), None)
    if now is None or now.ticket != said or _rest(now) != _rest(action):
        message = f'the ticket "{said}" would be read as something else behind {action.id}'
        raise Refusal(message, "a number or an address without commas and brackets")
    return after


def _rest(action: Action) -> tuple[object, ...]:
    """What stays as it is when the ticket is written."""
    return (
        *(action.text, action.owner, action.due, action.type),
        *(action.state, action.done, action.dropped),
    )
