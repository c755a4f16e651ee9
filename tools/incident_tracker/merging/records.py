"""Three versions of one record → one: structure where all can be read, lines where not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from incident_tracker.finding import Edit, Level, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import folded
from incident_tracker.merging.fields import FieldClash, merged_fields
from incident_tracker.merging.sections import LISTED, ItemClash, listed, merged_section
from incident_tracker.merging.words import marked, merged_lines
from incident_tracker.model import Incident
from incident_tracker.protocol import Protocol
from incident_tracker.registry import rules
from incident_tracker.text import edit
from incident_tracker.text.document import Document, read_document


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed otherwise: where, and the two versions."""

    where: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; with conflicts, both versions of each stand in it between markers."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merge(path: str, base: str | None, ours: str, theirs: str, protocol: Protocol) -> Merged:
    """Return what two versions of the record at a path make together.

    ``base`` is what both came from, None where each side made the file anew. What cannot be read
    as a record is merged by line, and so is what would not be read as one afterwards.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    drafts = [_draft(path, text, protocol) for text in (base, ours, theirs)]
    was, mine, yours = drafts
    if mine is None or yours is None or (base is not None and was is None):
        return _by_line(base or "", ours, theirs)
    try:
        merged = _by_section(was, mine, yours)
    except (Refusal, ValueError):
        merged = None
    return merged if merged is not None else _by_line(base or "", ours, theirs)


def _draft(path: str, text: str | None, protocol: Protocol) -> Draft | None:
    """A version as a record, None where it has an error of form."""
    if text is None:
        return None
    draft = Draft(read_document(path, text.encode("utf-8", "surrogatepass")), protocol)
    parsed = draft.parsed
    wrong = any(rules()[fault.code].level is Level.ERROR for fault in parsed.faults)
    return None if parsed.record is None or wrong else draft


def _by_section(base: Draft | None, ours: Draft, theirs: Draft) -> Merged | None:
    after, fields = merged_fields(base.document if base else None, ours, theirs.document)
    items: list[ItemClash] = []
    loose = []
    for title in _titles(base, ours, theirs):
        sides = [draft for draft in (base, after, theirs) if draft is not None]
        if title in LISTED and all(listed(draft, title) for draft in sides):
            after, clashes = merged_section(title, base, after, theirs)
            items += clashes
        else:
            loose.append(title)
    if isinstance(after.record, Incident) and not (fields or items):
        after = folded(after)
    if _lost(base, (ours, theirs), after, items):
        return None
    # Once markers stand in the file it cannot be read any more, so all of them are put in at once.
    edits, words = [*_markers(after.document, fields, items)], []
    for title in loose:
        more, clash = _words(title, base, after, theirs)
        edits += more
        words += clash
    text = edit.apply(after.document.text, edits)
    conflicts = tuple(_conflicts(fields, items, words))
    if not conflicts and _draft(after.document.path, text, after.current) is None:
        return None
    return Merged(text, conflicts)


def _titles(base: Draft | None, ours: Draft, theirs: Draft) -> list[str]:
    """The sections that any side has, ours first; items after words, so that places hold."""
    sections = [
        section.title
        for draft in (ours, theirs, base)
        if draft is not None
        for section in draft.record.sections
    ]
    unique = list(dict.fromkeys(sections))
    return [t for t in unique if t in LISTED] + [t for t in unique if t not in LISTED]


def _words(
    title: str, base: Draft | None, ours: Draft, theirs: Draft
) -> tuple[Sequence[Edit], list[tuple[str, str, str]]]:
    """The edits that make our section of free text the merged one, and what clashes in it."""
    was, mine, yours = (_text(draft, title) for draft in (base, ours, theirs))
    if yours in (mine, was):
        return (), []
    if mine == was and yours is None:
        return _without_section(ours.document, title), []
    made = merged_lines(_split(was), _split(mine), _split(yours))
    edits = edit.set_section_body(ours.document, title, "\n".join(made.lines), ours.order)
    return edits, [(title, one, other) for one, other in made.clashes]


def _text(draft: Draft | None, title: str) -> str | None:
    section = draft.record.section(title) if draft else None
    return None if section is None else section.text


def _split(text: str | None) -> list[str]:
    return text.split("\n") if text else []


def _without_section(document: Document, title: str) -> Sequence[Edit]:
    section = document.section(title)
    if section is None:
        return ()
    start = document.offset(Position(section.position.line, 1))
    return (Edit(start, document.offset(Position(section.last_line + 1, 1)), ""),)


def _markers(
    document: Document, fields: tuple[FieldClash, ...], items: list[ItemClash]
) -> Iterator[Edit]:
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
        text = newline.join(marked(lines, other))
        yield Edit(start, end, text if entry else text + newline)
    for item in items:
        mine = item.ours
        start = document.offset(Position(mine.first, 1))
        end = document.offset(Position(mine.last, len(document.line_text(mine.last)) + 1))
        lines = [document.line_text(n) for n in range(mine.first, mine.last + 1)]
        yield Edit(start, end, newline.join(marked(lines, item.theirs)))


def _conflicts(
    fields: tuple[FieldClash, ...], items: list[ItemClash], words: list[tuple[str, str, str]]
) -> Iterator[Conflict]:
    for clash in fields:
        yield Conflict(clash.name, clash.ours, clash.theirs)
    for item in items:
        yield Conflict(item.section, item.ours.words, "\n".join(item.theirs))
    for title, mine, yours in words:
        yield Conflict(title, mine, yours)


def _lost(
    base: Draft | None, sides: tuple[Draft, Draft], after: Draft, clashing: list[ItemClash]
) -> bool:
    """Whether an entry that a side brought is missing: then the file is merged by line instead."""
    if not isinstance(after.record, Incident):
        return False
    known = _said(base) if base else frozenset()
    there = _said(after)
    between = "\n".join(line for clash in clashing for line in clash.theirs).casefold()
    brought = frozenset().union(*map(_said, sides)) - known - there
    return any(text.partition("\n")[0] not in between for text in brought)


def _said(draft: Draft) -> frozenset[str]:
    entries = draft.incident.log.entries
    return frozenset(
        "\n".join(" ".join(line.split()) for line in entry.text.casefold().split("\n"))
        for entry in entries
    )


def _by_line(base: str, ours: str, theirs: str) -> Merged:
    newline = "\r\n" if "\r\n" in ours else "\n"
    texts = [text.replace("\r\n", "\n").split("\n") for text in (base, ours, theirs)]
    made = merged_lines(*texts)
    conflicts = tuple(Conflict("the file", mine, yours) for mine, yours in made.clashes)
    return Merged(newline.join(made.lines), conflicts)
