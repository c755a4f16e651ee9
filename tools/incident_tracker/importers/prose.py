"""A stranger's text as the lines of a section: lists stay lists, code stays code, all of it inert.

What a block may be on a page is decided here and never by what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from incident_tracker.importers.markdown_parts import cells
from incident_tracker.importers.story import Block, Shape
from incident_tracker.importers.texts import LONGEST_LINE, inert
from incident_tracker.text.characters import clean

MOST_CODE_LINE = 500
# What would be read in code, by us or by a page: fences, comments, headings, markers.
NOT_IN_CODE = re.compile(r"<!--|-->|```|~~~|^\s*#|\{\{|\{%|\{#|--8<--|^\s*[<=>|]{7}|\t")
DEEPEST = 4
LONGEST_PIECE = LONGEST_LINE // 10
# What is kept: a link to an address that can be nothing else, short code, and bold text. Nothing
# that could meet their signs halfway stands beside them.
KEPT = re.compile(
    r"\[(?P<link>[^\[\]]{1,300})\]\((?P<to>https?://[A-Za-z0-9][\w.~%/?#=&+@:;,!$'-]{1,500})\)"
    r"|(?<!`)`(?P<code>[^\s`\\<>{}\[\]&](?:[^`\\<>{}\[\]&]{0,150}[^\s`\\<>{}\[\]&])?)`(?!`)"
    r"|(?<![*\w])\*\*(?P<bold>[^\s*_`\[\]](?:[^*`\[\]]{0,200}[^\s*_`\[\]])?)\*\*(?![*\w])",
    re.ASCII,
)
NUMBERED = re.compile(r"[0-9]{1,4}[.)]")


def prose(blocks: Iterable[Block]) -> list[str]:
    """The blocks as lines; each begins with an empty line where it must not join what is above."""
    made: list[str] = []
    before: Block | None = None
    for block in blocks:
        lines = list(_lines(block))
        if not lines:
            continue
        is_list = block.shape is Shape.ITEM and before is not None and before.shape is Shape.ITEM
        if made and not is_list:
            made.append("")
        made += lines
        before = block
    return made


def heading(title: str) -> list[str]:
    """What a heading of the source becomes below one of ours: it can be taken for none of these."""
    return [f"**{inert(title.strip()[:300])}**"]


def sized(block: Block) -> int:
    """How many bytes the lines of a block take, at most."""
    return sum(len(line.encode()) + 2 for line in _lines(block)) + 2


def _lines(block: Block) -> Iterator[str]:
    if block.shape is Shape.HEADING:
        yield from heading(block.text)
    elif block.shape is Shape.CODE:
        yield from _code(block.text.split("\n"))
    elif block.shape is Shape.ITEM:
        yield from _item(block)
    elif block.shape is Shape.ROW:
        yield from _paragraph(" | ".join(cells(block.text))) if cells(block.text) else ()
    else:
        yield from _paragraph(block.text)


def _item(block: Block) -> Iterator[str]:
    indent = "    " * min(block.depth, DEEPEST)
    marker = f"{block.marker} " if NUMBERED.fullmatch(block.marker) else "- "
    first, *more = pieces(block.text)
    yield f"{indent}{marker}{first}"
    for line in more:
        yield f"{indent}  {line}"


def _code(lines: Sequence[str]) -> Iterator[str]:
    if any(NOT_IN_CODE.search(x) or len(x) > MOST_CODE_LINE or not clean(x) for x in lines):
        for number, line in enumerate(x for x in lines if x.strip()):
            yield from ([""] if number else [])
            yield from _paragraph(" ".join(line.split()))
    else:
        yield from ("```", *(line.rstrip() for line in lines), "```")


def _paragraph(text: str) -> Iterator[str]:
    for number, piece in enumerate(pieces(text)):
        yield from ([""] if number else [])
        yield piece


def pieces(text: str, longest: int = LONGEST_LINE) -> list[str]:
    """A text in one line, links kept, all else inert; in several where it is too long for one."""
    whole = linked(text)
    if len(whole) <= longest:
        return [whole]
    found: list[str] = []
    rest = text
    while rest:
        end = len(rest)
        if end > LONGEST_PIECE:
            space = rest.rfind(" ", 1, LONGEST_PIECE)
            end = LONGEST_PIECE if space < 0 else space
        found.append(inert(rest[:end]))
        rest = rest[end:].lstrip()
    return found


def linked(text: str) -> str:
    """A line in which nothing is read as syntax but links to the web, short code and bold text."""
    made, last = "", 0
    for match in KEPT.finditer(text):
        made += _inert_within(text[last : match.start()], at_start=not made)
        made += _kept(match)
        last = match.end()
    return made + _inert_within(text[last:], at_start=not made)


def _kept(match: re.Match[str]) -> str:
    if match["link"]:
        return f"[{_inert_within(match['link'], at_start=False)}]({match['to']})"
    if match["code"]:
        return f"`{match['code']}`"
    return f"**{_inert_within(match['bold'], at_start=False)}**"


def _inert_within(text: str, *, at_start: bool) -> str:
    """A piece of a line; what only matters at its beginning is left as it is within."""
    return inert(text) if at_start else inert(f" {text}")[1:]
