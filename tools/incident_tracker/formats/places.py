"""Places in a text as other programs count them: by line and character, by line and byte."""

from __future__ import annotations

import re
from collections.abc import Mapping

from incident_tracker.finding import Finding
from incident_tracker.frozen import value
from incident_tracker.text.sensitive import masked

WORD = re.compile(r"[\w+-]+(?:[.:][\w+-]+)*|\*{6,}")
"""The last is what a secret is shown as."""
BYTE_ORDER_MARK = "\ufeff"


@value
class Place:
    """A place in a text; all count from 1."""

    line: int
    column: int
    byte: int
    """The column in bytes of UTF-8."""


@value
class Replacement:
    """The text from ``start`` up to ``end`` becomes ``text``."""

    start: Place
    end: Place
    text: str


def end_column(finding: Finding) -> int | None:
    """Return the first column after a finding's place: what it says, else the end of its word."""
    if finding.end_column or finding.source is None:
        return finding.end_column
    start = finding.column - 1
    word = WORD.match(finding.source, start)
    end = word.end() if word else min(start + 1, len(finding.source))
    return max(end + 1, finding.column)


def replacements(finding: Finding, texts: Mapping[str, str]) -> tuple[Replacement, ...]:
    """Return what mends a finding, in the order of the text; nothing where that is not exact."""
    text = texts.get(finding.path, "")
    # Programs do not agree on whether a byte order mark takes a column.
    if text.startswith(BYTE_ORDER_MARK) or any(edit.end > len(text) for edit in finding.fix):
        return ()
    if any(masked(edit.text) != edit.text for edit in finding.fix):
        return ()  # it would print what nobody should read
    return tuple(
        Replacement(start=place(text, edit.start), end=place(text, edit.end), text=edit.text)
        for edit in sorted(finding.fix)
    )


def place(text: str, offset: int) -> Place:
    """Return where in a text the character stands that has ``offset`` others in front."""
    begin = text.rfind("\n", 0, offset) + 1
    return Place(
        line=text.count("\n", 0, offset) + 1,
        column=offset - begin + 1,
        byte=size(text[begin:offset]) + 1,
    )


def size(text: str) -> int:
    """Return how many bytes a text takes."""
    return len(text.encode("utf-8", "surrogatepass"))
