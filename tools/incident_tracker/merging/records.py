"""Three versions of one record → one: structure where all can be read, lines where not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from incident_tracker.finding import Edit, Level, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import folded
from incident_tracker.merging.conserved import is_lost
from incident_tracker.merging.fields import FieldClash, follows_the_log, merged_fields
from incident_tracker.merging.prose import PREAMBLE, merged_words, titles
from incident_tracker.merging.sections import ItemClash, NotMergedError, listed, merged_section
from incident_tracker.merging.words import Sides, apart, merged_lines
from incident_tracker.model import Incident
from incident_tracker.protocol import Protocol
from incident_tracker.registry import rules
from incident_tracker.text import edit
from incident_tracker.text.document import Document, read_document

SIDES = Sides()


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed otherwise: where, the two versions, and the line of the marker."""

    where: str
    ours: str
    theirs: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; with conflicts, both versions of each stand in it between markers."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Marked:
    """An edit that puts markers into the text, and the conflicts that these show."""

    edit: Edit
    conflicts: tuple[Conflict, ...] = ()


def merge(
    path: str, base: str | None, ours: str, theirs: str, protocol: Protocol, sides: Sides = SIDES
) -> Merged:
    """Return what two versions of the record at a path make together.

    ``base`` is what both came from, None where each side made the file anew. What cannot be read
    as a record is merged by line, and so is what would not be read as one afterwards.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    was, mine, yours = (_draft(path, text, protocol) for text in (base, ours, theirs))
    if mine is None or yours is None or (base is not None and was is None):
        return merge_lines(base, ours, theirs, sides)
    try:
        return _by_section(was, mine, yours, sides)
    except (Refusal, ValueError):
        made = merge_lines(base, ours, theirs, sides)
    if made.conflicts or _draft(path, made.text, protocol) is not None:
        return made
    # Line by line it is no record any more: a person is asked, instead of a wrong file.
    return _apart(ours, theirs, sides)


def merge_lines(base: str | None, ours: str, theirs: str, sides: Sides = SIDES) -> Merged:
    """Return what two versions of any text make together, line by line."""
    if base is None:
        return _apart(ours, theirs, sides)
    newline = "\r\n" if "\r\n" in ours else "\n"
    texts = [text.replace("\r\n", "\n").split("\n") for text in (base, ours, theirs)]
    made = merged_lines(texts[0], texts[1], texts[2], sides)
    found = [Conflict("the file", mine, yours) for mine, yours in made.clashes]
    return _placed(newline.join(made.lines), found, sides)


def _apart(ours: str, theirs: str, sides: Sides) -> Merged:
    newline = "\r\n" if "\r\n" in ours else "\n"
    texts = [text.replace("\r\n", "\n").split("\n") for text in (ours, theirs)]
    made = apart(texts[0], texts[1], sides)
    found = [Conflict("the file", mine, yours) for mine, yours in made.clashes]
    return _placed(newline.join(made.lines), found, sides)


def _placed(text: str, found: Sequence[Conflict], sides: Sides) -> Merged:
    """The merged text, each conflict with the line of its marker."""
    marker = sides.marked((), ())[0]
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.rstrip("\r") == marker]
    placed = (replace(one, line=line) for one, line in zip(found, lines, strict=False))
    return Merged(text, tuple(placed))


def _draft(path: str, text: str | None, protocol: Protocol) -> Draft | None:
    """A version as a record, None where it has an error of form."""
    if text is None:
        return None
    draft = Draft(read_document(path, text.encode("utf-8", "surrogateescape")), protocol)
    parsed = draft.parsed
    wrong = any(rules()[fault.code].level is Level.ERROR for fault in parsed.faults)
    return None if parsed.record is None or wrong else draft


def _by_section(base: Draft | None, ours: Draft, theirs: Draft, sides: Sides) -> Merged:
    """The three versions merged; ValueError where something would be lost or wrong."""
    after, fields = merged_fields(base.document if base else None, ours, theirs.document)
    items: list[ItemClash] = []
    loose = [PREAMBLE]
    for title in titles(base, ours, theirs):
        if listed(title, base, after, theirs):
            after, clashes = merged_section(title, base, after, theirs)
            items += clashes
        else:
            loose.append(title)
    fields = tuple(f for f in fields if not follows_the_log(f.name, after.record, theirs.record))
    if isinstance(after.record, Incident) and not items:
        after = folded(after)
    # Once markers stand in the file it cannot be read any more, so all of them are put in at once.
    marked = [*_markers(after.document, fields, items, sides)]
    for title in loose:
        for change, clashes_here in merged_words(title, base, after, theirs, sides):
            found = tuple(Conflict(title, mine, yours) for mine, yours in clashes_here)
            marked.append(_Marked(change, found))
    marked.sort(key=lambda one: (one.edit.start, one.edit.end))
    text = edit.apply(after.document.text, [one.edit for one in marked])
    made = _placed(text, [found for one in marked for found in one.conflicts], sides)
    wrong = not made.conflicts and _draft(after.document.path, text, after.current) is None
    if wrong or is_lost(base, (ours, theirs), text):
        raise NotMergedError
    return made


def _markers(
    document: Document, fields: Sequence[FieldClash], items: Sequence[ItemClash], sides: Sides
) -> Iterator[_Marked]:
    """The edits that put both versions of what clashes between markers."""
    newline = document.newline
    for clash in fields:
        entry = document.front.entry(clash.name) if document.front else None
        first = entry.key.position.line if entry else document.body_start
        last = entry.value.end.line if entry else first - 1
        lines = [document.line_text(n) for n in range(first, last + 1)]
        other = [f"{clash.name}: {clash.theirs}"] if clash.theirs else []
        start = document.offset(Position(first, 1))
        end = document.offset(Position(last, len(document.line_text(last)) + 1)) if entry else start
        text = newline.join(sides.marked(lines, other)) + ("" if entry else newline)
        found = Conflict(clash.name, clash.ours, clash.theirs)
        yield _Marked(Edit(start, end, text), (found,))
    for item in items:
        mine = item.ours
        start = document.offset(Position(mine.first, 1))
        end = document.offset(Position(mine.last, len(document.line_text(mine.last)) + 1))
        lines = [document.line_text(n) for n in range(mine.first, mine.last + 1)]
        text = newline.join(sides.marked(lines, item.theirs))
        found = Conflict(item.section, "\n".join(lines), "\n".join(item.theirs))
        yield _Marked(Edit(start, end, text), (found,))
