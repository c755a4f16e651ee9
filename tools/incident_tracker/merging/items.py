"""Items of a list, such as timeline entries or boxes, in three versions: what ours lacks of theirs.

An item is known by its words and its place (a time, a name, a number). One that only they changed
takes the place of ours, one that only they took away is taken away, and one that both changed
otherwise clashes. What we took away and they changed is kept: no word is lost in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from incident_tracker.text.alike import likeness

LEAST_ALIKE = 0.5
MOST_COMPARED = 250_000
"""Pairs of items that are compared at most; with more, a file is merged by line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item: where it stands, what it says, and its lines in its document, from 1."""

    place: Hashable
    words: str
    first: int
    last: int
    source: object = None

    @property
    def key(self) -> tuple[Hashable, str]:
        """What makes it the same item in another version."""
        return (self.place, self.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """An item that both sides changed otherwise; ``base`` is None where both made it."""

    base: Item | None
    ours: Item
    theirs: Item


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be done to ours; each of ``replaced`` is ours and theirs."""

    removed: tuple[Item, ...]
    replaced: tuple[tuple[Item, Item], ...]
    added: tuple[Item, ...]
    clashing: tuple[Clash, ...]


class TooManyItemsError(ValueError):
    """More items than can be compared in a short time."""


def planned(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], *, by_place: bool = False
) -> Plan:
    """Return what makes ours the merged list; ``by_place`` for items that their place names.

    Raises TooManyItemsError.
    """
    if len(base) * max(len(ours), len(theirs)) > MOST_COMPARED:
        base, ours, theirs = _without_the_same(base, ours, theirs)
    if len(base) * max(len(ours), len(theirs)) > MOST_COMPARED:
        raise TooManyItemsError
    return _Planning(base, ours, theirs, by_place=by_place).plan()


class _Planning:
    """The items that are not yet accounted for, side by side."""

    def __init__(
        self, base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], *, by_place: bool
    ) -> None:
        known = Counter(item.key for item in base)
        self.base = base
        self.by_place = by_place
        self.our_new, self.our_old = _split(ours, known)
        self.their_new, self.their_old = _split(theirs, known)
        self.removed: list[Item] = []
        self.replaced: list[tuple[Item, Item]] = []
        self.clashing: list[Clash] = []
        self.added: list[Item] = []

    def plan(self) -> Plan:
        for item in self.base:
            mine, yours = _pop(self.our_old, item), _pop(self.their_old, item)
            if yours is None:
                self._changed(item, mine)
        # What both sides made alike is paired; only what is left can have been meant otherwise.
        ours_alone = _unknown(self.our_new, self.their_new)
        for item in _unknown(self.their_new, self.our_new):
            same = self._edited(item, ours_alone) if self.by_place else None
            if same is None:
                self.added.append(item)
            else:
                self.clashing.append(Clash(base=None, ours=same, theirs=item))
        return Plan(
            removed=tuple(self.removed),
            replaced=tuple(self.replaced),
            added=tuple(self.added),
            clashing=tuple(self.clashing),
        )

    def _changed(self, item: Item, mine: Item | None) -> None:
        """Account for an item that they changed or took away."""
        changed = self._edited(item, self.their_new)
        if mine is not None and changed is None:
            self.removed.append(mine)
        elif mine is not None and changed is not None:
            self.replaced.append((mine, changed))
        elif changed is not None:
            other = self._edited(item, self.our_new)
            if other is None:
                self.added.append(changed)
            elif other.key != changed.key:
                self.clashing.append(Clash(base=item, ours=other, theirs=changed))

    def _edited(self, was: Item, new: list[Item]) -> Item | None:
        """Take out of the new items the one that an old item became, None where there is none."""
        best, found = 0.0, -1
        for index, item in enumerate(new):
            # The same words at another place are the same item, moved; like words are not.
            if item.place == was.place:
                alike = likeness(was.words.casefold(), item.words.casefold(), LEAST_ALIKE)
                rank = 1 + alike if alike >= LEAST_ALIKE else float(self.by_place)
            else:
                rank = 0.5 if item.words == was.words else 0.0
            if rank > best:
                best, found = rank, index
        return new.pop(found) if found >= 0 else None


def _without_the_same(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item]
) -> tuple[Sequence[Item], Sequence[Item], Sequence[Item]]:
    """The items that not all three have."""
    same = (
        Counter(i.key for i in base) & Counter(i.key for i in ours) & Counter(i.key for i in theirs)
    )
    parts = [_split(side, same)[0] for side in (base, ours, theirs)]
    return parts[0], parts[1], parts[2]


def _unknown(new: Sequence[Item], known: Sequence[Item]) -> list[Item]:
    """The new items that are not among the known ones."""
    return _split(new, Counter(item.key for item in known))[0]


def _split(
    side: Sequence[Item], known: Counter[tuple[Hashable, str]]
) -> tuple[list[Item], list[Item]]:
    """The items of a side that are not among the known ones, and those that are."""
    left, new, old = Counter(known), [], []
    for item in side:
        if left[item.key] > 0:
            left[item.key] -= 1
            old.append(item)
        else:
            new.append(item)
    return new, old


def _pop(items: list[Item], wanted: Item) -> Item | None:
    for index, item in enumerate(items):
        if item.key == wanted.key:
            return items.pop(index)
    return None
