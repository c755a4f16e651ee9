"""Whether every line that a side wrote is still said in the merged text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.log.refused import ENTRY
from incident_tracker.log.timeline import DAY
from incident_tracker.merging.readers import LEAD
from incident_tracker.model import Action, Box, Incident, Review

REMARK = re.compile(r"(?:^|\s)#.*")


def is_lost(base: Draft | None, sides: tuple[Draft, Draft], text: str) -> bool:
    """Return whether a line is missing that a side has and the base has not.

    Fields are told from each other by name and action items by their values, so of these only
    what is remarked beside them is looked for.
    """
    known = _lines(base.document.lines) if base else set()
    there = _lines(text.split("\n"))
    for side in sides:
        document = side.document
        merged = _told_otherwise(side)
        for number, line in enumerate(document.lines, start=1):
            said = " ".join(line.split())
            if said in known or said in there or not said or number in merged:
                continue
            wanted = _remark(line) if number <= document.body_start else _words(line)
            if wanted not in text:
                return True
    return False


def _lines(lines: Iterable[str]) -> set[str]:
    return {" ".join(line.split()) for line in lines}


def _told_otherwise(side: Draft) -> set[int]:
    """The lines whose values are merged, and boxes that say nothing yet."""
    record = side.record
    if not isinstance(record, Incident | Review):
        return set()
    items: list[Action | Box] = [*record.actions]
    items += (box for box in record.boxes if not (box.answered or box.note))
    return {item.position.line for item in items}


def _remark(line: str) -> str:
    """What a line of the front matter says besides its field."""
    found = REMARK.search(line)
    return found[0].strip() if found else ""


def _words(line: str) -> str:
    """What a line of the body says besides the time, which is written as its place demands."""
    if DAY.fullmatch(line):
        return ""
    entry = ENTRY.fullmatch(line)
    if entry is not None:
        return entry[5].rstrip()
    if line.startswith("###"):
        return LEAD.sub("", line).rpartition(" - ")[2].strip()
    return line.strip()
