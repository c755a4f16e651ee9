"""Whether a text says something: it is neither empty nor too short nor left of a template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from incident_tracker.protocol import Protocol, ReviewSection
from incident_tracker.text.comments import without_comments

WORD = re.compile(r"[^\W\d_]{2,}")


def spoken(text: str) -> str:
    """Return a section's text without template comments and list marks."""
    return re.sub(
        r"^[ \t]*([-*+]|[0-9]+\.)[ \t]+(\[[ xX]\][ \t]*)?",
        "",
        without_comments(text),
        flags=re.MULTILINE,
    ).strip()


def left_over(text: str, placeholders: Iterable[str]) -> str | None:
    """Return the text of a template that is left in a text, None where there is none."""
    plain = _folded(text)
    there = (placeholder for placeholder in placeholders if _folded(placeholder) in plain)
    searched = (_standing_alone(placeholder).search(text) for placeholder in there)
    found = next(filter(None, searched), None)
    return found[0] if found else None


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    """The text in letters that are the same wherever a pattern that is blind to case finds it.

    Such a pattern takes the dotted capital i and the dotless small one for an i. Folding keeps
    them apart: of the first it leaves a dot that stands behind the i, the second it leaves alone.
    """
    return text.casefold().replace("\u0307", "").replace("\u0131", "i")


@lru_cache(maxsize=256)
def _standing_alone(placeholder: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(placeholder)}(?!\w)", re.IGNORECASE)


def unfilled(text: str, protocol: Protocol) -> str | None:
    """Return a field of a template, in its brackets, that is left in a text."""
    if "[" not in text:
        return None
    return left_over(text, [p for p in protocol.placeholders if p.startswith("[")])


def says_little(text: str, terms: ReviewSection, protocol: Protocol) -> str | None:
    """Return why a text says nothing, None where it says something."""
    bare = spoken(text)
    if not bare:
        return "is empty"
    left = left_over(bare, protocol.placeholders)
    if left:
        return f'still holds template text ("{left}")'
    words = {word.casefold() for word in WORD.findall(bare)}
    if len(words) < protocol.least_words or len(bare) < terms.least:
        return f'says too little ("{bare[:30]}")'
    return None
