"""What the lines of a record say: timeline entries, updates, boxes, actions, and their fold.

Times are aware datetimes with a fixed offset as written (never a zone that changes its offset), so
that differences are right across a change of the clocks. Words (statuses, severities, phrases) are
the identifiers of ``protocol.yml``; whether one is known there was decided when it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from incident_tracker.finding import Position
from incident_tracker.frozen import value
from incident_tracker.text.comments import without_comments
from incident_tracker.text.sections import Section as Part

WORD = re.compile(r"\w+")


class Milestone(StrEnum):
    """A moment of an incident that the record knows by name, in the order in which they happen."""

    STARTED = "started_at"
    DETECTED = "detected_at"
    ACKNOWLEDGED = "acknowledged_at"
    MITIGATED = "mitigated_at"
    RESOLVED = "resolved_at"
    VERIFIED = "verified_at"
    CLOSED = "closed_at"


@value
class Said:
    """What a timeline line with a phrase says; parts that were not written are empty."""

    phrase: str
    text: str = ""
    by: str = ""
    names: tuple[str, ...] = ()
    option: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    via: str = ""
    ticket: str = ""
    outcome: str = ""
    fix: int | None = None
    sha256: str = ""
    facts: Mapping[str, bool] = field(default_factory=dict)


@value
class Entry:
    """One line of a timeline; a note has no ``said``, a line without a readable time no ``at``."""

    lines: tuple[int, int]
    column: int
    """The one that its text begins in."""
    at: datetime | None
    text: str
    estimated: bool = False
    said: Said | None = None

    @property
    def position(self) -> Position:
        """Where its line begins."""
        return Position(self.lines[0], 1)

    @property
    def text_position(self) -> Position:
        """Where its text begins."""
        return Position(self.lines[0], self.column)


@value
class Keyed:
    """A ``- Key: value`` line of an update or a section, by the key's identifier."""

    key: str
    value: str
    position: Position


@value
class Update:
    """One status update: what was told, when, and what was promised."""

    position: Position
    lines: tuple[int, int]
    at: datetime | None
    status: str
    text: str
    keys: tuple[Keyed, ...] = ()
    next_update_at: datetime | None = None
    components: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str) -> str:
        """Return the value written for a key, or an empty text."""
        return next((line.value for line in self.keys if line.key == key), "")


@value
class Box:
    """One checklist line; ``box`` is its identifier in the protocol, empty where it has none."""

    position: Position
    box: str
    text: str
    ticked: bool
    note: str = ""
    not_applicable: str = ""
    on: date | None = None
    at: datetime | None = None

    @property
    def answered(self) -> bool:
        """Whether somebody answered: ticked, or not applicable with a reason."""
        return self.ticked or bool(self.not_applicable)


def answered_boxes(boxes: Iterable[Box]) -> frozenset[str]:
    """Return the boxes that are answered; one that stands twice, and once without, is not."""
    every = tuple(boxes)
    still_open = {box.box for box in every if not box.answered}
    return frozenset(box.box for box in every if box.box not in still_open)


class ActionState(StrEnum):
    """Where an action item stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@value
class Action:
    """One action item; ``id`` is the record's id, ``#``, and its place among the actions.

    An incident and its review have one id, and both count from one: ``path`` tells them apart.
    """

    position: Position
    id: str
    record: str
    path: str
    text: str
    state: ActionState
    owner: str = ""
    due: date | None = None
    type: str = ""
    ticket: str = ""
    done: date | None = None
    dropped: str = ""


@value
class Section:
    """A section of a record by its title, with its text as written."""

    title: str
    position: Position
    text: str
    listed: tuple[str, ...] = ()
    """The texts of its list items, where it was not read from a file."""
    part: Part | None = None
    """What it was read from."""

    @property
    def items(self) -> tuple[str, ...]:
        """The texts of its list items."""
        return tuple(item.text for item in self.part.items) if self.part else self.listed

    @property
    def words(self) -> int:
        """How many words it has, comments left out."""
        return len(WORD.findall(without_comments(self.text, " ")))


@value
class Change:
    """A severity, status or role from a moment on; without an ``entry`` the field alone says so."""

    at: datetime | None
    value: str
    entry: Entry | None = None


@value
class Log:
    """What the timeline and the updates of an incident say, folded in the order of time.

    ``times`` holds for each milestone the moment and the entry that proves it; ``entries`` of one
    phrase are
    found with :meth:`of`. A step back in status has dropped the later times.
    """

    entries: tuple[Entry, ...] = ()
    updates: tuple[Update, ...] = ()
    times: Mapping[Milestone, Entry] = field(default_factory=dict)
    statuses: tuple[Change, ...] = ()
    severities: tuple[Change, ...] = ()
    roles: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    detected_by: str = ""
    resolution: str = ""
    by_phrase: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    audiences: Mapping[str, datetime] = field(default_factory=dict)
    checks: Mapping[str, Entry] = field(default_factory=dict)
    open_todos: tuple[Entry, ...] = ()

    def of(self, *phrases: str) -> tuple[Entry, ...]:
        """Return the entries that say one of the phrases, in the order of the file."""
        if len(phrases) == 1:
            return self.by_phrase.get(phrases[0], ())
        return tuple(e for e in self.entries if e.said is not None and e.said.phrase in phrases)
