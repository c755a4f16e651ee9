"""The items of each section that is a list, as a record has them."""

from __future__ import annotations

import re

from incident_tracker.changes import minute
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.log.timeline import DAY
from incident_tracker.merging.items import Item
from incident_tracker.model import Action, Box, Entry, Incident, Review, Update

TIMELINE, UPDATES, CHECKLIST, ACTIONS = "Timeline", "Updates", "Checklist", "Action Items"
LISTED = (TIMELINE, UPDATES, CHECKLIST, ACTIONS)
LEAD = re.compile(r"###[ \t]*")


def items(draft: Draft, title: str, known: int = 0) -> list[Item]:
    """Return the items of a section; of actions the first ``known`` are named by their place."""
    record = draft.record
    if isinstance(record, Incident) and title == TIMELINE:
        return [_entry(entry, draft) for entry in record.log.entries]
    if isinstance(record, Incident) and title == UPDATES:
        return [_update(update, draft) for update in record.log.updates]
    if not isinstance(record, Incident | Review):
        return []
    if title == CHECKLIST:
        return [_box(box, draft) for box in record.boxes]
    if title == ACTIONS:
        return [
            _action(action, draft, number if number < known else ("new", action.text))
            for number, action in enumerate(record.actions)
        ]
    return []


def said(entry: Entry, draft: Draft) -> str:
    """Return the words of an entry's first line as written, comments included."""
    column = entry.text_position.column
    line = draft.document.line_text(entry.lines[0])
    return line[column - 1 :].rstrip() if column > 1 else entry.text.partition("\n")[0]


def below(draft: Draft, item: Item) -> list[str]:
    """Return the lines of an item behind its first one, as written."""
    return [draft.document.line_text(n) for n in range(item.first + 1, item.last + 1)]


def outside(draft: Draft, title: str) -> list[str]:
    """Return what stands in a section besides its items: comments and words between them."""
    section = draft.document.section(title)
    if section is None:
        return []
    taken = {n for item in items(draft, title) for n in range(item.first, item.last + 1)}
    lines = range(section.first_line + 1, section.last_line + 1)
    left = (draft.document.line_text(n).strip() for n in lines if n not in taken)
    return [line for line in left if line and not DAY.fullmatch(line)]


def _entry(entry: Entry, draft: Draft) -> Item:
    first, last = entry.lines
    lines = [draft.document.line_text(n).rstrip() for n in range(first + 1, last + 1)]
    words = "\n".join([said(entry, draft), *lines])
    place = (minute(entry.at) if entry.at else None, entry.estimated)
    return Item(place=place, words=words, first=first, last=last, source=entry)


def _update(update: Update, draft: Draft) -> Item:
    first, last = update.lines
    while last > first and not draft.document.line_text(last).strip():
        last -= 1
    lines = [draft.document.line_text(n).rstrip() for n in range(first + 1, last + 1)]
    words = "\n".join([update.status, *lines])
    place = minute(update.at) if update.at else None
    return Item(place=place, words=words, first=first, last=last, source=update)


def _box(box: Box, draft: Draft) -> Item:
    number = box.position.line
    words = draft.document.line_text(number).rstrip()
    return Item(place=box.box or box.text, words=words, first=number, last=number, source=box)


def _action(action: Action, draft: Draft, place: int | tuple[str, str]) -> Item:
    number = action.position.line
    words = draft.document.line_text(number).rstrip()
    return Item(place=place, words=words, first=number, last=number, source=action)
