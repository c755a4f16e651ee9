"""Real feeds of public status pages, imported as they were served, counted against themselves.

The files stay outside of this repository: the variable TRACKER_REAL_DATA names their folder.
"""

from __future__ import annotations

import html
import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from importing import planned_files, read_back
from typed import Tracker as Typed

from incident_tracker.check import check
from incident_tracker.importers.plan import Plan
from incident_tracker.importers.texts import cleaned, original
from incident_tracker.model import Incident, Milestone, Tracker

FOLDER = os.environ.get("TRACKER_REAL_DATA", "")
FIXTURES = Path(FOLDER) / "statuspage-raw/cloud-incident-atlas-fixtures/tests/fixtures"
SOURCES = {
    "statuspage": FIXTURES / "statuspage.json",
    "gcp": Path(FOLDER) / "gcp-aws-2022/app/public/incidents.json",
    "gcp, newer": FIXTURES / "gcp.json",
}
UPDATES = {"statuspage": "incident_updates", "gcp": "updates", "gcp, newer": "updates"}
SEVERITIES = {"critical": "P0", "major": "P1", "minor": "P2", "none": "P3"} | {
    "high": "P1",
    "medium": "P2",
    "low": "P3",
}

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="TRACKER_REAL_DATA does not name the folder of real records"
)


@cache
def theirs(name: str) -> tuple[Mapping[str, Any], ...]:
    """The incidents as they were served."""
    found = json.loads(SOURCES[name].read_bytes())
    return tuple(found["incidents"] if isinstance(found, dict) else found)


@cache
def ours(name: str) -> tuple[Plan, Tracker]:
    """What they become."""
    found = planned_files(name.partition(",")[0], {"feed.json": SOURCES[name].read_bytes()})
    return found, read_back(found)


def _of(tracker: Tracker) -> dict[str, Incident]:
    return {i.origin.id: i for i in tracker.incidents if i.origin is not None}


def _text(update: Mapping[str, str]) -> str:
    """The text of an update; bodies are HTML, whose only tags there are line breaks."""
    body = update.get("body")
    return update["text"] if body is None else html.unescape(body.replace("<br />", "\n"))


@pytest.mark.parametrize(("name", "count"), [("statuspage", 5), ("gcp", 157), ("gcp, newer", 2)])
def test_every_incident_that_was_served_becomes_a_record_that_is_read(
    name: str, count: int
) -> None:
    found, tracker = ours(name)
    assert (found.skipped, tracker.unread, len(tracker.incidents)) == ((), (), count)
    assert set(_of(tracker)) == {row["id"] for row in theirs(name)}


@pytest.mark.parametrize("name", SOURCES)
def test_severities_updates_and_texts_are_those_of_the_source(name: str) -> None:
    found, tracker = ours(name)
    words = Counter(SEVERITIES[row.get("impact") or row["severity"]] for row in theirs(name))
    assert Counter(i.severity for i in tracker.incidents) == words
    records = _of(tracker)
    for row in theirs(name):
        told = [cleaned(_text(update)).text for update in reversed(row[UPDATES[name]])]
        assert [original(u.text) for u in records[row["id"]].log.updates] == told
    assert sum(len(i.log.updates) for i in tracker.incidents) == sum(
        len(row[UPDATES[name]]) for row in theirs(name)
    )
    named = {p["title"] for row in theirs(name) for p in row.get("affected_products", ())}
    named |= {c["name"] for row in theirs(name) for c in row.get("components", ())}
    assert set(found.components().values()) == named


def test_the_updates_of_a_cloud_are_770_and_its_severities_20_118_and_19() -> None:
    _, tracker = ours("gcp")
    assert sum(len(i.log.updates) for i in tracker.incidents) == 770
    assert Counter(i.severity for i in tracker.incidents) == {"P1": 20, "P2": 118, "P3": 19}


@pytest.mark.parametrize("name", ["gcp", "gcp, newer"])
def test_how_long_a_cloud_was_silent_is_in_the_records(name: str) -> None:
    _, tracker = ours(name)
    for row in theirs(name):
        incident = _of(tracker)[row["id"]]
        for milestone, column in (
            (Milestone.STARTED, "begin"),
            (Milestone.DETECTED, "created"),
            (Milestone.RESOLVED, "end"),
        ):
            assert incident.at(milestone) == datetime.fromisoformat(row[column])


def test_levels_of_components_are_kept_update_by_update() -> None:
    found, _ = ours("statuspage")
    levels = Counter(
        level
        for file in found.files
        for update in file.settled.updates
        for level in update.levels.values()
    )
    assert levels == Counter(
        affected["new_status"]
        for row in theirs("statuspage")
        for update in row["incident_updates"]
        for affected in update["affected_components"] or ()
    )


@pytest.mark.parametrize("name", SOURCES)
def test_the_check_finds_what_the_source_says_itself_and_nothing_else(name: str) -> None:
    found, tracker = ours(name)
    wrong = {
        row["id"]
        for row in theirs(name)
        if "begin" in row and not row["begin"] <= row["created"] <= row["end"]
    }
    findings = check(tracker).findings
    assert Counter(finding.code for finding in findings) == Counter({"INC010": len(wrong)})
    by_path = {i.path: mark for mark, i in _of(tracker).items()}
    assert {by_path[finding.path] for finding in findings} == wrong
    assert len(found.defects()) == len(wrong)
    # Told after the end 22 times, and once before the beginning.
    assert len(wrong) == (23 if name == "gcp" else 0)


@pytest.mark.parametrize(("name", "path"), SOURCES.items())
def test_a_second_run_changes_no_byte_and_keeps_what_people_changed(
    name: str, path: Path, empty_tracker: Typed
) -> None:
    command = ("import", name.partition(",")[0], str(path), "--add-components", "--write")
    empty_tracker.incident(*command)
    files = _files(empty_tracker)
    assert len(files) == len(theirs(name))
    again = empty_tracker.incident(*command)
    assert again.out.startswith(f"left as they were: {len(files)} records\n")
    assert _files(empty_tracker) == files
    edited = next(iter(files))
    empty_tracker.change(edited, "status: resolved", "status: closed")
    before = _files(empty_tracker)
    assert (
        f"kept what people changed: 1 record\n  {edited}\n" in empty_tracker.incident(*command).out
    )
    assert _files(empty_tracker) == before


@pytest.mark.parametrize(("name", "path"), SOURCES.items())
def test_what_was_public_may_be_public_here_and_the_check_is_content(name: str, path: Path) -> None:
    source = name.partition(",")[0]
    found = planned_files(source, {"feed.json": path.read_bytes()}, ("visibility", "public"))
    tracker = read_back(found)
    assert all(not i.is_internal and i.public_summary for i in tracker.incidents)
    assert {f.code for f in check(tracker).findings} <= {"INC010"}


def _files(tracker: Typed) -> dict[str, bytes]:
    return {
        path.relative_to(tracker.root).as_posix(): path.read_bytes()
        for path in sorted(tracker.root.glob("incidents/*/*.md"))
    }
