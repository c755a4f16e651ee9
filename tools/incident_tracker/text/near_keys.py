"""What is nearly a key, however it was mistyped: one notion for who checks and for what is cut out.

A key is compared by its letters alone, without blanks, dashes, accents and case.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from incident_tracker.text.alike import latin, likeness

_TAG = re.compile(r"<[^<>]*>")
# Of no width, or signs of emphasis: a word stays the same with them and without.
_UNSEEN = re.compile(r"[*_`~\\\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_WORD = re.compile(r"[^\W_]+")
# What may stand in a key, with dashes and dots between its words.
_HEAD = re.compile(r"[\w \t./'\u2019-]{1,80}")
_BOX = re.compile(r"\[[ x]\][ \t]+")
_DASH = re.compile(r"[ \t][-]+(?=[ \t]|$)")
_SIGN = re.compile(r"[\s\])}>\"'\u2019\u201d\u00bb]{0,9}(?:[:=\u2192]|[\u2013\u2014])")
_COLON = re.compile(r"[\s\])}>\"'\u2019\u201d\u00bb]{0,9}:")
_BEHIND = frozenset({"to", "by", "via", "at", "on", "for", "from"})
_BY = "by"


class Near(NamedTuple):
    """A key that a text begins with nearly: which, in how many words, and where they end."""

    key: str
    words: int
    end: int


@dataclass(frozen=True, slots=True)
class NearKeys:
    """The keys of a protocol by their spellings, and from which likeness on one is meant."""

    spellings: Mapping[str, str]
    least: float
    _letters: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        letters = {_together(_words(text)): key for text, key in self.spellings.items()}
        for text, key in self.spellings.items():
            *first, last = _words(text) or [""]
            if first and last == _BY:
                letters.setdefault(_together(first), key)
        object.__setattr__(self, "_letters", letters)

    def begun(self, plain: str, *, is_open: bool = True) -> Near | None:
        """The key that a plain text begins with nearly, in front of its sign.

        With ``is_open``, one in front of a name may do without: "Approved by" needs no colon.
        """
        box = _BOX.match(plain)
        start = box.end() if box else 0
        head = _HEAD.match(plain, start)
        if head is None:
            return None
        dash = _DASH.search(head[0])
        sign = _SIGN.match(plain, head.end())
        end = start + dash.start() if dash else head.end()
        found = list(_WORD.finditer(plain, start, end))
        words = [word[0] for word in found]
        key, count = "", 0
        if dash is not None or sign is not None:
            key, count = self._headed(words)
        elif not plain[end:].strip():
            key, count = self._nearest(_together(words)), len(words)
        if key:
            return Near(key, count, sign.end() if sign and not dash else end)
        key, count = self._unsigned(words) if is_open else ("", 0)
        return Near(key, count, found[count - 1].end()) if key else None

    def inside(self, plain: str) -> Iterable[str]:
        """The keys that stand nearly behind any sign of a plain text, with a colon."""
        for head in _HEAD.finditer(plain):
            if _COLON.match(plain, head.end()):
                yield self._headed(_WORD.findall(head[0]))[0]

    def _headed(self, words: list[str]) -> tuple[str, int]:
        """The key that these words are, or begin with in front of how or to whom."""
        for count in range(min(len(words), 5), 0, -1):
            if count == len(words) or words[count] in _BEHIND:
                key = self._nearest(_together(words[:count]))
                if key:
                    return key, count
        return "", 0

    def _unsigned(self, words: list[str]) -> tuple[str, int]:
        for text, key in self.spellings.items():
            *first, last = _words(text) or [""]
            if not first or last != _BY:
                continue
            known, stem = _together([*first, last]), _together(first)
            for count in range(1, min(len(words), len(first) + 2) + 1):
                typed = _together(words[:count])
                alike = likeness(typed, known, self.least)
                if (
                    typed[0] == known[0]
                    and alike >= self.least
                    and alike > likeness(typed, stem, 0)
                ):
                    return key, count
        return "", 0

    def _nearest(self, typed: str) -> str:
        found = [(likeness(typed, known, self.least), known) for known in self._letters]
        best, known = max(found, default=(0.0, ""))
        return self._letters[known] if best >= self.least else ""


def plain(line: str) -> str:
    """A line in plain letters, however they were written, without marks of emphasis and HTML."""
    return latin(_UNSEEN.sub("", html.unescape(_TAG.sub("", line))))


def _words(text: str) -> list[str]:
    return _WORD.findall(latin(text).replace("_", " "))


def _together(words: Iterable[str]) -> str:
    return "".join(words)
