"""Every name of somebody that a tracker holds, so that a public review names none of them.

Which values are names is said where they are declared: by the kind of a field, by the shape of a
phrase. So a new field and a new phrase are looked at without a word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from incident_tracker.fields import INCIDENT, OF_PEOPLE, REVIEW, RUNBOOK, Row
from incident_tracker.log.shapes import SHAPES, Naming
from incident_tracker.model import Entry, Incident, Record, Review, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.text.names import Names

APPROVAL = "approved-by"
"""The key line of an update that says by whose leave it was sent."""
# Behind a name: how, when, or who they are.
_BEHIND = re.compile(r"[;:(]|\s[-\u2013\u2014]\s|\s(?:via|at|on|for|by)\s", re.IGNORECASE)
_BESIDE = re.compile(r"[,&+/]|\sand\s", re.IGNORECASE)


def names_of(tracker: Tracker) -> Names:
    """Everybody whom any record or the contacts name."""
    people = [*_people(tracker)]
    return Names([*people, *_also_named(tracker)], people)


def _people(tracker: Tracker) -> Iterator[str]:
    """Those who surely are people, so that each part of their names is a name."""
    yield from (person.name for person in tracker.contacts.people)
    for review in tracker.reviews:
        yield from _in_fields(review, REVIEW)
    for incident in tracker.incidents:
        yield from _in_fields(incident, INCIDENT)
        for entry in incident.log.entries:
            yield from _each(_in_entry(entry, incident.protocol))


def _also_named(tracker: Tracker) -> Iterator[str]:
    """Those who may be a team or a company, and how people are reached."""
    for person in tracker.contacts.people:
        yield person.id
        yield from (method.value for method in person.methods)
    for shift in tracker.contacts.on_call:
        yield shift.person
    for runbook in tracker.runbooks:
        yield from _in_fields(runbook, RUNBOOK)
    # A provider is no person: which one failed may be told.
    parties = (*tracker.contacts.providers, *tracker.contacts.vendors)
    known = {name.casefold() for party in parties for name in (party.id, party.name)}
    for incident in tracker.incidents:
        yield from (name for name in _each(_told(incident)) if name.casefold() not in known)
    acted: tuple[Incident | Review, ...] = (*tracker.incidents, *tracker.reviews)
    yield from _each(action.owner for record in acted for action in record.actions)


def _told(incident: Incident) -> Iterator[str]:
    """Whom an incident says were asked or told, the protocol's audiences left out."""
    for update in incident.log.updates:
        yield from (keyed.value for keyed in update.keys if keyed.key == APPROVAL)
    for entry in incident.log.entries:
        if _naming(entry, incident.protocol) is Naming.ANYBODY and entry.said:
            yield from (n for n in entry.said.names if n not in incident.protocol.audiences)


def _in_fields(record: Record, rows: Mapping[str, Row]) -> Iterator[str]:
    """The names in the fields of a record whose kind is that of people."""
    for row in rows.values():
        if row.kind in OF_PEOPLE:
            value: str | tuple[str, ...] | Mapping[str, str] = getattr(record, row.key)
            if isinstance(value, str):
                yield value
            else:
                yield from value.values() if isinstance(value, Mapping) else value


def _in_entry(entry: Entry, protocol: Protocol) -> Iterator[str]:
    """Who did what a line of the timeline says, and whom of the team it names."""
    said = entry.said
    if said is None:
        return
    yield said.by
    naming = _naming(entry, protocol)
    if naming is Naming.SOMEBODY:
        yield from said.names
    elif naming is Naming.HOLDERS and protocol.phrases[said.phrase].role:
        yield from (said.old, said.new)


def _naming(entry: Entry, protocol: Protocol) -> Naming:
    """Whether the phrase of a line names somebody besides who says so."""
    phrase = protocol.phrases.get(entry.said.phrase) if entry.said else None
    return SHAPES[phrase.shape].naming if phrase and phrase.shape in SHAPES else Naming.NOBODY


def _each(written: Iterator[str]) -> Iterator[str]:
    """What was written for names, and each name in it: several, or with more behind them."""
    for text in written:
        yield text
        pieces = map(str.strip, _BESIDE.split(_BEHIND.split(text, maxsplit=1)[0]))
        yield from (piece for piece in pieces if any(map(str.isalpha, piece)))
