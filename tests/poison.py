"""Trackers whose every text is another one: marked, to see where it goes, or written to break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from builder import PROTOCOL
from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.examples import PATHS, good_files
from incident_tracker.finding import Position
from incident_tracker.model import (
    Component,
    Contacts,
    Keyed,
    Method,
    Person,
    Section,
    Tracker,
)

Value = TypeVar("Value")
PUBLIC = "visibility: public\npublic_summary: Search failed for an hour.\nprotocol: 2.0.0"
# What decides, what is an identifier of the protocol, and what has to be a real zone.
DECIDING = {
    "Incident.drill",
    "Incident.id",
    "Incident.visibility",
    "Incident.kinds",
    "Incident.status",
    "Incident.zone",
    "Origin.system",
    "Protocol.zone",
    "Review.incident",
    "Review.visibility",
    "Review.status",
    "ReviewSection.text",
}


def with_texts(
    value: Value,
    text: Callable[[str, str], str],
    *,
    kept: frozenset[str] = frozenset(DECIDING),
    label: str = "Tracker",
) -> Value:
    """The same with another text for each, by its place ("Incident.title"), however deep."""
    return cast("Value", _replaced(value, text, kept, label))


def _replaced(
    value: object, text: Callable[[str, str], str], kept: frozenset[str], label: str
) -> object:
    if isinstance(value, (Enum, Position)):
        return value
    if isinstance(value, str):
        is_name = label.startswith(("Keyed ", "Section ")) and label.endswith((".key", ".title"))
        return value if is_name or label in kept else text(label, value)
    if is_dataclass(value) and not isinstance(value, type):
        kind = _kind(value)
        inner = {
            row.name: _replaced(getattr(value, row.name), text, kept, f"{kind}.{row.name}")
            for row in fields(value)
        }
        return replace(cast("Any", value), **inner)
    if isinstance(value, tuple):
        return tuple(_replaced(item, text, kept, label) for item in value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, text, kept, label) for key, item in value.items()}
    return value


def assembled(*changes: tuple[str, str, str], drop: tuple[str, ...] = ()) -> Tracker:
    """The known-good records, in which each change (record, old, new) is made."""
    files = {path: data.decode() for path, data in good_files().items() if path not in drop}
    for record, old, new in changes:
        assert old in files[PATHS[record]]
        files[PATHS[record]] = files[PATHS[record]].replace(old, new, 1)
    sources = [
        Source(path=path, data=text.encode())
        for path, text in files.items()
        if not path.startswith("protocol/")
    ]
    registers = Registers(
        components=(Component(id="search", name="Search", hosted_by="h", backup="b"),),
        contacts=Contacts(
            people=(
                Person(
                    id="mara",
                    name="Mara Example",
                    role="leader",
                    methods=(Method(kind="phone", value="555-0100"),),
                ),
            )
        ),
        findings=(),
    )
    return assemble(sources, PROTOCOL, registers)


def public(*changes: tuple[str, str, str]) -> Tracker:
    """The same with every record but the security incident public."""
    return assembled(
        ("incident", "protocol: 2.0.0", PUBLIC),
        ("maintenance", "protocol: 2.0.0", PUBLIC),
        ("review", "followed_up_at: 2026-03-13", "followed_up_at: 2026-03-13\nvisibility: public"),
        *changes,
    )


def _kind(value: object) -> str:
    """What a place is called by: key lines and sections by what they are about."""
    if isinstance(value, Keyed):
        return f"Keyed {value.key}"
    return f"Section {value.title}" if isinstance(value, Section) else type(value).__name__


def with_records_of(tracker: Tracker, text: str) -> Tracker:
    """The same with one text for all that stands in records and registers.

    The protocol is the real one, but for the organisation's name: its own words are checked when
    it is read.
    """
    protocol = replace(PROTOCOL, organisation=text)
    made = with_texts(tracker, lambda _, __: text)
    return replace(
        made,
        protocol=protocol,
        incidents=tuple(replace(one, protocol=protocol) for one in made.incidents),
        reviews=tuple(replace(one, protocol=protocol) for one in made.reviews),
        runbooks=tuple(replace(one, protocol=protocol) for one in made.runbooks),
    )
