"""The body of a record as sections, list items and prose, each line where it stands in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from incident_tracker.finding import Position
from incident_tracker.frozen import value
from incident_tracker.text.comments import CLOSE, OPEN, comment_spans
from incident_tracker.text.fences import Across, Hiding

# Two or more signs need no space behind them: python-markdown shows them as headings, too.
_HEADING = re.compile(r"(?:#{2,6}[ \t]*|#[ \t]+)(?P<title>[^#].*|)")
_CLOSING_SIGNS = re.compile(r"(?<![ \t])[ \t]+#+[ \t]*$")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<marker>[-*+]|[0-9]{1,9}[.)])(?:[ \t]+(?P<text>.*))?$")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
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


@value
class Comment:
    """An HTML comment; `text` stands between its signs, blanks around it left out."""

    text: str
    position: Position
    end: Position
    """The first column behind it."""


@value
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
    code: tuple[range, ...]
    """The lines of each fenced block, counted from 0, the fences included."""
    across: tuple[Across, ...]
    """Fences and comments that hide nothing because a heading stands in them."""


def read_body(lines: tuple[str, ...], start: int, *, landmarks: bool = True) -> Body:
    """What `lines` hold from index `start` on; with `landmarks` some headings cannot be hidden."""
    walk = _Walk(lines, start, landmarks=landmarks)
    walk.read()
    return Body(
        sections=_nested(walk.parts, len(lines)),
        comments=tuple(walk.comments),
        code=tuple(walk.code),
        across=tuple(walk.hiding.across),
    )


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

    def __init__(self, lines: tuple[str, ...], start: int, *, landmarks: bool) -> None:
        self.lines = lines
        self.start = start
        self.hiding = Hiding(lines, start, landmarks=landmarks)
        self.code: list[range] = []
        self.parts: list[_Part] = []
        self.comments: list[Comment] = []
        self.in_item = False
        self.goes_on: list[TextLine] = []
        self.part = _Part(0, "", 0, 0)

    def read(self) -> None:
        index, count, lines = self.start, len(self.lines), self.lines
        while index < count:
            line = lines[index]
            if not line or line.isspace():
                index += 1
                continue
            if "`" in line or "~" in line:
                end = self.hiding.fence_end(index)
                if end is not None:
                    self._take_code(index, end)
                    index = end
                    continue
            if OPEN in line:
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
        self.code.append(range(index, end))
        target = self.goes_on if self.in_item else self.part.prose
        for number in range(index, end):
            target.append(TextLine(self.lines[number], Position(number + 1, 1), code=True))

    def _comment_end(self, index: int) -> int | None:
        """The index behind a comment that begins a line and ends on a later one."""
        line = self.lines[index]
        column = len(line) - len(line.lstrip())
        if not line.startswith(OPEN, column) or CLOSE in line[column + len(OPEN) :]:
            return None
        later = self.hiding.comment_end(index, column)
        if later is None:
            return None
        end = self.lines[later].find(CLOSE)
        inside = [
            line[column + len(OPEN) :],
            *self.lines[index + 1 : later],
            self.lines[later][:end],
        ]
        behind = end + len(CLOSE)
        self._add_comment("\n".join(inside), index + 1, column, later + 1, behind)
        rest = self.lines[later][behind:]
        if rest.strip():
            self._take(" " * behind + rest, later + 1)
        return later + 1

    def _without_comments(self, line: str, index: int) -> str:
        """The line with its comments blanked out, so that columns stay what they are."""
        pieces: list[str] = []
        last = ticks = 0
        for start, end in comment_spans(line):
            ticks += line.count("`", last, start)
            if ticks % 2 == 0:
                text = line[start + len(OPEN) : end - len(CLOSE)]
                self._add_comment(text, index + 1, start, index + 1, end)
                pieces += [line[last:start], " " * (end - start)]
            else:
                ticks += line.count("`", start, end)
                pieces.append(line[last:end])
            last = end
        return "".join([*pieces, line[last:]])

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
