"""Text that runs from right to left, on pages that run from left to right.

Without help its punctuation and numbers end up on the wrong side, and it pulls along what stands
beside it. A block of prose that begins in such letters runs their way as a whole; anywhere else the
piece of text is isolated from its neighbours. A page without such letters stays as it is.
"""

import html
import re
from dataclasses import dataclass, field
from unicodedata import bidirectional

from incident_tracker.text.unseen import VOID

_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}]")
_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_NAME = re.compile(r"</?(\w+)")
# What somebody wrote, behind blanks and a label of ours: "Impact: ", "prevent · from ".
_PIECE = re.compile(rf"((?:[^{_LETTERS}]*(?:: |· (?:from )?))?\s*)(.*\S)(\s*)", re.DOTALL)
_PROSE = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"})
_AS_IT_STANDS = frozenset({"pre", "script", "style", "textarea", "svg"})


@dataclass(slots=True)
class _Open:
    """An element whose end is not reached, and what is known of the text in it."""

    name: str
    place: int
    is_laid_out: bool  # a list without bullets: its items are rows of columns
    has_begun: bool = False
    is_turned: bool = False


@dataclass(slots=True)
class _Walk:
    parts: list[str]  # text and tags in turn
    opened: list[_Open] = field(default_factory=list)

    def tag(self, place: int) -> None:
        """Follow a tag into an element or out of it."""
        tag = self.parts[place]
        name = _NAME.match(tag)
        if name is None or name[1] in VOID or tag.endswith("/>"):
            return
        if tag.startswith("</"):
            if self.opened:
                self.opened.pop()
            return
        laid_out = " role=" in tag if name[1] != "li" else self._in_rows()
        self.opened.append(_Open(name[1], place, is_laid_out=laid_out))

    def _in_rows(self) -> bool:
        return bool(self.opened) and self.opened[-1].is_laid_out

    def text(self, place: int) -> None:
        """Turn the block that begins here, or isolate the text."""
        text = self.parts[place]
        first = _first_strong(text)
        block = self._begun_by(first)
        if not _RIGHT_TO_LEFT.search(text) or any(one.is_turned for one in self.opened):
            return
        if self.opened and self.opened[-1].name == "option":
            self._set(self.opened[-1], "auto")  # holds no element
        elif block is not None:
            block.is_turned = True
            self._set(block, "rtl")
        elif not any(one.name in _AS_IT_STANDS for one in self.opened):
            self.parts[place] = _PIECE.sub(r"\1<bdi>\2</bdi>\3", text, count=1)

    def _begun_by(self, first: str) -> _Open | None:
        """The block of prose that this letter is the first of, if it is to run the other way."""
        block = next((one for one in reversed(self.opened) if one.name in _PROSE), None)
        begins = block is not None and not (block.has_begun or block.is_laid_out)
        if first:
            for one in self.opened:
                one.has_begun = True
        return block if begins and first == "R" else None

    def _set(self, element: _Open, direction: str) -> None:
        if " dir=" not in self.parts[element.place]:
            self.parts[element.place] = f'{self.parts[element.place][:-1]} dir="{direction}">'


def directed(content: str) -> str:
    """The HTML of a page, in which each text that runs from right to left keeps to itself."""
    if not _RIGHT_TO_LEFT.search(content):
        return content
    walk = _Walk(_TAG.split(content))
    for place, part in enumerate(walk.parts):
        if place % 2:
            walk.tag(place)
        elif part.strip():
            walk.text(place)
    return "".join(walk.parts)


def _first_strong(text: str) -> str:
    """The direction of the first letter that has one: "L", "R", or empty."""
    for letter in html.unescape(text):
        kind = bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return "L" if kind == "L" else "R"
    return ""
