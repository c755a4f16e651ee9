"""What others may know of a record: all that a rule about several records is given.

An outline is small and made of texts and numbers, so that it can be kept from one check to the
next. What is not in it no rule about several records can depend on.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from incident_tracker.finding import Position
from incident_tracker.model import Component, Incident, Record, Review, Runbook, Tracker
from incident_tracker.protocol import Protocol

LINK = re.compile(r"\]\((?!<|[A-Za-z][A-Za-z0-9+.-]*:)([^()\s#]+\.md)(#[^()\s]*)?\)")
FOLDERS = ("incidents/", "pir/", "runbooks/")


class Mention(NamedTuple):
    """Another record as one names it, and where."""

    line: int
    column: int
    name: str

    @property
    def position(self) -> Position:
        """The place as findings have it."""
        return Position(self.line, self.column)


class IncidentOutline(NamedTuple):
    """What others may know of an incident."""

    path: str
    id: str
    imported: bool
    withdrawn: bool
    waives: bool
    """Whether it accepts findings."""
    components: tuple[str, ...]
    cancelled: tuple[Mention, ...]
    """The lines that cancel it, and of which incident each says that it is a duplicate."""
    duplicate_of: str
    runbooks: tuple[Mention, ...]
    formerly: tuple[str, ...]
    root_cause: bool
    status_at: tuple[int, int]
    """The line and the column of its status."""
    links: tuple[Mention, ...]
    """The paths of other records that it links to, from the tracker's root."""


class ReviewOutline(NamedTuple):
    """What others may know of a review, whose id is that of its incident."""

    path: str
    id: str
    imported: bool
    waives: bool
    status: str
    links: tuple[Mention, ...]


class RunbookOutline(NamedTuple):
    """What others may know of a runbook."""

    path: str
    id: str
    waives: bool
    links: tuple[Mention, ...]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The outlines of a tracker's records by path, and what its protocol folder holds."""

    protocol: Protocol
    incidents: tuple[IncidentOutline, ...] = ()
    reviews: tuple[ReviewOutline, ...] = ()
    runbooks: tuple[RunbookOutline, ...] = ()
    unread: tuple[str, ...] = ()
    """The paths of the files that no record was made of."""
    components: tuple[Component, ...] = ()

    @cached_property
    def incident_by_id(self) -> Mapping[str, IncidentOutline]:
        """The incidents by id."""
        return {incident.id: incident for incident in self.incidents}

    @cached_property
    def records(self) -> tuple[IncidentOutline | ReviewOutline | RunbookOutline, ...]:
        """All of them, by path."""
        every: list[IncidentOutline | ReviewOutline | RunbookOutline]
        every = [*self.incidents, *self.reviews, *self.runbooks]
        return tuple(sorted(every, key=lambda outline: outline.path))

    def is_withdrawn(self, record_id: str) -> bool:
        """Whether an incident, and so its review, should not have been there."""
        incident = self.incident_by_id.get(record_id)
        return incident is not None and incident.withdrawn


def overview_of(tracker: Tracker) -> Overview:
    """Return the outlines of a tracker's records."""
    return Overview(
        protocol=tracker.protocol,
        incidents=tuple(map(outline_of_incident, tracker.incidents)),
        reviews=tuple(map(outline_of_review, tracker.reviews)),
        runbooks=tuple(map(outline_of_runbook, tracker.runbooks)),
        unread=tuple(unread.path for unread in tracker.unread),
        components=tracker.components,
    )


def outline_of_incident(incident: Incident) -> IncidentOutline:
    """Return what others may know of an incident."""
    return IncidentOutline(
        path=incident.path,
        id=incident.id,
        imported=incident.origin is not None,
        withdrawn=incident.is_withdrawn,
        waives=bool(incident.waivers),
        components=tuple(incident.components),
        cancelled=tuple(_named(incident, "cancelled")),
        duplicate_of=incident.duplicate_of,
        runbooks=tuple(_named(incident, "runbook-used")),
        formerly=incident.formerly,
        root_cause=bool(incident.root_cause),
        status_at=incident.where("status"),
        links=tuple(_links(incident)),
    )


def outline_of_review(review: Review) -> ReviewOutline:
    """Return what others may know of a review."""
    return ReviewOutline(
        path=review.path,
        id=review.incident,
        imported=review.origin is not None,
        waives=bool(review.waivers),
        status=review.status,
        links=tuple(_links(review)),
    )


def outline_of_runbook(runbook: Runbook) -> RunbookOutline:
    """Return what others may know of a runbook."""
    links = tuple(_links(runbook))
    return RunbookOutline(runbook.path, runbook.id, bool(runbook.waivers), links)


def _named(incident: Incident, phrase: str) -> Iterator[Mention]:
    for entry in incident.log.of(phrase):
        name = entry.said.names[0] if entry.said and entry.said.names else ""
        yield Mention(*entry.position, name)


def _links(record: Record) -> Iterable[Mention]:
    if "](" not in record.document.text:
        return
    here = posixpath.dirname(record.path)
    for number, line in enumerate(record.document.lines, start=1):
        if "](" not in line:
            continue
        for match in LINK.finditer(line):
            target = posixpath.normpath(posixpath.join(here, match[1]))
            if target.startswith(FOLDERS):
                yield Mention(number, match.start(1) + 1, target)
