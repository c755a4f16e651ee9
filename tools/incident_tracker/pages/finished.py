"""HTML that is finished already, handed past the Markdown parser.

Most of a page is HTML that a template wrote. The parser would read each of its tags three times
and leave it as it was; a mark in its place is read once. What comes back is the same page but
for empty lines between its blocks, and passes the allow-list with all the rest.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_OPENS = re.compile(
    r"<(div|p|table|ol|ul|dl|section|article|aside|details|form|nav|h[1-6])\b([^>]*)>"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ID = re.compile(r'<[a-z][^<>]*\sid="([^"]*)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page's Markdown with marks in the place of its finished blocks."""

    markdown: str
    blocks: Sequence[str]
    mark: str

    @property
    def anchors(self) -> frozenset[str]:
        """The ids in the blocks, which links may lead to."""
        return frozenset(name for block in self.blocks for name in _ID.findall(block))

    def whole(self, content: str) -> str | None:
        """The page's HTML with its blocks; None where a mark did not stay a paragraph."""
        pieces = re.split(rf"<p>{self.mark}\d+x</p>", content)
        if len(pieces) != len(self.blocks) + 1 or self.mark in "".join(pieces):
            return None
        made = [pieces[0]]
        for block, piece in zip(self.blocks, pieces[1:], strict=True):
            made += (block, piece)
        return "".join(made)


def set_aside(markdown: str) -> Page:
    """The page with each run of finished lines, from an element's first to its last, set aside."""
    mark = "finishedhtml"
    while mark in markdown:
        mark += "z"
    blocks: list[str] = []
    made: list[str] = []
    for is_finished, lines in _runs(markdown.split("\n")):
        if is_finished:
            made.append(f"{mark}{len(blocks)}x")
            blocks.append("\n".join(lines))
        else:
            made += lines
    return Page(markdown="\n".join(made), blocks=blocks, mark=mark)


def _runs(lines: Sequence[str]) -> Iterator[tuple[bool, Sequence[str]]]:
    """Finished blocks that stand between empty lines, and every other line by itself."""
    at, fence = 0, ""
    while at < len(lines):
        line = lines[at]
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        end = 0 if fence or (at and lines[at - 1].strip()) else _end(lines, at)
        yield (end > at, lines[at : max(end, at + 1)])
        at = max(end, at + 1)


def _end(lines: Sequence[str], start: int) -> int:
    """Behind which line the elements are closed that begin a line; 0 where the parser must look.

    One may follow on another without an empty line between them; text may not.
    """
    at = start
    while at < len(lines) and lines[at].strip():
        at = _closed(lines, at)
        if not at:
            return 0
    return at


def _closed(lines: Sequence[str], start: int) -> int:
    """Behind which line the element is closed that begins a line; 0 where none does."""
    opened = _OPENS.match(lines[start])
    if opened is None or "markdown=" in opened[2]:
        return 0
    tags = re.compile(rf"<(/?){opened[1]}\b")
    depth = 0
    for at in range(start, len(lines)):
        line = lines[at]
        if "markdown=" in line:
            return 0
        depth += sum(-1 if tag else 1 for tag in tags.findall(line))
        if depth == 0:
            return at + 1 if line.endswith(f"</{opened[1]}>") else 0
    return 0
