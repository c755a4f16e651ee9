"""The body of a record as sections, list items and prose, each line where it stands in the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from incident_tracker.finding import Position

# Two or more signs need no space behind them: python-markdown shows them as headings, too.
_HEADING = re.compile(r"(?:#{2,6}[ \t]*|#[ \t]+)(?P<title>[^#].*|)")
_CLOSING_SIGNS = re.compile(r"[ \t]+#+[ \t]*$")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<marker>[-*+]|[0-9]{1,9}[.)])(?:[ \t]+(?P<text>.*))?$")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_FENCE = re.compile(r"[ \t]*(?P<sign>`{3,}|~{3,})(?P<info>.*)$")
_COMMENT = re.compile(r"<!--(?P<text>.*?)-->")
_BULLETS = "-*+0123456789"


class TextLine(NamedTuple):
    """A line's text without comments and outer blanks; `code` inside a fence, where it is as is."""

    text: str
    position: Position
    code: bool = False


class ListItem(NamedTuple):
    """A list item: its own line and the lines that go on with it."""

    position: Position
    """Of the bullet."""
    marker: str
    indent: int
    """Columns in front of the bullet; a tab counts up to the next fourth."""
    text: str
    text_position: Position
    continuation: tuple[TextLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """An HTML comment; `text` stands between its signs, blanks around it left out."""

    text: str
    position: Position
    end: Position
    """The first column behind it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading with what follows it, up to the next heading of its level or a higher one."""

    level: int
    title: str
    position: Position
    title_position: Position
    first_line: int
    """The first line of the body, counted from 0."""
    last_line: int
    """The line behind the body, subsections included, counted from 0."""
    items: tuple[ListItem, ...]
    """The list items in front of the first subsection."""
    prose: tuple[TextLine, ...]
    """The lines in front of the first subsection that are no list items; none of them is empty."""
    subsections: tuple["Section", ...]

    @property
    def all_items(self) -> tuple[ListItem, ...]:
        """The list items of the section and of its subsections, as they stand in the file."""
        below = (item for section in self.subsections for item in section.all_items)
        return (*self.items, *below)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but the heading, blank lines and comments."""
        return not (self.items or self.prose or self.subsections)


@dataclass(frozen=True, slots=True)
class Body:
    """What a body consists of."""

    sections: tuple[Section, ...]
    comments: tuple[Comment, ...]


def read_body(lines: tuple[str, ...], start: int) -> Body:
    """The sections and comments of `lines` from index `start` on."""
    walk = _Walk(lines, start)
    walk.read()
    return Body(_nested(walk.parts, len(lines)), tuple(walk.comments))


def fenced_lines(lines: Sequence[str], start: int) -> frozenset[int]:
    """The indexes of all lines that belong to fenced code, the fences included."""
    closed: dict[str, int] = {}
    inside: set[int] = set()
    index = start
    while index < len(lines):
        end = (
            _fence_end(lines, index, closed)
            if "```" in lines[index] or "~~~" in lines[index]
            else None
        )
        if end is None:
            index += 1
        else:
            inside.update(range(index, end))
            index = end
    return frozenset(inside)


def _fence_end(lines: Sequence[str], index: int, hopeless: dict[str, int]) -> int | None:
    """The index behind the fence that opens at `index`; an unclosed one is plain text.

    `hopeless` remembers how long a fence found no end, so that a file of fences is read once.
    """
    opening = _FENCE.match(lines[index])
    if opening is None or "`" in opening["info"]:
        return None
    sign, size = opening["sign"][0], len(opening["sign"])
    if size >= hopeless.get(sign, size + 1):
        return None
    for later in range(index + 1, len(lines)):
        text = lines[later].strip(" \t")
        if text.startswith(sign * size) and not text.strip(sign):
            return later + 1
    hopeless[sign] = size
    return None


class _Part:
    """A heading with what stands directly below it."""

    __slots__ = ("items", "level", "line", "prose", "title", "title_column")

    def __init__(self, level: int, title: str, line: int, title_column: int) -> None:
        self.level = level
        self.title = title
        self.line = line
        self.title_column = title_column
        self.items: list[ListItem] = []
        self.prose: list[TextLine] = []


class _Walk:
    """One pass over the lines."""

    def __init__(self, lines: tuple[str, ...], start: int) -> None:
        self.lines = lines
        self.start = start
        self.parts: list[_Part] = []
        self.comments: list[Comment] = []
        self.in_item = False
        self.goes_on: list[TextLine] = []
        self.part = _Part(0, "", 0, 0)
        self.hopeless: dict[str, int] = {}
        self.comment_hopeless = False

    def read(self) -> None:
        index, count, lines = self.start, len(self.lines), self.lines
        while index < count:
            line = lines[index]
            if not line or line.isspace():
                index += 1
                continue
            if "`" in line or "~" in line:
                end = _fence_end(lines, index, self.hopeless)
                if end is not None:
                    self._take_code(index, end)
                    index = end
                    continue
            if "<!--" in line:
                end = self._comment_end(index)
                if end is not None:
                    index = end
                    continue
                line = self._without_comments(line, index)
            self._take(line, index + 1)
            index += 1
        self._end_item()

    def _take(self, line: str, number: int) -> None:
        first = line[0]
        if first == "#":
            heading = _HEADING.match(line)
            if heading is not None:
                self._take_heading(heading, number)
                return
        text = line.strip()
        if not text or (text[0] in _BULLETS and self._take_item(line, number)):
            return
        here = TextLine(text, Position(number, line.index(text) + 1))
        if self.in_item and (first == "\t" or line.startswith("  ")):
            self.goes_on.append(here)
        else:
            self._end_item()
            self.part.prose.append(here)

    def _take_item(self, line: str, number: int) -> bool:
        found = _ITEM.match(line)
        if found is None or _RULE.match(line):
            return False
        self._end_item()
        indent, marker, text = found.groups("")
        text = text.rstrip()
        column = len(indent) + 1
        text_column = found.start(3) + 1 if text else column + len(marker)
        self.part.items.append(
            ListItem(
                Position(number, column),
                marker,
                len(indent.expandtabs(4)) if indent else 0,
                text,
                Position(number, text_column),
                (),
            )
        )
        self.in_item = True
        return True

    def _end_item(self) -> None:
        if self.goes_on:
            items = self.part.items
            items[-1] = items[-1]._replace(continuation=tuple(self.goes_on))
            self.goes_on = []
        self.in_item = False

    def _take_heading(self, heading: re.Match[str], number: int) -> None:
        self._end_item()
        written = heading[0]
        level = len(written) - len(written.lstrip("#"))
        title = heading["title"].strip()
        if title.endswith("#"):
            title = _CLOSING_SIGNS.sub("", f" {title}").strip()
        self.part = _Part(level, title, number, heading.start("title") + 1)
        self.parts.append(self.part)

    def _take_code(self, index: int, end: int) -> None:
        if not (self.in_item and self.lines[index].startswith(("  ", "\t"))):
            self._end_item()
        target = self.goes_on if self.in_item else self.part.prose
        for number in range(index, end):
            target.append(TextLine(self.lines[number], Position(number + 1, 1), code=True))

    def _comment_end(self, index: int) -> int | None:
        """The index behind a comment that begins a line and ends on a later one."""
        line = self.lines[index]
        column = len(line) - len(line.lstrip())
        if not line.startswith("<!--", column) or "-->" in line[column + 4 :]:
            return None
        if self.comment_hopeless:
            return None
        for later in range(index + 1, len(self.lines)):
            end = self.lines[later].find("-->")
            if end >= 0:
                inside = [
                    line[column + 4 :],
                    *self.lines[index + 1 : later],
                    self.lines[later][:end],
                ]
                self._add_comment("\n".join(inside), index + 1, column, later + 1, end + 3)
                rest = self.lines[later][end + 3 :]
                if rest.strip():
                    self._take(" " * (end + 3) + rest, later + 1)
                return later + 1
        self.comment_hopeless = True
        return None

    def _without_comments(self, line: str, index: int) -> str:
        """The line with its comments blanked out, so that columns stay what they are."""
        for found in _COMMENT.finditer(line):
            if line.count("`", 0, found.start()) % 2 == 0:
                self._add_comment(found["text"], index + 1, found.start(), index + 1, found.end())
                line = line[: found.start()] + " " * len(found[0]) + line[found.end() :]
        return line

    def _add_comment(self, text: str, line: int, column: int, end_line: int, end: int) -> None:
        begin = Position(line, column + 1)
        self.comments.append(
            Comment(text=text.strip(), position=begin, end=Position(end_line, end + 1))
        )


def _nested(parts: list[_Part], count: int) -> tuple[Section, ...]:
    """The parts as a tree: what is deeper than the one before belongs to it."""
    # From the back, so that every section finds those below it complete.
    waiting: list[Section] = []
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        below: list[Section] = []
        while waiting and waiting[-1].level > part.level and part.level > 1:
            below.append(waiting.pop())
        last = count if not waiting else waiting[-1].position.line - 1
        waiting.append(_section(part, tuple(below), last))
    return tuple(reversed(waiting))


def _section(part: _Part, below: tuple[Section, ...], last_line: int) -> Section:
    return Section(
        level=part.level,
        title=part.title,
        position=Position(part.line, 1),
        title_position=Position(part.line, part.title_column),
        first_line=part.line,
        last_line=last_line,
        items=tuple(part.items),
        prose=tuple(part.prose),
        subsections=below,
    )


def iter_sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Every section with those below it, as they stand in the file."""
    for section in sections:
        yield section
        yield from iter_sections(section.subsections)
