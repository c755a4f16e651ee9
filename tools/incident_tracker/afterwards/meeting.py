"""The meeting of a review as it is announced: when, who, what in which order, and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incident_tracker.escalation import people_of
from incident_tracker.formats.events import Event, Guest, calendar, uid
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.reviews import facts, invited
from incident_tracker.model import Contacts, Incident, Person, Review
from incident_tracker.protocol import Protocol
from incident_tracker.text.stamps import offset_text

# The facts of the review's scaffold that the invitation repeats.
ABOUT = ("Incident", "Date", "Severity", "Duration", "Systems affected")


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A part of the meeting, with its time of day."""

    start: datetime
    end: datetime
    item: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """A review meeting; ``place`` is the address of the incident's page, else its path."""

    id: str
    title: str
    start: datetime
    end: datetime
    host: Guest
    guests: tuple[Guest, ...]
    topics: tuple[Topic, ...]
    ground_rules: tuple[str, ...]
    about: tuple[str, ...]
    place: str


def meeting_of(
    incident: Incident, review: Review | None, contacts: Contacts, place: str
) -> Meeting:
    """Return the meeting that is planned; Refusal where no time is written down for it."""
    if review is None or review.held_at is None:
        message = f"nothing says when the review of {incident.id} is held"
        raise Refusal(message, f"incident pir schedule {incident.id} --at YYYY-MM-DDTHH:MM")
    terms = incident.protocol.review
    start = review.held_at.astimezone(ZoneInfo(incident.zone))
    leads = review.facilitator or incident.roles.get(incident.protocol.acknowledger_role, "")
    guests = tuple(_guests(incident, review, contacts, leads))
    known = facts(incident)
    return Meeting(
        id=incident.id,
        title=incident.title,
        start=start,
        end=start + terms.meeting,
        host=_guest(leads or incident.protocol.organisation, contacts),
        guests=guests,
        topics=tuple(_topics(incident.protocol, start)),
        ground_rules=terms.ground_rules,
        about=tuple(f"{name}: {known[name]}" for name in ABOUT if known.get(name)),
        place=place,
    )


def stakeholders(incident: Incident, contacts: Contacts) -> tuple[Person, ...]:
    """Return who is to be told of the severity by their place in the escalation.

    Those who respond are not among them: they are named by the record.
    """
    protocol = incident.protocol
    terms = protocol.severities.get(incident.severest)
    wanted = set(terms.audiences if terms else ()) - set(protocol.told_by_acknowledging)
    return people_of(wanted, contacts, protocol)


def agenda_lines(meeting: Meeting) -> tuple[str, ...]:
    """Return the agenda, each part with its time of day and its length."""
    return tuple(
        f"{topic.start:%H:%M}-{topic.end:%H:%M} {topic.item} ({_minutes(topic)} min)"
        for topic in meeting.topics
    )


def invitation(meeting: Meeting) -> str:
    """Return the invitation as text: for a mail, a chat, or to read it before it is sent."""
    day = f"{meeting.start:%A, %Y-%m-%d, %H:%M}-{meeting.end:%H:%M}"
    lines = [
        f"Subject: Review: {meeting.title}",
        "",
        f"When: {day} (UTC{offset_text(meeting.start)})",
        f"Lead: {meeting.host.name}",
        f"With: {_names(meeting.guests, optional=False) or 'to be confirmed'}",
    ]
    others = _names(meeting.guests, optional=True)
    lines += [f"Welcome: {others}"] if others else []
    return "\n".join([*lines, "", *_body(meeting)]) + "\n"


def meeting_calendar(meeting: Meeting, protocol: Protocol, now: datetime) -> str:
    """Return the meeting as a file for calendars; handed over again, it moves the same entry."""
    event = meeting_event(meeting, protocol)
    return calendar([event], now, f"{protocol.organisation}: reviews")


def meeting_event(meeting: Meeting, protocol: Protocol) -> Event:
    """Return the meeting as an entry of a calendar, with its guests."""
    return Event(
        uid=uid(protocol.organisation, meeting.id, "review-meeting"),
        start=meeting.start,
        end=meeting.end,
        summary=f"Review: {meeting.title}",
        description="\n".join(_body(meeting)),
        url=meeting.place if "://" in meeting.place else "",
        host=meeting.host,
        guests=meeting.guests,
        is_busy=True,
    )


def _body(meeting: Meeting) -> Iterator[str]:
    yield from meeting.about
    yield f"Record: {meeting.place}"
    yield ""
    yield "Agenda:"
    yield from agenda_lines(meeting)
    yield ""
    yield "Ground rules:"
    yield from (f"- {rule}" for rule in meeting.ground_rules)


def _topics(protocol: Protocol, start: datetime) -> Iterator[Topic]:
    for part in protocol.review.agenda:
        end = start + part.for_
        yield Topic(start=start, end=end, item=part.item)
        start = end


def _minutes(topic: Topic) -> int:
    return round((topic.end - topic.start).total_seconds() / 60)


def _guests(incident: Incident, review: Review, contacts: Contacts, leads: str) -> Iterator[Guest]:
    """Yield who was named to come, else all who responded and, as they wish, who was told."""
    named = review.attendees or tuple(dict.fromkeys((*filter(None, [leads]), *invited(incident))))
    excused = {name.casefold() for name in review.apologies}
    coming = [_guest(name, contacts) for name in named if name.casefold() not in excused]
    yield from coming
    if review.attendees:
        return
    there = {guest.name for guest in coming}
    for person in stakeholders(incident, contacts):
        if person.name not in there and person.id not in excused:
            yield Guest(name=person.name, address=_address(person), is_optional=True)


def _guest(name: str, contacts: Contacts) -> Guest:
    """Return somebody as the contacts know them, by id or name; else by name alone."""
    person = contacts.person(name)
    return Guest(name=person.name, address=_address(person)) if person else Guest(name=name)


def _address(person: Person) -> str:
    return next((method.value for method in person.methods if method.kind == "email"), "")


def _names(guests: Iterable[Guest], *, optional: bool) -> str:
    return ", ".join(guest.name for guest in guests if guest.is_optional is optional)
