"""What an open incident owes, as `incident due` says it, for its page and its card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.due import Due
from incident_tracker.model import Incident
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.items import NO_OWNER
from incident_tracker.pages.promises import Told
from incident_tracker.pages.rows import due_mark
from incident_tracker.pages.wording import (
    NBSP,
    clock,
    first_letter_up,
    length,
    near_day,
    on_clock,
    on_day,
    timed,
)

MOST_MINUTES = 90  # up to this an hour is said as 60 min, as people speak of updates
MOST = 5  # duties before the rest is folded
UPDATES = ("update", "promise")


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One duty of an open incident."""

    what: Markup
    command: str
    who: str
    by: Markup
    state: Markup
    is_overdue: bool
    is_possible: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedNow:
    """What is owed: what has a clock comes first, then the soonest."""

    shown: Sequence[Owed]
    folded: Sequence[Owed]


def owed_now(incident: Incident, book: Book) -> OwedNow | None:
    """What an open incident owes; None where that is nothing, or nobody works on it any more."""
    found = tuple(_owed(incident, book))
    return OwedNow(shown=found[:MOST], folded=found[MOST:]) if found else None


def soonest(incident: Incident, book: Book) -> Owed | None:
    """What is owed first; what may be done but need not yet be is no duty."""
    return next((one for one in _owed(incident, book) if not one.is_possible), None)


def _owed(incident: Incident, book: Book) -> Iterator[Owed]:
    for item in book.owed_by.get(incident.id, ()) if incident.is_open else ():
        yield Owed(
            what=timed(first_letter_up(item.what), book.zone),
            command=item.command,
            who=item.who or NO_OWNER,
            by=_by(item, book),
            state=due_mark(item, book),
            is_overdue=item.is_overdue,
            is_possible=item.is_possible,
        )


def _by(item: Due, book: Book) -> Markup:
    day = item.day(book.zone)
    if day is None:
        return on_clock(book.local(item.when), book.today)
    return on_day(day, near_day(day, book.today))


def owed_update(incident: Incident, book: Book) -> Due | None:
    """The update that is owed; None where neither a promise nor the protocol asks for one."""
    return next((d for d in book.owed_by.get(incident.id, ()) if d.clock in UPDATES), None)


def promise_of(item: Told, incident: Incident, book: Book, *, is_last: bool) -> Markup:
    """What an update promised; of the last one also what the protocol asks for before that."""
    asked = _asked_for(incident, book) if is_last and incident.is_open else Markup("")
    if item.promised is None:
        if asked or incident.origin:  # other systems know no promise: that none is there is nothing
            return asked
        return Markup("No further update promised.")
    by = filled("Next update promised by {}", clock(book.local(item.promised)))
    words = filled("{}{}{}", by, ": " if item.mark else ".", item.mark)
    return filled("{} {}", words, asked) if asked else words


def _asked_for(incident: Incident, book: Book) -> Markup:
    """By when the protocol asks for the next update; nothing where a promise comes first."""
    owed = owed_update(incident, book)
    if owed is None or owed.clock != "update":
        return Markup("")
    at = on_clock(book.local(owed.when), book.today)
    return filled("Update due by {}{}: {}", at, _every(incident), due_mark(owed, book))


def _every(incident: Incident) -> str:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return ""
    late = terms.update.late
    minutes = round(late.total_seconds() / 60)
    spell = f"{minutes}{NBSP}min" if minutes <= MOST_MINUTES else length(late)
    return f" (every {spell} for {incident.severity})"
