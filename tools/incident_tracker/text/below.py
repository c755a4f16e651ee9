"""What stands directly below a heading, sorted into list items and prose when somebody asks.

The timeline, the longest section, has a reader of its own and is never sorted.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from incident_tracker.finding import Position

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<marker>[-*+]|[0-9]{1,9}[.)])(?:[ \t]+(?P<text>.*))?$")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_BULLETS = "-*+0123456789"

Piece: TypeAlias = tuple[int, str | tuple[str, ...]]
"""The number of a line with its text, comments left out, or with all lines of fenced code."""


class TextLine(NamedTuple):
    """A line's text without comments and outer blanks; `code` inside a fence, where it is as is."""

    text: str
    line: int
    column: int
    code: bool = False

    @property
    def position(self) -> Position:
        """Where it begins."""
        return Position(self.line, self.column)


class ListItem(NamedTuple):
    """A list item: its own line and the lines that go on with it."""

    line: int
    column: int
    """Of the bullet."""
    marker: str
    indent: int
    """Columns in front of the bullet; a tab counts up to the next fourth."""
    text: str
    text_column: int
    continuation: tuple[TextLine, ...]

    @property
    def position(self) -> Position:
        """Where its bullet stands."""
        return Position(self.line, self.column)

    @property
    def text_position(self) -> Position:
        """Where its text begins."""
        return Position(self.line, self.text_column)


class Below:
    """The pieces below a heading, in front of the next one."""

    __slots__ = ("_pieces", "_sorted")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = pieces
        self._sorted: tuple[tuple[ListItem, ...], tuple[TextLine, ...]] | None = None

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The list items."""
        return self._all()[0]

    @property
    def prose(self) -> tuple[TextLine, ...]:
        """The lines that are no list items; none of them is empty."""
        return self._all()[1]

    def _all(self) -> tuple[tuple[ListItem, ...], tuple[TextLine, ...]]:
        if self._sorted is None:
            sorting = _Sorting()
            for number, piece in self._pieces:
                if isinstance(piece, str):
                    sorting.take(piece, number)
                else:
                    sorting.take_code(piece, number)
            sorting.end_item()
            self._sorted, self._pieces = (tuple(sorting.items), tuple(sorting.prose)), ()
        return self._sorted

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Below) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())


class _Sorting:
    """One pass over the pieces."""

    def __init__(self) -> None:
        self.items: list[ListItem] = []
        self.prose: list[TextLine] = []
        self.in_item = False
        self.goes_on: list[TextLine] = []

    def take(self, line: str, number: int) -> None:
        text = line.strip()
        if not text or (text[0] in _BULLETS and self._take_item(line, number)):
            return
        here = TextLine(text, number, line.index(text) + 1)
        if self.in_item and line.startswith(("\t", "  ")):
            self.goes_on.append(here)
        else:
            self.end_item()
            self.prose.append(here)

    def take_code(self, lines: tuple[str, ...], number: int) -> None:
        if not (self.in_item and lines[0].startswith(("  ", "\t"))):
            self.end_item()
        target = self.goes_on if self.in_item else self.prose
        for at, line in enumerate(lines, number):
            target.append(TextLine(line, at, 1, code=True))

    def end_item(self) -> None:
        if self.goes_on:
            self.items[-1] = self.items[-1]._replace(continuation=tuple(self.goes_on))
            self.goes_on = []
        self.in_item = False

    def _take_item(self, line: str, number: int) -> bool:
        found = _ITEM.match(line)
        if found is None or _RULE.match(line):
            return False
        self.end_item()
        indent, marker, text = found.groups("")
        text = text.rstrip()
        column = len(indent) + 1
        text_column = found.start(3) + 1 if text else column + len(marker)
        self.items.append(
            ListItem(
                number,
                column,
                marker,
                len(indent.expandtabs(4)) if indent else 0,
                text,
                text_column,
                (),
            )
        )
        self.in_item = True
        return True
