"""Names of people in a text, found word by word: a thousand of them take no longer than one.

A name is the same in any case, however its letters and signs are put together, over line ends and
through emphasis. No letter or digit stands beside it.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST = 30
"""Words of a name that are looked at; none has more."""
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(
    rf"[^\W_](?:[^\W_]|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff{_UNSEEN}])*"
)
_NOT_SEEN = re.compile(f"[{_UNSEEN}]")
_BREAK = re.compile(r"[\s*_]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# One sign for each of a kind, so that places in a text stay.
_SIGNS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_KEPT = frozenset("'-. \u00a0")


class _Word(NamedTuple):
    """A word with what stands between it and the one before."""

    between: str
    text: str
    start: int
    end: int


class _Node:
    """The words that go on from here, and with what signs around it a name may end here."""

    __slots__ = ("around", "words")

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], _Node] = {}
        self.around: set[tuple[str, str]] = set()


class Names:
    """Names that are known; of people, each part as well, if it is written as there."""

    def __init__(self, whole: Iterable[str], people: Iterable[str]) -> None:
        self._whole, self._parts = _Node(), _Node()
        for name in whole:
            _add(self._whole, _folded(name.strip()))
        for part in {part for name in people if " " in name.strip() for part in name.split()}:
            if part[:1].isupper():
                for written in (part, part.upper()):
                    _add(self._parts, written)

    def replaced(self, text: str, instead: str) -> str:
        """The text with something else in the place of each name."""
        plain = text.translate(_SIGNS)
        exact = list(_words(plain))
        folded = [word._replace(text=_folded(word.text)) for word in exact]
        pieces, last, at = [], 0, 0
        while at < len(exact):
            found = max(
                _found(self._whole, folded, at, plain), _found(self._parts, exact, at, plain)
            )
            words, start, end = found
            if words:
                pieces += [text[last:start], instead]
                last = end
            at += max(words, 1)
        return "".join([*pieces, text[last:]])


def with_letters(text: str) -> str:
    """The text with the letters that were written as HTML entities."""
    return _ENTITY.sub(_letter, text) if "&" in text else text


def _letter(found: re.Match[str]) -> str:
    sign = html.unescape(found[0])
    if len(sign) != 1:
        return found[0]
    is_letter = sign.isalnum() or unicodedata.combining(sign) != 0
    return sign if is_letter or sign.translate(_SIGNS) in _KEPT else found[0]


def _folded(text: str) -> str:
    return _composed(_composed(text).casefold())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _words(text: str) -> Iterator[_Word]:
    last = 0
    for found in _WORD.finditer(text):
        between = _BREAK.sub(" ", text[last : found.start()])
        written = _composed(_NOT_SEEN.sub("", found[0]))
        last = found.end()
        yield _Word(between, written, found.start(), last)


def _add(node: _Node, name: str) -> None:
    plain = name.translate(_SIGNS)
    words = list(_words(plain))[:LONGEST]
    if not words:
        return
    for number, word in enumerate(words):
        between = word.between if number else ""
        node = node.words.setdefault((between, word.text), _Node())
    behind = plain[words[-1].end :] if len(words) < LONGEST else ""
    node.around.add((plain[: words[0].start], behind))


def _found(node: _Node, words: list[_Word], at: int, text: str) -> tuple[int, int, int]:
    """The words of the longest name that begins with a word, its start and end in the text."""
    found = (0, 0, 0)
    for number in range(at, len(words)):
        word = words[number]
        between = word.between if number > at else ""
        going_on = node.words.get((between, word.text))
        if going_on is None:
            break
        node = going_on
        for before, behind in node.around:
            start, end = words[at].start - len(before), word.end + len(behind)
            if text[max(start, 0) : words[at].start] == before and text[word.end : end] == behind:
                found = max(found, (number - at + 1, start, end))
    return found
