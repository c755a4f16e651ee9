"""Moments as an iCalendar object (RFC 5545): what a meeting or a duty is in somebody's calendar.

All times are in UTC, so that no time zone has to be defined; a day alone is a day, wherever it is
read. Text is escaped, lines are folded at 75 bytes, and no control character passes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from incident_tracker.text.characters import scrubbed

LONGEST_LINE = 75  # bytes, without the line's end
NO_ADDRESS = "invalid:nomail"
"""What stands for the address of somebody who is known by name alone."""
ADDRESS = re.compile(r"[^\s@<>\"',;:\\]+@[^\s@<>\"',;:\\]+")
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
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


def uid(organisation: str, *parts: str) -> str:
    """Return the identity of a thing in a calendar, from what never changes about it."""
    home = NOT_IN_UID.sub("-", organisation.lower()).strip("-") or "incidents"
    return f"{'.'.join(part for part in parts if part)}@{home}.incident-tracker"


def short_digest(text: str) -> str:
    """Return a few characters that stand for a text in an identity."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def calendar(events: Iterable[Event], now: datetime, name: str) -> str:
    """Return the calendar as it is handed over at a moment: later ones replace earlier ones."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//incident-tracker//incident//EN"]
    lines.append(f"X-WR-CALNAME:{text_value(name)}")
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def text_value(text: str) -> str:
    """Return a text as the value of a property: on one line, its commas and semicolons marked."""
    plain = scrubbed(text.replace("\r\n", "\n")).replace("\r", "\n").replace("\t", " ")
    return plain.translate(ESCAPED)


def folded(line: str) -> str:
    """Return a line of the object in pieces of 75 bytes, no character split."""
    pieces, piece, room = [], "", LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1  # a blank marks that it goes on
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text_value(event.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    # Nothing counts how often it was handed over; the minutes since 1970 only ever grow.
    yield f"SEQUENCE:{int(now.timestamp()) // 60}"
    yield from _when(event)
    yield f"SUMMARY:{text_value(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{text_value(event.description)}"
    if event.url:
        yield f"URL:{scrubbed(event.url)}"
    if event.host is not None:
        yield f"ORGANIZER;CN={_quoted(event.host.name)}:{_address(event.host)}"
    for guest in event.guests:
        role = "OPT-PARTICIPANT" if guest.is_optional else "REQ-PARTICIPANT"
        yield f"ATTENDEE;CN={_quoted(guest.name)};ROLE={role}:{_address(guest)}"
    yield f"TRANSP:{'OPAQUE' if event.is_busy else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _when(event: Event) -> Iterator[str]:
    if isinstance(event.start, datetime):
        yield f"DTSTART:{_moment(event.start)}"
        if event.end is not None:
            yield f"DTEND:{_moment(event.end)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _quoted(name: str) -> str:
    """A parameter's value; it cannot hold a quotation mark or a line break, however marked."""
    plain = " ".join(scrubbed(name).split()).replace('"', "'")
    return f'"{plain}"'


def _address(guest: Guest) -> str:
    return f"mailto:{guest.address}" if ADDRESS.fullmatch(guest.address) else NO_ADDRESS
