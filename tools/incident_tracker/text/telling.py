"""A text as it may be told outside: without comments, and without where the tracker keeps files.

What it cannot tell from a sentence is left as it was written. Each pattern takes time by the length
of the text only.
"""

import re
from collections.abc import Iterator, Sequence

from incident_tracker.text.names import Names, with_letters
from incident_tracker.text.unlinked import unlinked
from incident_tracker.text.unseen import without_definitions, without_elements

SOMEBODY, SOMEWHERE = "(name)", "(link)"

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Bounded, so that no line takes longer than its length.
_ADDRESS = re.compile(
    r"<?\b[a-z][a-z0-9+.-]{0,30}://[^\s<>]+>?|\bwww\.[^\s<>]+"
    r"|<?\b[^\s@<>]{1,100}@[^\s@<>]{1,200}\.[a-z0-9-]{2,30}>?",
    re.IGNORECASE,
)


def told(text: str) -> str:
    """A text for users without comments, and without where the tracker keeps a file."""
    plain = without_elements(_uncommented(text))
    if plain == text and "](" not in plain and "][" not in plain and "]:" not in plain:
        return plain
    return unlinked(without_definitions(plain)).strip()


def told_in_turn(texts: Sequence[str]) -> Iterator[str | None]:
    """Texts that stand one behind the other; None for one within a comment over several of them.

    Who hides a draft in a comment may have begun it in the text before.
    """
    last = max((number for number, text in enumerate(texts) if "-->" in text), default=-1)
    is_open = False
    for number, text in enumerate(texts):
        if is_open and "-->" not in text:
            yield None
            continue
        whole = f"<!--{text}" if is_open else text
        is_open = whole.rfind("<!--") > whole.rfind("-->") and number < last
        yield told(whole)


def impersonal(text: str, names: Names) -> str:
    """A text without comments, addresses, and the names of people that the tracker knows."""
    plain = without_elements(_COMMENT.sub("", with_letters(text)))
    plain = unlinked(without_definitions(plain, every=True), every=True)
    return names.replaced(_ADDRESS.sub(SOMEWHERE, plain), SOMEBODY).strip()


def _uncommented(text: str) -> str:
    """A text without HTML comments, in which waivers stand."""
    return _COMMENT.sub("", text).strip() if "<!--" in text else text
