"""Real histories of other people, imported, checked and measured against what they published.

The records stay outside of this repository: the variable TRACKER_REAL_DATA names their folder.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from importing import preset, read_back, rows_of
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Existing, Plan, plan
from incident_tracker.metrics.declare import metrics
from incident_tracker.model import Incident, Milestone, Tracker

FOLDER = os.environ.get("TRACKER_REAL_DATA", "")
HISTORY = Path(FOLDER) / "github-statuses" / "parsed" / "incidents.jsonl"
WINDOWS = [
    ("started_at", "impact_window.start_at"),
    ("mitigated_at", "impact_window.end_at"),
]
STARTS = (Milestone.STARTED, Milestone.DETECTED)
ENDS = (Milestone.MITIGATED, Milestone.VERIFIED, Milestone.RESOLVED)

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="TRACKER_REAL_DATA does not name the folder of real records"
)


@cache
def rows() -> tuple[Mapping[str, Any], ...]:
    """The rows as their authors published them."""
    return tuple(json.loads(line) for line in HISTORY.read_bytes().splitlines())


def _plan(mapping: RowMap, existing: Tracker | None = None) -> Plan:
    return plan(
        rows_of(HISTORY.read_bytes(), mapping=mapping),
        PROTOCOL,
        Existing.of(existing or Tracker(protocol=PROTOCOL)),
    )


@cache
def imported() -> tuple[Plan, Tracker]:
    """The history by the preset."""
    found = _plan(preset())
    return found, read_back(found)


@cache
def with_windows() -> Tracker:
    """The history with the impact windows that a machine read out of its prose."""
    return read_back(_plan(with_pairs(preset(), WINDOWS, PROTOCOL)))


def _row_of(incident: Incident) -> Mapping[str, Any]:
    assert incident.origin is not None
    return next(row for row in rows() if row["id"] == incident.origin.id)


def test_every_row_becomes_a_record_that_is_read() -> None:
    found, tracker = imported()
    assert found.skipped == ()
    assert (len(found.files), len(tracker.incidents), tracker.unread) == (819, 819, ())
    assert sum(i.is_maintenance for i in tracker.incidents) == 18
    assert sum(i.counts for i in tracker.incidents) == 801


def test_what_the_records_say_is_what_the_source_says() -> None:
    _, tracker = imported()
    theirs = Counter(row["impact"] for row in rows())
    assert Counter(i.severity for i in tracker.incidents) == {
        "P0": theirs["critical"],
        "P1": theirs["major"],
        "P2": theirs["minor"],
        "P3": theirs["none"],
        "": theirs["maintenance"],
    }
    assert sum(len(i.log.updates) for i in tracker.incidents) == 4570
    assert sum(not i.components for i in tracker.incidents) == 158
    named = Counter(name for i in tracker.incidents for name in i.components)
    told = Counter(name for row in rows() for name in row.get("components", ()))
    assert sorted(named.values()) == sorted(told.values())


def test_the_days_of_the_ids_are_local_and_every_origin_is_kept_once() -> None:
    found, tracker = imported()
    assert {i.origin.id for i in tracker.incidents if i.origin} == {row["id"] for row in rows()}
    assert len({one.path for one in found.files}) == 819


def test_only_a_watch_that_stood_until_the_end_makes_a_verification() -> None:
    _, tracker = imported()
    watched = sum("Monitoring" in row["status_sequence"] for row in rows())
    verified = [i for i in tracker.incidents if i.at(Milestone.VERIFIED)]
    # One of them went back to investigating, and was not watched again.
    assert (watched, len(verified)) == (74, 73)


def test_the_check_finds_nothing_that_the_source_could_not_know() -> None:
    assert check(imported()[1]).findings == ()


def test_with_the_impact_windows_the_check_finds_the_two_that_begin_after_their_detection() -> None:
    found = check(with_windows()).findings
    wrong = {
        row["id"]
        for row in rows()
        if row["impact_window"] and row["impact_window"]["start_at"] > row["started_at"]
    }
    by_path = {i.path: _row_of(i)["id"] for i in with_windows().incidents}
    assert Counter(finding.code for finding in found) == {"INC010": 2}
    assert {by_path[finding.path] for finding in found} == wrong


def test_the_published_durations_are_recomputed_from_the_records_to_the_minute() -> None:
    ours: dict[str, int] = {}
    for incident in with_windows().incidents:
        assert incident.origin is not None
        ours[incident.origin.id] = _duration(incident) // timedelta(minutes=1)
    assert ours == {row["id"]: row["duration_minutes"] for row in rows()}
    assert sum(ours.values()) == 196_644


def _duration(incident: Incident) -> timedelta:
    """The impact window where there is one, else from the first word to the last."""
    if incident.is_maintenance:
        first, last = incident.log.updates[0].at, incident.log.updates[-1].at
        assert first is not None
        assert last is not None
        return last - first
    return _first(incident, *ENDS) - _first(incident, *STARTS)


def _first(incident: Incident, *milestones: Milestone) -> datetime:
    return next(at for at in map(incident.at, milestones) if at is not None)


def test_the_mean_times_to_resolve_are_those_that_the_rows_give() -> None:
    tracker = imported()[1]
    now = datetime.fromisoformat("2026-09-01T00:00Z")
    found = metrics()["time-to-resolve"].measure(tracker.incidents, tracker, now)
    theirs: dict[str, list[float]] = {}
    for row in rows():
        severity = preset().severity.words.get(row["impact"])
        if severity:
            theirs.setdefault(severity, []).append(_seconds_to_fix(row))
    assert {one.group: one.n for one in found} == {key: len(all_) for key, all_ in theirs.items()}
    for one in found:
        assert one.headline == pytest.approx(fmean(theirs[one.group]))


def _seconds_to_fix(row: Mapping[str, Any]) -> float:
    """From the first word to the last watch that nothing interrupted, else to the end."""
    end = row["resolved_at"]
    watched = None
    for update in row["updates"]:
        if update["status"] == "Investigating":
            watched = None
        elif update["status"] == "Monitoring":
            watched = watched or update["at"]
    begin, over = (datetime.fromisoformat(text) for text in (row["started_at"], watched or end))
    return (over - begin).total_seconds()


def test_the_command_writes_them_all_and_a_second_run_changes_no_byte(
    empty_tracker: Typed,
) -> None:
    command = ("import", "jsonl", str(HISTORY), "--map", "status-history", "--write")
    assert empty_tracker.incident(*command).status == 0
    files = _files(empty_tracker)
    assert len(files) == 819
    again = empty_tracker.incident(*command)
    assert again.status == 0
    assert again.out.startswith("left as they were: 819 records\n")
    assert _files(empty_tracker) == files


def _files(tracker: Typed) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tracker.root.glob("incidents/*/*.md")}
