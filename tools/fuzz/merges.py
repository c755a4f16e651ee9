"""What is promised of merging: no word of either side is lost, and a record stays a record."""

from __future__ import annotations

import re

from fuzz.ground import RECORDS, protocol, respliced
from fuzz.promises import promised
from incident_tracker.examples import good_files
from incident_tracker.finding import Level
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.merging import Merged, merge
from incident_tracker.model import Incident
from incident_tracker.registry import rules
from incident_tracker.text.characters import clean
from incident_tracker.text.document import read_document

WORD = re.compile(r"[A-Za-z]{5,}")
MARKER = "<<<<<<<"
ALL_THREE = 3


def merging(data: bytes) -> None:
    """Two versions of a record become one: what a side wrote is there, and can be read."""
    path = RECORDS[data[0] % len(RECORDS) if data else 0]
    base, ours, theirs = _versions(path, data[1:])
    made = merge(path, base, ours, theirs, protocol())
    promised((MARKER in made.text) or not made.conflicts, "a conflict that shows no marker")
    same = merge(path, base, ours, ours, protocol())
    promised(same == Merged(ours), "a side merged with itself is another")
    records = [_record(path, text) for text in (base, ours, theirs)]
    if made.conflicts or None in records:
        return
    merged = _record(path, made.text)
    promised(merged is not None, "two records were merged to none, and no conflict says so")
    for side in records[1:]:
        lost = _words(side) - _words(records[0]) - set(WORD.findall(made.text))
        promised(not lost, f"words are lost: {lost}")
        _entries_stay(records[0], side, merged)


def _versions(path: str, data: bytes) -> tuple[str, str, str]:
    """The good record, changed on one side, on the other, or on both."""
    good = good_files()[path]
    sides: tuple[list[bytes], list[bytes], list[bytes]] = ([], [], [])
    for piece in data.split(b"\xff"):
        which = piece[0] >> 2 & 3 if piece else 0
        for number, side in enumerate(sides):
            if which in (number, ALL_THREE):
                side.append(piece)
    texts = [respliced(good, pieces).decode("utf-8", "surrogateescape") for pieces in sides]
    return texts[0], texts[1], texts[2]


def _record(path: str, text: str) -> Draft | None:
    draft = Draft(read_document(path, text.encode("utf-8", "surrogateescape")), protocol())
    wrong = any(rules()[fault.code].level is Level.ERROR for fault in draft.parsed.faults)
    return None if wrong or draft.parsed.record is None or not clean(text) else draft


def _words(draft: Draft | None) -> set[str]:
    """The words of the body; those of the front matter follow the log, or clash by field."""
    lines = draft.document.lines[draft.document.body_start :] if draft else ()
    return set(WORD.findall("\n".join(lines)))


def _entries_stay(base: Draft | None, side: Draft | None, merged: Draft | None) -> None:
    """Each entry of the timeline that a side added is an entry of the merged record."""
    texts = []
    for draft in (base, side, merged):
        record = draft.record if draft else None
        log = record.log.entries if isinstance(record, Incident) else ()
        texts.append({" ".join(entry.text.split()) for entry in log})
    known, added, found = texts
    promised(added - known <= found, f"entries are lost: {added - known - found}")
