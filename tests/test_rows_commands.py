"""Hostile arguments, texts and repositories in front of the commands, as they are typed.

The rows are those of docs/hostile-input.md.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gitting import IDENTITY, begin, commit, git
from poison import public, with_records_of
from test_cli_terminal import EVIL
from typed import Tracker

from incident_tracker.check import Report
from incident_tracker.examples import good_files
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.finding import Finding, Level
from incident_tracker.formats.declare import report_formats
from incident_tracker.formats.job_summary import job_summary
from runner import RAW, commands

RECORD = "incidents/2026/2026-03-02-good.md"
GOOD = good_files()[RECORD].decode()
NOW = ("--now", "2026-03-20T10:00-06:00")
IDS = ("../../x", "/etc/x", "2026-03-02-good\n", "2026-03-02-good/../../x", "٢٠٢٦-03-02-x", "..")


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder, with what they hold."""
    files = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# --- row 9


@pytest.mark.parametrize("name", IDS, ids=ascii)
def test_row_09_an_id_that_leads_elsewhere_writes_nothing(good_tracker: Tracker, name: str) -> None:
    before = everything(good_tracker.root.parent)
    for typed in (
        ("log", name, "text"),
        ("set", name, "severity=P2"),
        ("rename", name, "other"),
        ("rename", "2026-03-02-good", name),
        ("withdraw", name, "--because", "x"),
        ("reopen", name, "--because", "x"),
        ("new", "T", "--severity", "P3", "--slug", name),
        ("pir", "new", name),
        ("runbook", "new", name),
        ("section", name, "Summary", "x"),
        ("evidence", name, "--label", "x"),
    ):
        said = good_tracker.incident(*typed, *(NOW if typed[0] != "runbook" else ()))
        assert said.status in {2, 3}, typed
        assert "No such option" not in said.err, typed
        assert not re.search("Missing|this takes", said.err), typed
    assert everything(good_tracker.root.parent) == before


