"""The sections that are lists of items: the log, updates, checklists and actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from incident_tracker.changes import minute
from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.merging.items import Item, planned
from incident_tracker.model import Entry, Incident, Review, Update
from incident_tracker.text import edit
from incident_tracker.text.document import Document

TIMELINE, UPDATES, CHECKLIST, ACTIONS = "Timeline", "Updates", "Checklist", "Action Items"
LISTED = (TIMELINE, UPDATES, CHECKLIST, ACTIONS)
DAY = re.compile(r"###[ \t]+[0-9]{4}-[0-9]{2}-[0-9]{2}[ \t]*")
Items = Callable[[Draft], list[Item]]


@dataclass(frozen=True, slots=True)
class ItemClash:
    """An item that both sides changed otherwise: its section, ours in our draft, their lines."""

    section: str
    ours: Item
    theirs: tuple[str, ...]


def listed(draft: Draft, title: str) -> bool:
    """Whether a section of a record is one of items, with nothing between them."""
    if title not in LISTED or draft.document.section(title) is None:
        return title in LISTED
    if title == TIMELINE and not isinstance(draft.record, Incident):
        return False
    section = draft.document.section(title)
    assert section is not None  # noqa: S101 # looked up above
    taken = {n for item in _items(draft, title) for n in range(item.first, item.last + 1)}
    lines = range(section.first_line + 1, section.last_line + 1)
    left = (draft.document.line_text(n) for n in lines if n not in taken)
    return all(not line.strip() or DAY.fullmatch(line) for line in left)


def merged_section(
    title: str, base: Draft | None, ours: Draft, theirs: Draft
) -> tuple[Draft, tuple[ItemClash, ...]]:
    """Return our draft with what they did to a section of items, and what clashes."""
    before = _items(base, title) if base else []
    by_place = title == CHECKLIST
    plan = planned(before, _items(ours, title), _items(theirs, title), by_place=by_place)
    timed = title in (TIMELINE, UPDATES)
    pairs = plan.replaced
    gone = [*plan.removed, *(mine for mine, _ in pairs if timed)]
    clashing = tuple(mine.key for mine, _ in plan.clashing)
    edits = [*_without(ours.document, gone)]
    if not timed:
        for mine, yours in pairs:
            edits += _exchanged(ours.document, mine, _lines(theirs.document, yours))
    after = ours.edited(edits)
    for item in [*(yours for _, yours in pairs if timed), *plan.added]:
        after = _with(after, title, item, _lines(theirs.document, item))
    return after, tuple(_clashes(title, after, theirs.document, plan.clashing, clashing))


def _clashes(
    title: str,
    after: Draft,
    theirs: Document,
    pairs: Sequence[tuple[Item, Item]],
    keys: Sequence[object],
) -> Iterator[ItemClash]:
    """The clashes, with our items where they stand by now."""
    there = {item.key: item for item in _items(after, title)}
    for (_, yours), key in zip(pairs, keys, strict=True):
        yield ItemClash(title, there[key], _lines(theirs, yours))  # type: ignore[index]


def _items(draft: Draft, title: str) -> list[Item]:
    record = draft.record
    if title == TIMELINE and isinstance(record, Incident):
        return [_entry(entry) for entry in record.log.entries]
    if title == UPDATES and isinstance(record, Incident):
        return [_update(update, draft.document) for update in record.log.updates]
    if not isinstance(record, Incident | Review):
        return []
    if title == CHECKLIST:
        return [_line(b.position, b.box or b.text, draft.document) for b in record.boxes]
    if title == ACTIONS:
        return [_line(a.position, a.id, draft.document) for a in record.actions]
    return []


def _entry(entry: Entry) -> Item:
    at = minute(entry.at) if entry.at else None
    place = (at, entry.estimated)
    return Item(
        place=place, words=entry.text, first=entry.lines[0], last=entry.lines[1], source=entry
    )


def _update(update: Update, document: Document) -> Item:
    first, last = update.lines
    while last > first and not document.line_text(last).strip():
        last -= 1
    words = "\n".join(document.line_text(n) for n in range(first + 1, last + 1))
    at = minute(update.at) if update.at else None
    return Item(place=at, words=f"{update.status}\n{words}", first=first, last=last, source=update)


def _line(position: Position, place: str, document: Document) -> Item:
    number = position.line
    return Item(place=place, words=document.line_text(number), first=number, last=number)


def _lines(document: Document, item: Item) -> tuple[str, ...]:
    return tuple(document.line_text(n) for n in range(item.first, item.last + 1))


def _without(document: Document, items: Sequence[Item]) -> Iterator[Edit]:
    for item in items:
        start = document.offset(Position(item.first, 1))
        end = document.offset(Position(item.last + 1, 1))
        if start < end:
            yield Edit(start, end, "")


def _exchanged(document: Document, mine: Item, lines: Sequence[str]) -> Iterator[Edit]:
    start = document.offset(Position(mine.first, 1))
    end = document.offset(Position(mine.last, len(document.line_text(mine.last)) + 1))
    yield Edit(start, end, document.newline.join(lines))


def _with(draft: Draft, title: str, item: Item, lines: Sequence[str]) -> Draft:
    """The draft with one more item, in its place by time or at the end."""
    source = item.source
    if isinstance(source, Entry) and source.at is not None:
        return with_entry(draft, source.at, source.text, estimated=source.estimated)
    if not isinstance(source, Update):
        return draft.with_lines(title, lines)
    later = [u for u in draft.incident.log.updates if u.at and source.at and u.at > source.at]
    if not later:
        return draft.with_lines(title, lines)
    place = later[0].position.line - 1
    return draft.edited(edit.insert_lines(draft.document, place, [*lines, ""]))
