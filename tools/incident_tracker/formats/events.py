"""Moments as an iCalendar object (RFC 5545): what a meeting or a duty is in somebody's calendar.

All times are in UTC, so that no time zone has to be defined; a day alone is a day, wherever it is
read. The library writes the format; no control character of a record reaches it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from incident_tracker.text.characters import scrubbed

if TYPE_CHECKING:
    import icalendar

NO_ADDRESS = "invalid:nomail"
"""What stands for the address of somebody who is known by name alone."""
ADDRESS = re.compile(r"[^\s@<>\"',;:\\]+@[^\s@<>\"',;:\\]+")
NOT_IN_UID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Somebody who is invited; without an address the name has to do."""

    name: str
    address: str = ""
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One entry of a calendar: a moment, a span or, where ``start`` is no time, a day.

    ``uid`` stays the same for the same thing, so that a calendar moves it instead of adding one.
    """

    uid: str
    start: date
    summary: str
    end: datetime | None = None
    description: str = ""
    url: str = ""
    host: Guest | None = None
    guests: tuple[Guest, ...] = ()
    is_busy: bool = False
    category: str = ""
    """What kind of entry it is, for calendars that show or hide kinds."""


def uid(organisation: str, *parts: str) -> str:
    """Return the identity of a thing in a calendar, from what never changes about it."""
    home = NOT_IN_UID.sub("-", organisation.lower()).strip("-") or "incidents"
    return f"{'.'.join(part for part in parts if part)}@{home}.incident-tracker"


def short_digest(text: str) -> str:
    """Return a few characters that stand for a text in an identity."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def calendar(events: Iterable[Event], now: datetime, name: str) -> str:
    """Return the calendar as it is handed over at a moment: later ones replace earlier ones."""
    import icalendar  # noqa: PLC0415 # slow, and few commands make a calendar

    made = icalendar.Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//incident-tracker//incident//EN")
    made.add("x-wr-calname", icalendar.vText(_plain(name)))
    for event in events:
        entry = icalendar.Event()
        _fill(entry, event, now)
        for role, guest in _people(event):
            person = icalendar.vCalAddress(_address(guest))
            person.params["CN"] = icalendar.vText(_name(guest.name))
            if role:
                person.params["ROLE"] = icalendar.vText(role)
            entry.add("attendee" if role else "organizer", person)
        made.add_component(entry)
    return str(made.to_ical(sorted=False).decode())


def _fill(entry: icalendar.Event, event: Event, now: datetime) -> None:
    entry.add("uid", _plain(event.uid))
    entry.add("dtstamp", now.astimezone(UTC))
    # Nothing counts how often it was handed over; the minutes since 1970 only ever grow.
    entry.add("sequence", int(now.timestamp()) // 60)
    if isinstance(event.start, datetime):
        entry.add("dtstart", event.start.astimezone(UTC))
        if event.end is not None:
            entry.add("dtend", event.end.astimezone(UTC))
    else:
        entry.add("dtstart", event.start)
        entry.add("dtend", event.start + timedelta(days=1))
    entry.add("summary", _plain(event.summary))
    if event.description:
        entry.add("description", _plain(event.description))
    if event.url:
        entry.add("url", scrubbed(event.url))
    if event.category:
        entry.add("categories", [_plain(event.category)])
    entry.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")


def _people(event: Event) -> Iterable[tuple[str, Guest]]:
    """Who invites, without a part, and who is invited, with the part that they have."""
    if event.host is not None:
        yield "", event.host
    for guest in event.guests:
        yield "OPT-PARTICIPANT" if guest.is_optional else "REQ-PARTICIPANT", guest


def _plain(text: str) -> str:
    return scrubbed(text.replace("\r\n", "\n")).replace("\r", "\n").replace("\t", " ")


def _name(name: str) -> str:
    """A parameter's value; it cannot hold a quotation mark or a line break, however marked."""
    return " ".join(scrubbed(name).split()).replace('"', "'")


def _address(guest: Guest) -> str:
    return f"mailto:{guest.address}" if ADDRESS.fullmatch(guest.address) else NO_ADDRESS
