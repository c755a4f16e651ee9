"""The sections that are lists of items: the log, updates, checklists and actions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import dated, with_written_entry
from incident_tracker.log.blocks import HEADING
from incident_tracker.log.timeline import DAY
from incident_tracker.merging.clashes import answered_box, reads_alike, united_action
from incident_tracker.merging.items import Clash, Item, Plan, planned
from incident_tracker.merging.readers import (
    ACTIONS,
    CHECKLIST,
    LEAD,
    LISTED,
    TIMELINE,
    UPDATES,
    below,
    items,
    outside,
    said,
)
from incident_tracker.model import Entry, Incident, Runbook, Update
from incident_tracker.text import edit
from incident_tracker.text.document import Document
from incident_tracker.text.stamps import DATE, day_of, readings, written_stamp

MOST_READ = 60_000
"""Lines that are read at most while items are added, for the record is read after each of them."""
DAY_IN_LINE = re.compile(rf"[^0-9]*{DATE}")


class NotMergedError(ValueError):
    """What came out does not say what both sides said: the file is merged by line instead."""


@dataclass(frozen=True, slots=True)
class ItemClash:
    """An item that both sides changed otherwise: its section, ours in our draft, their lines."""

    section: str
    ours: Item
    theirs: tuple[str, ...]


def listed(title: str, base: Draft | None, ours: Draft, theirs: Draft) -> bool:
    """Whether a section consists of items, and they changed nothing between these."""
    kept = isinstance(ours.record, Incident) or title != TIMELINE
    if title not in LISTED or not kept or isinstance(ours.record, Runbook):
        return False
    was, here, there = (outside(d, title) if d else [] for d in (base, ours, theirs))
    return there in (here, was)


def merged_section(
    title: str, base: Draft | None, ours: Draft, theirs: Draft
) -> tuple[Draft, tuple[ItemClash, ...]]:
    """Return our draft with what they did to a section of items, and what clashes.

    Raises NotMergedError.
    """
    before = items(base, title) if base else []
    known = len(before)
    before = items(base, title, known) if base else []
    mine, yours = items(ours, title, known), items(theirs, title, known)
    plan = planned(before, mine, yours, by_place=title in (CHECKLIST, ACTIONS))
    plan = _solved(plan)
    if len(plan.added) * len(ours.document.lines) > MOST_READ:
        raise NotMergedError
    moved = [pair for pair in plan.replaced if pair[0].place != pair[1].place]
    gone = [*plan.removed, *(old for old, _ in moved)]
    edits = [*_without(ours, title, gone)]
    for old, new in plan.replaced:
        if old.place == new.place:
            edits += _exchanged(ours.document, old, _in_place(ours, old, theirs, new))
    after = ours.edited(edits)
    for item in [*(new for _, new in moved), *plan.added]:
        after = _with(after, title, item, theirs)
    if title == TIMELINE and gone:
        after = after.edited(_empty_days(after.document, theirs.document))
    _compare(items(after, title, known), mine, plan)
    return after, tuple(_clashes(items(after, title, known), title, theirs, plan.clashing))


def _solved(plan: Plan) -> Plan:
    """The plan without the clashes that are none: other values of an action, a box left open."""
    clashing, replaced = [], list(plan.replaced)
    for clash in plan.clashing:
        both = united_action(clash) or answered_box(clash)
        if both is None:
            clashing.append(clash)
        elif both.key != clash.ours.key:
            replaced.append((clash.ours, both))
    return replace(plan, clashing=tuple(clashing), replaced=tuple(replaced))


def _compare(found: Sequence[Item], mine: Sequence[Item], plan: Plan) -> None:
    """Raise NotMergedError where the items found are not those that the plan has."""
    wanted = Counter(item.key for item in mine)
    wanted.subtract(item.key for item in plan.removed)
    wanted.subtract(old.key for old, _ in plan.replaced)
    wanted.update(new.key for _, new in plan.replaced)
    wanted.update(item.key for item in plan.added)
    there = {item.key: item for item in found}
    if Counter(item.key for item in found) != +wanted:
        raise NotMergedError
    if not all(reads_alike(new, there[new.key]) for _, new in plan.replaced):
        raise NotMergedError


def _clashes(
    found: Sequence[Item], title: str, theirs: Draft, clashes: Sequence[Clash]
) -> Iterator[ItemClash]:
    """The clashes, with our items where they stand by now."""
    there = {item.key: item for item in found}
    for clash in clashes:
        lines = (theirs.document.line_text(clash.theirs.first), *below(theirs, clash.theirs))
        yield ItemClash(title, there[clash.ours.key], lines)


def _without(ours: Draft, title: str, gone: Sequence[Item]) -> Iterator[Edit]:
    document = ours.document
    for item in gone:
        last = item.last
        if title == UPDATES and not document.line_text(item.first - 1).strip():
            while last < len(document.lines) and not document.line_text(last + 1).strip():
                last += 1
        start = document.offset(Position(item.first, 1))
        end = document.offset(Position(last + 1, 1))
        if start < end:
            yield Edit(start, end, "")
    if title == TIMELINE and gone:
        yield from _dates_kept(ours, {item.first for item in gone})


def _dates_kept(ours: Draft, gone: set[int]) -> Iterator[Edit]:
    """The edits that write dates into entries which had them from a line that goes."""
    taken = False
    for entry in ours.incident.log.entries:
        line = ours.document.line_text(entry.lines[0])
        if entry.lines[0] in gone:
            taken = taken or DAY_IN_LINE.match(line) is not None
        else:
            if taken and not DAY_IN_LINE.match(line):
                yield from dated(ours, entry)
            taken = False


def _empty_days(document: Document, theirs: Document) -> Iterator[Edit]:
    """The edits that take away the day headings that they took away, with the entries below."""
    section = document.section(TIMELINE)
    kept = {line.rstrip() for line in theirs.lines if DAY.fullmatch(line)}
    lines = range(section.first_line + 1, section.last_line + 1) if section else ()
    for number in lines:
        line = document.line_text(number)
        if not DAY.fullmatch(line) or line.rstrip() in kept:
            continue
        below = number + 1
        while below in lines and not document.line_text(below).strip():
            below += 1
        if below not in lines or DAY.fullmatch(document.line_text(below)):
            start, end = Position(number, 1), Position(below, 1)
            yield Edit(document.offset(start), document.offset(end), "")


def _in_place(ours: Draft, old: Item, theirs: Draft, new: Item) -> Sequence[str]:
    """The lines of their item that take the place of ours: its time stays written as it was."""
    if isinstance(old.source, Entry) and isinstance(new.source, Entry):
        line = ours.document.line_text(old.first)
        column = old.source.text_position.column
        if column == 1:
            raise NotMergedError
        return [line[: column - 1] + said(new.source, theirs), *below(theirs, new)]
    if isinstance(new.source, Update):
        return [_heading(theirs, new, new.source), *below(theirs, new)]
    return [new.words]


def _exchanged(document: Document, mine: Item, lines: Sequence[str]) -> Iterator[Edit]:
    start = document.offset(Position(mine.first, 1))
    end = document.offset(Position(mine.last, len(document.line_text(mine.last)) + 1))
    yield Edit(start, end, document.newline.join(lines))


def _with(draft: Draft, title: str, item: Item, theirs: Draft) -> Draft:
    """The draft with one more item, in its place by time or at the end."""
    source = item.source
    if isinstance(source, Entry):
        if source.at is None:
            raise NotMergedError
        words, rest = said(source, theirs), below(theirs, item)
        return with_written_entry(draft, source.at, words, rest, estimated=source.estimated)
    if not isinstance(source, Update):
        return draft.with_lines(title, [item.words])
    lines = [_heading(theirs, item, source), *below(theirs, item)]
    later = [u for u in draft.incident.log.updates if u.at and source.at and u.at > source.at]
    if not later:
        return draft.with_lines(title, lines)
    place = later[0].position.line - 1
    return draft.edited(edit.insert_lines(draft.document, place, [*lines, ""]))


def _heading(draft: Draft, item: Item, update: Update) -> str:
    """The heading of an update with all that its moment needs, wherever it stands."""
    line = draft.document.line_text(item.first)
    match = HEADING.fullmatch(LEAD.sub("", line, count=1).rstrip())
    if match is None or update.at is None:
        raise NotMergedError
    written, clock, offset, status = match.groups()
    day = day_of(written or "")
    if day is not None and (offset or len(readings(day, clock, draft.zone)) == 1):
        return line
    return f"### {written_stamp(update.at, draft.zone)} - {status}"
