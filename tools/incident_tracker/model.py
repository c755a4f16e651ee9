"""The records: what an incident, a review and a runbook are once they are read.

What single lines of a record say is in ``lines``, the tables beside the protocol in ``registers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from incident_tracker.finding import Position
from incident_tracker.frozen import value, value_with_room
from incident_tracker.lines import (
    Action,
    ActionState,
    Box,
    Change,
    Entry,
    Keyed,
    Log,
    Milestone,
    Said,
    Section,
    Update,
)
from incident_tracker.registers import Component, Contacts, Method, Party, Person

__all__ = [
    "NOTHING",
    "Action",
    "ActionState",
    "Box",
    "Change",
    "Component",
    "Contacts",
    "Entry",
    "Incident",
    "Keyed",
    "Log",
    "Method",
    "Milestone",
    "Origin",
    "Party",
    "Person",
    "Record",
    "Review",
    "Runbook",
    "Said",
    "Section",
    "Tracker",
    "Unread",
    "Update",
    "Waiver",
    "Written",
]

if TYPE_CHECKING:
    from incident_tracker.finding import Finding
    from incident_tracker.protocol import Protocol
    from incident_tracker.text.document import Document

WITHDRAWN = "withdrawn"
NOTHING: Mapping[str, str] = MappingProxyType({})


@value
class Waiver:
    """A finding that the record accepts, with the reason."""

    code: str
    reason: str
    position: Position
    line: int | None = None


@value
class Origin:
    """Where an imported record came from."""

    system: str
    id: str
    url: str = ""


@value_with_room
class Record:
    """What every record has; one with an error of form is not ``sound``, no rule judges it."""

    id: str
    path: str
    document: Document
    protocol: Protocol
    fields: Mapping[str, Position]
    waivers: tuple[Waiver, ...] = ()
    sections: tuple[Section, ...] = ()
    sound: bool = True

    def section(self, title: str) -> Section | None:
        """Return the section of that title, whatever its case."""
        wanted = title.casefold()
        return next((s for s in self.sections if s.title.casefold() == wanted), None)

    def where(self, *names: str) -> Position:
        """Return the place of the first of these fields that was written, else of the file."""
        return next((self.fields[name] for name in names if name in self.fields), Position(1, 1))


@value_with_room
class Incident(Record):
    """One incident, drill or maintenance window.

    Attributes named like fields of the front matter hold the value in force: the one written there,
    else the
    one that the log proves. ``written`` tells what the front matter itself says.
    """

    title: str
    status: str
    severity: str
    components: Mapping[str, str]
    kinds: tuple[str, ...]
    visibility: str
    public_summary: str
    root_cause: str
    resolution: str
    detected_by: str
    times: Mapping[Milestone, datetime]
    roles: Mapping[str, str]
    drill: str
    scheduled_start: datetime | None
    scheduled_end: datetime | None
    ticket: str
    zone: str
    origin: Origin | None
    stated: Mapping[Milestone, timedelta] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    alert_groups: tuple[str, ...] = ()
    written: Written
    log: Log
    boxes: tuple[Box, ...] = ()
    actions: tuple[Action, ...] = ()

    def at(self, milestone: Milestone) -> datetime | None:
        """Return when the milestone was reached, None where it is unknown."""
        return self.times.get(milestone)

    def between(self, start: Milestone, end: Milestone) -> timedelta | None:
        """Return the time between two milestones (negative if reversed), None if unknown."""
        first, last = self.times.get(start), self.times.get(end)
        return None if first is None or last is None else last - first

    @property
    def is_maintenance(self) -> bool:
        """Whether this is planned work, which counts in no metric of incidents."""
        return "maintenance" in self.kinds

    @property
    def is_drill(self) -> bool:
        """Whether this is practice, which counts in no metric of incidents."""
        return bool(self.drill)

    @property
    def is_cancelled(self) -> bool:
        """Whether it turned out to be no incident."""
        return self.status == "cancelled"

    @property
    def counts(self) -> bool:
        """Whether it is an incident that metrics count."""
        return not (self.is_maintenance or self.is_drill or self.is_cancelled)

    @property
    def cancelled_as(self) -> Said | None:
        """What the line that cancelled it says, None where it is not cancelled."""
        said = [entry.said for entry in self.log.of("cancelled") if entry.said is not None]
        return said[-1] if said and self.is_cancelled else None

    @property
    def duplicate_of(self) -> str:
        """The id of the record that tells it, where it was cancelled as a duplicate."""
        said = self.cancelled_as
        return said.names[0] if said is not None and said.names else ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it should not have been there, so that nothing is asked of its text any more."""
        said = self.cancelled_as
        return said is not None and said.option == WITHDRAWN

    @property
    def impacts(self) -> tuple[tuple[datetime, str], ...]:
        """What was told of the impact, in updates and in the timeline, by time; no "unchanged"."""
        unchanged = self.protocol.words.unchanged
        told = [(e.at, e.said.text) for e in self.log.of("impact") if e.said is not None]
        told += [(u.at, u.value("impact")) for u in self.log.updates]
        known = [(at, text) for at, text in told if at is not None]
        kept = [(at, text) for at, text in known if text.casefold() not in ("", *unchanged)]
        return tuple(sorted(kept, key=lambda told: told[0]))

    @property
    def impact_last_told(self) -> str:
        """The impact that was told last, empty where none was."""
        return self.impacts[-1][1] if self.impacts else ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it (resolved and closed ones are not open)."""
        return self.status in ("investigating", "identified", "fixing", "monitoring")

    @property
    def is_internal(self) -> bool:
        """Whether nothing of it may be published outside the team."""
        return self.visibility != "public"

    @cached_property
    def severest(self) -> str:
        """The most severe severity that was ever held."""
        order = {name: rank for rank, name in enumerate(self.protocol.severities)}
        held = [c.value for c in self.log.severities if c.value in order] or [self.severity]
        return min(held, key=lambda name: order.get(name, len(order)))


@value
class Written:
    """What the front matter of an incident says itself; None where the field is missing."""

    status: str | None = None
    severity: str | None = None
    resolution: str | None = None
    detected_by: str | None = None
    visibility: str | None = None
    protocol: str | None = None
    times: Mapping[Milestone, datetime] = field(default_factory=dict)
    roles: Mapping[str, str] | None = None
    components: Sequence[str] = ()


@value_with_room
class Review(Record):
    """A post-incident review; ``incident`` is the id of the incident that it reviews."""

    incident: str
    status: str
    held_at: datetime | None
    published_at: datetime | None
    followed_up_at: date | None
    attendees: tuple[str, ...]
    apologies: tuple[str, ...]
    facilitator: str
    visibility: str
    origin: Origin | None = None
    boxes: tuple[Box, ...] = ()
    actions: tuple[Action, ...] = ()


@value_with_room
class Runbook(Record):
    """A runbook: what to do in one kind of incident."""

    title: str
    covers: tuple[str, ...]
    owner: str
    last_reviewed: date | None
    last_tested: date | None


@value
class Unread:
    """A file in a record folder that could not become a record; its findings say why."""

    path: str
    text: str = ""


@value_with_room
class Tracker:
    """Everything that was read: records, the protocol in force, and the findings of reading."""

    protocol: Protocol
    incidents: tuple[Incident, ...] = ()
    reviews: tuple[Review, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    components: tuple[Component, ...] = ()
    contacts: Contacts = field(default_factory=Contacts)
    unread: tuple[Unread, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, str] | None = None
    """The SHA-256 of the kept files that are there, by path, empty where it was not computed; None
    where nobody looked."""

    @cached_property
    def incident_by_id(self) -> Mapping[str, Incident]:
        """The incidents by id."""
        return {incident.id: incident for incident in self.incidents}

    @cached_property
    def review_by_incident(self) -> Mapping[str, Review]:
        """The reviews by the id of their incident."""
        return {review.incident: review for review in self.reviews}

    def is_withdrawn(self, record_id: str) -> bool:
        """Whether an incident, and so its review, should not have been there."""
        incident = self.incident_by_id.get(record_id)
        return incident is not None and incident.is_withdrawn

    @cached_property
    def by_cause(self) -> Mapping[str, Sequence[tuple[datetime, Incident]]]:
        """The incidents that count by root cause, each with its detection, the oldest first.

        Those without a named cause or a time of detection are in none.
        """
        found: dict[str, list[tuple[datetime, Incident]]] = {}
        for incident in self.incidents:
            detected = incident.at(Milestone.DETECTED)
            if incident.root_cause and detected is not None and incident.counts:
                found.setdefault(incident.root_cause, []).append((detected, incident))
        for same in found.values():
            same.sort(key=lambda one: (one[0], one[1].id))
        return found

    @cached_property
    def repeats(self) -> Mapping[str, Incident]:
        """For each repeated incident, by id, the latest earlier one with the same root cause.

        It is a repeat when the earlier one, of whatever severity, was detected within the
        protocol's window before it (the window's end included).
        """
        return {
            incident.id: earlier
            for same in self.by_cause.values()
            for (before, earlier), (detected, incident) in pairwise(same)
            if detected - before <= incident.protocol.repeat_window
        }

    @cached_property
    def component_by_id(self) -> Mapping[str, Component]:
        """The components by id."""
        return {component.id: component for component in self.components}

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """All records, by path."""
        every: list[Record] = [*self.incidents, *self.reviews, *self.runbooks]
        return tuple(sorted(every, key=lambda record: record.path))
