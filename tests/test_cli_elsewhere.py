"""With ``-C DIR``, what a command prints to be typed works from where it was typed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typed import Said, Tracker

from conftest import ROOT

DAY = "2026-11-23"
COMMANDS = "|".join(
    path.stem.rstrip("_")
    for path in (ROOT / "tools" / "incident_tracker" / "cli").glob("[a-z]*.py")
)
BARE = re.compile(rf"(?<![\w/.-])incident (?:{COMMANDS})\b")
NEW = ("new", "Mail is stuck", "--severity", "P0", "--component", "website", "--slug", "stuck")


@pytest.fixture
def elsewhere(empty_tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A tracker with an incident in a folder with a blank in its name, seen from beside it."""
    shutil.copytree(ROOT / "protocol" / "messages", empty_tracker.root / "protocol" / "messages")
    there = empty_tracker.root.parent / "our tracker"
    empty_tracker.root.rename(there)
    beside = there.parent / "beside"
    beside.mkdir()
    monkeypatch.chdir(beside)
    return Tracker(root=there, read=empty_tracker.read)


def typed(tracker: Tracker, *command: str) -> Said:
    return tracker.incident("-C", "../our tracker", *command, "--now", f"{DAY}T10:10-06:00")


@pytest.mark.parametrize(
    "command",
    [
        ("log", "stuck", "a note"),
        ("update", "stuck", "--message", "All."),
        ("notify", "stuck", "initial"),
        ("due",),
        ("due", "--format", "json"),
        ("decide", "stuck", "--answer", "recent deployment=yes"),
        ("update", "stuck", "--status", "resolved", "--message", "It works."),
        ("pir", "publish", "stuck"),
        ("action", "tickets", "--open-with", "echo {title}"),
        ("action", "tickets", "--format", "json"),
        ("log", "stuk", "a note"),
    ],
)
def test_what_is_printed_to_be_typed_names_the_folder(
    elsewhere: Tracker, command: tuple[str, ...]
) -> None:
    assert typed(elsewhere, *NEW).status == 0
    add = ("action", "add", "stuck", "Alert on it", "--owner", "gil", "--due", "1d")
    assert typed(elsewhere, *add).status == 0
    said = typed(elsewhere, *command)
    text = said.out + said.err
    assert "incident -C '../our tracker' " in text, text
    assert not BARE.search(text), text


def test_a_new_incident_says_what_to_type_next_and_it_works(elsewhere: Tracker) -> None:
    said = typed(elsewhere, *NEW)
    assert not BARE.search(said.out), said.out
    line = next(line for line in said.out.splitlines() if "Triage complete" in line)
    words = shlex.split(line.partition("incident ")[2])
    assert words[:3] == ["-C", "../our tracker", "log"]
    assert elsewhere.incident(*words).status == 0


def test_without_it_commands_are_printed_as_ever(
    elsewhere: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(elsewhere, *NEW)
    monkeypatch.chdir(elsewhere.root)
    said = elsewhere.incident("log", "stuck", "a note", "--now", f"{DAY}T10:10-06:00")
    assert " -C " not in said.out + said.err
    assert BARE.search(said.out)


def test_a_quotation_is_left_as_it_is(elsewhere: Tracker) -> None:
    typed(elsewhere, *NEW)
    said = typed(elsewhere, "log", "keepanincidentlog", "incident log is kept")
    assert "incident -C '../our tracker' log \"keepanincidentlog incident log is kept\"" in said.err


def test_the_lines_for_a_shell_work_from_there(elsewhere: Tracker, tmp_path: Path) -> None:
    typed(elsewhere, *NEW)
    typed(elsewhere, "action", "add", "stuck", "Alert on it", "--owner", "gil", "--due", "1d")
    lines = typed(elsewhere, "action", "tickets", "--open-with", "echo T-{title}").out
    program = tmp_path / "incident"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m incident_tracker "$@"\n', "utf-8")
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "tools")}
    subprocess.run(["sh", "-e"], input=lines, text=True, env=env, check=True)  # a shell
    record = elsewhere.root / "incidents" / "2026" / f"{DAY}-stuck.md"
    assert "Ticket: T-Alert on it" in record.read_text("utf-8")
