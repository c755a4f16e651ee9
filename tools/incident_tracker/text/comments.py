"""HTML comments in a text, found in one pass: an open one costs no search of its own."""

import re
from collections.abc import Callable, Iterator

OPEN, CLOSE = "<!--", "-->"
NO_BREAK = re.compile(r"[^\n]")


def comment_spans(text: str) -> Iterator[tuple[int, int]]:
    """The start and the end of each closed comment, over line ends, too."""
    start = text.find(OPEN)
    while start >= 0:
        end = text.find(CLOSE, start + len(OPEN))
        if end < 0:
            return
        yield start, end + len(CLOSE)
        start = text.find(OPEN, end + len(CLOSE))


def without_comments(text: str, instead: str = "") -> str:
    """The text with `instead` in the place of each closed comment."""
    return _each(text, lambda _: instead)


def blanked(text: str) -> str:
    """The text with each closed comment as blanks, so that lines and columns stay as they are."""
    return _each(text, lambda comment: NO_BREAK.sub(" ", comment))


def emptied(text: str) -> str:
    """The text with nothing but its line ends of each closed comment."""
    return _each(text, lambda comment: "\n" * comment.count("\n"))


def _each(text: str, instead: Callable[[str], str]) -> str:
    """The text with something made of it in the place of each closed comment."""
    pieces, last = [], 0
    for start, end in comment_spans(text):
        pieces += [text[last:start], instead(text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def unopened(line: str) -> str:
    """The line with every comment that it opens and does not close as plain text."""
    spans = list(comment_spans(line))
    rest = spans[-1][1] if spans else 0
    return line[:rest] + line[rest:].replace(OPEN, "&lt;!--")
