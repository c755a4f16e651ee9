"""A timeline's entries in the order of time, as lines that mean the same moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from incident_tracker.log.refused import ENTRY, canonical
from incident_tracker.model import Entry
from incident_tracker.text.stamps import offset_text


@dataclass(slots=True)
class Block:
    """An entry while its timeline is read, with the line that was meant and the day it is on."""

    entry: Entry
    line: str | None
    day: date
    doubtful: bool
    last_line: int


def in_order(
    blocks: list[Block], lines: tuple[str, ...], day: date, *, headings: bool
) -> list[str]:
    """The lines of all blocks by time, each with what stands behind it up to the next.

    ``day`` holds for entries above any date. With ``headings`` a new day gets its heading,
    otherwise the entry gets its date.
    """
    result: list[str] = []
    for group in _groups(blocks):
        first = group[0]
        local = first.day
        if local != day and headings:
            result += ([""] if result else []) + [f"### {local}"]
        for block in group:
            text = list(_lines_of(block, lines))
            if block is first:
                text[0] = _stamped(text[0], block, None if local == day or headings else local)
            elif block.doubtful:
                text[0] = _stamped(text[0], block, None)
            result += text
        day = next((block.day for block in reversed(group)), day)
    return result


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """The blocks by time; one without a time stays with the entry above."""
    groups: list[tuple[datetime | None, list[Block]]] = []
    for block in blocks:
        if block.entry.at is None and groups:
            groups[-1][1].append(block)
        else:
            groups.append((block.entry.at, [block]))
    known = [at for at, _ in groups if at is not None]
    groups.sort(key=lambda group: group[0] if group[0] is not None else min(known))
    return [group for _, group in groups]


def _lines_of(block: Block, lines: tuple[str, ...]) -> Iterable[str]:
    first = block.entry.lines[0]
    yield block.line if block.line is not None else lines[first - 1]
    yield from (line for line in lines[first : block.last_line] if line.strip())


def _stamped(line: str, block: Block, day: date | None) -> str:
    """The line with its date and its offset where they are needed now."""
    match = ENTRY.fullmatch(line)
    at = block.entry.at
    if match is None or at is None or not (day or block.doubtful):
        return line
    about, written, clock, offset, text = match.groups("")
    date_part = written or (day.isoformat() if day else "")
    if block.doubtful and not offset:
        offset = offset_text(at)
    return canonical(f"- {about}{date_part}{' ' if date_part else ''}{clock}{offset} - {text}")
