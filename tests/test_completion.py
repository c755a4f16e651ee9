"""What a shell is offered when somebody presses the tab key, by Click's protocol and in Bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typed import Tracker

from conftest import ROOT
from incident_tracker.registry import rules

NOW = ("--now", "2026-11-23T21:30-06:00")
OPEN = "2026-11-23-checkout-500"
SHELLS = ("bash", "zsh", "fish")
Ask = Callable[..., list[str]]


@pytest.fixture
def tracker(good_tracker: Tracker) -> Tracker:
    """The known-good records, and one incident that is open."""
    for name in ("components", "contacts"):
        shutil.copy(ROOT / "protocol" / f"{name}.yml", good_tracker.root / "protocol")
    new = ("new", "Checkout returns 500", "--severity", "P3", "--slug", "checkout-500", *NOW)
    assert good_tracker.incident(*new).status == 0
    return good_tracker


@pytest.fixture
def ask(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Press the tab key behind some words, the last of which is being typed."""

    def asked(*words: str, shell: str = "fish") -> list[str]:
        before = " ".join(["incident", *words])
        monkeypatch.setenv("_INCIDENT_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", before)
        monkeypatch.setenv("COMP_CWORD", words[-1])
        said = tracker.incident()
        assert (said.status, said.err) == (0, "")
        lines = [line.partition(",")[2] for line in said.out.splitlines() if line]
        return [line.partition("\t")[0] for line in lines]

    return asked


def test_commands_are_offered_with_what_they_do(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_INCIDENT_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "incident ac")
    monkeypatch.setenv("COMP_CWORD", "1")
    lines = tracker.incident().out.splitlines()
    assert lines[:3] == ["plain", "ack", "Acknowledge an incident: somebody takes it"]
    assert lines[4] == "action"


def test_open_incidents_come_first_then_the_newest(ask: Ask) -> None:
    offered = ask("show", "")
    assert offered[0] == "checkout-500"
    # Three good records have one slug: what does not say which is meant is not offered.
    assert offered[1:] == ["2026-03-15-good", "2026-03-09-good", "2026-03-02-good"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("check", ["checkout-500"]),
        ("2026-11", [OPEN]),
        ("2026-03-0", ["2026-03-09-good", "2026-03-02-good"]),
        ("out-5", [OPEN]),
        ("nothing", []),
        ("../", []),
    ],
)
def test_any_part_that_only_one_id_has_becomes_that_id(
    ask: Ask, typed: str, offered: list[str]
) -> None:
    assert ask("log", typed) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("list", "--severity", ""), ["P0", "P1", "P2", "P3"]),
        (("list", "--severity", "P0,p"), ["P0,P0", "P0,P1", "P0,P2", "P0,P3"]),
        (
            (
                "list",
                "--severity=P3",
            ),
            ["P3"],
        ),
        (("list", "--kind", "out"), ["outage"]),
        (("list", "--format", "j"), ["json"]),
        (("new", "--component", "dona"), ["donations"]),
        (("update", "--component", "news=major"), ["news=major_outage"]),
        (("status", "checkout-500", "res"), ["resolved"]),
        (("status", "res"), ["resolved"]),
        (("status", "x", "resolved", ""), []),
        (("role", "checkout-500", "tech"), ["technical_lead"]),
        (("role", "ic", "as"), ["asha"]),
        (("role", "checkout-500", "ic", "as"), ["asha"]),
        (("section", "checkout-500", '"Root'), ["Root Cause"]),
        (("tick", "checkout-500", "Func"), ["Functionality restored"]),
        (("notify", "checkout-500", ""), ["initial", "update", "resolution"]),
        (("set", "checkout-500", "root"), ["root_cause="]),
        (("set", "checkout-500", "ticket=1", "visibility=p"), ["visibility=public"]),
        (("set", "visibility=p"), ["visibility=public"]),
        (("action", "add", "--type", "pre"), ["prevent"]),
        (("action", "add", "--owner", "gi"), ["gil"]),
        (("cancel", "--as", ""), ["false-alarm", "test", "duplicate", "withdrawn"]),
        (("metrics", "--by", "q"), ["quarter"]),
        (("ack", "--by", "b"), ["bo"]),
        (("metrics", "--metric", "time-to-ack"), ["time-to-acknowledge"]),
        (("import", "cs"), ["cstate", "csv"]),
        (("schema", "inc"), ["incident"]),
        (("completion", "z"), ["zsh"]),
        (("explain", "pir001"), ["PIR001"]),
    ],
)
def test_a_word_is_offered_where_it_belongs(
    ask: Ask, words: tuple[str, ...], offered: list[str]
) -> None:
    assert ask(*words) == offered


