"""The pieces of a post-mortem sorted by what their headings and labels mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from incident_tracker.importers.markdown_stamps import DATES
from incident_tracker.importers.markdown_text import Heading
from incident_tracker.importers.story import FACTS, NOTES, SUMMARY, TIMELINE, Block, Part, Shape

LABEL = re.compile(
    r"(?P<mark>\*\*|__)(?P<label>[^*_:]{2,60}?)[ ]*:?[ ]*(?P=mark)[ ]*:?[ ]*(?P<rest>.*)",
    re.DOTALL,
)
PLAIN = re.compile(r"(?P<label>[^\W\d_][\w /()'-]{1,58}?)[ ]*:[ ]+(?P<rest>.+)", re.DOTALL)
# "Repaired 2026-02-03 14:30": the label ends where the time begins.
TIMED = re.compile(r"(?P<label>[^\W\d_][^\d:|]{1,60}?)[ ]+(?:at[ ]+|on[ ]+)?(?P<rest>~?[0-9].*)")
CELLS = re.compile(r"(?<!\\)\|")
DELIMITER = re.compile(r"[\s|:-]+")
NUMBER = re.compile(r"^(?:[0-9]{1,2}[.)][ ]*)+")
PREAMBLE = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A line that says one thing: ``Time to repair: 1h 10m``; ``label`` is as it stands there."""

    label: str
    value: str
    line: int
    block: Block


@dataclass(kw_only=True, slots=True)
class Open:
    """A part that is being filled; ``is_known`` tells whether its heading means one of ours."""

    key: str
    title: str
    line: int
    level: int
    is_known: bool = True
    depth: int = 0
    blocks: list[Block] = field(default_factory=list)

    def closed(self) -> Part:
        """The part as it is now."""
        return Part(key=self.key, title=self.title, line=self.line, blocks=tuple(self.blocks))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """A document by parts; ``title`` is its first heading."""

    title: str
    title_line: int
    parts: tuple[Open, ...]
    facts: tuple[Fact, ...]


def plain(text: str) -> str:
    """A heading or label as the tables of the mapping have it: small letters, no decoration."""
    bare = NUMBER.sub("", re.sub(r"[*_`~#]", "", text)).strip()
    bare = re.sub(r"\{[^}]*\}$", "", bare)
    return " ".join(re.sub(r"[^\w&/'() -]", " ", bare).split()).casefold()


def cells(row: str) -> list[str]:
    """The cells of a table's row, none for the line below its head."""
    if DELIMITER.fullmatch(row):
        return []
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in CELLS.split(inner)]


def sort(
    pieces: Iterable[Heading | Block], headings: Mapping[str, str], labels: Mapping[str, str]
) -> Sorted:
    """The document by parts, each piece in exactly one; facts are those of the preamble."""
    sorting = _Sorting(headings, labels)
    for piece in pieces:
        if isinstance(piece, Heading):
            sorting.heading(piece)
        else:
            sorting.block(piece)
    return sorting.finished()


