"""Which lines of an earlier text are still there in a later one, edited perhaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from incident_tracker.log.likeness import likeness

Line = TypeVar("Line")
LEAST_ALIKE = 0.6
MOST_COMPARED = 40_000
"""Pairs of lines at one place that are compared at most; beyond, only equal ones are paired."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed(Generic[Line]):
    """A line with the place by which it is known, a time or a number, and its words."""

    place: Hashable
    words: str
    line: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Paired(Generic[Line]):
    """The lines that are gone, and those that stand at another place than before."""

    gone: tuple[Line, ...]
    moved: tuple[tuple[Line, Line], ...]


def paired(old: Sequence[Placed[Line]], new: Sequence[Placed[Line]]) -> Paired[Line]:
    """Find each old line among the new ones: as it was, edited in its place, else elsewhere."""
    left, free = _without_equal(old, new)
    left, free = _without_edited(left, free)
    by_words = defaultdict(list)
    for placed in reversed(free):
        by_words[_folded(placed.words)].append(placed)
    gone, moved = [], []
    for placed in left:
        found = by_words[_folded(placed.words)]
        if found:
            moved.append((placed.line, found.pop().line))
        else:
            gone.append(placed.line)
    return Paired(gone=tuple(gone), moved=tuple(moved))


def _without_equal(
    old: Iterable[Placed[Line]], new: Iterable[Placed[Line]]
) -> tuple[list[Placed[Line]], list[Placed[Line]]]:
    free = defaultdict(list)
    for placed in new:
        free[placed.place, _folded(placed.words)].append(placed)
    left = []
    for placed in old:
        found = free[placed.place, _folded(placed.words)]
        if found:
            found.pop()
        else:
            left.append(placed)
    return left, [placed for placeds in free.values() for placed in placeds]


def _without_edited(
    old: list[Placed[Line]], new: list[Placed[Line]]
) -> tuple[list[Placed[Line]], list[Placed[Line]]]:
    if len(old) * len(new) > MOST_COMPARED:
        return old, new
    left, free = [], list(new)
    for placed in old:
        near = [
            (likeness(_folded(placed.words), _folded(other.words), LEAST_ALIKE), number)
            for number, other in enumerate(free)
            if other.place == placed.place
        ]
        ratio, number = max(near, default=(0.0, -1))
        if ratio >= LEAST_ALIKE:
            del free[number]
        else:
            left.append(placed)
    return left, free


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
