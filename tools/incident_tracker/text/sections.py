"""The body of a record as sections, list items and prose, each line where it stands in the file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incident_tracker.finding import Position
from incident_tracker.frozen import value
from incident_tracker.text.below import Below, ListItem, Piece, TextLine
from incident_tracker.text.comments import CLOSE, OPEN, comment_spans
from incident_tracker.text.fences import Across, Hiding

# Two or more signs need no space behind them: python-markdown shows them as headings, too.
_HEADING = re.compile(r"(?:#{2,6}[ \t]*|#[ \t]+)(?P<title>[^#].*|)")
_CLOSING_SIGNS = re.compile(r"(?<![ \t])[ \t]+#+[ \t]*$")
_FENCES = ("```", "~~~")

__all__ = ["Body", "Comment", "ListItem", "Section", "TextLine", "iter_sections", "read_body"]


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
    below: Below
    """What stands in front of the first subsection."""
    subsections: tuple["Section", ...]

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The list items in front of the first subsection."""
        return self.below.items

    @property
    def prose(self) -> tuple[TextLine, ...]:
        """The lines in front of the first subsection that are no items; none of them is empty."""
        return self.below.prose

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
    text = "\n".join(lines[start:])
    if OPEN not in text and not any(sign in text for sign in _FENCES):
        # Nothing hides anything, so every heading is one.
        return Body(_nested(_headings(lines, start), len(lines)), (), (), ())
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

    __slots__ = ("level", "line", "pieces", "title", "title_column")

    def __init__(self, heading: re.Match[str], line: int) -> None:
        written = heading[0]
        title = heading["title"].strip()
        if title.endswith("#"):
            title = _CLOSING_SIGNS.sub("", f" {title}").strip()
        self.level = len(written) - len(written.lstrip("#"))
        self.title = title
        self.line = line
        self.title_column = heading.start("title") + 1
        self.pieces: Iterable[Piece] = ()


def _headings(lines: tuple[str, ...], start: int) -> list[_Part]:
    """The headings of lines in which nothing is hidden."""
    parts = [
        _Part(heading, number)
        for number, line in enumerate(lines[start:], start + 1)
        if line[:1] == "#" and (heading := _HEADING.match(line)) is not None
    ]
    ends = [part.line - 1 for part in parts[1:]] + [len(lines)]
    for part, end in zip(parts, ends, strict=False):
        part.pieces = enumerate(lines[part.line : end], part.line + 1)
    return parts


class _Walk:
    """One pass over the lines."""

    def __init__(self, lines: tuple[str, ...], start: int, *, landmarks: bool) -> None:
        self.lines = lines
        self.start = start
        self.hiding = Hiding(lines, start, landmarks=landmarks)
        self.code: list[range] = []
        self.parts: list[_Part] = []
        self.comments: list[Comment] = []
        self.pieces: list[Piece] = []

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

    def _take(self, line: str, number: int) -> None:
        heading = _HEADING.match(line) if line[0] == "#" else None
        if heading is None:
            self.pieces.append((number, line))
            return
        part = _Part(heading, number)
        part.pieces = self.pieces = []
        self.parts.append(part)

    def _take_code(self, index: int, end: int) -> None:
        self.code.append(range(index, end))
        self.pieces.append((index + 1, self.lines[index:end]))

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
        below=Below(part.pieces),
        subsections=below,
    )


def iter_sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Every section with those below it, as they stand in the file."""
    for section in sections:
        yield section
        yield from iter_sections(section.subsections)