class _Sorting:
    def __init__(self, headings: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.headings = {plain(theirs): ours for theirs, ours in headings.items()}
        self.labels = {plain(theirs) for theirs in labels}
        self.title, self.title_line = "", 1
        self.preamble = Open(key=PREAMBLE, title="", line=1, level=0)
        self.parts: list[Open] = [self.preamble]
        self.stack: list[Open] = []
        self.labelled: Open | None = None
        self.facts: list[Fact] = []

    def heading(self, heading: Heading) -> None:
        if not self.title and heading.level == 1 and len(self.parts) == 1:
            self.title, self.title_line = heading.title, heading.line
            return
        is_time = any(pattern.match(heading.title) for pattern in DATES)
        while self.stack and self.stack[-1].level >= heading.level:
            if is_time and self.stack[-1].key == TIMELINE:
                break  # an entry that stands at the level of its timeline
            self.stack.pop()
        self.labelled = None
        key = None if is_time else self._meant(heading.title)
        if key is None and self.stack:
            shape = Shape.HEADING
            self.stack[-1].blocks.append(Block(line=heading.line, shape=shape, text=heading.title))
            return
        part = Open(
            key=key or NOTES,
            title=heading.title,
            line=heading.line,
            level=heading.level,
            is_known=key is not None,
        )
        self.parts.append(part)
        self.stack.append(part)

    def _meant(self, title: str) -> str | None:
        """Which of our sections a heading means; what stands in brackets behind it says nothing."""
        bare = re.sub(r"\([^()]*\)\s*$", "", title)
        return self.headings.get(plain(title)) or self.headings.get(plain(bare))

    def block(self, block: Block) -> None:
        if self.stack:
            self.stack[-1].blocks.append(block)
        elif not self._labelled(block):
            here = self.labelled or self.preamble
            depth = max(block.depth - here.depth, 0)
            here.blocks.append(replace(block, depth=depth))

    def _labelled(self, block: Block) -> bool:
        """Whether the block begins a part or is a fact by the label in front of it."""
        if block.shape is Shape.ROW:
            return self._row(block)
        if block.shape is Shape.CODE:
            return False
        match = LABEL.fullmatch(block.text)
        is_bold = match is not None
        match = match or PLAIN.fullmatch(block.text) or TIMED.fullmatch(block.text)
        if match is None:
            return False
        label, rest = match["label"].strip(), match["rest"].strip()
        known = plain(label)
        key = self.headings.get(known)
        if is_bold and key is not None:
            self._begin(block, label, rest, key, is_known=True)
        elif known in self.labels or (is_bold and rest and self._is_outer(block)):
            self.facts.append(Fact(label=label, value=rest, line=block.line, block=block))
            self.labelled = self.labelled if known in self.labels else None
        elif is_bold and not rest and self._is_outer(block):
            self._begin(block, label, rest, NOTES, is_known=False)
        else:
            return False
        return True

    def _is_outer(self, block: Block) -> bool:
        """Whether a block is no part of what the label above began."""
        return self.labelled is None or block.depth < self.labelled.depth

    def _begin(self, block: Block, title: str, rest: str, key: str, *, is_known: bool) -> None:
        depth = block.depth + (block.shape is Shape.ITEM)
        part = Open(key=key, title=title, line=block.line, level=0, is_known=is_known, depth=depth)
        if rest:
            part.blocks.append(Block(line=block.line, shape=Shape.PARAGRAPH, text=rest))
        self.parts.append(part)
        self.labelled = part

    def _row(self, block: Block) -> bool:
        found = cells(block.text)
        if len(found) != 2 or not plain(found[0]):  # noqa: PLR2004 # a label and its value
            return False
        self.facts.append(Fact(label=found[0], value=found[1], line=block.line, block=block))
        return True

    def finished(self) -> Sorted:
        is_told = any(part.key == SUMMARY for part in self.parts)
        self.preamble.key = NOTES if is_told else SUMMARY
        self.preamble.is_known = not is_told
        found = [part for part in self.parts if part.blocks or part is not self.preamble]
        return Sorted(
            title=self.title,
            title_line=self.title_line,
            parts=tuple(found),
            facts=tuple(self.facts),
        )


def facts_of(part: Open) -> tuple[list[Fact], list[Block]]:
    """The facts of a part that lists some, and the blocks that are none."""
    found: list[Fact] = []
    others: list[Block] = []
    for block in part.blocks:
        label, value = _said(block)
        if label:
            found.append(Fact(label=label, value=value, line=block.line, block=block))
        elif value or block.shape is not Shape.ROW:
            others.append(block)
    return found, others


def _said(block: Block) -> tuple[str, str]:
    if block.shape is Shape.ROW:
        row = cells(block.text)
        return (row[0], "; ".join(row[1:])) if len(row) > 1 and row[0] else ("", "".join(row))
    if block.shape in (Shape.CODE, Shape.HEADING):
        return "", block.text
    match = LABEL.fullmatch(block.text) or PLAIN.fullmatch(block.text)
    if match is not None and not re.match(r"//", match["rest"]):
        return match["label"].strip(), match["rest"].strip()
    timed = TIMED.fullmatch(block.text)
    return (timed["label"].strip(), timed["rest"]) if timed else ("", block.text)


__all__ = [
    "FACTS",
    "PREAMBLE",
    "TIMELINE",
    "Fact",
    "Open",
    "Sorted",
    "cells",
    "facts_of",
    "plain",
    "sort",
]
