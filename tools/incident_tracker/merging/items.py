"""Items of a list, such as timeline entries or boxes, in three versions: what ours lacks of theirs.

An item is known by its words and its place (a time, a name, a number). One that only they changed
takes the place of ours, one that only they took away is taken away, and one that both changed
otherwise clashes. What we took away and they changed is kept: no word is lost in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from incident_tracker.log.likeness import likeness

LEAST_ALIKE = 0.5


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
        return (self.place, " ".join(self.words.casefold().split()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be done to ours; each of ``replaced`` and ``clashing`` is ours and theirs."""

    removed: tuple[Item, ...]
    replaced: tuple[tuple[Item, Item], ...]
    added: tuple[Item, ...]
    clashing: tuple[tuple[Item, Item], ...]


def planned(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], *, by_place: bool = False
) -> Plan:
    """Return what makes ours the merged list; ``by_place`` for items that their place names."""
    known = Counter(item.key for item in base)
    our_new, our_old = _split(ours, known)
    their_new, their_old = _split(theirs, known)
    removed: list[Item] = []
    replaced: list[tuple[Item, Item]] = []
    clashing: list[tuple[Item, Item]] = []
    added: list[Item] = []
    for item in base:
        mine, yours = _pop(our_old, item), _pop(their_old, item)
        if yours is not None:
            continue
        changed = _edited(item, their_new, by_place=by_place)
        if mine is not None:
            if changed is None:
                removed.append(mine)
            else:
                replaced.append((mine, changed))
        elif changed is not None:
            other = _edited(item, our_new, by_place=by_place)
            if other is None:
                added.append(changed)
            elif other.key != changed.key:
                clashing.append((other, changed))
    for item in _unknown(their_new, our_new):
        same = _edited(item, our_new, by_place=True) if by_place else None
        if same is not None:
            clashing.append((same, item))
        else:
            added.append(item)
    return Plan(
        removed=tuple(removed),
        replaced=tuple(replaced),
        added=tuple(added),
        clashing=tuple(clashing),
    )


def _unknown(new: Sequence[Item], known: Sequence[Item]) -> list[Item]:
    """The new items that are not among the known ones."""
    left, found = Counter(item.key for item in known), []
    for item in new:
        if left[item.key] > 0:
            left[item.key] -= 1
        else:
            found.append(item)
    return found


def _split(
    side: Sequence[Item], known: Counter[tuple[Hashable, str]]
) -> tuple[list[Item], list[Item]]:
    """The items of a side that the base has not, and those that it has."""
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


def _edited(was: Item, new: list[Item], *, by_place: bool) -> Item | None:
    """Take out of the new items the one that an old item became, None where there is none."""
    best, found = 0.0, -1
    for index, item in enumerate(new):
        alike = likeness(was.key[1], item.key[1], LEAST_ALIKE)
        same_place = item.place == was.place
        rank = alike + same_place if alike >= LEAST_ALIKE else float(by_place and same_place)
        # The same words at another place are the same item, moved; like words are not.
        fits = same_place or (alike == 1 and not by_place)
        if fits and rank > best:
            best, found = rank, index
    return new.pop(found) if found >= 0 else None
