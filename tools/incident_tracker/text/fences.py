"""Which lines a code fence or a comment of several lines hides, and which it cannot hide.

What stands open across the heading of a section that is read line by line, or of an update or a
day, hides nothing: two fences that were never closed would otherwise close each other and make
everything between them vanish.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from incident_tracker.finding import Position
from incident_tracker.text.comments import CLOSE

FENCE = re.compile(r"[ \t]*(?P<sign>`{3,}|~{3,})(?P<info>.*)$")
LANDMARK = re.compile(
    r"##[ \t]+(?:Timeline|Updates|Checklist|Action Items)[ \t]*#*[ \t]*$"
    r"|###[ \t]+[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Across:
    """What is open across a heading: a fence or a comment, where it begins, the heading's line."""

    what: str
    position: Position
    heading: int


class Hiding:
    """The ends of fences and comments; a file of fences is searched once for each length."""

    def __init__(self, lines: Sequence[str], start: int, *, landmarks: bool = True) -> None:
        self.lines = lines
        self.across: list[Across] = []
        self._landmarks = [
            index
            for index in range(start, len(lines))
            if landmarks and lines[index].startswith("##") and LANDMARK.match(lines[index])
        ]
        self._closing: dict[str, list[tuple[int, int]]] | None = None
        self._found: dict[tuple[str, int], int] = {}
        self._comment_close = 0

    def fence_end(self, index: int) -> int | None:
        """The index behind the fence that opens at `index`; an unclosed one is plain text."""
        opening = FENCE.match(self.lines[index])
        if opening is None or "`" in opening["info"]:
            return None
        sign, size = opening["sign"][0], len(opening["sign"])
        found = self._found.get((sign, size), 0)
        if found <= index:
            found = self._found[sign, size] = self._fence_close(index, sign, size)
        return self._end("code fence", index, opening.start("sign"), found)

    def comment_end(self, index: int, column: int) -> int | None:
        """The index of the later line on which the comment of `index` ends, None if on none."""
        if self._comment_close <= index:
            count = len(self.lines)
            later = (n for n in range(index + 1, count) if CLOSE in self.lines[n])
            self._comment_close = next(later, count)
        end = self._end("comment", index, column, self._comment_close)
        return None if end is None else end - 1

    def _end(self, what: str, index: int, column: int, close: int) -> int | None:
        if close == len(self.lines):
            return None
        following = bisect_right(self._landmarks, index)
        stop = self._landmarks[following] if following < len(self._landmarks) else close
        if stop >= close:
            return close + 1
        place = Position(index + 1, column + 1)
        self.across.append(Across(what=what, position=place, heading=stop + 1))
        return None

    def _fence_close(self, index: int, sign: str, size: int) -> int:
        if self._closing is None:
            self._closing = {"`": [], "~": []}
            for number, line in enumerate(self.lines):
                text = line.strip(" \t")
                if text.startswith(("```", "~~~")) and not text.strip(text[0]):
                    self._closing[text[0]].append((number, len(text)))
        known = self._closing[sign]
        first = bisect_right(known, (index, len(self.lines[index])))
        later = (known[n][0] for n in range(first, len(known)) if known[n][1] >= size)
        return next(later, len(self.lines))


def closed(lines: Sequence[str]) -> list[str]:
    """The lines with the end of a fence that they leave open; no heading stands in a fence."""
    made: list[str] = []
    indent, sign = "", ""
    for line in lines:
        fence = FENCE.match(line)
        bare = line.strip(" \t")
        if not sign and fence is not None and "`" not in fence["info"]:
            indent, sign = line[: fence.start("sign")], fence["sign"]
        elif sign and bare.startswith(sign) and not bare.strip(sign[0]):
            sign = ""
        made.append(f" {line}" if sign and LANDMARK.match(line) else line)
    return [*made, indent + sign] if sign else made


def fenced_lines(lines: Sequence[str], start: int) -> frozenset[int]:
    """The indexes of all lines that belong to fenced code, the fences included."""
    hiding = Hiding(lines, start)
    inside: set[int] = set()
    index = start
    while index < len(lines):
        end = hiding.fence_end(index) if "```" in lines[index] or "~~~" in lines[index] else None
        if end is None:
            index += 1
        else:
            inside.update(range(index, end))
            index = end
    return frozenset(inside)
