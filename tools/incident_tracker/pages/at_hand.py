"""What helps in an open incident: the runbooks that fit, its war room, who is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from incident_tracker.escalation import on_call_at
from incident_tracker.lifecycle.war_room import room_of
from incident_tracker.model import Incident, Runbook
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.protocol_pages import CONTACTS
from incident_tracker.pages.record import Fact
from incident_tracker.pages.runbooks import LIST
from incident_tracker.pages.wording import link, said

MOST_RUNBOOKS = 3


def at_hand(incident: Incident, book: Book) -> Iterator[Fact]:
    """What to open first, while the incident is open."""
    if not incident.is_open:
        return
    found = fitting(incident, book)
    shown = [link(incident.path, one.path, one.title or one.id) for one in found[:MOST_RUNBOOKS]]
    more = len(found) - len(shown)
    shown += [link(incident.path, LIST, f"{more} more")] if more else []
    if shown:
        word = "Runbook" if len(found) == 1 else "Runbooks"
        yield Fact(name=word, value=Markup(", ").join(shown))
    yield _war_room(incident)
    held = on_call_at(book.tracker.contacts, book.now, book.zone)
    contacts = link(incident.path, CONTACTS, "Contacts")
    on_call = filled("{} is on call; {}", held.person.name, contacts) if held else contacts
    yield Fact(name="Who is called", value=on_call)


def fitting(incident: Incident, book: Book) -> Sequence[Runbook]:
    """The runbooks that it used, that cover its kind, or that its components needed before.

    In this order; among those alike, the ones come first that its components needed most often.
    """
    used = [runbook.id for runbook in book.runbooks_of(incident)]
    needed = {runbook.id: _needed(runbook, incident, book) for runbook in book.tracker.runbooks}

    def place(runbook: Runbook) -> tuple[bool, bool, int]:
        covers = bool({*runbook.covers} & {*incident.kinds})
        return (runbook.id not in used, not covers, -needed[runbook.id])

    ranked = sorted(book.tracker.runbooks, key=place)
    return [runbook for runbook in ranked if place(runbook) < (True, True, 0)]


def _needed(runbook: Runbook, incident: Incident, book: Book) -> int:
    """In how many other incidents of its components it was used."""
    others = book.uses_by_runbook.get(runbook.id, ())
    return sum(
        not other.is_drill and bool({*other.components} & {*incident.components})
        for other in others
        if other is not incident
    )


def _war_room(incident: Incident) -> Fact:
    """Its name, and the link or words that were written down when it was opened."""
    opened = [entry.said for entry in incident.log.of("war-room") if entry.said]
    words = next((one.text for one in reversed(opened) if one.text), "")
    return Fact(
        name="War room",
        value=filled("<code>{}</code>", room_of(incident)),
        more=said(words, page=incident.path) if opened else "not opened yet",
    )
