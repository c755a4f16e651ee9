"""Timeline entries put where they belong: by time, with a date where the day is another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from incident_tracker.finding import Edit
from incident_tracker.lifecycle.draft import Draft, one_line, paragraph
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.log.refused import ENTRY, doubtful_text
from incident_tracker.log.timeline import DAY, entry_line
from incident_tracker.model import Entry
from incident_tracker.parse import stem
from incident_tracker.text import edit
from incident_tracker.text.characters import scrubbed
from incident_tracker.text.comments import without_comments

TIMELINE = "Timeline"
NO_HEADING = re.compile(r"(?!)")
NO_START = re.compile(r"^[\s|:–—-]+")


def with_entry(draft: Draft, at: datetime, text: str, *, estimated: bool = False) -> Draft:
    """Return the draft with one more entry; several lines of text continue below the first."""
    # Behind the time nothing is a heading or a fence, and what continues below is indented.
    first, _, more = scrubbed(text).strip().partition("\n")
    said = NO_START.sub("", one_line(first))
    if not NO_START.sub("", without_comments(said)):
        message = "there is no text to write" + (" outside of a comment" if said else "")
        raise Refusal(message, 'incident log "Root cause hypothesis: release 42"')
    rest = [f"  {line.strip()}" for line in paragraph(more, heading=NO_HEADING) if line.strip()]
    return with_written_entry(draft, at, said, rest, estimated=estimated)


def with_written_entry(
    draft: Draft, at: datetime, said: str, rest: Sequence[str], *, estimated: bool = False
) -> Draft:
    """Return the draft with an entry whose words, and the lines below them, stand as given."""
    before = [
        entry for entry in draft.incident.log.entries if entry.at is not None and entry.at <= at
    ]
    behind = _following(draft, before)
    if draft.document.section(TIMELINE) is None:
        line = _line(draft, at, said, _first_day(draft), estimated=estimated)
        return draft.with_lines(TIMELINE, [line, *rest])
    place, day = _place(draft, before, behind, at)
    local = at.astimezone(draft.zone).date()
    if local != day and behind is None and before:
        new = ["", f"### {local}", _line(draft, at, said, local, estimated=estimated), *rest]
    else:
        new = [_line(draft, at, said, day, estimated=estimated), *rest]
    edits = [*edit.insert_lines(draft.document, place, new)]
    if not before and behind is not None and local != day:
        edits += dated(draft, behind)
    return draft.edited(edits)


def with_day_written(draft: Draft) -> Draft:
    """Return the draft whose first entry says its day, which else follows from the file's name."""
    first = next((entry for entry in draft.incident.log.entries if entry.at is not None), None)
    section = draft.document.section(TIMELINE)
    if first is None or section is None:
        return draft
    above = range(section.position.line + 1, first.position.line)
    if any(DAY.fullmatch(draft.document.line_text(number)) for number in above):
        return draft
    return draft.edited(dated(draft, first))


def _following(draft: Draft, before: Sequence[Entry]) -> Entry | None:
    """The entry below the place of the new one."""
    entries = draft.incident.log.entries
    index = entries.index(before[-1]) + 1 if before else 0
    return entries[index] if index < len(entries) else None


def _place(
    draft: Draft, before: Sequence[Entry], behind: Entry | None, at: datetime
) -> tuple[int, date]:
    """The line, counted from 1, behind which the entry goes, and the day that holds there."""
    section = draft.document.section(TIMELINE)
    assert section is not None  # noqa: S101 # the caller looked
    last = before[-1] if before else None
    line = last.lines[1] if last else section.position.line
    day = last.at.date() if last and last.at else _first_day(draft)
    stop = behind.position.line if behind else section.last_line + 1
    wanted = at.astimezone(draft.zone).date()
    for number in range(line + 1, stop):
        heading = DAY.fullmatch(draft.document.line_text(number))
        found = date.fromisoformat(heading[1]) if heading else None
        if found and found <= wanted:
            line, day = number, found
    return line, day


def _line(draft: Draft, at: datetime, text: str, day: date, *, estimated: bool) -> str:
    line = entry_line(at, text, draft.zone, day=day, estimated=estimated)
    match = ENTRY.fullmatch(line)
    if match is not None and doubtful_text(line, match, day, draft.zone) is None:
        return line
    # Words that begin with a time would be read as the end of a range.
    return entry_line(at, f'"{text}"', draft.zone, day=day, estimated=estimated)


def dated(draft: Draft, entry: Entry) -> Sequence[Edit]:
    """Return the edit that writes into an entry the date that it had from what stood above it."""
    line = draft.document.line_text(entry.position.line)
    if entry.at is None or entry.at.date().isoformat() in line:
        return ()
    first = re.search(r"[0-9]", line)
    start = draft.document.offset(entry.position) - entry.position.column + 1
    at = start + (first.start() if first else 0)
    return (Edit(at, at, f"{entry.at.date().isoformat()} "),)


def _first_day(draft: Draft) -> date:
    return date.fromisoformat(stem(draft.document.path)[:10])
