"""Which known words a mistyped one is nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable

from incident_tracker.text.alike import likeness, swapped

__all__ = ["begun", "likeness", "misspelt", "nearly", "swapped"]

WORD = re.compile(r"[^\W_]+")


def nearly(word: str, known: Iterable[str], least: float) -> tuple[str, ...]:
    """The known words from a likeness on, the most alike first, upper and lower case being one."""
    typed = word.casefold()
    found = [(likeness(typed, name.casefold(), least), name) for name in known]
    return tuple(name for ratio, name in sorted(found, key=lambda f: -f[0]) if ratio >= least)


def misspelt(name: str, known: Iterable[str], least: float) -> tuple[str, ...]:
    """The known names that one is a slip of the hand away from: each of its words nearly theirs.

    ``acknowledged_by`` is none of ``acknowledged_at``: a word that is another is no slip.
    """
    typed = WORD.findall(name.casefold())
    return tuple(other for other in known if _alike(typed, WORD.findall(other.casefold()), least))


def begun(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that begin with all words of a shorter one."""
    typed = WORD.findall(name.casefold())
    return tuple(
        other
        for other in known
        if typed and WORD.findall(other.casefold())[: len(typed)] == typed != [other.casefold()]
    )


def _alike(typed: list[str], known: list[str], least: float) -> bool:
    if "".join(typed) == "".join(known):
        return True
    pairs = zip(typed, known, strict=False)
    return len(typed) == len(known) and all(likeness(*pair, least) >= least for pair in pairs)
