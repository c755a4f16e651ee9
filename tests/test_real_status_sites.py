"""Real issues of cState sites and real checks of Upptime: every fault is found, figures agree.

The files stay outside of this repository: the variable TRACKER_REAL_DATA names their folder.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from importing import EMPTY, read_back
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.importers.declare import importers
from incident_tracker.importers.mapping import preset_text, read_mapping
from incident_tracker.importers.plan import Existing, Plan, plan
from incident_tracker.importers.table import drafts
from incident_tracker.sources import read_source

FOLDER = os.environ.get("TRACKER_REAL_DATA", "")
SITES = {"jenkins": 297, "packit": 108}
TIME = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?")
PARTS = re.compile(r"(\d+-\d+-\d+)[T ](\d+):(\d+):(\d+)(?:([+-])(\d\d):(\d\d))?")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="TRACKER_REAL_DATA does not name the folder of real records"
)


def _plan(name: str, folder: Path) -> Plan:
    importer = importers()[name]
    mapping, faults = read_mapping(preset_text(name), PROTOCOL)
    assert mapping is not None, faults
    files = read_source(str(folder), importer.suffixes)
    return plan(drafts(importer.read(files, mapping), mapping), PROTOCOL, Existing.of(EMPTY))


def _cstate(site: str) -> Path:
    return Path(FOLDER) / "cstate" / site


@cache
def imported(site: str) -> Plan:
    return _plan("cstate", _cstate(site))


# --- cState: faults, counted a second time from the bare lines


def _counted(site: str) -> Iterator[tuple[str, str, int]]:
    """The faults that stand in the files, found by nothing but regular expressions."""
    known = _systems((_cstate(site) / "config.yml").read_text("utf-8"))
    for path in sorted(_cstate(site).rglob("content/issues/*.md")):
        name = path.relative_to(_cstate(site)).as_posix()
        lines = path.read_text("utf-8").split("\n")
        if lines[0] != "---":
            yield "fence", name, 1
        at: dict[str, datetime] = {}
        is_list = False
        for number, line in enumerate(lines[: lines.index("---", 1)], start=1):
            field = re.match(r"(\w+):[ ]*[\"']?(.*?)[\"']?\s*$", line)
            item = re.match(r"\s+- [\"']?(.*?)[\"']?\s*$", line)
            if field:
                is_list = field[1] == "affected"
                if field[1] in {"date", "resolvedWhen"}:
                    at[field[1]] = _loose(field[2])
                    if not TIME.fullmatch(field[2]):
                        yield f"form of {field[1]}", name, number
                if field[1] == "resolvedWhen" and at[field[1]] < at["date"]:
                    yield "end before begin", name, number
            elif is_list and item and item[1] not in known:
                yield "affected", name, number


def _systems(config: str) -> set[str]:
    listed = config.partition("\n  systems:\n")[2]
    listed = re.split(r"\n  \w", listed)[0]
    return set(re.findall(r"^    - name: (.*)$", listed, re.MULTILINE))


def _loose(text: str) -> datetime:
    match = PARTS.match(text)
    assert match is not None
    day, hour, minute, second, sign, *offset = match.groups("0")
    found = datetime.fromisoformat(day) + timedelta(
        hours=int(hour), minutes=int(minute), seconds=int(second)
    )
    shift = timedelta(hours=int(offset[0]), minutes=int(offset[1]))
    return found + shift if sign == "-" else found - shift


def _kind(reason: str) -> str:
    field, _, what = reason.partition(": ")
    if "lies before" in what:
        return "end before begin"
    if "one digit" in what or "is no time" in what:
        return f"form of {field}"
    if "is no system" in what:
        return "affected"
    return "fence" if "front matter is missing" in reason else reason


@pytest.mark.parametrize("site", SITES)
def test_each_fault_that_stands_in_the_files_is_told_with_its_line_and_no_other(site: str) -> None:
    told = [(_kind(one.reason), one.path, one.line) for one in imported(site).defects()]
    made = {("resolvedWhen: left out, for it would make a duration from that 12:00")}
    assert sorted(fault for fault in told if fault[0] not in made) == sorted(_counted(site))


def test_the_faults_by_kind() -> None:
    found = {
        site: Counter(_kind(one.reason).partition(": ")[0] for one in imported(site).defects())
        for site in SITES
    }
    assert found == {
        "jenkins": {
            "affected": 513,
            "form of date": 7,
            "form of resolvedWhen": 3,
            "end before begin": 8,
        },
        "packit": {
            "affected": 24,
            "form of date": 2,
            "form of resolvedWhen": 1,
            "end before begin": 1,
            "fence": 1,
            "resolvedWhen": 1,
        },
    }


@pytest.mark.parametrize(("site", "count"), SITES.items())
def test_every_issue_becomes_a_record_that_is_read(site: str, count: int) -> None:
    found = imported(site)
    tracker = read_back(found)
    assert (len(found.files), found.skipped) == (count, ())
    assert (len(tracker.incidents), tracker.unread) == (count, ())


def test_what_the_records_say_is_what_the_issues_say() -> None:
    jenkins = read_back(imported("jenkins")).incidents
    assert Counter(one.severity for one in jenkins) == {"P1": 67, "P2": 114, "P3": 34, "": 82}
    assert sum(one.is_maintenance for one in jenkins) == 82
    packit = read_back(imported("packit")).incidents
    assert Counter(one.severity for one in packit) == {"P1": 5, "P2": 70, "P3": 31, "": 2}
    assert {one.status for one in (*jenkins, *packit)} == {"resolved", "completed"}


def test_the_defaults_that_were_taken_are_said() -> None:
    said = [remark.text for remark in imported("jenkins").remarks]
    assert said[0].startswith("21 times have no offset and are read as UTC, Hugo's default")
    assert said[1].startswith("82 issues are taken as planned work: the title says maintenance")
    assert said[2].startswith("47 issues are taken as incidents: only the file's name says")


def test_the_check_finds_only_what_the_import_had_told() -> None:
    found = [
        finding.code for site in SITES for finding in check(read_back(imported(site))).findings
    ]
    # Nine ends before their begin, and one window of planned work that ends as it begins.
    assert Counter(found) == {"INC010": 8, "INC015": 2}


@pytest.mark.parametrize(("site", "count"), SITES.items())
def test_the_command_writes_them_all_and_a_second_run_changes_no_byte(
    empty_tracker: Typed, site: str, count: int
) -> None:
    command = ("import", "cstate", str(_cstate(site)), "--write")
    assert empty_tracker.incident(*command).status == 1
    files = _files(empty_tracker)
    assert len(files) == count
    assert empty_tracker.incident(*command).out.startswith(f"left as they were: {count} records\n")
    assert _files(empty_tracker) == files


def _files(tracker: Typed) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tracker.root.glob("incidents/*/*.md")}


# --- Upptime: its own figures, and the checks beside them


@cache
def upptime() -> Plan:
    return _plan("upptime", Path(FOLDER) / "upptime-cloudesire")


def test_the_published_availabilities_come_out_of_the_daily_minutes(empty_tracker: Typed) -> None:
    folder = str(Path(FOLDER) / "upptime-cloudesire")
    said = empty_tracker.incident("import", "upptime", folder)
    assert said.status == 0
    for site, percent, minutes in (
        ("https://marketplace.cloudeng.it", "99.93%", "380"),
        ("https://backend-staging-eng.cloudesire.com", "38.46%", "323,469"),
        ("https://vc2.cloudeng.it", "99.98%", "123"),
    ):
        assert (
            f"{site}: available {percent} of 365 days to 2026-06-11 by its own dailyMinutesDown, "
            f"{minutes} minutes down; as it publishes\n"
        ) in said.out


def test_the_checks_agree_with_the_daily_minutes_but_for_what_is_named() -> None:
    said = "\n".join(remark.text for remark in upptime().remarks)
    assert "of 230 days with down time 227 agree to the minute; on 2 it lacks" in said
    assert "on 1 they differ (2025-10-29 535 by the checks, 536 there)" in said
    assert said.count("they differ") == 1
    assert said.count(" days with down time ") == 3


def test_every_stretch_of_checks_that_found_a_site_down_is_a_record() -> None:
    table = (Path(FOLDER) / "upptime-cloudesire" / "checks-from-git-log.csv").read_text("utf-8")
    states: dict[str, list[str]] = {}
    for line in table.splitlines()[1:]:
        _, site, state, *_ = line.split(",")
        states.setdefault(site, []).append(state)
    begun = {
        site: sum(a != "down" and b == "down" for a, b in pairwise(["up", *found]))
        for site, found in states.items()
    }
    assert sorted(begun.values()) == [12, 15, 19]
    tracker = read_back(upptime())
    ours = Counter(one.title.removesuffix(" is down") for one in tracker.incidents)
    assert ours == begun
    assert sum(one.status == "investigating" for one in tracker.incidents) == 1
    assert check(tracker).findings == ()
