"""Lines of free text, merged by line as Git does: three versions, conflicts between markers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PAIRS = 4_000_000
"""Pairs of equal lines that are compared at most; beyond, what differs is one piece."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two versions are called in the markers."""

    ours: str = "ours"
    theirs: str = "theirs"

    def marked(self, ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
        """Return two versions of the same lines between markers."""
        return (f"<<<<<<< {self.ours}", *ours, "=======", *theirs, f">>>>>>> {self.theirs}")


@dataclass(frozen=True, slots=True)
class Lines:
    """Merged lines, markers included, and the pairs of texts that stand between markers."""

    lines: tuple[str, ...]
    clashes: tuple[tuple[str, str], ...] = ()


def merged_lines(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], sides: Sides
) -> Lines:
    """Return what both sides made of the base."""
    here, there = _kept(base, ours), _kept(base, theirs)
    lines: list[str] = []
    clashes: list[tuple[str, str]] = []
    start = our_start = their_start = 0
    for index in [*(n for n in range(len(base)) if n in here and n in there), len(base)]:
        our_end = here.get(index, len(ours))
        their_end = there.get(index, len(theirs))
        chunk = _chosen(
            tuple(base[start:index]),
            tuple(ours[our_start:our_end]),
            tuple(theirs[their_start:their_end]),
            sides,
        )
        lines += chunk.lines
        clashes += chunk.clashes
        if index < len(base):
            lines.append(base[index])
        start, our_start, their_start = index + 1, our_end + 1, their_end + 1
    return Lines(tuple(lines), tuple(clashes))


def _chosen(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...], sides: Sides
) -> Lines:
    if theirs in (ours, base):
        return Lines(ours)
    if ours == base:
        return Lines(theirs)
    clash = ("\n".join(ours), "\n".join(theirs))
    return Lines(sides.marked(ours, theirs), (clash,))


def _kept(base: Sequence[str], side: Sequence[str]) -> Mapping[int, int]:
    """Where the lines of the base that a side still has stand in it."""
    head = _common(base, side)
    tail = _common(base[head:][::-1], side[head:][::-1])
    kept = {n: n for n in range(head)}
    kept |= {len(base) - 1 - n: len(side) - 1 - n for n in range(tail)}
    old, new = base[head : len(base) - tail], side[head : len(side) - tail]
    # What compares texts takes time by the product of equal lines, and a file may be made for it.
    known = Counter(new)
    cost = len(old) * len(new) // 100 + sum(known[line] for line in old)
    if cost <= MOST_PAIRS:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        kept |= {head + a + n: head + b + n for a, b, size in blocks for n in range(size)}
    return kept


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[n] != other[n]), most)


def apart(ours: Sequence[str], theirs: Sequence[str], sides: Sides) -> Lines:
    """Return two versions without a common origin: what differs in the middle between markers."""
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    mine, yours = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    if not (mine or yours):
        return Lines(tuple(ours))
    clash = ("\n".join(mine), "\n".join(yours))
    marked = sides.marked(mine, yours)
    return Lines((*ours[:head], *marked, *ours[len(ours) - tail :]), (clash,))
