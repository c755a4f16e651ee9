"""Which lines of a text belong to a label that is not for everybody: its own, and all below it.

A label is what a line, or a cell of it, begins with in front of a colon, a dash, a bar or the end
of the line, however it is marked; so is a label with a colon behind any sign. In doubt a line
belongs to it: one too few is noticed and put right, one too many was read by everybody.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from incident_tracker.text.alike import latin
from incident_tracker.text.comments import CLOSE, OPEN
from incident_tracker.text.near_keys import NearKeys, plain

_CELLS = re.compile(r"[|\u2028\u2029\x0b\x0c\x85]")
_MARKS = re.compile(r"(?:\W|\w{1,3}[.)\]])*+")
_ITEM = re.compile(r"[ \t]*+(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_KEY = re.compile(r"[ \t]*+(?:[-*+]|[0-9]{1,9}[.)])[ \t]++[^\s:][^:]{0,40}:(?:\s|$)")
_QUOTES = re.compile(r"[ \t]*+>[ \t]?")
_FENCE = re.compile(r"[ \t>]*+(?:[-*+][ \t]++)?(`{3}|~{3})")
_OPTIONAL = frozenset({"by", "to"})
_REST = r"(?:\W{0,5}\b(?:to|by|via|at|on|for|from)\b[^:|]{0,60})?"
_CLOSERS = r"[\s\])}>\"'\u2019\u201d\u00bb]{0,9}"


class Labels(NamedTuple):
    """Labels that are not for everybody, and what is nearly a key, theirs or another."""

    labels: tuple[str, ...]
    near: NearKeys | None = None

    def is_near(self, key: str) -> bool:
        """Whether what is nearly this key is one of these."""
        return key in self.labels


def without_labels(lines: Sequence[str], labels: Labels) -> list[str]:
    """The lines with nothing in place of those that belong to one of these labels."""
    left: list[str] = []
    within: _Within | None = None
    fence, hidden = "", False
    for line in lines:
        text, depth = _unquoted(line)
        if within is None or not within.holds(text, depth, labels, is_fenced=bool(fence)):
            within = _labelled(text, depth, labels, fence)
        fence = _fenced(line, fence)
        if within is None:
            left.append(line)
            hidden = _is_open(line, hidden=hidden)
            continue
        within.open = _is_open(line, hidden=within.open)
        closes = hidden and CLOSE in line
        hidden = hidden and not closes
        left.append(CLOSE if closes else "")
    return left


def is_labelled(line: str, labels: Labels) -> bool:
    """Whether a line has one of these labels: in front, in a cell, or behind a sign."""
    return _found(line, labels) is not None


class _Within:
    """What is known of a label whose lines are being left out."""

    def __init__(self, found: "_Found", depth: int, fence: str) -> None:
        self.depth = depth
        self.is_item, self.is_bare = found.is_item, found.is_bare
        self.fence = fence
        self.open = self.is_blank_above = self.has_text = False

    def holds(self, text: str, depth: int, labels: Labels, *, is_fenced: bool) -> bool:
        """Whether the next line belongs to the label as well."""
        if self.open or (is_fenced and not self.fence):
            return True
        if self.fence and not is_fenced:
            return False
        if self.fence and _FENCE.match(text):
            return False
        if not text or text.isspace():
            self.is_blank_above = True
            return True
        is_below = depth > self.depth
        if self.is_blank_above and not is_below and not self._waits():
            return False
        if not is_below and text.lstrip().startswith("#"):
            return False
        if not is_below and _ITEM.match(text) and not self._lists(text, labels):
            return False
        self.has_text, self.is_blank_above = True, False
        return True

    def _waits(self) -> bool:
        """Whether a paragraph behind a blank line is the label's, which has none so far."""
        return self.is_bare and not self.is_item and not self.has_text

    def _lists(self, text: str, labels: Labels) -> bool:
        """Whether an item beside the label is one of its list: it has no value, the item no key."""
        is_key = _KEY.match(text) and not is_labelled(text, labels)
        return self.is_bare and not self.is_blank_above and not is_key


class _Found(NamedTuple):
    """A label that was found: whether it is that of a list item, and nothing stands behind it."""

    is_item: bool
    is_bare: bool


def _labelled(text: str, depth: int, labels: Labels, fence: str) -> _Within | None:
    found = _found(text, labels)
    return None if found is None else _Within(found, depth, fence)


def _found(line: str, labels: Labels) -> _Found | None:
    if not labels.labels:
        return None
    begins, inside = _patterns(labels.labels)
    is_item = _ITEM.match(line) is not None
    is_open = is_item or _is_begun(line)
    for cell in _cells(line):
        begun = begins.match(cell, _behind_marks(cell))
        if begun or inside.search(cell):
            is_bare = begun is not None and not any(map(str.isalnum, cell[begun.end() :]))
            return _Found(is_item, is_bare)
        if labels.near is None:
            continue
        begin = cell[_behind_marks(cell) :]
        near = labels.near.begun(begin, is_open=is_open)
        if near is not None and labels.is_near(near.key):
            return _Found(is_item, not any(map(str.isalnum, begin[near.end :])))
        if any(map(labels.is_near, labels.near.inside(cell))):
            return _Found(is_item, is_bare=False)
    return None


def _is_begun(line: str) -> bool:
    """Whether a line begins as a sentence does, not in the middle of one."""
    return next(filter(str.isalpha, line), "").isupper()


def _behind_marks(cell: str) -> int:
    marks = _MARKS.match(cell)
    return marks.end() if marks else 0


def _cells(line: str) -> Iterator[str]:
    """The cells of a line in plain letters, however they were written."""
    yield from _CELLS.split(plain(line))


@cache
def _patterns(labels: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(sorted({_words(label) for label in labels}, key=len, reverse=True))
    ends = r"(?:[:;=/(\[\u2192]|[\u2013\u2014-]+(?=\s|$)|\W*$)"
    begins = rf"(?:{words})(?:{_CLOSERS}{ends}|{_REST}{_CLOSERS}:)"
    return re.compile(begins), re.compile(rf"[^\w\s]\s*+(?:{words}){_CLOSERS}(?:to)?{_CLOSERS}:")


def _words(label: str) -> str:
    first, *others = re.findall(r"[^\W_]+", latin(label)) or [latin(label)]
    rest = [
        rf"(?:\W{{0,5}}{re.escape(word)})" + ("?" if word in _OPTIONAL else "") for word in others
    ]
    return "".join([re.escape(first), *rest, r"(?:\W{0,5}to)?(?!\w)"])


def _unquoted(line: str) -> tuple[str, int]:
    """A line without the marks of a quotation, and how deep it then stands in columns."""
    at = 0
    while (quote := _QUOTES.match(line, at)) is not None:
        at = quote.end()
    text = line[at:].expandtabs(4)
    return text, len(text) - len(text.lstrip())


def _fenced(line: str, fence: str) -> str:
    """The sign of the fence that is open behind a line."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    return found[1] if not fence else "" if found[1] == fence else fence


def _is_open(line: str, *, hidden: bool) -> bool:
    """Whether a comment is open behind a line."""
    opened, closed = line.rfind(OPEN), line.rfind(CLOSE)
    return opened > closed or (hidden and closed < 0)
