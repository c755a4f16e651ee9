"""The sections that are words, and what stands above the first of them: merged by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.merging.readers import LISTED
from incident_tracker.merging.sections import NotMergedError
from incident_tracker.merging.words import Lines, Sides, merged_lines
from incident_tracker.text import edit
from incident_tracker.text.document import Document

PREAMBLE = "above the sections"
TOP = 2


def titles(base: Draft | None, ours: Draft, theirs: Draft) -> list[str]:
    """Return the sections that any side has, ours first; lists of items before words.

    Raises NotMergedError where a name stands twice, or where more than sections of level 2 do.
    """
    found: dict[str, str] = {}
    for draft in (ours, theirs, base):
        if draft is None:
            continue
        below = [s for s in draft.document.sections if s.position.line >= _first(draft.document)]
        names = [section.title for section in below]
        if any(s.level != TOP for s in below) or len({n.casefold() for n in names}) < len(names):
            raise NotMergedError
        for name in names:
            found.setdefault(name.casefold(), name)
    known = {title.casefold(): title for title in LISTED}
    spelled = [known.get(key, name) for key, name in found.items()]
    return [t for t in spelled if t in LISTED] + [t for t in spelled if t not in LISTED]


def merged_words(
    title: str, base: Draft | None, ours: Draft, theirs: Draft, sides: Sides
) -> Iterator[tuple[Edit, Sequence[tuple[str, str]]]]:
    """The edits that make our section of free text the merged one, and what clashes in each."""
    was, mine, yours = (_text(draft, title) for draft in (base, ours, theirs))
    if yours in (mine, was):
        return
    if mine == was and yours is None:
        for change in _without_section(ours.document, title):
            yield change, ()
        return
    made = _united(was, mine, yours, sides)
    text = "\n".join(made.lines)
    if title == PREAMBLE:
        edits = _preamble_set(ours.document, text)
    else:
        edits = edit.set_section_body(ours.document, title, text, ours.order)
    clashes: Sequence[tuple[str, str]] = made.clashes
    for change in edits:
        yield change, clashes
        clashes = ()


def _united(was: str | None, mine: str | None, yours: str | None, sides: Sides) -> Lines:
    if was == mine:
        return Lines(tuple(_split(yours)))
    return merged_lines(_split(was), _split(mine), _split(yours), sides)


def _first(document: Document) -> int:
    """The line of the first section of level 2, counted from 1; behind the file without one."""
    lines = (s.position.line for s in document.sections if s.level == TOP)
    return next(lines, len(document.lines) + 1)


def _text(draft: Draft | None, title: str) -> str | None:
    if draft is None:
        return None
    if title == PREAMBLE:
        document = draft.document
        lines = document.lines[document.body_start : _first(document) - 1]
        return "\n".join(lines).strip("\n")
    section = draft.record.section(title)
    return None if section is None else section.text


def _split(text: str | None) -> list[str]:
    return text.split("\n") if text else []


def _preamble_set(document: Document, text: str) -> Sequence[Edit]:
    """The edit that makes a text what stands above the first section; blank lines around stay."""
    first, last = document.body_start + 1, _first(document) - 1
    while last >= first and not document.line_text(last).strip():
        last -= 1
    while first <= last and not document.line_text(first).strip():
        first += 1
    lines = text.split("\n") if text else []
    if first > last:
        return edit.insert_lines(document, document.body_start, [*lines, ""])
    if not lines:
        begin, behind = Position(first, 1), Position(last + 1, 1)
        return (Edit(document.offset(begin), document.offset(behind), ""),)
    begin, behind = Position(first, 1), Position(last, len(document.line_text(last)) + 1)
    text = document.newline.join(lines)
    return (Edit(document.offset(begin), document.offset(behind), text),)


def _without_section(document: Document, title: str) -> Sequence[Edit]:
    section = document.section(title)
    if section is None:
        return ()
    start = document.offset(Position(section.position.line, 1))
    return (Edit(start, document.offset(Position(section.last_line + 1, 1)), ""),)
