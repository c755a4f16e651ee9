"""The workflow Sweep keeps one issue about what is due, and lets the site be built anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps import Ran, Runner, incident

CONTEXT = {"github": {"token": "t", "repository": "team/records"}}
ISSUES = "gh api --method GET repos/team/records/issues"
MARKER = "<!-- incident-due -->\n"


@pytest.fixture
def owing(committed: Path) -> Path:
    new = ("new", "Secret $(touch pwn) of the house", "--severity", "P0", "--slug", "a")
    incident(*new, "--at", "2026-11-03T10:00-06:00", cwd=committed)
    return committed


def swept(folder: Path, committed: Path, found: str = "") -> Ran:
    machine = Runner(folder, committed, answers=[(ISSUES, found, 0)] if found else [])
    ran = machine.job("sweep.yml", "due", CONTEXT)
    assert ran is not None
    assert ran.status == 0, ran.err
    return ran


def commands(ran: Ran) -> list[tuple[str, ...]]:
    return [call.argv[:4] for call in ran.of("gh issue")]


def test_what_is_due_opens_an_issue_with_ids_only(tmp_path: Path, owing: Path) -> None:
    ran = swept(tmp_path / "machine", owing)
    (call,) = ran.of("gh issue")
    assert call.begins("gh issue create")
    assert call.value("--label") == "incident-due"
    assert call.body.startswith(MARKER)
    assert "- **overdue** `2026-11-03-a`: acknowledge, due 2026-11-03 10:15\n" in call.body
    assert "Secret" not in call.body


def test_an_open_issue_is_changed_and_no_second_one_opened(tmp_path: Path, owing: Path) -> None:
    ran = swept(tmp_path / "machine", owing, "12 open")
    assert commands(ran) == [("gh", "issue", "edit", "12")]
    assert "2026-11-03-a" in ran.of("gh issue edit")[0].body


def test_a_closed_issue_is_opened_again(tmp_path: Path, owing: Path) -> None:
    ran = swept(tmp_path / "machine", owing, "12 closed")
    assert commands(ran) == [("gh", "issue", "edit", "12"), ("gh", "issue", "reopen", "12")]


def test_the_issue_is_closed_when_nothing_is_owed(tmp_path: Path, committed: Path) -> None:
    ran = swept(tmp_path / "machine", committed, "12 open")
    assert commands(ran) == [("gh", "issue", "edit", "12"), ("gh", "issue", "close", "12")]
    assert ran.of("gh issue edit")[0].body == f"{MARKER}Nothing is owed.\n"


@pytest.mark.parametrize("found", ["", "12 closed"])
def test_where_nothing_is_owed_and_no_issue_open_nothing_happens(
    tmp_path: Path, committed: Path, found: str
) -> None:
    assert commands(swept(tmp_path / "machine", committed, found)) == []


def test_only_an_issue_of_the_workflow_itself_is_ever_changed(tmp_path: Path, owing: Path) -> None:
    (call,) = swept(tmp_path / "machine", owing).of(ISSUES)
    assert (call.value("creator"), call.value("labels")) == ("github-actions[bot]", "incident-due")
    assert f'startswith("{MARKER.strip()}")' in call.value("--jq")


def test_labels_that_are_there_already_are_no_failure(tmp_path: Path, committed: Path) -> None:
    machine = Runner(tmp_path / "machine", committed, answers=[("gh label create", "", 1)])
    ran = machine.job("sweep.yml", "due", CONTEXT)
    assert ran is not None
    assert ran.status == 0
    labels = [call.argv[3] for call in ran.of("gh label create")]
    assert labels == ["incident", "incident-accepted", "incident-due", "triage"]


def test_a_broken_protocol_fails_the_sweep_and_closes_nothing(tmp_path: Path, owing: Path) -> None:
    (owing / "protocol" / "protocol.yml").write_text("no: 1\n", encoding="utf-8")
    machine = Runner(tmp_path / "machine", owing, answers=[(ISSUES, "12 open", 0)])
    ran = machine.job("sweep.yml", "due", CONTEXT)
    assert ran is not None
    assert ran.status != 0
    assert ran.calls == ()


def test_the_site_is_built_anew(tmp_path: Path, committed: Path) -> None:
    ran = Runner(tmp_path / "machine", committed).job("sweep.yml", "rebuild", CONTEXT)
    assert ran is not None
    assert [call.argv for call in ran.calls] == [
        ("gh", "workflow", "run", "site.yml", "--ref", "main")
    ]
