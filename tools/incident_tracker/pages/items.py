"""Action items as rows: the same on the board, in an incident and in a review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from incident_tracker.model import Action, ActionState
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.filters import token
from incident_tracker.pages.wording import count, day, link, near_day, on_day, said

SOON = 7  # days
NO_OWNER = "no owner"


class Urgency(StrEnum):
    """Where an action stands on the board."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One action item."""

    text: Markup
    kind: str
    origin: Markup
    ticket: str
    owner: str
    due: Markup
    state: Markup
    urgency: Urgency
    owner_token: str


def urgency(action: Action, today: date) -> Urgency:
    """How urgent an action is."""
    if action.state is ActionState.DONE:
        return Urgency.DONE
    if action.state is ActionState.DROPPED:
        return Urgency.DROPPED
    if action.due is None or (action.due - today).days > SOON:
        return Urgency.LATER
    return Urgency.LATE if action.due < today else Urgency.SOON


def items(actions: Iterable[Action], book: Book, page: str) -> Sequence[Item]:
    """The actions as they are listed on a page."""
    return tuple(_item(action, book, page) for action in actions)


def _item(action: Action, book: Book, page: str) -> Item:
    incident = book.tracker.incident_by_id.get(action.record)
    path = action.path
    label = incident.title if incident else action.record
    kind = book.protocol.action_types.get(action.type)
    where = urgency(action, book.today)
    origin = link(page, path, label) if path and path != page else Markup("")
    return Item(
        text=said(action.text, page=page, source=path or page),
        kind=kind.label.lower() if kind else action.type,
        origin=origin,
        ticket=action.ticket,
        owner=action.owner or NO_OWNER,
        due=_due(action, where, book),
        state=_state(action, where, book),
        urgency=where,
        owner_token=token(action.owner or NO_OWNER),
    )


def _due(action: Action, where: Urgency, book: Book) -> Markup:
    """The day; what is finished names the year at all times, so that its page stays as it is."""
    if action.due is None:
        return Markup('<span class="it-mute">no date</span>')
    if where in (Urgency.DONE, Urgency.DROPPED):
        return on_day(action.due)
    return on_day(action.due, near_day(action.due, book.today))


def _state(action: Action, where: Urgency, book: Book) -> Markup:
    if where is Urgency.DONE:
        when = f"done {day(action.done)}" if action.done else "done"
        return drawings.verdict(Verdict.KEPT, when)
    if where is Urgency.DROPPED:
        return filled('<span class="it-mute">dropped: {}</span>', action.dropped or "no reason")
    if action.due is None:
        return drawings.verdict(Verdict.PENDING, "no date")
    days = (action.due - book.today).days
    if days < 0:
        return drawings.verdict(Verdict.MISSED, f"{count(-days, 'day')} late")
    ahead = {0: "today", 1: "tomorrow"}.get(days, f"in {count(days, 'day')}")
    return drawings.verdict(Verdict.PENDING, ahead)
