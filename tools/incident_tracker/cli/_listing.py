"""How ``incident list`` understands what was typed, and prints what it found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from incident_tracker.cli._choosing import each
from incident_tracker.cli._shared import Session
from incident_tracker.cli._showing import list_table
from incident_tracker.cli._terminal import hand_over, say
from incident_tracker.formats.columns import INCIDENTS, names
from incident_tracker.formats.machine import dump
from incident_tracker.formats.spreadsheet import csv_text
from incident_tracker.lifecycle.listing import (
    Order,
    Side,
    Wanted,
    chosen,
    days_of,
    incidents_object,
)
from incident_tracker.lifecycle.refusal import Refusal


def show(
    session: Session, given: Mapping[str, str], form: str, limit: int | None, *, is_open: bool
) -> None:
    """Print the incidents that are wanted."""
    wanted = _wanted(session, given, is_open=is_open)
    lists = session.lists
    found = chosen(lists.incidents, wanted, lists.texts, Order(given["sort"]))
    shown, left_out = found[:limit], max(0, len(found) - limit) if limit else 0
    if form == "json":
        told = [incident.told for incident in shown]
        say(dump(incidents_object(told, session.now, lists.unread, left_out)))
        return
    if form == "csv":
        hand_over(csv_text([names(INCIDENTS), *(incident.cells for incident in shown)]))
    else:
        list_table(shown)
    if left_out:
        say(f"{left_out} more: --limit left them out", err=True)


def _wanted(session: Session, given: Mapping[str, str], *, is_open: bool) -> Wanted:
    protocol = session.protocol
    statuses = {**protocol.maintenance_statuses, **protocol.statuses}
    used = (name for incident in session.lists.incidents for name in incident.told["components"])
    components = {part.id: part for part in session.components}
    known = components | dict.fromkeys(used)
    return Wanted(
        severities=each(given["severity"], protocol.severities, "severity"),
        components=each(given["component"], known, "component"),
        kinds=each(given["kind"], protocol.kinds, "kind"),
        statuses=each(given["status"], statuses, "status"),
        root_causes=each(given["root_cause"]),
        people=tuple(name.casefold() for name in each(given["who"])),
        since=_days("--since", given["since"])[0],
        until=_days("--until", given["until"])[1],
        text=_pattern(given["grep"]),
        is_open=is_open,
        drills=Side(given["drills"]),
        maintenance=Side(given["maintenance"]),
    )


def _days(option: str, typed: str) -> tuple[date, date]:
    if not typed:
        return date.min, date.max
    days = days_of(typed)
    if days is None:
        raise Refusal(f'"{typed}" is no period', f"{option} 2026-11-03, 2026-11, 2026-Q4 or 2026")
    return days


def _pattern(typed: str) -> re.Pattern[str] | None:
    try:
        return re.compile(typed, re.IGNORECASE) if typed else None
    except re.error as error:
        message = f'"{typed}" is no regular expression: {error}'
        raise Refusal(message, f"for the text itself: --grep '{re.escape(typed)}'") from error
