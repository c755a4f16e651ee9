"""Lines of free text, merged by line as Git does: three versions, conflicts between markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

OURS, MIDDLE, THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"


@dataclass(frozen=True, slots=True)
class Lines:
    """Merged lines, markers included, and the pairs of texts that stand between markers."""

    lines: tuple[str, ...]
    clashes: tuple[tuple[str, str], ...] = ()


def merged_lines(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Lines:
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
        )
        lines += chunk.lines
        clashes += chunk.clashes
        if index < len(base):
            lines.append(base[index])
        start, our_start, their_start = index + 1, our_end + 1, their_end + 1
    return Lines(tuple(lines), tuple(clashes))


def marked(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Return two versions of the same lines between markers."""
    return (OURS, *ours, MIDDLE, *theirs, THEIRS)


def _chosen(base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]) -> Lines:
    if theirs in (ours, base):
        return Lines(ours)
    if ours == base:
        return Lines(theirs)
    clash = ("\n".join(ours), "\n".join(theirs))
    return Lines(marked(ours, theirs), (clash,))


def _kept(base: Sequence[str], side: Sequence[str]) -> Mapping[int, int]:
    """Where the lines of the base that a side still has stand in it."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {a + n: b + n for a, b, size in blocks for n in range(size)}
