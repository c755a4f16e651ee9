"""As much of a stranger's text as a record can hold; a record that is too large cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from incident_tracker.importers.prose import sized
from incident_tracker.importers.story import Block, Noted, Part, Shape, Task

MOST_BYTES = 200_000
MOST_MARKS = 1_000
"""Headings and fences: pages with many take long to make."""
# The frame of an entry's or action's line: bullet, date, brackets with names of values.
FRAME = 80
MARKS = {Shape.HEADING: 1, Shape.CODE: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """What fits, and from which line on what was cut."""

    parts: tuple[Part, ...]
    entries: tuple[Noted, ...]
    tasks: tuple[Task, ...]
    cut: tuple[tuple[int, str], ...]


@dataclass(kw_only=True, slots=True)
class _Room:
    """How much is left."""

    left: int = MOST_BYTES
    marks: int = MOST_MARKS
    cut: list[tuple[int, str]] = field(default_factory=list)

    def takes(self, size: int, marks: int = 0) -> bool:
        self.left -= size
        self.marks -= marks
        return self.left >= 0 and self.marks >= 0


def fitted(parts: Sequence[Part], entries: Sequence[Noted], tasks: Sequence[Task]) -> Fitted:
    """The timeline and the actions first, then the text, as far as there is room."""
    room = _Room()
    held = tuple(entries[: _counted(entries, room, "timeline")])
    done = tuple(tasks[: _counted(tasks, room, "actions")])
    return Fitted(
        parts=tuple(_part(part, room) for part in parts),
        entries=held,
        tasks=done,
        cut=tuple(room.cut),
    )


def _counted(items: Sequence[Noted | Task], room: _Room, what: str) -> int:
    """How many of them there is room for."""
    for number, item in enumerate(items):
        named = (item.owner, item.ticket, item.group) if isinstance(item, Task) else ()
        size = FRAME + sum(_size(text) for text in (item.text, *item.more, *named))
        if not room.takes(size):
            room.cut.append((item.line, what))
            return number
    return len(items)


def _part(part: Part, room: _Room) -> Part:
    kept: list[Block] = []
    for block in part.blocks:
        if not room.takes(sized(block), MARKS.get(block.shape, 0)):
            room.cut.append((block.line, part.title or "text"))
            break
        kept.append(block)
    return replace(part, blocks=tuple(kept))


def _size(text: str) -> int:
    return sized(Block(line=1, shape=Shape.PARAGRAPH, text=text))