def test_a_waiver_is_offered_no_code_that_cannot_be_waived(ask: Ask) -> None:
    offered = ask("waive", "checkout-500", "FMT")
    assert offered == [
        code for code in sorted(rules()) if code[:3] == "FMT" and rules()[code].waivable
    ]
    assert "FMT002" not in offered


def test_another_directory_is_looked_into(
    tracker: Tracker, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask("show", "check") == []
    assert ask("-C", str(tracker.root), "show", "check") == ["checkout-500"]


def broken_protocol(root: Path) -> None:
    (root / "protocol" / "protocol.yml").write_text("severities: [", "utf-8")


def no_protocol(root: Path) -> None:
    (root / "protocol" / "protocol.yml").unlink()


def strange_records(root: Path) -> None:
    folder = root / "incidents" / "2026"
    (folder / "2026-11-24-fold.md").mkdir()
    (folder / "2026-11-25-link.md").symlink_to("/dev/zero")
    (folder / "2026-11-26-bytes.md").write_bytes(b"---\nstatus: \xff\x00\n")
    (folder / "2026-11-27-e\x1b[31m\n.md").write_text("---\nstatus: fixing\n")


@pytest.mark.parametrize(
    ("harm", "offered"),
    [
        (broken_protocol, ["checkout-500"]),
        (no_protocol, []),
        (strange_records, ["checkout-500", "bytes", "link", "fold"]),
    ],
)
def test_completion_never_fails_aloud(
    tracker: Tracker, ask: Ask, harm: Callable[[Path], None], offered: list[str]
) -> None:
    harm(tracker.root)
    assert [word for word in ask("show", "") if "good" not in word] == offered
    assert ask("lis") == ["list"]


def test_completion_writes_nothing(tracker: Tracker, ask: Ask) -> None:
    def files() -> dict[Path, bytes]:
        found = (path for path in tracker.root.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in found}

    before = files()
    for words in (("",), ("log", ""), ("status", "checkout-500", ""), ("import", "csv", "")):
        ask(*words)
    assert files() == before


def test_completion_reads_no_record_and_imports_no_git_and_no_site(tracker: Tracker) -> None:
    """Ids come from names, words from the protocol's file: what takes long is left alone."""
    code = (
        "import sys\nfrom incident_tracker.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(','.join(sorted(sys.modules)))\n"
    )
    env = {**os.environ, "_INCIDENT_COMPLETE": "fish_complete", "COMP_CWORD": ""}
    env["COMP_WORDS"] = "incident status "
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tracker.root,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert "plain,checkout-500\tinvestigating" in lines
    loaded = set(lines[-1].split(","))
    assert "incident_tracker.protocol" in loaded
    heavy = {"git", "mkdocs", "jinja2", "incident_tracker.workspace", "incident_tracker.parse"}
    assert loaded & heavy == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_clicks_own(tracker: Tracker, shell: str) -> None:
    said = tracker.incident("completion", shell)
    assert said.status == 0
    assert f"_INCIDENT_COMPLETE={shell}_complete" in said.out
    assert "U+" not in said.out
    assert "<U+" not in said.out


def test_fish_is_given_a_list_whole_and_in_order(tracker: Tracker) -> None:
    script = tracker.incident("completion", "fish").out
    assert 'string split --max 1 "," $completion' in script
    assert "complete --no-files --keep-order" in script


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shutil.which(shell)])
def test_a_shell_takes_the_script(tracker: Tracker, shell: str) -> None:
    script = tracker.incident("completion", shell).out
    done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def in_bash(root: Path, script: str, *words: str) -> list[str]:
    """What Bash would insert for the last of these words, broken up as Bash breaks words."""
    program = Path(sys.executable).with_name("incident")
    asked = """
eval "$1"; shift
COMP_WORDS=(incident "$@"); COMP_CWORD=$#
_incident_completion incident
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", asked, "bash", script, *words],
        cwd=root,
        env={**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("sho",), ["show"]),
        (("show", "check"), ["checkout-500"]),
        (("list", "--severity", "P0,P3"), ["P0,P3"]),
        (("section", "checkout-500", "Root"), ["Root\\ Cause"]),
        (("section", "checkout-500", '"Root'), ["Root Cause"]),
        # At = and : Bash breaks a word, and replaces the last piece only.
        (("set", "visibility", "=", "p"), ["public"]),
        (("set", "visibility", "="), ["internal", "public"]),
        (("list", "--severity", "=", "P3"), ["P3"]),
        (("log", "--at", "14", ":", "20", "check"), ["checkout-500"]),
        (("status", "--at", "14", ":", "20", "checkout-500", "res"), ["resolved"]),
    ],
)
def test_bash_inserts_what_belongs_there(
    tracker: Tracker, words: tuple[str, ...], offered: list[str]
) -> None:
    script = tracker.incident("completion", "bash").out
    assert in_bash(tracker.root, script, *words) == offered
