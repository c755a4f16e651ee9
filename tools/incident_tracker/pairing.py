"""Which lines of an earlier text are still there in a later one, edited perhaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from incident_tracker.text.alike import likeness

Line = TypeVar("Line")
LEAST_ALIKE = 0.6
MOST_COMPARED = 40_000
"""Pairs of lines at one place that are compared at most; beyond, only equal ones are paired."""
FEWEST_WORDS = 5
REWRITTEN = 0.2
"""The share of a text's words whose loss is more than a correction."""


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


def lost_words(before: str, now: str) -> tuple[int, int]:
    """Return how many words of a text are gone, and how many it had; 0 for a mere correction.

    Of a few words nearly all may be corrected, so there the letters are compared.
    """
    words = Counter(before.casefold().split())
    lost, total = (words - Counter(now.casefold().split())).total(), words.total()
    if lost >= FEWEST_WORDS:
        return (lost, total) if lost > REWRITTEN * total else (0, total)
    other = likeness(_folded(before), _folded(now), LEAST_ALIKE) < LEAST_ALIKE
    return (lost, total) if 2 * lost > total and other else (0, total)


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
