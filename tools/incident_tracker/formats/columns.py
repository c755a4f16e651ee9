"""Records as rows: the columns of every table of ours that programs read, in their order.

A column that a field of the front matter has bears its name, and says what the field would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from incident_tracker.fields import INCIDENT
from incident_tracker.measure import Measurement
from incident_tracker.model import Action, Incident, Milestone, Update

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """One column: its name, what it says, and its text for a record, empty where there is none."""

    name: str
    about: str
    of: Callable[[Record], str]


def rows(columns: Sequence[Column[Record]], records: Iterable[Record]) -> Iterable[Sequence[str]]:
    """Yield the names of the columns, then a row for each record."""
    yield names(columns)
    for record in records:
        yield cells(columns, record)


def names(columns: Sequence[Column[Record]]) -> tuple[str, ...]:
    """Return the names of the columns."""
    return tuple(column.name for column in columns)


def cells(columns: Sequence[Column[Record]], record: Record) -> tuple[str, ...]:
    """Return the row of a record."""
    return tuple(column.of(record) for column in columns)


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


@dataclass(frozen=True, slots=True)
class Told:
    """An update with the incident that it is about."""

    incident: Incident
    update: Update


def _key(name: str, key: str, about: str) -> Column[Told]:
    return Column(name, about, lambda told: told.update.value(key))


UPDATES: Sequence[Column[Told]] = (
    Column("incident", "the id of the incident that it is about", lambda t: t.incident.id),
    Column("at", "when it was told", lambda t: _moment(t.update.at)),
    Column("status", "the status that it tells", lambda t: t.update.status),
    Column("text", "what was told, its line breaks as blanks", lambda t: t.update.text),
    _key("impact", "impact", "what does not work for whom"),
    Column(
        "components", "levels of components from then on", lambda t: _pairs(t.update.components)
    ),
    _key("next_steps", "next-steps", "what is done next"),
    _key("eta", "eta", "when it is expected to be over"),
    Column(
        "next_update",
        "when the next update was promised for",
        lambda t: _moment(t.update.next_update_at),
    ),
    _key("root_cause", "root-cause", "the cause, as it was told"),
    _key("resolution", "resolution", "the repair, as it was told"),
    _key("prevention", "prevention", "what will prevent it, as it was told"),
    _key("sent", "sent", "who was told"),
    _key("approved_by", "approved-by", "by whose leave"),
)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _number(
    name: str, about: str, of: Callable[[Measurement], float | None]
) -> Column[Measurement]:
    def text(one: Measurement) -> str:
        value = of(one)
        return "" if value is None else f"{value:.12g}"

    return Column(name, about, text)


MEASUREMENTS: Sequence[Column[Measurement]] = (
    Column("metric", "the metric's id", lambda m: m.metric),
    Column("period", "the quarter of detection, empty for all time", lambda m: m.period),
    Column("group", "the severity, or all", lambda m: m.group),
    Column("unit", "what the numbers count: seconds, count or percent", lambda m: m.unit.value),
    _number("value", "the number itself: a mean, a share or a count", lambda m: m.headline),
    _number("n", "how many values it is made of", lambda m: m.n),
    _number("left_out", "how many were left out", lambda m: sum(r.count for r in m.left_out)),
    _number("mean", "the mean", lambda m: m.mean),
    _number("median", "the median", lambda m: m.median),
    _number("median_low", "the lower end of its interval", lambda m: _interval(m, "low")),
    _number("median_high", "the upper end of its interval", lambda m: _interval(m, "high")),
    _number("p90", "what nine of ten do not exceed", lambda m: m.p90),
    _number("max", "the greatest value", lambda m: m.max),
    _number(
        "target", "the target, empty without one", lambda m: m.target.value if m.target else None
    ),
    Column("target_met", "yes or no, empty without a target", lambda m: _yes_no(m.is_met)),
    _number(
        "on_target", "how many met the target", lambda m: m.on_target.hits if m.on_target else None
    ),
    _number("judged", "of how many", lambda m: m.on_target.count if m.on_target else None),
)


def _interval(one: Measurement, end: str) -> float | None:
    if one.interval is None:
        return None
    return one.interval.low if end == "low" else one.interval.high


def _yes_no(answer: bool | None) -> str:  # noqa: FBT001 # an answer, no switch
    return {True: "yes", False: "no", None: ""}[answer]
