"""How ``incident action`` finds the record and the item that are meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, hand_over, say, warn
from incident_tracker.formats.columns import ACTIONS, rows
from incident_tracker.formats.machine import dump
from incident_tracker.formats.spreadsheet import csv_text
from incident_tracker.lifecycle import actions
from incident_tracker.lifecycle.actions import actions_of, shared_ids, typed_id
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.listing import actions_object
from incident_tracker.lifecycle.moments import span
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.model import Action, ActionState
from incident_tracker.text.stamps import day_of


def add(session: Session, record_id: str, text: str, given: Mapping[str, object]) -> None:
    """Add an action item."""
    protocol, type_ = session.protocol, cast("str", given["type_"])
    promise = actions.Promise(
        text=text,
        owner=cast("str", given["owner"]),
        due=_due(session, cast("str", given["due"])),
        type=one_of(type_, protocol.action_types, "type") if type_ else "",
        ticket=cast("str", given["ticket"]),
    )
    path = _path(session, record_id, in_incident=bool(given["in_incident"]))
    after = session.change(path, lambda draft: actions.with_action(draft, promise))
    say("action: ", Paint(actions_of(after)[-1].id, "cyan"))
    if promise.due < session.now.astimezone(protocol.tzinfo).date():
        warn(f"{promise.due} is over already", f"if that is wrong, correct the line in {path}")


def done(session: Session, action: str, at: datetime, **where: bool) -> None:
    """Tick an action item."""
    path, number = item_named(session, action, **where)
    day = at.astimezone(session.protocol.tzinfo).date()
    session.change(path, lambda draft: actions.done(draft, number, day))


def drop(session: Session, action: str, because: str, **where: bool) -> None:
    """Strike an action item out."""
    path, number = item_named(session, action, **where)
    session.change(path, lambda draft: actions.dropped(draft, number, because))


def show(session: Session, owner: str, form: str, *, is_open: bool) -> None:
    """Print action items by due date."""
    every = session.lists.actions
    found = [
        action
        for action in every
        if (not is_open or action.state is ActionState.OPEN) and owner in ("", action.owner)
    ]
    found.sort(key=lambda action: (action.due or date.max, action.id))
    if form == "json":
        say(dump(actions_object(found)))
    elif form == "csv":
        hand_over(csv_text(rows(ACTIONS, found)))
    else:
        today, shared = session.now.astimezone(session.protocol.tzinfo).date(), shared_ids(every)
        for action in found:
            say(_line(action, today, typed_id(action, shared)))
        if not found:
            say("no action item")


def _line(action: Action, today: date, name: str) -> str:
    late = action.state is ActionState.OPEN and action.due is not None and action.due < today
    state = "overdue" if late else str(action.state)
    due = action.due.isoformat() if action.due else "-"
    return f"{due:<10}  {state:<8} {action.owner or '-':<8} {name}  {action.text}"


def _due(session: Session, typed: str) -> date:
    ahead = span(typed.removeprefix("+"))
    if ahead is not None:
        return (session.now + ahead).astimezone(session.protocol.tzinfo).date()
    day = day_of(typed)
    if day is None:
        raise Refusal(f'"{typed}" is no date', "--due 2026-12-01, or --due 14d")
    return day


def item_named(
    session: Session, typed: str, *, in_incident: bool, in_review: bool
) -> tuple[str, int]:
    """Return the file and the number of an item; what two items are called is neither."""
    record_id, sign, digits = typed.rpartition("#")
    if not sign or not digits.isascii() or not digits.isdigit():
        raise Refusal(f'"{typed}" names no action', "write ID#N, as incident action list shows it")
    known, number = session.id_of(record_id), int(digits)
    places = [path_of(known), path_of(known, "pir")]
    if in_incident != in_review:
        return places[in_review], number
    there = [path for path in places if session.workspace.text(path) is not None]
    found = [
        item
        for path in there
        for item in actions_of(session.draft(path))
        if item.id == f"{known}#{number}"
    ]
    if len(found) > 1:
        kinds = ("incident", "review")
        told = " and ".join(f'"{i.text}" of the {k}' for i, k in zip(found, kinds, strict=True))
        raise Refusal(f"{known}#{number} is both {told}", "--incident or --review says which")
    return found[0].path if found else _path(session, known, in_incident=False), number


def _path(session: Session, record_id: str, *, in_incident: bool) -> str:
    review = path_of(record_id, "pir")
    if in_incident or session.workspace.text(review) is None:
        path = path_of(record_id)
        if session.workspace.text(path) is None:
            raise NothingFound(f"there is no {path}", "incident list names the records")
        return path
    return review
