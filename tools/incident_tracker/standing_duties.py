"""What is owed beside the clocks of incidents: ways of contact to try, silent parties to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from incident_tracker.escalation import silences
from incident_tracker.metrics.actions import end_of
from incident_tracker.model import Contacts, Tracker
from incident_tracker.periods import By, day_after, first_day

LIST = "contacts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One duty: ``name`` is the kind of it, ``when`` the end of its last day.

    Where it is due ``to_the_minute``, ``when`` is its last moment, and still in time. Where
    ``is_possible`` it has no end: ``when`` is from when on it may be done.
    """

    id: str
    name: str
    what: str
    when: datetime
    who: str
    command: str
    record: str = ""
    remind: datetime | None = None
    is_possible: bool = False
    to_the_minute: bool = False

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time is over at a moment."""
        over = now > self.when if self.to_the_minute else now >= self.when
        return over and not self.is_possible


def standing_duties(tracker: Tracker, now: datetime) -> Iterator[Duty]:
    """Yield what is owed at a moment; what recurs only from its reminder on."""
    yield from _silent(tracker, now)
    contacts = tracker.contacts
    if contacts.people or contacts.providers or contacts.vendors:
        yield from _recurring(tracker, now)


def _silent(tracker: Tracker, now: datetime) -> Iterator[Duty]:
    for incident in tracker.incidents:
        for silence in silences(incident, tracker, now):
            phrase = incident.protocol.phrases["contacted"].text[0]
            ticket = f", {incident.protocol.words.ticket[0]} {silence.ticket}"
            number = ticket if silence.ticket else ""
            at = silence.since.astimezone(tracker.protocol.tzinfo)
            line = f"{phrase}: {silence.party}{number}: asked again, higher up"
            yield Duty(
                id=incident.id,
                name="silence",
                what=f"no answer of {silence.party}{number} since {at:%H:%M}: escalate there",
                when=silence.since + silence.limit,
                who=incident.roles.get(incident.protocol.acknowledger_role, ""),
                command=f'incident log {incident.id} "{line}"',
                record=incident.id,
                to_the_minute=True,
            )


def _recurring(tracker: Tracker, now: datetime) -> Iterator[Duty]:
    protocol, contacts = tracker.protocol, tracker.contacts
    every = By(protocol.contact_test_every)
    today = now.astimezone(protocol.tzinfo).date()
    read = [contacts.confirmed] if contacts.confirmed else []
    owed = [("contact-list", "the list of contacts is to be read through", "confirmed", read)]
    owed += [("contact-test", what, line, days) for what, line, days in _untried(contacts, every)]
    for name, what, line, days in owed:
        last_day = _last_day(days, contacts.since, today, every)
        when = end_of(last_day, protocol.tzinfo).astimezone(UTC)
        remind = when - protocol.quarter_reminder
        if now >= remind:
            yield Duty(
                id=LIST,
                name=name,
                what=what,
                when=when,
                who=protocol.owner,
                command=f"incident contacts {line}",
                remind=remind,
            )


def _untried(contacts: Contacts, every: By) -> Iterator[tuple[str, str, list[date]]]:
    """Yield for each person and party the ways that were tried least lately, and when that was."""
    for person in contacts.people:
        latest = {method: max(method.tested, default=None) for method in person.methods}
        periods = {m: day_after(day, every) if day else date.min for m, day in latest.items()}
        oldest = min(periods.values(), default=date.max)
        behind = [method for method, period in periods.items() if period == oldest]
        if behind:
            ways = ", ".join(method.kind for method in behind)
            word = "" if len(behind) == len(person.methods) else f" {behind[0].kind}"
            days = [day for method in behind if (day := latest[method])]
            yield f"{person.name}: to be tried by {ways}", f"tested {person.id}{word}", days
    for party in (*contacts.providers, *contacts.vendors):
        yield f"{party.name}: to be tried", f"tested {party.id}", list(party.tested)


def _last_day(days: Iterable[date], since: date | None, today: date, every: By) -> date:
    """Return the day by which something is to be done again: the end of the period behind its last.

    What was never done is due in the period in which the list was begun; where nobody knows when
    that was, or it is long ago, it was due before the running one.
    """
    last = max(days, default=None)
    if last is not None:
        return day_after(day_after(last, every), every) - timedelta(days=1)
    begun = day_after(since, every) - timedelta(days=1) if since else date.min
    return max(begun, first_day(today, every) - timedelta(days=1))