# --- rows 16 and 17: all that is printed


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command prints on a terminal, out and err together."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "incident_tracker", *arguments],
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"},
    )
    os.close(slave)
    parts = []
    try:
        while part := os.read(master, 65_536):
            parts.append(part)
    except OSError:  # the other side is closed
        pass
    os.close(master)
    process.wait(30)
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("check",), ("show", "2026-03-02-good"), (f"--{EVIL}",), ("show", EVIL)],
)
def test_row_16_on_a_terminal_nothing_of_a_record_or_an_argument_is_obeyed(
    good_tracker: Tracker, arguments: tuple[str, ...]
) -> None:
    title = json.dumps(EVIL.replace("\r", ""))
    good_tracker.write(
        RECORD.replace("good", "evil"), GOOD.replace("title: Search", f"title: {title} #")
    )
    text = on_a_terminal(good_tracker.root, *arguments)
    assert text
    assert not RAW.search(re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\n", ""))


@pytest.mark.parametrize("text", ["x\n::add-mask::y", "x ##[stop-commands]t", "::error file=a::b"])
def test_row_17_no_command_prints_a_command_of_the_runner(
    good_tracker: Tracker, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    title = json.dumps(text.replace("\n", " "))
    good_tracker.write(RECORD, GOOD.replace("title: Search", f"title: {title} #").replace(
        "first error in the log", " ".join(text.split())
    ))  # fmt: skip
    for typed in (
        ("list",),
        ("show", "2026-03-02-good"),
        ("due", *NOW),
        ("metrics", *NOW),
        ("export", "json", *NOW),
        ("explain", text),
        ("log", text, text, *NOW),
        (text,),
    ):
        said = good_tracker.incident(*typed)
        assert commands(said.out + "\n" + said.err) == [], typed
        assert "No such option" not in said.err, typed


# --- rows 19 and 20


def test_row_19_five_thousand_findings_are_one_whole_table_and_a_count() -> None:
    text = "a | b `c` <b>d</b> \n| e"
    one = Finding(
        path=RECORD, line=1, column=1, code="FMT002", name="x", level=Level.ERROR, message=text
    )
    found = tuple(replace(one, line=line, message=text + "x" * 300) for line in range(1, 5_001))
    summary = job_summary(Report(findings=found, texts={RECORD: ""}))
    assert len(summary.encode()) < 1_024_000
    assert re.search(r"^[\d,]+ more\.$", summary, re.MULTILINE)
    rows = [line for line in summary.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5}
    assert "<b>" not in summary


@pytest.mark.parametrize(
    "begin_", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\x00=1", " =1", "\uff1d1"]
)
def test_row_20_no_cell_of_a_table_begins_a_formula(begin_: str) -> None:
    tracker = with_records_of(public(), begin_)
    files = exports()["csv"].files(tracker, datetime(2026, 11, 24, tzinfo=UTC), Settings())
    rows = [
        row
        for name, data in files.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(data.decode(), newline=""))
    ]
    assert not [
        cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+@\t\r\uff1d"))
    ]


# --- rows 26 and 27: what a clone knows, and who takes a name first


def test_row_26_no_metric_is_taken_from_a_history_that_is_cut_off(
    good_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(good_tracker.root)
    good_tracker.write("README.md", "later\n")
    commit(good_tracker.root, "later")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{good_tracker.root}", str(clone))
    whole = good_tracker.incident("metrics", *NOW)
    monkeypatch.chdir(clone)
    assert good_tracker.incident("metrics", *NOW) == whole
    assert whole.status == 0


def test_row_27_two_branches_with_one_id_are_a_conflict_of_git(named: Tracker) -> None:
    new = ("new", "Site down", "--severity", "P2", "--slug", "site-down", *NOW)
    git(named.root, "switch", "--quiet", "--create", "theirs")
    assert named.incident(*new).status == 0
    commit(named.root, "theirs")
    git(named.root, "switch", "--quiet", "main")
    assert named.incident(*new[:2], "--component", "search", *new[2:]).status == 0
    commit(named.root, "ours")
    git(named.root, "merge", "--quiet", "theirs", expected=1)
    path = "incidents/2026/2026-03-20-site-down.md"
    assert git(named.root, "diff", "--name-only", "--diff-filter=U") == path
    said = named.incident("check", "--format", "json")
    assert {f["code"] for f in json.loads(said.out)["findings"] if f["path"] == path} == {"FMT013"}


def test_row_27_of_two_that_declare_at_once_each_has_a_file_of_its_own(
    empty_tracker: Tracker,
) -> None:
    typed = ("new", "Site down", "--severity", "P2", "--slug", "site-down", *NOW)
    command = [sys.executable, "-m", "incident_tracker", *typed]
    running = [
        subprocess.Popen(
            command, cwd=empty_tracker.root, stdout=subprocess.DEVNULL, env=os.environ | IDENTITY
        )
        for _ in range(4)
    ]
    assert [one.wait(60) for one in running] == [0] * 4
    made = sorted(path.stem for path in (empty_tracker.root / "incidents" / "2026").iterdir())
    first = "2026-03-20-site-down"
    assert made == [first, f"{first}-2", f"{first}-3", f"{first}-4"]


# --- rows 32 and 34


def test_row_32_no_zone_language_or_clock_of_the_machine_is_in_a_byte(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    seen = set()
    for number, more in enumerate(
        ({"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"TZ": "America/New_York", "LANG": "tr_TR.UTF-8"})
    ):
        place = shutil.copytree(good_tracker.root, tmp_path / f"copy{number}" / "tracker")
        for typed in (
            ("check", "--facts"), ("metrics",), ("due",), ("list",),
            ("show", "2026-03-02-good"), ("export", "ics"), ("export", "json"),
        ):  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "incident_tracker", *typed],
                cwd=place,
                env=os.environ | more | {"SOURCE_DATE_EPOCH": "1774000000"},
                capture_output=True,
                check=False,
            )
            assert done.returncode in {0, 1}, done.stderr
            seen.add((typed, done.stdout))
    assert len(seen) == 7


@pytest.mark.parametrize("form", sorted(set(report_formats()) - {"github"}))
def test_row_34_what_was_waived_is_counted_wherever_it_is_not_shown(
    good_tracker: Tracker, form: str
) -> None:
    triage = "- 10:13 - Triage complete: real, P1\n"
    waived = GOOD.replace(triage, "").replace(
        "protocol: 2.0.0\n", 'waive: {INC020: "the page was the triage"}\nprotocol: 2.0.0\n'
    )
    good_tracker.write(RECORD, waived)
    plain = good_tracker.incident("check")
    assert "1 waived" in plain.out
    said = good_tracker.incident("check", "--format", form)
    assert said.status == 0
    silent = {"gitlab", "rdjsonl"}  # their forms know findings only
    assert ("waived" in said.out or "the page was the triage" in said.out) is (form not in silent)
