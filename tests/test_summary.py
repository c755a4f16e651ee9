"""What a front matter says is not taken back by a command that was asked for something else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import EMPTY, lines, planned, row

from builder import PROTOCOL
from conftest import ROOT
from incident_tracker.examples import PATHS, good_files
from incident_tracker.importers.declare import importers
from incident_tracker.importers.mapping import preset_text, read_mapping
from incident_tracker.importers.plan import Existing, plan
from incident_tracker.importers.table import drafts
from incident_tracker.lifecycle.boxes import with_all_ticked
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.fielding import with_value
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.moves import Move, moved
from incident_tracker.lifecycle.summary import folded
from incident_tracker.model import Incident, Milestone
from incident_tracker.sources import read_source
from incident_tracker.text.document import read_document

REAL = os.environ.get("TRACKER_REAL_DATA", "")
SOURCES = (
    ("cstate", "cstate/jenkins"),
    ("cstate", "cstate/packit"),
    ("upptime", "upptime-cloudesire"),
    ("statuspage", "statuspage-raw"),
)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
ASKED: Mapping[str, Callable[[Draft], Draft]] = {
    "set ticket": lambda draft: with_value(draft, "ticket", "OPS-1"),
    "log": lambda draft: with_entry(draft, LATER, "looked at it again"),
    "tick": with_all_ticked,
    "section": lambda draft: draft.with_lines("Summary", ["One more word."]),
}
STATUSES = tuple(PROTOCOL.statuses)


def summary(draft: Draft) -> dict[str, object]:
    """The fields that other tools read, as they are written."""
    written = draft.incident.written
    found: dict[str, object] = {
        "status": written.status,
        "severity": written.severity,
        **{name.value: at for name, at in written.times.items()},
    }
    return {key: value for key, value in found.items() if value is not None}


def untouched(draft: Draft) -> None:
    """Assert that no command that says nothing of the summary changes what stands there.

    What a line proves and no field says may be added.
    """
    stood, log = summary(draft), draft.incident.log
    for name, change in ASKED.items():
        now = summary(folded(change(draft), draft))
        assert now.items() >= stood.items(), (name, draft.document.path)
        assert now.keys() - stood.keys() <= {"status", "severity", *log.times}, name


def read(path: str, text: str) -> Draft:
    return Draft(read_document(path, text.encode()), PROTOCOL)


def good(name: str = "incident") -> Draft:
    return read(PATHS[name], good_files()[PATHS[name]].decode())


@cache
def imported(name: str, folder: str) -> tuple[Draft, ...]:
    importer = importers()[name]
    mapping, faults = read_mapping(preset_text(name), PROTOCOL)
    assert mapping is not None, faults
    files = read_source(str(Path(REAL) / folder), importer.suffixes)
    made = plan(drafts(importer.read(files, mapping), mapping), PROTOCOL, Existing.of(EMPTY))
    found = [read(one.path, one.text) for one in made.files if one.path.startswith("incidents/")]
    return tuple(draft for draft in found if isinstance(draft.parsed.record, Incident))


@pytest.mark.skipif(not REAL, reason="TRACKER_REAL_DATA does not name the folder of real records")
@pytest.mark.parametrize(("name", "folder"), SOURCES)
def test_no_real_imported_record_changes_when_a_command_says_nothing_of_it(
    name: str, folder: str
) -> None:
    found = imported(name, folder)
    assert found
    for draft in found:
        untouched(draft)
        assert folded(draft).incident.status == draft.incident.status, draft.document.path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "incidents").rglob("*.md")), ids=lambda path: path.stem
)
def test_no_record_of_this_repository_changes_when_a_command_says_nothing_of_it(path: Path) -> None:
    untouched(read(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"resolved_at": "2026-02-01T10:00:00Z"},
        {"updates": []},
        {"updates": [{"at": "2026-02-03T10:10:00Z", "status": "Monitoring", "message": "We do."}]},
    ],
)
def test_an_imported_record_keeps_what_its_source_says(changed: dict[str, object]) -> None:
    for file in planned(lines(row(**changed))).files:
        draft = read(file.path, file.text)
        untouched(draft)
        assert folded(draft, lowers=True).incident.status == draft.incident.status


IMPORTED = """\
---
title: Sign-up slow
severity: P2
status: resolved
components: [event-sign-up]
detected_at: 2026-02-03T10:00Z
resolved_at: {resolved}
origin: {{system: cstate, id: "7", digest: sha-48fcaa9426d5}}
protocol: 2.0.0
---
## Summary
It was slow.
"""
PATH = "incidents/2026/2026-02-03-sign-up-slow.md"


@pytest.mark.parametrize("resolved", ["2026-02-03T11:00Z", "2026-01-31T11:00Z"])
@pytest.mark.parametrize(
    "line",
    ["Acknowledged by bo", "Incident detected via monitoring: probe", "Impact: all visitors"],
)
def test_a_line_of_earlier_takes_no_later_status_back(resolved: str, line: str) -> None:
    before = read(PATH, IMPORTED.format(resolved=resolved))
    at = datetime(2026, 2, 3, 10, tzinfo=UTC)
    after = folded(with_entry(before, at, line), before).incident
    assert after.written.status == "resolved"
    assert after.written.times[Milestone.RESOLVED] == before.incident.at(Milestone.RESOLVED)


@pytest.mark.parametrize("status", ["monitoring", "investigating"])
def test_a_line_that_leaves_the_status_takes_it_back(status: str) -> None:
    before = read(PATH, IMPORTED.format(resolved="2026-02-03T11:00Z"))
    move = Move(status=status, at=datetime(2026, 2, 4, tzinfo=UTC), reason="errors are back")
    after = folded(moved(before, move), before).incident
    assert after.written.status == status
    assert (Milestone.RESOLVED in after.written.times) == (status == "monitoring")
    untouched(read(PATH, after.document.text))


def test_a_step_back_to_what_the_log_says_already_is_one_too() -> None:
    text = good().document.text.replace("status: closed", "status: resolved")
    text = re.sub(r"- \d\d:\d\d - (Verification complete|Incident closed).*\n", "", text)
    before = read(PATHS["incident"], text.split("## Updates")[0])
    assert before.incident.log.statuses[-1].value == "monitoring"
    untouched(before)
    move = Move(status="monitoring", at=LATER, reason="errors are back")
    assert folded(moved(before, move), before).incident.written.status == "monitoring"


def test_asked_to_derive_it_anew_the_status_follows_the_timeline() -> None:
    text = re.sub(r"- \d\d:\d\d - Incident closed.*\n", "", good().document.text)
    before = read(PATHS["incident"], re.sub(r"closed_at: .*\n", "", text))
    assert before.incident.written.status == "closed"
    untouched(before)
    assert folded(before).incident.written.status == "closed"
    assert folded(before, lowers=True).incident.written.status == "resolved"


def test_a_field_stays_beside_a_line_without_a_time() -> None:
    text = IMPORTED.format(resolved="2026-02-03T11:00Z")
    text += "\n## Timeline\n- Resolution implemented (rollback): release 41\n"
    draft = read(PATH, text)
    untouched(draft)
    assert folded(draft).incident.at(Milestone.RESOLVED) == draft.incident.at(Milestone.RESOLVED)


@st.composite
def doubtful(choose: st.DrawFn) -> Draft:
    """A record whose fields and lines were each written, or forgotten, by hand."""
    text = good(choose(st.sampled_from(["incident", "security"]))).document.text
    status = choose(st.sampled_from(STATUSES))
    text = re.sub(r"^status: .*$", f"status: {status}", text, count=1, flags=re.MULTILINE)
    level = choose(st.sampled_from(["P0", "P1", "P2"]))
    text = re.sub(r"^severity: .*$", f"severity: {level}", text, count=1, flags=re.MULTILINE)
    name = next(path for path in PATHS.values() if path.startswith("incidents/"))
    kept = [line for line in text.split("\n") if not _movable(line) or choose(st.booleans())]
    draft = read(name, "\n".join(kept))
    for milestone in choose(st.sets(st.sampled_from(list(Milestone)))):
        minutes = choose(st.integers(-6000, 6000))
        at = datetime(2026, 3, 2, 16, tzinfo=UTC) + timedelta(minutes=minutes)
        draft = draft.with_field(milestone.value, at.isoformat(timespec="minutes"))
    return draft


def _movable(line: str) -> bool:
    return bool(re.match(r"- \d\d:\d\d - |[a-z]+_at: |detected_by: |resolution: ", line))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draft=doubtful())
def test_whatever_fields_and_lines_say_only_a_new_line_changes_the_summary(draft: Draft) -> None:
    untouched(draft)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    draft=doubtful(),
    line=st.sampled_from(
        ["Acknowledged by bo", "Service restored", "Severity changed: P2 → P1 because x"]
    ),
    minutes=st.integers(-6000, 6000),
)
def test_a_line_about_something_else_lowers_no_status(
    draft: Draft, line: str, minutes: int
) -> None:
    at = datetime(2026, 3, 2, 16, tzinfo=UTC) + timedelta(minutes=minutes)
    after = folded(with_entry(draft, at, line), draft)
    assert after.incident.written.status == draft.incident.written.status
    gone = set(draft.incident.written.times) - set(after.incident.written.times)
    assert gone == set()
