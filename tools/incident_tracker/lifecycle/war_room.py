"""The war room of an incident: its name, and what is pinned there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from incident_tracker.escalation import people_of
from incident_tracker.lifecycle.ids import channel_of
from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.model import Component, Contacts, Incident
from incident_tracker.registers import Person


def room_of(incident: Incident) -> str:
    """Return the name of the war room: what the timeline says, else the protocol's name for it."""
    opened = [entry.said for entry in incident.log.of("war-room") if entry.said]
    return (opened[-1].via if opened else "") or channel_of(incident.id)


def opening(incident: Incident) -> str:
    """Return the line that says that it was opened, an empty text where one stands there."""
    if incident.log.of("war-room"):
        return ""
    return valued(incident.protocol, "war-room", channel_of(incident.id))


def pins(
    incident: Incident, contacts: Contacts, components: Mapping[str, Component]
) -> Iterator[str]:
    """Yield the lines of the text that is pinned."""
    protocol = incident.protocol
    terms = protocol.severities.get(incident.severity)
    status = protocol.statuses.get(incident.status)
    name = f"{incident.severity} {terms.name}" if terms else incident.severity
    yield f"{incident.title} - {name}, {status.label if status else incident.status}"
    held = {
        "ticket": [incident.ticket or incident.path],
        "record": [incident.path],
        "contacts": list(_reached(incident, contacts, components)),
        "questions": [_questions(incident)],
    }
    for pin in protocol.telling.pins:
        text = pin.text.replace("{id}", incident.id).replace("{path}", incident.path)
        yield from _pinned(pin.name, [*([text] if text else []), *held.get(pin.holds, [])])
    for entry in incident.log.of("war-room"):
        if entry.said and entry.said.text:
            yield f"{entry.said.via}: {entry.said.text}"


def _pinned(name: str, texts: list[str]) -> Iterator[str]:
    if len(texts) == 1:
        yield f"{name}: {texts[0]}"
    elif texts:
        yield f"{name}:"
        yield from (f"  {text}" for text in texts)


def _reached(
    incident: Incident, contacts: Contacts, components: Mapping[str, Component]
) -> Iterator[str]:
    """Who holds a role, who is told, and who hosts what is broken, each with the way there."""
    named: list[Person] = []
    for role, holder in incident.roles.items():
        word, person = incident.protocol.roles.get(role), contacts.person(holder)
        yield f"{word.short if word else role} {holder}{_ways(person) if person else ''}"
        named += [person] if person else []
    terms = incident.protocol.severities.get(incident.severity)
    told = people_of(terms.audiences if terms else (), contacts, incident.protocol)
    for person in told:
        if person not in named:
            yield f"{person.role} {person.name}{_ways(person)}"
    hosts = {components[name].hosted_by for name in incident.components if name in components}
    for party in (*contacts.providers, *contacts.vendors):
        if party.id in hosts:
            way = party.emergency or party.support
            yield f"{party.kind} {party.name}{f': {way}' if way else ''}"


def _ways(person: Person) -> str:
    ways = ", ".join(f"{method.kind} {method.value}" for method in person.methods)
    return f": {ways}" if ways else ""


def _questions(incident: Incident) -> str:
    """Who answers, and how a question is noted."""
    speaks = incident.protocol.speaker_role
    role = incident.protocol.roles.get(speaks)
    name = incident.roles.get(speaks, "")
    noted = f'incident log {incident.id} "Question: …"'
    if name:
        return f"{name} answers ({role.name if role else speaks}); note them: {noted}"
    return f"nobody answers yet: incident role {incident.id} {speaks} NAME"
