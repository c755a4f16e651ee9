"""`incident import upptime`: checks of an invented monitor become down times, or say why not."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from gitting import IDENTITY, git
from importing import EMPTY, read_back
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.importers.declare import importers
from incident_tracker.importers.draft import LOG, SourceFile
from incident_tracker.importers.mapping import RowMap, preset_text, read_mapping
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Existing, Plan, plan
from incident_tracker.importers.table import drafts
from incident_tracker.model import Milestone

HEADER = "commit_at,site,state,http_code,response_ms,commit\n"
CHECKS = HEADER + (
    "2026-02-01T00:00:00Z,Donation form,up,200,120,a1\n"
    "2026-02-01T10:00:00Z,Donation form,down,503,80,a2\n"
    "2026-02-01T10:20:00Z,Donation form,down,0,0,a3\n"
    "2026-02-01T10:40:00Z,Donation form,up,200,120,a4\n"
    "2026-02-03T23:00:00Z,Donation form,degraded,200,31000,a5\n"
    "2026-02-04T01:00:00Z,Donation form,down,500,90,a6\n"
)


def mapping(*pairs: tuple[str, str]) -> RowMap:
    found, faults = read_mapping(preset_text("upptime"), PROTOCOL)
    assert found is not None, faults
    return with_pairs(found, pairs, PROTOCOL)


def planned(files: Mapping[str, bytes | str], *pairs: tuple[str, str]) -> Plan:
    """What an import of these files into an empty tracker would do."""
    chosen = mapping(*pairs)
    sources = [
        SourceFile(path=path, data=data if isinstance(data, bytes) else data.encode())
        for path, data in files.items()
    ]
    rows = drafts(importers()["upptime"].read(sources, chosen), chosen)
    return plan(rows, PROTOCOL, Existing.of(EMPTY))


def remarks(found: Plan) -> str:
    return "\n".join(remark.text for remark in found.remarks)


def summary(**changed: object) -> str:
    """A summary of one site; the form was down for forty minutes."""
    site = {
        "name": "Donation form",
        "slug": "donations",
        "uptimeYear": "99.99%",
        "dailyMinutesDown": {"2026-02-01": 40, "2026-02-28": 10},
    }
    return json.dumps([site | changed])


# --- from checks to records


def test_a_stretch_of_checks_is_a_record_from_the_first_to_the_one_that_found_it_up() -> None:
    found = planned({"checks.csv": CHECKS})
    assert found.skipped == ()
    assert found.defects() == ()
    assert found.files[0].text.partition(", digest: ")[0] == (
        "---\n"
        "title: Donation form is down\n"
        "severity: P1\n"
        "status: resolved\n"
        "components: [donation-form]\n"
        "detected_by: monitoring\n"
        "detected_at: 2026-02-01T04:00-06:00\n"
        "resolved_at: 2026-02-01T04:40-06:00\n"
        "origin: {system: upptime, id: donation-form-20260201T100000Z"
    )
    assert found.files[0].text.partition("## Summary\n")[2] == (
        "Found down by 2 checks, HTTP code 0, 503.\n\n"
        "The check before that was 10 h earlier.\n\n"
        "The check that found it up came 20 min later.\n"
    )
    assert check(read_back(found)).findings == ()


def test_degraded_is_a_record_of_its_own_and_what_is_still_down_is_open() -> None:
    _, degraded, down = planned({"checks.csv": CHECKS}).files
    assert "title: Donation form is degraded\nseverity: P3\nstatus: resolved\n" in degraded.text
    assert "The check that found it down came 2 h later.\n" in degraded.text
    assert "title: Donation form is down\nseverity: P1\nstatus: investigating\n" in down.text
    assert Milestone.RESOLVED not in down.settled.times


def test_when_it_began_is_not_known_unless_the_mapping_says_so() -> None:
    assert "started_at" not in planned({"checks.csv": CHECKS}).files[0].text
    asked = planned({"checks.csv": CHECKS}, ("started_at", "down_at")).files[0].text
    assert "started_at: 2026-02-01T04:00-06:00\n" in asked


def test_the_checks_are_counted_and_their_gaps_are_said() -> None:
    assert remarks(planned({"checks.csv": CHECKS})) == (
        "Donation form: 6 checks from 2026-02-01 to 2026-02-04, 2 down times and 1 degraded times, "
        "down at the last check; 1 gap of more than 1 d 2 h, the longest 2 d 12 h 20 min "
        "from 2026-02-01 10:40"
    )


def test_the_order_of_the_lines_and_checks_told_twice_change_nothing() -> None:
    rows = CHECKS.removeprefix(HEADER).splitlines(keepends=True)
    mixed = planned({"a.csv": HEADER + "".join(reversed(rows)), "b.csv": CHECKS})
    plain = planned({"checks.csv": CHECKS})
    assert [one.text for one in mixed.files] == [one.text for one in plain.files]


def test_commits_are_checks_as_well_and_other_commits_are_none() -> None:
    log = (
        "c4\t2026-02-01T12:00:00+01:00\t🟩 Where is up? is up (200 in 98 ms) [skip ci] [upptime]\n"
        "c3\t2026-02-01T11:30:00+01:00\t:card_file_box: Update status summary [skip ci]\n"
        "c2\t2026-02-01T11:00:00+01:00\t🟥 Where is up? is down (503 in 12 ms) [skip ci]\n"
        "c1\t2026-02-01T10:00:00+01:00\t🟨 Shop is degraded (200 in 31000 ms) [skip ci]\n"
        "c0\t9999-99-99T11:00:00+01:00\t🟥 Shop is down (0 in 0 ms)\n"
        "broken\n"
    ).encode() + b"\xff\t\t\n"
    found = planned({LOG: log})
    assert [one.settled.draft.title for one in found.files] == [
        "Shop is degraded",
        "Where is up? is down",
    ]
    assert "resolved_at: 2026-02-01T05:00-06:00\n" in found.files[1].text


@pytest.mark.parametrize(
    ("files", "component"),
    [
        ({}, "donation-form"),
        ({".upptimerc.yml": "sites:\n  - {name: Donation form, slug: give}\n"}, "give"),
        ({"history/summary.json": summary()}, "donations"),
        ({".upptimerc.yml": "sites: ["}, "donation-form"),
        ({".upptimerc.yml": "sites:\n  - x\n  - {name: [a]}\n"}, "donation-form"),
    ],
)
def test_the_component_is_the_slug_of_the_site(files: dict[str, str], component: str) -> None:
    found = planned({"checks.csv": CHECKS, **files})
    assert f"components: [{component}]\n" in found.files[0].text


# --- what Upptime says of each day


def test_availability_is_computed_from_its_own_daily_minutes() -> None:
    said = remarks(planned({"history/summary.json": summary()}))
    assert (
        "Donation form: available 99.99% of 365 days to 2026-02-28 by its own dailyMinutesDown, "
        "50 minutes down; as it publishes"
    ) in said
    assert "history/summary.json is only compared with" in said
    other = remarks(planned({"history/summary.json": summary(uptimeYear="100.00%")}))
    assert "50 minutes down; it says 100.00%" in other


def test_a_site_that_was_tracked_for_less_than_a_year_is_measured_over_that() -> None:
    history = "startTime: 2026-02-18T00:00:00.000Z\nlastUpdated: 2026-02-28T00:00:00.000Z\n"
    files = {"history/summary.json": summary(), "history/donations.yml": history}
    assert "available 99.65% of 10 days to 2026-02-28" in remarks(planned(files))
    files["history/donations.yml"] = history.replace("2026-02-18", "2026-03-18")
    assert "of 365 days" in remarks(planned(files))


def test_days_that_lie_more_than_a_year_back_are_not_counted() -> None:
    minutes = {"2025-02-28": 1_000, "2025-03-01": 7, "2026-02-28": 10}
    said = remarks(planned({"history/summary.json": summary(dailyMinutesDown=minutes)}))
    assert "17 minutes down" in said


def test_days_on_which_the_checks_say_otherwise_are_named() -> None:
    checks = CHECKS.replace("degraded,200", "up,200").replace(
        "2026-02-04T01:00:00Z,Donation form,down",
        "2026-02-04T00:50:00Z,Donation form,down,500,90,a6\n2026-02-04T01:00:00Z,Donation form,up",
    )
    minutes = {"2026-02-01": 41, "2026-02-05": 3, "2026-02-06": 1}
    files = {"checks.csv": checks, "history/summary.json": summary(dailyMinutesDown=minutes)}
    assert (
        "Donation form: of 3 days with down time 0 agree to the minute; on 1 it lacks what lasted "
        "less than 15 minutes, for Upptime deletes such issues (2026-02-04 10 by the checks, 0 "
        "there); on 2 they differ (2026-02-01 40 by the checks, 41 there; 2026-02-05 0 by the "
        "checks, 3 there)"
    ) in remarks(planned(files))


def test_a_down_time_over_midnight_belongs_to_both_days_and_an_open_one_to_each_since() -> None:
    minutes = {"2026-02-01": 40, "2026-02-03": 60, "2026-02-04": 1_440, "2026-02-05": 5}
    files = {"checks.csv": CHECKS, "history/summary.json": summary(dailyMinutesDown=minutes)}
    assert "of 3 days with down time 3 agree to the minute" in remarks(planned(files))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", "history/summary.json: no JSON"),
        ("{}", "history/summary.json is no list of sites"),
        ("[" * 100_000, "nested too deeply"),
        ('[7, {"name": "x"}]', "a site without name and slug"),
        (summary(dailyMinutesDown={"2026-02-30": 4}), '"2026-02-30" or its minutes'),
        (summary(dailyMinutesDown={"2026-02-03": -4}), '"2026-02-03" or its minutes'),
        (summary(dailyMinutesDown={"2026-02-03": 10**400}), '"2026-02-03" or its minutes'),
        (summary(dailyMinutesDown=[1]), "is only compared with"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_summary_that_cannot_be_read_is_said_and_costs_no_record(
    data: str | bytes, told: str
) -> None:
    found = planned({"checks.csv": CHECKS, "history/summary.json": data})
    assert told in remarks(found)
    assert len(found.files) == 3


# --- tables and repositories of strangers


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1600,Shop,up,200,1,x", 'commit_at: "1600" is no time'),
        (",Shop,up,200,1,x", 'commit_at: "" is no time'),
        ("2026-02-30T10:00:00Z,Shop,up,200,1,x", "names a day that does not exist"),
        ("2026-02-01T10:00:00,Shop,up,200,1,x", "has no offset, and the mapping names no zone"),
        ("2026-02-01T10:00:00Z,Shop,fine,200,1,x", 'state: "fine" is none of up, down, degraded'),
        ("2026-02-01T10:00:00Z,,up,200,1,x", "site: no name of a site"),
        ("2026-02-01T10:00:00Z", 'state: "" is none of'),
        (f"2026-02-01T10:00:00Z,{'x' * 200_000},up,200,1,x", "no CSV: field larger"),
    ],
)
def test_a_line_that_is_no_check_is_named_and_the_others_are_read(row: str, reason: str) -> None:
    lines = CHECKS.splitlines(keepends=True)
    found = planned({"checks.csv": "".join([*lines[:3], f"{row}\n", *lines[3:]])})
    assert [(one.path, one.line) for one in found.skipped] == [("checks.csv", 4)]
    assert reason in found.skipped[0].reason
    assert len(found.files) == 3


@pytest.mark.parametrize("change", ["\r\n", "\ufeff", "nul"])
def test_how_the_table_was_saved_changes_nothing(change: str) -> None:
    data = {
        "\r\n": CHECKS.replace("\n", "\r\n"),
        "\ufeff": f"\ufeff{CHECKS}",
        "nul": CHECKS.replace("Donation form", "Donation\0 form"),
    }[change]
    found = planned({"checks.csv": data})
    plain = planned({"checks.csv": CHECKS})
    times = [[one.settled.times for one in made.files] for made in (found, plain)]
    assert times[0] == times[1]
    assert "title: Donation form is down\n" in found.files[0].text


def test_other_tables_and_a_source_without_any_check_are_said() -> None:
    found = planned({"other.csv": "a,b\n1,2\n"})
    assert found.files == ()
    assert remarks(found).splitlines() == [
        "other.csv is no table of checks and is passed over",
        (
            "no check was found; a clone with its history, or a CSV with commit_at, site and "
            "state, has some"
        ),
    ]


@pytest.mark.parametrize(
    "subject",
    [
        "🟥 " + " is " * 100_000,
        "🟥 X" + " is down" * 100_000,
        "!" * 500_000,
        "x is down (" * 50_000,
    ],
)
def test_hostile_commits_are_read_quickly(subject: str) -> None:
    begun = time.process_time()
    planned({LOG: f"c1\t2026-02-01T11:00:00Z\t{subject}\n" * 3})
    assert time.process_time() - begun < 2


def test_thousands_of_changes_of_state_are_read_in_seconds() -> None:
    rows = "".join(
        f"2026-02-{1 + n // 1440 % 28:02}T{n // 60 % 24:02}:{n % 60:02}:00Z,S{n // 40320},"
        f"{'up' if n % 2 else 'down'},1,1,x\n"
        for n in range(8_000)
    )
    begun = time.process_time()
    found = planned({"checks.csv": HEADER + rows, "history/summary.json": summary(name="S0")})
    assert len(found.files) == 4_000
    assert time.process_time() - begun < 30


def monitor(root: Path) -> Path:
    """A repository as Upptime keeps it: a commit for each check."""
    folder = root / "status"
    (folder / "history").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    subjects = [
        ("10:00", "🟩 Donation form is up (200 in 120 ms) [skip ci] [upptime]", "up"),
        ("10:20", "🟥 Donation form is down (503 in 80 ms) [skip ci] [upptime]", "down"),
        ("10:50", "🟩 Donation form is up (200 in 99 ms) [skip ci] [upptime]", "up again"),
    ]
    for at, subject, state in subjects:
        (folder / "history" / "donation-form.yml").write_text(f"status: {state}\n", "utf-8")
        git(folder, "add", "--all")
        stamp = f"2026-02-01T{at}:00+00:00"
        dated = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        subprocess.run(
            ["git", "-C", str(folder), "commit", "--quiet", "-m", subject],
            env={**os.environ, **IDENTITY, **dated},
            check=True,
        )
    return folder


def test_a_repository_is_read_and_a_second_run_changes_no_byte(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    command = ("import", "upptime", str(monitor(tmp_path)), "--write")
    said = empty_tracker.incident(*command, "--add-components")
    assert said.status == 0
    assert "Donation form: 3 checks from 2026-02-01 to 2026-02-01, 1 down times; no gap" in said.out
    (file,) = empty_tracker.root.glob("incidents/*/*.md")
    before = file.read_bytes()
    assert b"detected_at: 2026-02-01T04:20-06:00\nresolved_at: 2026-02-01T04:50-06:00\n" in before
    assert empty_tracker.incident("check", "--strict").status == 0
    assert empty_tracker.incident(*command).out.startswith("left as they were: 1 record\n")
    assert file.read_bytes() == before
    file.write_bytes(before.replace(b"title: ", b"title: Our "))
    assert "kept what people changed: 1 record\n" in empty_tracker.incident(*command).out
    assert b"title: Our " in file.read_bytes()


def test_a_folder_inside_of_a_repository_is_none(empty_tracker: Typed, tmp_path: Path) -> None:
    folder = monitor(tmp_path)
    said = empty_tracker.incident("import", "upptime", str(folder / "history"))
    assert "no check was found" in said.out


def test_a_shallow_clone_is_refused_with_the_way_out(empty_tracker: Typed, tmp_path: Path) -> None:
    folder = monitor(tmp_path)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{folder}", str(tmp_path / "few"))
    said = empty_tracker.incident("import", "upptime", str(tmp_path / "few"))
    assert said.status == 2
    assert "this clone is shallow" in said.err
    assert "git fetch --unshallow" in said.err


def test_a_hostile_repository_runs_nothing(empty_tracker: Typed, tmp_path: Path) -> None:
    folder = monitor(tmp_path)
    canary = tmp_path / "canary"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n", "utf-8")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "core.sshCommand",
        "diff.external",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "gpg.program",
        "alias.log",
    ):
        git(folder, "config", key, f"!{script}" if key == "alias.log" else str(script))
    git(folder, "config", "log.showSignature", "true")
    (folder / ".gitattributes").write_text("* diff=evil filter=evil\n", "utf-8")
    said = empty_tracker.incident("import", "upptime", str(folder))
    assert "would write 1 record\n" in said.out
    assert not canary.exists()
