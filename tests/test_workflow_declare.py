"""The workflow Declare makes a pull request of an issue, whoever wrote whatever into it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from steps import Ran, Runner, commit, git, incident, jobs, runs

REFS = "gh api --method POST repos/team/records/git/refs"
CONTENTS = "gh api --method PUT repos/team/records/contents"
STATUSES = "gh api --method POST repos/team/records/statuses"
PULL = "https://github.example/team/records/pull/8"
ID = "2026-11-23-checkout-returns-500"
ANSWERS = [(CONTENTS, "c" * 40, 0), ("gh pr create", PULL, 0)]
SEVERITY = "### Severity\r\n\r\nP1: High, major functionality broken\r\n\r\n"
BODY = f"{SEVERITY}### Impact\r\n\r\nNobody can pay.\r\n\r\n### Symptom\r\n\r\n_No response_"
TITLES = [
    "Checkout returns 500$(touch pwn)",
    "Checkout returns 500`touch pwn`",
    'Checkout returns 500"; touch pwn; "',
    "Checkout returns 500 ::add-mask::x ##[stop-commands]t",
    "--help",
    "-C /",
    "${{ github.token }}",
]


@pytest.fixture
def machine(tmp_path: Path, committed: Path) -> Runner:
    return Runner(tmp_path / "machine", committed, answers=list(ANSWERS))


def context(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 # whatever an event holds
    issue = {
        "number": 7,
        "title": "Checkout returns 500",
        "body": BODY,
        "created_at": "2026-11-23T20:05:00Z",
        "html_url": "https://github.example/team/records/issues/7",
        "author_association": "MEMBER",
        "labels": [{"name": "incident"}],
    }
    event = {
        "action": changes.pop("action", "opened"),
        "label": {"name": changes.pop("label", "")},
        "issue": {**issue, **changes},
        "repository": {"default_branch": "main"},
    }
    return {"github": {"event": event, "token": "t", "repository": "team/records"}}


def declared(machine: Runner, **changes: Any) -> Ran:  # noqa: ANN401 # as above
    ran = machine.job("declare.yml", "declare", context(**changes))
    assert ran is not None
    return ran


def record(ran: Ran) -> str:
    (call,) = ran.of(CONTENTS)
    return base64.b64decode(call.value("content")).decode()


def test_an_issue_becomes_a_record_on_a_branch_and_a_pull_request(machine: Runner) -> None:
    ran = declared(machine)
    assert ran.status == 0, ran.err
    branch, written, status, request, answer = ran.calls
    assert branch.begins(REFS)
    assert (branch.value("ref"), branch.value("sha")) == (f"refs/heads/incident/{ID}", "5" * 40)
    assert written.begins(f"{CONTENTS}/incidents/2026/{ID}.md")
    assert (written.value("branch"), written.value("message")) == (
        f"incident/{ID}",
        f"Declare {ID}",
    )
    assert status.begins(f"{STATUSES}/{'c' * 40}")
    assert (status.value("state"), status.value("context")) == ("success", "Check the records")
    assert (request.value("--base"), request.value("--head")) == ("main", f"incident/{ID}")
    assert "Closes #7" in request.body
    assert answer.begins("gh issue comment 7")
    assert answer.body == f"Declared: {PULL}\n"


def test_the_record_says_what_the_form_said_when_the_issue_was_opened(machine: Runner) -> None:
    text = record(declared(machine))
    assert "severity: P1\n" in text
    assert "detected_at: 2026-11-23T20:05+00:00\n" in text
    assert "ticket: https://github.example/team/records/issues/7\n" in text
    assert "Impact: Nobody can pay.\n" in text


def test_what_the_check_says_stands_in_the_pull_request_as_code(machine: Runner) -> None:
    (request,) = declared(machine).of("gh pr create")
    _, _, said = request.body.partition("declared:\n\n")
    assert said
    assert not [line for line in said.splitlines() if not line.startswith("    ")]


def test_an_incident_that_may_be_the_same_is_named(machine: Runner, committed: Path) -> None:
    new = ("new", "Checkout returns 500", "--severity", "P1")
    incident(*new, "--at", "2026-11-23T13:00-06:00", cwd=committed)
    commit(committed)
    ran = declared(machine)
    assert ran.status == 0, ran.err
    assert f"    warning: already open: {ID} " in ran.of("gh pr create")[0].body
    assert ran.of(REFS)[0].value("ref") == f"refs/heads/incident/{ID}-2"


def test_a_record_with_errors_is_declared_and_its_status_says_so(
    machine: Runner, committed: Path
) -> None:
    path = f"incidents/2026/{ID}.md"
    (committed / path).parent.mkdir(parents=True)
    (committed / path).write_text("---\ntitle: a\ntitle: b\n---\n", encoding="utf-8")
    written = {"record": {"outputs": {"path": path, "id": ID}}}
    job = jobs("declare.yml")["declare"]
    (machine.folder / "temp" / "said.txt").touch()
    steps = [step for step in job["steps"] if step.get("id") != "record"]
    ran = machine.steps(steps, {**context(), "steps": written}, job["env"])
    assert ran.status == 1
    assert ran.of(STATUSES)[0].value("state") == "failure"
    assert f"::error file={path},line=3," in ran.out
    assert f"{path}:3:1" in ran.of("gh pr create")[0].body
    assert ran.of("gh issue comment")


@pytest.mark.parametrize("title", TITLES)
def test_no_title_is_a_command_an_option_or_an_expression(
    machine: Runner, committed: Path, title: str
) -> None:
    ran = declared(machine, title=title)
    assert ran.status == 0, ran.err
    assert git(committed, "status", "--porcelain", "--untracked-files=all").count("\n") == 1
    assert "::add-mask::" not in ran.out
    assert "##[" not in ran.out
    assert yaml.safe_load(record(ran).split("---\n")[1])["title"] == title


def test_a_heading_that_was_typed_into_a_text_raises_nothing(machine: Runner) -> None:
    forged = f"### Impact\r\n\r\nx\r\n\r\n{SEVERITY.replace('P1: High', 'P0: Critical')}"
    assert "severity: P1\n" in record(declared(machine, body=f"{SEVERITY}{forged}"))


@pytest.mark.parametrize("body", ["", "A question", "### Severity\n\n$(touch pwn)\n@all"])
def test_what_the_form_did_not_make_is_answered_and_changes_nothing(
    machine: Runner, committed: Path, body: str
) -> None:
    ran = declared(machine, body=body)
    assert ran.status == 1
    (answer,) = ran.calls
    assert answer.begins("gh issue comment 7")
    assert answer.body.startswith("No record was written:\n\n    error: ")
    assert not [line for line in answer.body.splitlines() if line.startswith("@")]
    assert git(committed, "status", "--porcelain") == ""


def test_a_branch_that_is_there_stops_the_second_declaration(machine: Runner) -> None:
    machine.answers = [(REFS, "", 1), *ANSWERS]
    ran = declared(machine)
    assert ran.status == 1
    assert [call.argv[1:3] for call in ran.calls] == [("api", "--method"), ("issue", "comment")]
    assert f"`incident/{ID}`" in ran.calls[-1].body


def test_where_no_pull_request_may_be_opened_the_answer_leads_to_it(machine: Runner) -> None:
    machine.answers = [("gh pr create", "", 1), *ANSWERS]
    ran = declared(machine)
    assert ran.status == 0
    link = f"https://github.example/team/records/compare/main...incident/{ID}?expand=1"
    assert link in ran.of("gh issue comment")[0].body


def test_row_35_nothing_is_ever_written_to_main(machine: Runner) -> None:
    ran = declared(machine)
    for call in ran.of("gh api"):
        assert "refs/heads/main" not in call.argv
        assert "branch=main" not in call.argv
    assert not [call for call in ran.calls if call.argv[0] == "git"]


@pytest.mark.parametrize("association", ["OWNER", "MEMBER", "COLLABORATOR"])
def test_a_member_declares_at_once(association: str) -> None:
    opened = context(author_association=association)
    assert runs("declare.yml", "declare", opened)
    assert not runs("declare.yml", "triage", opened)


@pytest.mark.parametrize(
    "association", ["NONE", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN"]
)
def test_whoever_is_no_member_is_answered_and_nothing_is_declared(
    machine: Runner, association: str
) -> None:
    opened = context(author_association=association)
    assert not runs("declare.yml", "declare", opened)
    ran = machine.job("declare.yml", "triage", opened)
    assert ran is not None
    assert ran.status == 0
    assert ran.of("gh issue edit 7 --add-label triage")
    assert ran.of("gh issue comment 7")
    assert not ran.of("gh api")


@pytest.mark.parametrize(
    ("changes", "declares"),
    [
        ({"action": "labeled", "label": "incident-accepted", "author_association": "NONE"}, True),
        ({"action": "labeled", "label": "incident", "author_association": "MEMBER"}, False),
        ({"action": "labeled", "label": "incident", "author_association": "NONE"}, False),
        ({"action": "labeled", "label": "incident-accepted", "labels": []}, False),
        ({"labels": [{"name": "bug"}]}, False),
        ({"labels": []}, False),
    ],
)
def test_a_label_decides_for_others_and_only_issues_of_the_form_count(
    *, changes: dict[str, Any], declares: bool
) -> None:
    assert runs("declare.yml", "declare", context(**changes)) == declares
