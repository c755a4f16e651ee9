"""What strangers wrote, made fit to stand in a record: the same words, but never its structure.

Every sign that could begin a heading, list, box, key line, table, code, HTML, link or template
marker becomes a numeric entity: Markdown shows the sign and never reads it as syntax, whatever
stands beside it. So the way back is exact: :func:`original`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from incident_tracker.text.characters import clean, scrubbed

LONGEST_TITLE = 200
LONGEST_LINE = 3_300  # six characters for each sign stay below the limit of a line
LONGEST_TEXT = 10_000
CUT = " …"

# Stars, and underlines outside of words: Python-Markdown loses what stands between some.
_ANYWHERE = re.compile(r"[<\[\]{}`\\*]|&(?=[#A-Za-z])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_START = re.compile(r"[!#%*+\-/:=>?|~^_.]")
_NUMBERED = re.compile(r"^([0-9]+)([.)])")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without the characters that no record may hold, and how many those were."""

    text: str
    removed: int = 0
    cut: bool = False


def cleaned(text: str, longest: int = LONGEST_TEXT) -> Cleaned:
    """The text without hidden and control characters, at most ``longest`` long, lines kept."""
    cut = len(text) > longest
    kept = text[:longest]
    removed = 0
    if not clean(kept):
        without = kept.replace("\r\n", "\n")
        kept = scrubbed(without)
        removed = sum(not clean(character) for character in without)
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    whole = "\n".join(line for line in lines if line)
    return Cleaned(f"{whole}{CUT}" if cut else whole, removed, cut)


def one_line(text: str, longest: int = LONGEST_TITLE) -> Cleaned:
    """The same in one line, for a title or an id."""
    found = cleaned(text.replace("\n", " "), longest)
    return Cleaned(" ".join(found.text.split()), found.removed, found.cut)


def paragraphs(text: str) -> list[str]:
    """A cleaned text as lines of a record, each line of it a paragraph of its own."""
    made: list[str] = []
    for line in text.split("\n"):
        made += ["", *_pieces(line)]
    return made[1:]


def original(text: str) -> str:
    """The text that :func:`paragraphs` was given, but for lines that were split."""
    return "\n".join(html.unescape(line) for line in text.split("\n") if line)


def _pieces(line: str) -> list[str]:
    pieces: list[str] = []
    while len(line) > LONGEST_LINE:
        end = line.rfind(" ", 1, LONGEST_LINE)
        end = LONGEST_LINE if end < 0 else end
        pieces += [inert(line[:end]), ""]
        line = line[end:].lstrip()
    return [*pieces, inert(line)] if line else pieces[:-1]


def inert(line: str) -> str:
    """A line in which no sign is read as syntax, wherever it stands in a record."""
    found = _ANYWHERE.sub(lambda sign: f"&#{ord(sign[0])};", line)
    if _START.match(found):
        return f"&#{ord(found[0])};{found[1:]}"
    return _NUMBERED.sub(lambda number: f"{number[1]}&#{ord(number[2])};", found, count=1)
