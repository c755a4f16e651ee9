"""Items that both sides changed, and yet not the same of them: the values of an action, a box."""

from __future__ import annotations

import re
from dataclasses import replace

from incident_tracker.merging.items import Clash, Item
from incident_tracker.merging.words import Sides, merged_lines
from incident_tracker.model import Action, Box

VALUES = ("text", "state", "owner", "due", "type", "ticket", "done", "dropped")
PIECES = re.compile(r"(, (?=[A-Z])|[()\[\]]|~~|: )")


def united_action(clash: Clash) -> Item | None:
    """Return the item with the changes of both sides, None where they changed the same value.

    Its ``source`` has the values that the line must be read with.
    """
    if clash.base is None:
        return None
    was, here, there = (
        item.source if isinstance(item.source, Action) else None
        for item in (clash.base, clash.ours, clash.theirs)
    )
    if was is None or here is None or there is None:
        return None
    values = {}
    for name in VALUES:
        old, mine, yours = (getattr(action, name) for action in (was, here, there))
        if mine not in (old, yours) and yours != old:
            return None
        values[name] = yours if mine == old else mine
    pieces = [PIECES.split(item.words) for item in (clash.base, clash.ours, clash.theirs)]
    made = merged_lines(pieces[0], pieces[1], pieces[2], Sides())
    if made.clashes:
        return None
    return replace(clash.ours, words="".join(made.lines), source=replace(here, **values))


def reads_alike(one: Item, other: Item) -> bool:
    """Whether two items, if they are actions, have the same values."""
    if not (isinstance(one.source, Action) and isinstance(other.source, Action)):
        return True
    return all(getattr(one.source, name) == getattr(other.source, name) for name in VALUES)


def answered_box(clash: Clash) -> Item | None:
    """Return the answered one of two new boxes, None where both are answered."""
    if clash.base is not None:
        return None
    for one, other in ((clash.ours, clash.theirs), (clash.theirs, clash.ours)):
        if isinstance(one.source, Box) and not (one.source.answered or one.source.note):
            return other
    return None
