"""Records as rows: the columns of every table of ours that programs read, in their order.

A column that a field of the front matter has bears its name, and says what the field would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from incident_tracker.fields import INCIDENT
from incident_tracker.model import Action, Incident, Milestone

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """One column: its name, what it says, and its text for a record, empty where there is none."""

    name: str
    about: str
    of: Callable[[Record], str]


def rows(columns: Sequence[Column[Record]], records: Iterable[Record]) -> Iterable[Sequence[str]]:
    """Yield the names of the columns, then a row for each record."""
    yield [column.name for column in columns]
    for record in records:
        yield [column.of(record) for column in columns]


def _field(name: str, of: Callable[[Incident], str]) -> Column[Incident]:
    return Column(name, INCIDENT[name].about, of)


def _time(milestone: Milestone) -> Column[Incident]:
    def of(incident: Incident) -> str:
        at = incident.at(milestone)
        return at.isoformat() if at else ""

    return _field(milestone.value, of)


def _pairs(found: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in found.items())


INCIDENTS: Sequence[Column[Incident]] = (
    Column("id", "the record's id, which begins with the day of detection", lambda i: i.id),
    Column("path", "where the record lies", lambda i: i.path),
    _field("title", lambda i: i.title),
    _field("severity", lambda i: i.severity),
    _field("status", lambda i: i.status),
    _field("kind", lambda i: ",".join(i.kinds)),
    _field("drill", lambda i: i.drill),
    _field("components", lambda i: _pairs(i.components)),
    _field("visibility", lambda i: i.visibility),
    _field("scheduled_start", lambda i: i.scheduled_start.isoformat() if i.scheduled_start else ""),
    _field("scheduled_end", lambda i: i.scheduled_end.isoformat() if i.scheduled_end else ""),
    _field("detected_by", lambda i: i.detected_by),
    *(_time(milestone) for milestone in Milestone),
    _field("roles", lambda i: _pairs(i.roles)),
    _field("resolution", lambda i: i.resolution),
    _field("root_cause", lambda i: i.root_cause),
    _field("ticket", lambda i: i.ticket),
    _field("protocol", lambda i: i.protocol.version),
)
ACTIONS: Sequence[Column[Action]] = (
    Column("id", "the record's id and the item's number", lambda a: a.id),
    Column("path", "where the incident or the review lies that holds it", lambda a: a.path),
    Column("text", "what is to be done", lambda a: a.text),
    Column("state", "open, done or dropped", lambda a: a.state.value),
    Column("owner", "the one person who does it", lambda a: a.owner),
    Column("due", "the day by which it is promised", lambda a: a.due.isoformat() if a.due else ""),
    Column("type", "what it is for, such as prevent or detect", lambda a: a.type),
    Column("ticket", "the ticket in another system", lambda a: a.ticket),
    Column("done", "the day on which it was done", lambda a: a.done.isoformat() if a.done else ""),
    Column("dropped", "why it will not be done", lambda a: a.dropped),
)
