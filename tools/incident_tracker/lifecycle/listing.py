"""Which incidents somebody wants to see, and what programs are told about them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from incident_tracker.lifecycle.checklist import Checklist
from incident_tracker.lifecycle.investigation import hypotheses
from incident_tracker.model import Action, ActionState, Incident, Milestone
from incident_tracker.text.stamps import YEARS, day_of

VERSION = 1
PERIOD = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


class Side(StrEnum):
    """What is done with drills, or with planned work."""

    IN = "in"
    OUT = "out"
    ONLY = "only"

    def takes(self, *, is_such: bool) -> bool:
        """Whether a record is wanted that is such a one, or is none."""
        return self is Side.IN or is_such == (self is Side.ONLY)


class Order(StrEnum):
    """What stands first in a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SEVERITY = "severity"
    STATUS = "status"


class Listed(NamedTuple):
    """What a list says of an incident, in texts and numbers that can be kept, and is sorted by."""

    told: Mapping[str, Any]
    """What JSON says of it."""
    cells: tuple[str, ...]
    """What CSV says of it."""
    shown_status: str
    """The status as a person reads it."""
    is_open: bool
    people: tuple[str, ...]
    """Who holds a role, or has held one."""
    severity_rank: int
    status_rank: int

    @property
    def id(self) -> str:
        """The record's id."""
        return str(self.told["id"])

    @property
    def path(self) -> str:
        """Where the record lies."""
        return str(self.told["path"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means everything, a day at either end is included."""

    severities: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    root_causes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    since: date = date.min
    until: date = date.max
    text: re.Pattern[str] | None = None
    is_open: bool = False
    drills: Side = Side.IN
    maintenance: Side = Side.IN

    def has(self, incident: Listed, texts: Mapping[str, str]) -> bool:
        """Whether an incident is wanted; ``texts`` are those of the files by path."""
        told = incident.told
        alternatives = (
            (self.severities, (told["severity"],)),
            (self.components, told["components"]),
            (self.kinds, told["kinds"]),
            (self.statuses, (told["status"],)),
            (self.root_causes, (told["root_cause"],)),
            (self.people, incident.people),
        )
        return (
            all(not wanted or bool({*wanted} & {*there}) for wanted, there in alternatives)
            and self.since.isoformat() <= incident.id[:10] <= self.until.isoformat()
            and (incident.is_open or not self.is_open)
            and self.drills.takes(is_such=bool(told["drill"]))
            and self.maintenance.takes(is_such="maintenance" in told["kinds"])
            and (self.text is None or self.text.search(texts[incident.path]) is not None)
        )


def shown_status(incident: Incident) -> str:
    """Return the status as a person reads it."""
    said = incident.cancelled_as
    return said.option if said is not None and incident.is_withdrawn else incident.status


def people_of(incident: Incident) -> frozenset[str]:
    """Return who holds a role, or has held one."""
    before = (change.value for changes in incident.log.roles.values() for change in changes)
    return frozenset(name.casefold() for name in (*incident.roles.values(), *before))


def days_of(typed: str) -> tuple[date, date] | None:
    """Return the first and last day of `2026`, `2026-11`, `2026-Q4` or a day; None if no such."""
    day = day_of(typed)
    if day is not None:
        return day, day
    match = PERIOD.fullmatch(typed.upper())
    if match is None:
        return None
    year, quarter, month = int(match[1]), match[2], match[3]
    if year not in YEARS:
        return None
    first = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    last = first if month else first + 2 if quarter else 12
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def chosen(
    incidents: Iterable[Listed],
    wanted: Wanted,
    texts: Mapping[str, str],
    order: Order = Order.NEWEST,
) -> tuple[Listed, ...]:
    """Return the wanted incidents in order; the newer of two that are equal stands first."""
    found = [incident for incident in incidents if wanted.has(incident, texts)]
    found.sort(key=lambda incident: incident.id)
    if order is not Order.OLDEST:
        found.reverse()
    if order is Order.SEVERITY:
        found.sort(key=lambda incident: incident.severity_rank)
    if order is Order.STATUS:
        found.sort(key=lambda incident: incident.status_rank)
    return tuple(found)


def incidents_object(
    incidents: Sequence[Mapping[str, object]],
    now: datetime,
    unread: Iterable[str] = (),
    left_out: int = 0,
) -> dict[str, object]:
    """Return what JSON says about incidents, which files are in no list, and how many were cut."""
    return {
        "version": VERSION,
        "incidents": list(incidents),
        "summary": {
            "incidents": len(incidents),
            "left_out": left_out,
            "unread": list(unread),
            "now": now.isoformat(timespec="seconds"),
        },
    }


def checklist_object(incident: Incident, lists: Iterable[Checklist]) -> dict[str, object]:
    """Return what JSON says about checklists; ``holds`` is null where a box does not apply."""
    boxes = [
        {
            "list": one.title,
            "box": line.box,
            "text": line.text,
            "holds": line.proof.holds,
            "late": line.proof.is_late,
            "evidence": line.proof.evidence,
        }
        for one in lists
        for line in one.lines
    ]
    held = sum(box["holds"] is True for box in boxes)
    return {
        "version": VERSION,
        "boxes": boxes,
        "summary": {"id": incident.id, "boxes": len(boxes), "hold": held},
    }


def incident_object(incident: Incident) -> dict[str, object]:
    """Return what JSON says about an incident."""
    times = {m.value: at.isoformat() for m in Milestone if (at := incident.at(m)) is not None}
    return {
        "id": incident.id,
        "path": incident.path,
        "title": incident.title,
        "severity": incident.severity or None,
        "status": incident.status,
        "kinds": list(incident.kinds),
        "components": dict(incident.components),
        "visibility": incident.visibility,
        "drill": incident.drill or None,
        **times,
        "roles": dict(incident.roles),
        "hypotheses": [{"text": one.text, "state": one.state} for one in hypotheses(incident)],
        "resolution": incident.resolution or None,
        "root_cause": incident.root_cause or None,
    }


def actions_object(actions: Iterable[Action]) -> dict[str, object]:
    """Return what JSON says about action items."""
    found = [
        {
            "id": action.id,
            "path": action.path,
            "text": action.text,
            "state": action.state.value,
            "owner": action.owner or None,
            "due": action.due.isoformat() if action.due else None,
            "type": action.type or None,
            "ticket": action.ticket or None,
            "done": action.done.isoformat() if action.done else None,
            "dropped": action.dropped or None,
        }
        for action in actions
    ]
    still = sum(action["state"] == ActionState.OPEN for action in found)
    return {
        "version": VERSION,
        "actions": found,
        "summary": {"actions": len(found), "open": still},
    }
