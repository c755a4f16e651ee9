"""What is owed as a list for an issue that anybody may read: ids, kinds of duty and days alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from incident_tracker.due import Due
from incident_tracker.formats.terminal import one_line

MOST = 300
"""How many duties are listed: an issue holds 65,536 characters, and an id up to 70."""


def duty_list(owed: Sequence[Due], unread: Iterable[str], zone: ZoneInfo) -> str:
    """Return a Markdown list in the order given; empty where nothing is owed.

    No title, no name and no word that somebody wrote is in it, the parts of ids aside.
    """
    lines = [*_unread(unread), *(_line(item, zone) for item in owed)]
    left = len(lines) - MOST
    return "\n".join([*lines[:MOST], *([f"- {left:,} more: `incident due`"] if left > 0 else [])])


def _unread(paths: Iterable[str]) -> Iterator[str]:
    return (f"- **unread** {_code(path)}: nobody knows what it owes" for path in paths)


def _line(item: Due, zone: ZoneInfo) -> str:
    due = "possible from" if item.is_possible else "due"
    told = f"{item.clock or 'action'}, {due} {when_due(item, zone)}"
    return f"- {'**overdue** ' if item.is_overdue else ''}{_code(item.id)}: {told}"


def when_due(item: Due, zone: ZoneInfo) -> str:
    """Return the last moment of a duty as people say it: the minute, for an action its day."""
    day = item.day(zone)
    return f"{item.when.astimezone(zone):%Y-%m-%d %H:%M}" if day is None else f"{day:%Y-%m-%d}"


def _code(text: str) -> str:
    """Return the text as code, in which Markdown finds no link, mention or reference."""
    plain = one_line(text).replace("`", "'")
    return f"`{plain}`"
