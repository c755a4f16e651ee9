"""How much of what a body may hold: any file within these limits is shown in bounded time.

Measured with python-markdown 3.11 and the usual pymdownx extensions on two cores: seconds for a
body of n repetitions. What is quadratic or recursive has a limit; all else that was tried
(emphasis, code spans, tables, block quotes, raw HTML, links in full, `- [ ] a`) is linear and
stays below two seconds for the largest file that is read.

    repeated             n = 500     2,000    8,000     counted as
    `[`                    0.05       0.6       9       open bracket
    `![](`, `![a](`        0.07       1.1     > 12      open bracket
    `[a](<b `                 -       2.4     > 12      open bracket
    `![a][`                0.16       2.7     > 12      two open brackets
    `<![CDATA[`               -      11       > 12      two open brackets
    `[^1] `                   -       6.2     > 12      footnote
    `<a `                  0.02       0.4       6       open tag
    `# a`, `a` over `=`       -       0.9     > 12      block
    three backticks, `!!! a`  -       0.5     > 4       block
    `- ` without text         -       0.4     > 12      block
    `1. ` on one line         -     RecursionError      signs in front of a line
    nested lists              -     RecursionError at 320 levels        indentation
"""

import re

from incident_tracker.finding import Fault, Position

LINE_CHARACTERS = 20_000
OPEN_BRACKETS = 500
OPEN_TAGS = 500
FOOTNOTES = 300
BLOCKS = 1_500
SIGNS = 20
INDENTATION = 100

_LINK = re.compile(r"!?\[[^\[\]\n]*\](?:\([^()<\n]*\)|\[[^\[\]\n]*\]|(?![(\[]))")
_OPEN_TAG = re.compile(r"<[A-Za-z](?![^<>\n]*>)")
_BLOCK = re.compile(r"[ \t]*(?:#|[=-]+[ \t]*$|[*+][ \t]*$|[0-9]+[.)][ \t]*$|`{3}|~{3}|!!!|\?\?\?)")
_DEEP = re.compile(
    rf"(?:[ \t]{{{INDENTATION + 1}}}|(?:[ \t]*(?:[-*+>]|[0-9]{{1,9}}[.)])){{{SIGNS + 1}}})"
)
# What every such line begins with, for one search in the whole text.
_MAYBE_DEEP = re.compile(rf"\n[ \t*+>0-9.)-]{{{SIGNS + 1}}}")
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1)*[ \t]*$")
# Stricter than what a page takes for code: what is not certainly code is counted.
_FENCE = re.compile(r"(`{3,}|~{3,})[A-Za-z0-9+#.-]*$")


def limit_fault(text: str, lines: tuple[str, ...], start: int) -> Fault | None:
    """The FMT012 for the first thing beyond a limit in the `lines` of `text`, from `start` on."""
    harmless = (
        len(lines) <= BLOCKS
        and text.count("[") <= FOOTNOTES
        and text.count("<") <= OPEN_TAGS
        and (len(text) <= LINE_CHARACTERS or max(map(len, lines)) <= LINE_CHARACTERS)
        and (not _MAYBE_DEEP.search(f"\n{text}") or not any(map(_DEEP.match, lines)))
    )
    return None if harmless else _Count().first_beyond(lines, start)


class _Count:
    """What was met so far."""

    def __init__(self) -> None:
        self.brackets = 0
        self.tags = 0
        self.footnotes = 0
        self.blocks = 0

    def first_beyond(self, lines: tuple[str, ...], start: int) -> Fault | None:
        index = start
        ends = _fence_ends(lines, start)
        while index < len(lines):
            message = self._beyond(lines[index])
            if message is not None:
                return _fault(index, message)
            # What stands between two fences is shown as it is, however long.
            index = ends.get(index, index) + 1
        return None

    def _beyond(self, line: str) -> str | None:
        if _DEEP.match(line) and line.strip() and not _RULE.match(line):
            return f"the line begins with more than {SIGNS} signs or {INDENTATION} blanks"
        self.brackets += _LINK.sub("", line).count("[")
        self.footnotes += line.count("[^")
        self.tags += len(_OPEN_TAG.findall(line))
        self.blocks += _BLOCK.match(line) is not None
        beyond = {
            f"the line has more than {LINE_CHARACTERS} characters": len(line) > LINE_CHARACTERS,
            f'more than {OPEN_BRACKETS} "[" are not closed': self.brackets > OPEN_BRACKETS,
            f'more than {OPEN_TAGS} "<" are not closed': self.tags > OPEN_TAGS,
            f"more than {FOOTNOTES} footnotes are named": self.footnotes > FOOTNOTES,
            f"more than {BLOCKS} headings and blocks begin": self.blocks > BLOCKS,
        }
        return next((message for message, met in beyond.items() if met), None)


def _fence_ends(lines: tuple[str, ...], start: int) -> dict[int, int]:
    """Where the code that a fence opens ends, for every opening fence that is closed."""
    ends: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for index in range(start, len(lines)):
        line = lines[index]
        if opened is not None:
            if line == opened[1]:
                ends[opened[0]] = index
                opened = None
        elif found := _FENCE.match(line):
            opened = (index, found[1])
    return ends


def _fault(index: int, message: str) -> Fault:
    return Fault(
        code="FMT012",
        message=f"{message}: no page can show that in good time",
        position=Position(index + 1, 1),
        help="move long output into a file of its own and link to it",
    )
