"""The workflow Records judges a pull request by what it changes, and main as a whole."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from steps import Ran, Runner, commit, git, jobs, runs

BROKEN = "---\ntitle: a\ntitle: b\n---\n"
RECORD = "incidents/2026/2026-11-03-broken.md"
HOSTILE = ["--output=pwn", "$(touch pwn)", "a;touch pwn", "x`touch pwn`", "a'b\"c"]


@pytest.fixture
def machine(tmp_path: Path, committed: Path) -> Runner:
    return Runner(tmp_path / "machine", committed)


def add(committed: Path, text: str = BROKEN) -> None:
    record = committed / RECORD
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(text, encoding="utf-8")


def pull_request(base: str = "main", head: str = "team/records") -> dict[str, Any]:
    event = {"pull_request": {"head": {"repo": {"full_name": head}}}}
    return {
        "github": {
            "event_name": "pull_request",
            "base_ref": base,
            "repository": "team/records",
            "event": event,
            "token": "t",
        },
        "vars": {},
    }


def push() -> dict[str, Any]:
    return {"github": {"event_name": "push", "base_ref": "", "token": "t"}, "vars": {}}


def checked(machine: Runner, context: dict[str, Any]) -> Ran:
    ran = machine.job("records.yml", "check", context)
    assert ran is not None
    return ran


def knows_base(committed: Path, name: str = "main") -> None:
    """The base branch as a checkout with its whole history has it."""
    git(committed, "update-ref", f"refs/remotes/origin/{name}", "HEAD")


def test_a_pull_request_that_touches_no_record_is_green(machine: Runner, committed: Path) -> None:
    knows_base(committed)
    assert checked(machine, pull_request()).status == 0


def test_a_broken_record_is_annotated_at_its_line_and_fails(
    machine: Runner, committed: Path
) -> None:
    knows_base(committed)
    add(committed)
    commit(committed)
    ran = checked(machine, pull_request())
    assert ran.status == 1
    assert f"::error file={RECORD},line=3," in ran.out
    assert "2026-11-03-broken.md" in ran.summary


def test_what_was_broken_before_does_not_hold_up_a_pull_request(
    machine: Runner, committed: Path
) -> None:
    add(committed)
    commit(committed)
    knows_base(committed)
    (committed / "README.md").write_text("changed\n", encoding="utf-8")
    commit(committed)
    assert checked(machine, pull_request()).status == 0


@pytest.mark.parametrize("event", ["push", "merge_group"])
def test_on_main_everything_is_judged(machine: Runner, committed: Path, event: str) -> None:
    add(committed)
    commit(committed)
    context = push()
    context["github"]["event_name"] = event
    assert checked(machine, context).status == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_a_branch_is_never_a_command_or_an_option(
    machine: Runner, committed: Path, name: str
) -> None:
    before = sorted(path.name for path in committed.iterdir())
    ran = checked(machine, pull_request(base=name))
    assert ran.status == 2, ran.out
    assert sorted(path.name for path in committed.iterdir()) == before


def test_findings_are_uploaded_where_the_team_asks_for_it(machine: Runner, committed: Path) -> None:
    add(committed)
    context = push()
    context["vars"]["INCIDENT_SARIF"] = "true"
    ran = machine.job("records.yml", "code-scanning", context)
    assert ran is not None
    assert ran.status == 0, ran.err
    (call,) = ran.calls
    assert call.begins("gh api --method POST repos/team/records/code-scanning/sarifs")
    assert (call.value("commit_sha"), call.value("ref")) == ("5" * 40, "refs/heads/main")
    sent = Path(call.value("sarif").removeprefix("@")).read_bytes()
    sarif = json.loads(gzip.decompress(base64.b64decode(sent, validate=True)))
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"]


@pytest.mark.parametrize(
    ("context", "asked", "uploads"),
    [
        (push(), "", False),
        (push(), "true", True),
        (pull_request(), "", False),
        (pull_request(), "true", True),
        (pull_request(head="stranger/records"), "true", False),
    ],
)
def test_no_fork_uploads(*, context: dict[str, Any], asked: str, uploads: bool) -> None:
    context["vars"]["INCIDENT_SARIF"] = asked
    assert runs("records.yml", "code-scanning", context) == uploads


def test_only_the_upload_may_write() -> None:
    assert jobs("records.yml")["check"]["permissions"] == {"contents": "read"}
    assert jobs("records.yml")["code-scanning"]["permissions"] == {
        "contents": "read",
        "security-events": "write",
    }
