"""Every command explains itself; nothing from a record or an argument reaches a terminal raw."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from typed import Tracker

from incident_tracker.cli import FOLDER, main

CONTEXT = click.Context(main, info_name="incident")
# What makes a line of a record look like something else: controls, C1, bidirectional marks.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
EVIL = "x\x1b]0;owned\x07\x1b[31m\r\u202egpj\u2066\x9b1m\x85"
WRITES = frozenset(
    {
        "ack",
        "log",
        "role",
        "update",
        "status",
        "set",
        "section",
        "tick",
        "waive",
        "evidence",
        "cancel",
        "fold",
        "new",
        "pir new",
        "pir schedule",
        "pir publish",
        "action add",
        "action done",
        "action drop",
    }
)


def commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name in main.list_commands(CONTEXT):
        command = main.get_command(CONTEXT, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {f"{name} {below}": c for below, c in command.commands.items()}
        else:
            found[name] = command
    return found


def help_of(name: str) -> str:
    command = commands()[name]
    return command.get_help(click.Context(command, info_name=f"incident {name}"))


@pytest.mark.parametrize("name", sorted(WRITES))
def test_each_writing_command_takes_at_and_now_and_shows_an_example(name: str) -> None:
    shown = help_of(name)
    assert "--at TIME" in shown
    assert "--now TIME" in shown
    assert f"incident {name}" in shown.split("Examples:")[1]


@pytest.mark.parametrize("name", ["show", "list", "checklist", "notify", "init", "action list"])
def test_each_reading_command_shows_an_example(name: str) -> None:
    assert f"incident {name}" in help_of(name).split("Examples:")[1]


def test_every_command_says_in_one_line_what_it_does() -> None:
    for name, path in main.modules.items():
        assert len(main.summary(name)) > 10, path


def test_help_imports_no_command_and_nothing_heavy() -> None:
    code = (
        "import sys\nfrom incident_tracker.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in sys.modules if m.startswith('incident_tracker.cli.') or "
        "m in ('yaml', 'jinja2', 'git', 'mkdocs', 'incident_tracker.workspace')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_wrong_command_is_answered_with_the_nearest_one(empty_tracker: Tracker) -> None:
    said = empty_tracker.incident("stauts")
    assert said.status == 2
    assert "did you mean status" in said.err


def test_outside_of_a_tracker_the_exit_status_is_three(
    empty_tracker: Tracker, tmp_path: Path
) -> None:
    said = empty_tracker.incident("-C", str(tmp_path), "list")
    assert said.status == 3
    assert f"incident -C {tmp_path} init" in said.err


def test_minus_c_works_as_if_started_there_and_comes_back(
    empty_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = empty_tracker.incident("-C", str(empty_tracker.root), "list")
    assert (said.status, said.out) == (0, "no incident\n")
    assert Path.cwd() == tmp_path


def test_a_broken_protocol_is_shown_with_its_place(empty_tracker: Tracker) -> None:
    empty_tracker.change("protocol/protocol.yml", "zone: America/Chicago", "zone: America/Chicgo")
    said = empty_tracker.incident("list")
    assert said.status == 2
    assert "protocol/protocol.yml:" in said.err
    assert "America/Chicago" in said.err


def test_a_defect_is_one_sentence_and_a_traceback_only_when_asked(
    empty_tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("incident_tracker.workspace.Workspace.sources", crash)
    said = empty_tracker.incident("list")
    assert said.status == 2
    assert "internal error: ZeroDivisionError: by design" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("INCIDENT_DEBUG", "1")
    assert "Traceback" in empty_tracker.incident("list").err


@pytest.mark.parametrize(
    "arguments",
    [
        (EVIL,),
        (f"--{EVIL}",),
        ("log", EVIL, "text"),
        ("show", EVIL),
        ("new", "T", "--severity", EVIL),
        ("new", "T", "--severity", "P3", "--at", EVIL),
        ("list", "--since", EVIL),
        ("set", f"{EVIL}=1"),
        ("-C", EVIL, "list"),
        ("check", EVIL),
    ],
)
def test_row_16_no_control_character_of_an_argument_is_printed(
    empty_tracker: Tracker, arguments: tuple[str, ...]
) -> None:
    said = empty_tracker.incident(*arguments)
    assert said.status in (1, 2, 3)
    assert not RAW.search((said.out + said.err).replace("\n", ""))


def test_row_16_no_control_character_of_a_record_is_printed(empty_tracker: Tracker) -> None:
    path = "incidents/2026/2026-11-23-evil.md"
    empty_tracker.write(
        path, f'---\ntitle: "{EVIL}"\nseverity: P3\nstatus: investigating\n---\n## Timeline\n'
    )
    for command in (("list",), ("show", "evil"), ("check",), ("log", "evil", "text")):
        said = empty_tracker.incident(*command)
        assert not RAW.search((said.out + said.err).replace("\n", ""))


def test_a_control_character_that_is_logged_never_reaches_the_file(empty_tracker: Tracker) -> None:
    empty_tracker.incident("new", EVIL, "--severity", "P3", "--slug", "evil")
    said = empty_tracker.incident("log", "evil", f"seen {EVIL}\n## Updates\n<!-- hidden")
    assert said.status == 0
    (record,) = (empty_tracker.root / "incidents").rglob("*.md")
    text = record.read_text("utf-8")
    assert not RAW.search(text.replace("\n", ""))
    assert "\n## Updates" not in text
    assert "<!--" not in text


def test_on_a_terminal_only_our_own_colours_are_printed(empty_tracker: Tracker) -> None:
    empty_tracker.incident("new", "Plain", "--severity", "P3", "--slug", "plain")
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    subprocess.run(
        [sys.executable, "-m", "incident_tracker", "show", "plain", "--now", "2026-11-23T12:00Z"],
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=empty_tracker.root,
        check=True,
    )
    os.close(slave)
    # The whole page fits into the terminal's buffer, so one read gets it.
    text = os.read(master, 65536).decode().replace("\r\n", "\n")
    os.close(master)
    assert "\x1b[" in text
    assert not RAW.search(re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\n", ""))


@pytest.mark.parametrize("text", ["a\n::add-mask::x", "a ##[stop-commands]t", "::error::x"])
def test_row_17_under_github_actions_no_text_becomes_a_command(
    empty_tracker: Tracker, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for arguments in (("show", text), (text,), ("new", text, "--severity", "P3"), ("list",)):
        said = empty_tracker.incident(*arguments)
        for line in (said.out + said.err).splitlines():
            assert not line.strip().startswith("::")
            assert "##[" not in line


def test_a_reader_that_leaves_is_no_error_message(good_tracker: Tracker) -> None:
    command = f"{sys.executable} -m incident_tracker list | true"
    done = subprocess.run(
        ["bash", "-c", command], cwd=good_tracker.root, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_without_a_terminal_nothing_asks_and_what_is_missing_is_named(
    empty_tracker: Tracker,
) -> None:
    said = empty_tracker.incident("--no-input", "new", "Something is wrong")
    assert said.status == 2
    assert "--severity with one of: P0 critical" in said.err
    assert not (empty_tracker.root / "incidents").exists()


def test_row_32_zone_and_language_of_the_machine_change_no_byte(good_tracker: Tracker) -> None:
    records = [path for path in good_tracker.root.rglob("*.md") if "-good" in path.name]
    printed, written = set(), set()
    kept = [path.read_bytes() for path in records]
    for more in ({"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"TZ": "UTC", "LC_ALL": "C.UTF-8"}):
        done = subprocess.run(
            [sys.executable, "-m", "incident_tracker", "log", "2026-03-02", "Ärger → ja", "--at",
             "10:15"],
            cwd=good_tracker.root, capture_output=True, check=True,
            env=os.environ | more | {"SOURCE_DATE_EPOCH": "1772470800"},
        )  # fmt: skip
        printed.add(done.stdout)
        written.add(tuple(path.read_bytes() for path in records))
        for path, data in zip(records, kept, strict=True):
            path.write_bytes(data)
    assert len(printed) == len(written) == 1
    assert "- 10:15 - Ärger → ja".encode() in b"".join(written.pop())


def test_a_terminal_that_knows_few_letters_gets_the_others_escaped(good_tracker: Tracker) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "show", "snow-☃"],
        cwd=good_tracker.root, capture_output=True, check=False,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert done.returncode == 2
    assert rb"snow-\u2603" in done.stderr
