"""Where the front matter of a file begins and ends: between two lines that are exactly `---`."""

import re
from collections.abc import Sequence

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.frozen import value
from incident_tracker.text.characters import shown

_FIELD = re.compile(r"[A-Za-z_][\w-]*[ ]?:(?:[ \t]|$)")
# What other programs take for an end, or what a finger makes of one.
_NEARLY_CLOSED = re.compile(r"(?:\.\.\.|-{2,}|[-–—]{1,3})[ \t]*$")
_INSIDE = re.compile(r"[A-Za-z_\"'][^:]*:(?:[ \t]|$)|[ \t]|#[^#]|-[ \t]|[\]}]")


@value
class Fence:
    """The lines around the front matter, counted from 0: it opens on line 0."""

    faults: tuple[Fault, ...] = ()
    closing: int = 0
    """The closing line; 0 when there is no front matter."""

    @property
    def body_start(self) -> int:
        """The first line of the body."""
        return self.closing + 1 if self.closing else 0


def find_front_matter(raw: Sequence[str]) -> Fence:
    """The fence of a file whose lines are `raw`, a carriage return at their ends left in place."""
    first = raw[0].removesuffix("\r")
    if first.rstrip(" \t") != "---":
        return Fence(faults=(_not_opened(raw),))
    faults = [] if first == "---" else [_blanks(raw, 0, "FMT001")]
    for index in range(1, len(raw)):
        line = raw[index]
        if line in {"---", "---\r"}:
            return Fence(faults=tuple(faults), closing=index)
        if line[:1] in _NEARLY_STARTS and _NEARLY_CLOSED.match(line.removesuffix("\r")):
            if line.strip() == "---":
                faults.append(_blanks(raw, index, "FMT003"))
            else:
                faults.append(_nearly_closed(raw, index))
            return Fence(faults=tuple(faults), closing=index)
    return Fence(faults=(*faults, _not_closed(raw)))


_NEARLY_STARTS = frozenset("-.–—")


def closed_too_late(raw: Sequence[str], closing: int) -> Fault | None:
    """The FMT003 for a `---` behind a Markdown heading: that one is a rule of the body."""
    for index in range(1, closing):
        if raw[index].startswith(("## ", "### ")):
            return _not_closed(raw[: index + 1])
    return None


def offset_of(raw: Sequence[str], line: int) -> int:
    """The number of characters in front of a line, counted from 0."""
    return sum(map(len, raw[:line])) + line


def _newline(raw: Sequence[str]) -> str:
    return "\r\n" if raw[0].endswith("\r") else "\n"


def _blanks(raw: Sequence[str], index: int, code: str) -> Fault:
    line = raw[index].removesuffix("\r")
    start = offset_of(raw, index)
    return Fault(
        code=code,
        message='there are blanks behind "---", which not every program takes',
        position=Position(index + 1, 4),
        end_column=len(line) + 1,
        help="delete them",
        fix=(Edit(start + 3, start + len(line), ""),),
    )


def _nearly_closed(raw: Sequence[str], index: int) -> Fault:
    line = raw[index].removesuffix("\r")
    start = offset_of(raw, index)
    return Fault(
        code="FMT003",
        message=f'"{line.strip()}" does not close the front matter',
        position=Position(index + 1, 1),
        end_column=len(line) + 1,
        help='write "---" instead',
        fix=(Edit(start, start + len(line), "---"),),
    )


def _not_closed(raw: Sequence[str]) -> Fault:
    """The FMT003 at the first line that cannot be front matter, or else at the opening one."""
    count = len(raw) if raw[-1] else len(raw) - 1
    end = next((n for n in range(1, count) if not _INSIDE.match(raw[n])), None)
    if end is None or end == 1:
        return Fault(
            code="FMT003",
            message="the front matter that begins here has no end",
            position=Position(1, 1),
            help='write a line "---" behind the last field',
        )
    start = offset_of(raw, end)
    return Fault(
        code="FMT003",
        message="the front matter is not closed before this line",
        position=Position(end + 1, 1),
        help='write a line "---" in front of it',
        fix=(Edit(start, start, f"---{_newline(raw)}"),),
    )


def _not_opened(raw: Sequence[str]) -> Fault:
    index = next((n for n, line in enumerate(raw) if line.strip()), 0)
    text = raw[index].strip()
    closing = next((n for n in range(index, len(raw)) if raw[n].rstrip() == "---"), None)
    fix: tuple[Edit, ...] = ()
    if text == "+++":
        message, advice = '"+++" begins TOML, which is not read', 'write "---" and "field: value"'
    elif text == "---" and closing == index:
        message, advice = "there are blanks in front of the front matter", "delete them"
        start = offset_of(raw, index) + raw[index].index("---")
        fix = (Edit(0, start, ""),)
    elif closing is not None and _FIELD.match(text) and index == 0:
        message, advice = "the front matter has no beginning", 'write "---" as the first line'
        fix = (Edit(0, 0, f"---{_newline(raw)}"),)
    elif closing is not None and not text.startswith("-"):
        message = "there is text in front of the front matter"
        advice = f'move "{shown(text)[:60]}" below it: the first line is "---"'
    else:
        message = "there is no front matter"
        advice = 'begin the file with a line "---", the fields, and another line "---"'
    return Fault(
        code="FMT001",
        message=message,
        position=Position(index + 1 if text == "+++" or not fix else 1, 1),
        help=advice,
        fix=fix,
    )
