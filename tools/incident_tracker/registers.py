"""The registers beside the protocol, ``components.yml`` and ``contacts.yml``, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import TypeVar

from incident_tracker.finding import Fault
from incident_tracker.frozen import value
from incident_tracker.text.tables import CODE, nearest, read_table
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, Sequence, read_yaml

Table = TypeVar("Table")
COMPONENTS, CONTACTS = "protocol/components.yml", "protocol/contacts.yml"


@value
class Component:
    """A part of what the team runs; ``since`` is its first day, ``backup`` what can take over."""

    id: str
    name: str
    group: str = ""
    description: str = ""
    since: date | None = None
    hosted_by: str = ""
    backup: str = ""


@value
class Method:
    """A way to reach somebody, and the days on which it was tried."""

    kind: str
    value: str
    after_hours: bool = False
    tested: tuple[date, ...] = ()


@value
class Person:
    """Somebody of the team, with their place in the escalation and what they were trained in."""

    id: str
    name: str
    role: str
    methods: tuple[Method, ...] = ()
    trained: Mapping[str, date] = field(default_factory=dict)


@value
class Party:
    """A provider or vendor outside the team."""

    id: str
    name: str
    kind: str
    account: str = ""
    support: str = ""
    emergency: str = ""
    after_hours: bool = False
    tested: tuple[date, ...] = ()


@value
class Shift:
    """From when on a person is on call, until the next shift begins; again in each ``every``.

    Times are those of the tracker's zone: a shift that begins at nine does so in summer and winter.
    """

    from_: datetime
    person: str
    every: timedelta | None = None


@value
class Contacts:
    """Who is reached how; ``confirmed`` is the day on which the list was last read through.

    ``since`` is the day on which the list was begun: what was never tried is due from then on.
    """

    since: date | None = None
    confirmed: date | None = None
    on_call: tuple[Shift, ...] = ()
    people: tuple[Person, ...] = ()
    providers: tuple[Party, ...] = ()
    vendors: tuple[Party, ...] = ()

    def person(self, name: str) -> Person | None:
        """Return who has that id or name, in whatever case; None where nobody has."""
        plain = name.strip().casefold()
        found = (p for p in self.people if plain in (p.id.casefold(), p.name.casefold()))
        return next(found, None)


@value
class ComponentFile:
    """What ``components.yml`` holds."""

    components: tuple[Component, ...] = ()


def read_register(kind: type[Table], text: str) -> tuple[Table | None, tuple[Fault, ...]]:
    """Return the register that the text holds; an id that stands twice in one list is a fault."""
    node, faults = read_yaml(text)
    if node is None or faults:
        return None, faults
    table, faults = read_table(kind, node)
    strangers = _strangers(table, node) if isinstance(table, Contacts) else ()
    return table, (*faults, *_twice(node), *strangers)


def _strangers(contacts: Contacts, node: Node) -> Iterable[Fault]:
    """Yield the shifts of somebody who is not among the people."""
    known = [person.id for person in contacts.people]
    shifts = node.get("on_call") if isinstance(node, MappingNode) else None
    for item in shifts.items if isinstance(shifts, Sequence) else ():
        name = item.get("person") if isinstance(item, MappingNode) else None
        if isinstance(name, Scalar) and name.text not in known:
            near = nearest(name.text, known)
            yield Fault(
                code=CODE,
                message=f'"{name.text}" is on call, but is none of the people',
                help=f'did you mean "{near}"?' if near else f"known: {', '.join(known)}",
                position=name.position,
            )


def _twice(node: Node) -> Iterable[Fault]:
    children = (
        [entry.value for entry in node.entries]
        if isinstance(node, MappingNode)
        else getattr(node, "items", ())
    )
    if isinstance(node, Sequence):
        seen: set[str] = set()
        for item in node.items:
            name = item.get("id") if isinstance(item, MappingNode) else None
            if not isinstance(name, Scalar):
                continue
            if name.text in seen:
                yield Fault(
                    code=CODE,
                    message=f'the id "{name.text}" stands twice',
                    help="give one of them another id",
                    position=name.position,
                )
            seen.add(name.text)
    for child in children:
        yield from _twice(child)
