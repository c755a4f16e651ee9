"""Who is called at a moment, by which way first, and which party outside has stayed silent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incident_tracker.frozen import value
from incident_tracker.log.lexicon import plain, spellings
from incident_tracker.model import Component, Contacts, Entry, Incident, Party, Person, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.protocol_escalation import Level
from incident_tracker.registers import Shift


@value
class OnCall:
    """Who is on call, and until when; ``until`` is None where no other shift is planned."""

    person: Person
    until: datetime | None


@value
class Wanted:
    """For what people are called: a severity and components, each empty where it is not known."""

    at: datetime
    severity: str = ""
    components: Sequence[Component] = ()


@value
class Way:
    """One way to reach somebody; ``works`` says whether it does at that moment."""

    kind: str
    value: str
    after_hours: bool
    works: bool


@value
class Callee:
    """Somebody to call, the best way first; ``about`` says why it is them."""

    id: str
    name: str
    about: str
    ways: tuple[Way, ...]
    account: str = ""


@value
class Group:
    """Those who are called for the same reason, in the order in which to call them."""

    title: str
    about: str
    callees: tuple[Callee, ...]


def on_call_at(contacts: Contacts, at: datetime, zone: ZoneInfo) -> OnCall | None:
    """Return who is on call: the shift that began last; None where none has begun."""
    clock = at.astimezone(zone).replace(tzinfo=None)
    begun = [
        (start, place, shift.person)
        for place, shift in enumerate(contacts.on_call)
        if (start := _last_start(shift, clock)) is not None
    ]
    people = {person.id: person for person in contacts.people}
    person = people.get(max(begun)[2]) if begun else None
    if person is None:
        return None
    others = (shift for shift in contacts.on_call if shift.person != person.id)
    ends = [end for shift in others if (end := _next_start(shift, clock)) is not None]
    return OnCall(person=person, until=min(ends).replace(tzinfo=zone) if ends else None)


def _last_start(shift: Shift, clock: datetime) -> datetime | None:
    if shift.from_ > clock:
        return None
    if shift.every is None:
        return shift.from_
    return shift.from_ + (clock - shift.from_) // shift.every * shift.every


def _next_start(shift: Shift, clock: datetime) -> datetime | None:
    last = _last_start(shift, clock)
    if last is None:
        return shift.from_
    try:
        return last + shift.every if shift.every is not None else None
    except OverflowError:
        return None


def in_working_hours(protocol: Protocol, at: datetime) -> bool:
    """Whether a moment lies in the working hours; all do where the protocol names none."""
    hours = protocol.escalation.working_hours
    return hours is None or hours.hold(at.astimezone(protocol.tzinfo))


def callees(tracker: Tracker, wanted: Wanted) -> tuple[Group, ...]:
    """Return who is called: the levels inside the team, other people, and parties outside.

    A severity leaves out the levels that neither lead it nor are told of it, components leave out
    the parties that host none of them.
    """
    return tuple(group for group in _groups(tracker, wanted) if group.callees)


def _groups(tracker: Tracker, wanted: Wanted) -> Iterator[Group]:
    protocol, contacts = tracker.protocol, tracker.contacts
    levels = protocol.escalation.levels
    for number, level in enumerate(levels, 1):
        if not wanted.severity or wanted.severity in _told_of(level, protocol) + level.leads:
            yield Group(
                title=f"Level {number}: {level.name}",
                about=about_level(level, protocol, wanted.severity),
                callees=tuple(_of_level(level, tracker, wanted, is_first=number == 1)),
            )
    terms = protocol.severities.get(wanted.severity)
    if terms is None or terms.audiences:
        inside = {level.role for level in levels}
        others = [person for person in contacts.people if person.role not in inside]
        found = tuple(_person(person, person.role, tracker, wanted) for person in others)
        yield Group(title="Others of the team", about="", callees=found)
    for title, parties in (("Providers", contacts.providers), ("Vendors", contacts.vendors)):
        yield Group(title=title, about="", callees=tuple(_parties(parties, tracker, wanted)))


def _told_of(level: Level, protocol: Protocol) -> tuple[str, ...]:
    told = protocol.severities.items()
    return tuple(name for name, terms in told if level.audience in terms.audiences)


def people_of(
    audiences: Collection[str], contacts: Contacts, protocol: Protocol
) -> tuple[Person, ...]:
    """Return the people whose role is one of these audiences, in any spelling of it."""
    spelled = spellings(protocol.audiences)
    return tuple(p for p in contacts.people if spelled.get(plain(p.role)) in audiences)


def about_level(level: Level, protocol: Protocol, severity: str = "") -> str:
    """Return what a level does: which severities it leads, of which it is told."""
    leads = [name for name in level.leads if severity in ("", name)]
    told = [name for name in _told_of(level, protocol) if severity in ("", name)]
    parts = [f"leads {', '.join(leads)}" if leads else ""]
    parts.append(f"told of {', '.join(told)}" if told else "")
    return "; ".join(part for part in parts if part)


def _of_level(
    level: Level, tracker: Tracker, wanted: Wanted, *, is_first: bool
) -> Iterator[Callee]:
    zone = tracker.protocol.tzinfo
    people = [person for person in tracker.contacts.people if person.role == level.role]
    held = on_call_at(tracker.contacts, wanted.at, zone) if is_first else None
    if held is not None:
        until = f" until {held.until:%Y-%m-%d %H:%M}" if held.until else ""
        yield _person(held.person, f"on call{until}", tracker, wanted)
        people = [person for person in people if person is not held.person]
    for person in people:
        yield _person(person, "", tracker, wanted)


def _person(person: Person, about: str, tracker: Tracker, wanted: Wanted) -> Callee:
    ways = [(method.kind, method.value, method.after_hours) for method in person.methods]
    best = _best_first(ways, open_now=in_working_hours(tracker.protocol, wanted.at))
    return Callee(id=person.id, name=person.name, about=about, ways=best)


def _parties(parties: Iterable[Party], tracker: Tracker, wanted: Wanted) -> Iterator[Callee]:
    open_now = in_working_hours(tracker.protocol, wanted.at)
    urgent = wanted.severity in tracker.protocol.escalation.emergency_for
    for party in parties:
        hosted = [part.name for part in wanted.components if part.hosted_by == party.id]
        if wanted.components and not hosted:
            continue
        ways = [
            ("support", party.support, party.after_hours),
            ("emergency line", party.emergency, party.after_hours),
        ]
        # In an emergency its line is tried first, whatever the hour.
        ways = [way for way in (reversed(ways) if urgent else ways) if way[1]]
        best = _best_first(ways, open_now=open_now, as_they_are=urgent)
        about = f"{party.kind}, hosts {', '.join(hosted)}" if hosted else party.kind
        yield Callee(id=party.id, name=party.name, about=about, ways=best, account=party.account)


def _best_first(
    ways: Iterable[tuple[str, str, bool]], *, open_now: bool, as_they_are: bool = False
) -> tuple[Way, ...]:
    """Return the ways in their order, outside working hours those first that work then."""
    found = [
        Way(kind=kind, value=value, after_hours=late, works=open_now or late)
        for kind, value, late in ways
    ]
    return tuple(found if as_they_are else sorted(found, key=lambda way: not way.works))


@value
class Silence:
    """A party that was contacted and of which nothing was written since."""

    party: str
    since: datetime
    limit: timedelta
    ticket: str


def silences(incident: Incident, tracker: Tracker, now: datetime) -> Iterator[Silence]:
    """Yield the parties whose last mention in an open incident is that they were contacted."""
    limit = tracker.protocol.escalation.silent_after.get(incident.severity)
    if limit is None or not incident.is_open or incident.origin is not None:
        return
    entries = [e for e in incident.log.entries if e.at is not None and e.at <= now]
    asked: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        for name in _contacted(entry):
            called = _called(name, tracker)
            if called:
                asked.setdefault(called[0], called)
    for party, called in asked.items():
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, called))})(?!\w)", re.IGNORECASE)
        last = max((e for e in entries if pattern.search(e.text)), key=_moment)
        if last.at is not None and last.said is not None and _contacted(last):
            yield Silence(party=party, since=last.at, limit=limit, ticket=last.said.ticket)


def _contacted(entry: Entry) -> tuple[str, ...]:
    said = entry.said
    return said.names if said is not None and said.phrase == "contacted" else ()


def _moment(entry: Entry) -> tuple[float, int]:
    return (entry.at.timestamp() if entry.at else 0.0, entry.position.line)


def _called(name: str, tracker: Tracker) -> tuple[str, ...]:
    """Return how a party is called, its name first; nothing where the name is that of a person."""
    plain, contacts = name.casefold(), tracker.contacts
    ours = {text.casefold() for p in contacts.people for text in (p.id, p.name)}
    if plain in ours or name in tracker.protocol.audiences:
        return ()
    for party in (*contacts.providers, *contacts.vendors):
        if plain in (party.id.casefold(), party.name.casefold()):
            return (party.name, party.id)
    return (name,)
