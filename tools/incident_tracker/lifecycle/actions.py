"""Action items: added, done and dropped; none is ever removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from incident_tracker.finding import Edit
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.log.lists import DONE, DROPPED, DUE, LABELS, OWNER_KEY, TICKET, TYPE
from incident_tracker.model import Action, ActionState, Incident

ACTIONS = "Action Items"
KEYS_SHOWN = f"{LABELS[OWNER_KEY]}:, {LABELS[DUE]}:"
# What stays as it is when an action is done or dropped.
PROMISED = ("text", "owner", "due", "type", "ticket")


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """Who does what by when."""

    text: str
    owner: str
    due: date
    type: str = ""
    ticket: str = ""


def with_action(draft: Draft, promise: Promise) -> Draft:
    """Return the draft with one more action item."""
    values = {OWNER_KEY: promise.owner, DUE: promise.due.isoformat(), TYPE: promise.type}
    values[TICKET] = promise.ticket
    said = ", ".join(f"{LABELS[k]}: {one_line(v)}" for k, v in values.items() if v)
    if not one_line(promise.text):
        raise Refusal("an action needs words", 'incident action add ID "Alert at 80 %" --owner gil')
    after = draft.with_lines(ACTIONS, [f"- [ ] {one_line(promise.text)} ({said})"])
    added = [action for action in actions_of(after)[-1:] if action.state is ActionState.OPEN]
    asked = {"text": promise.text, "owner": promise.owner, "due": promise.due.isoformat()}
    asked |= {"type": promise.type, "ticket": promise.ticket}
    for name, value in asked.items():
        read = str(getattr(added[0], name) or "") if added else ""
        if read != one_line(value):
            instead = f'as "{read}"' if read else "otherwise"
            message = f'the {name} "{one_line(value)}" would be read {instead}'
            raise Refusal(message, f"leave {KEYS_SHOWN} and the like to the options")
    return after


def done(draft: Draft, number: int, day: date) -> Draft:
    """Return the draft with an action done on a day."""
    action = _open(draft, number)
    line, value = draft.document.line_text(action.position.line), f"{LABELS[DONE]}: {day}"
    ticked = appended(draft, action, line.replace("[ ]", "[x]", 1), value)
    return rewritten(draft, action, ticked, value)


def dropped(draft: Draft, number: int, reason: str) -> Draft:
    """Return the draft with an action struck out, with the reason."""
    action = _open(draft, number)
    line = draft.document.line_text(action.position.line)
    struck = line.replace(action.text, f"~~{action.text}~~", 1)
    if not one_line(reason) or struck == line:
        raise Refusal("why is it dropped?", '--because "the maker fixed it"')
    value = f"{LABELS[DROPPED]}: {one_line(reason)}"
    return rewritten(draft, action, appended(draft, action, struck, value), value)


def actions_of(draft: Draft) -> tuple[Action, ...]:
    """Return the action items of a record."""
    record = draft.record
    return record.actions if isinstance(record, Incident) else draft.review.actions


def shared_ids(actions: Iterable[Action]) -> frozenset[str]:
    """Return the ids that an item of an incident and one of its review have both."""
    counted = Counter(action.id for action in actions)
    return frozenset(name for name, count in counted.items() if count > 1)


def typed_id(action: Action, shared: Collection[str]) -> str:
    """Return what is typed to mean an action: its id, and where that is not enough its record."""
    return f"{action.id}{flag_of(action, shared)}"


def flag_of(action: Action, shared: Collection[str]) -> str:
    """Return the option that names the record of an action, where its id does not."""
    kind = "review" if action.path.startswith("pir/") else "incident"
    return f" --{kind}" if action.id in shared else ""


def numbered(draft: Draft, number: int) -> Action:
    """Return an action of the record by its place."""
    actions = actions_of(draft)
    if not 1 <= number <= len(actions):
        message = f"{draft.record.id} has {len(actions)} actions, so no #{number}"
        raise NothingFound(message, "incident action list names them")
    return actions[number - 1]


def _open(draft: Draft, number: int) -> Action:
    action = numbered(draft, number)
    if action.state is not ActionState.OPEN:
        message = f"{action.id} is {action.state} already"
        raise Refusal(message, "incident action list --open names those that are open")
    return action


def appended(draft: Draft, action: Action, line: str, value: str) -> str:
    """Return the line of an action with one more value in its brackets."""
    head, bracket, tail = line.rpartition(")")
    if not bracket or tail.strip(" ."):
        message = f"{action.id} does not end in (Owner: name, Due: date)"
        raise Refusal(message, f"mend line {action.position.line} of {draft.document.path}")
    return f"{head}, {value}){tail}"


def rewritten(
    draft: Draft, action: Action, line: str, value: str, stays: tuple[str, ...] = PROMISED
) -> Draft:
    """Return the draft with the line of an action that says ``Key: value`` now.

    Refusal where it would be read otherwise, or where something that stays would change with it.
    """
    start = draft.document.offset(action.position) - (action.position.column - 1)
    old = draft.document.line_text(action.position.line)
    after = draft.edited((Edit(start, start + len(old), line),))
    now = next((other for other in actions_of(after) if other.id == action.id), None)
    key, _, said = value.partition(": ")
    kept = now is not None and all(getattr(now, n) == getattr(action, n) for n in stays)
    if not kept or str(getattr(now, key.lower())) != said:
        message = f'"{value}" would be read as something else behind {action.id}'
        raise Refusal(message, f"say it without {KEYS_SHOWN} and without brackets")
    return after
