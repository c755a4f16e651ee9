"""What a post-mortem tells beside its fields: text by section, a timeline, actions, durations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Shape(StrEnum):
    """How a block of text stands on a page."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    HEADING = "heading"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One paragraph, list item, row of a table, heading or piece of code, with its first line.

    ``depth`` is how deep an item lies in its list, ``marker`` its bullet or number. ``goes_on``:
    it belongs to the item above.
    """

    line: int
    shape: Shape
    text: str
    depth: int = 0
    marker: str = "-"
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The text of one section of the source; ``key`` says where it goes in our records."""

    key: str
    title: str
    line: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """An entry of the source's timeline; ``more`` are the lines that belong to it."""

    at: datetime
    text: str
    line: int
    more: tuple[str, ...] = ()
    is_estimated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An action of the source; what it does not say is empty. ``group`` is the heading above."""

    text: str
    line: int
    is_done: bool = False
    owner: str = ""
    due: date | None = None
    done: date | None = None
    ticket: str = ""
    group: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unplaced:
    """Something that has no place of its own in a record: where it stood, and what became of it."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A whole post-mortem; ``day`` is the one it is about, where no time of it is known.

    ``slug`` is what its file is called behind the day, which a record can be called, too.
    """

    day: date | None = None
    slug: str = ""
    parts: tuple[Part, ...] = ()
    entries: tuple[Noted, ...] = ()
    tasks: tuple[Task, ...] = ()
    attendees: tuple[str, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    removed: int = 0

    @property
    def is_reviewed(self) -> bool:
        """Whether it says what a review says: causes, lessons, actions."""
        return bool(self.tasks) or any(part.key in REVIEW for part in self.parts)


# The sections of our records that a heading may mean; those of a review are the protocol's keys.
INCIDENT = {
    "summary": "Summary",
    "impact": "Impact",
    "symptoms": "Symptoms",
    "resolution": "Actions Taken",
    "notes": "Notes",
}
REVIEW = ("root-cause", "went-well", "needs-improvement", "actions", "prevention", "lessons")
# What is read piece by piece.
TIMELINE, FACTS, ATTENDEES, NOTES, SUMMARY, ACTIONS = (
    "timeline",
    "facts",
    "attendees",
    "notes",
    "summary",
    "actions",
)
KEYS = (*INCIDENT, *REVIEW, TIMELINE, FACTS, ATTENDEES)
