"""Whom a record names, and which of these names is nearly that of somebody who is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from incident_tracker.lifecycle.approval import approved_by
from incident_tracker.log.lexicon import plain, spellings
from incident_tracker.model import Contacts, Entry, Incident, Party, Person, Record, Review
from incident_tracker.protocol import Protocol
from incident_tracker.text.alike import nearly

# One letter of four is another one; a name of three letters with another one is another name.
NEAR = 0.75
PARTIES = "parties"


def responders(incident: Incident) -> tuple[str, ...]:
    """Everybody who held a role, acknowledged, or was given a task, in the order of the log."""
    names: dict[str, None] = {}
    for entry in incident.log.entries:
        names |= dict.fromkeys(_working(entry, incident.protocol))
    return tuple(dict.fromkeys([*names, *incident.roles.values()]))


def acknowledged_before(incident: Incident, by: str, at: datetime) -> datetime | None:
    """Return when somebody took the incident at a moment or before it, None where they did not."""
    entries = incident.log.of("acknowledged")
    ours = (entry for entry in entries if entry.said and entry.said.by.casefold() == by.casefold())
    return next((entry.at for entry in ours if entry.at is not None and entry.at <= at), None)


def _working(entry: Entry, protocol: Protocol) -> Iterator[str]:
    said = entry.said
    if said is None:
        return
    phrase = protocol.phrases[said.phrase]
    if phrase.shape in ("person", "assignment", "task"):
        yield from (name for name in (said.by, *said.names) if name)
    elif phrase.role:
        yield from (name for name in (said.old, said.new) if name)


def named_in(record: Record) -> tuple[str, ...]:
    """Return the people and parties that a record names where names belong, each once."""
    names: list[str] = []
    if isinstance(record, Incident):
        names += responders(record)
        for entry in record.log.entries:
            said = entry.said
            if said is not None:
                is_parties = record.protocol.phrases[said.phrase].shape == PARTIES
                names += [said.by, *(said.names if is_parties else ())]
        names += [approved_by(update) for update in record.log.updates]
    if isinstance(record, Review):
        names += [record.facilitator, *record.attendees, *record.apologies]
    if isinstance(record, (Incident, Review)):
        names += [action.owner for action in record.actions]
    return tuple(dict.fromkeys(name for name in names if name))


def called(contacts: Contacts) -> tuple[str, ...]:
    """Return the ids of all people and parties of the contacts, and then their names."""
    everybody: tuple[Person | Party, ...] = (
        *contacts.people,
        *contacts.providers,
        *contacts.vendors,
    )
    return (*(one.id for one in everybody), *(one.name for one in everybody))


def doubtful_names(
    typed: Iterable[str], known: Collection[str], protocol: Protocol
) -> Iterator[tuple[str, str]]:
    """Yield each name that nobody has, with the known one that it nearly is.

    A name that is like none is somebody whom the list does not have, which is fine.
    """
    there = {name.casefold() for name in known} | set(spellings(protocol.audiences))
    for name in typed:
        if name.casefold() not in there and plain(name) not in there:
            near = nearly(name, known, NEAR)
            if near:
                yield name, near[0]
