"""The workflows, the action and the forms are beyond reproach, here and in a new tracker."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from steps import ACTION, BIN, ROOT, WORKFLOWS, jobs

FILES = sorted(WORKFLOWS.glob("*.yml"))
SCHEMAS = [
    ("vendor.github-workflows", ".github/workflows/*.yml"),
    ("vendor.dependabot", ".github/dependabot.yml"),
    ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/incident.yml"),
    ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
]


def run(*command: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )


def named(path: Path) -> str:
    return path.name


@pytest.fixture(params=["here", "new"])
def place(request: pytest.FixtureRequest, initial_tracker: Path) -> Path:
    return ROOT if request.param == "here" else initial_tracker


def test_row_36_zizmor_finds_nothing(place: Path) -> None:
    targets = [path for path in (place / ".github", place / "action.yml") if path.exists()]
    done = run(BIN / "zizmor", "--offline", "--persona", "pedantic", *targets)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("schema", "pattern"), SCHEMAS, ids=[schema for schema, _ in SCHEMAS])
def test_row_36_every_file_fits_its_schema(place: Path, schema: str, pattern: str) -> None:
    found = sorted(place.glob(pattern))
    assert found
    done = run(BIN / "check-jsonschema", "--builtin-schema", schema, *found)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_fits_its_schema() -> None:
    done = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=named)
def test_row_36_every_action_is_pinned_by_hash_and_its_version_named(path: Path) -> None:
    uses = [line for line in path.read_text("utf-8").splitlines() if re.search(r"\buses:", line)]
    for line in uses:
        assert re.fullmatch(r" *- uses: [\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", line)


def test_each_action_has_one_pin_in_all_files() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*FILES, ACTION])
    pins = set(re.findall(r"uses: ([\w./-]+)@(\w+)", text))
    assert len(pins) == len({action for action, _ in pins}) == 5


@pytest.mark.parametrize("path", FILES, ids=named)
def test_row_36_a_workflow_begins_without_any_permission(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_job_says_what_it_may_and_ends(path: Path) -> None:
    for job in jobs(path.name).values():
        assert job["permissions"]
        assert job["timeout-minutes"] <= 20


def test_nothing_that_runs_for_a_fork_may_write_or_gets_a_secret() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        assert "secrets." not in text
        assert "pull_request_target" not in text
        assert "workflow_run" not in text
    for job in [*jobs("test.yml").values(), jobs("records.yml")["check"]]:
        assert job["permissions"] == {"contents": "read"}
    for name in ("build", "try"):
        assert {*jobs("release.yml")[name]["permissions"].values()} == {"read"}


def scripts() -> Iterator[tuple[str, str]]:
    for path in FILES:
        for name, job in jobs(path.name).items():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path.stem}, {name}: {step['name']}", step["run"]
    for step in yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]:
        if "run" in step:
            yield f"action: {step['name']}", step["run"]


@pytest.mark.parametrize("script", [pytest.param(text, id=name) for name, text in scripts()])
def test_no_script_has_an_expression_or_a_fault_of_the_shell(script: str) -> None:
    assert "${{" not in script
    done = run(BIN / "shellcheck", "-", text=f"#!/bin/bash -e\n{script}")
    assert done.returncode == 0, done.stdout


def test_the_status_of_a_declared_record_has_the_name_of_the_required_check() -> None:
    (step,) = (s for s in jobs("declare.yml")["declare"]["steps"] if "statuses" in s.get("run", ""))
    assert f'context="{jobs("records.yml")["check"]["name"]}"' in step["run"]


def test_every_workflow_of_a_initial_tracker_installs_from_a_file_that_it_has(
    initial_tracker: Path,
) -> None:
    written = sorted(path.name for path in (initial_tracker / ".github" / "workflows").iterdir())
    assert written == ["declare.yml", "records.yml", "site.yml", "sweep.yml"]
    for name in written:
        steps = [step for job in jobs(name).values() for step in job["steps"]]
        installs = {step["run"] for step in steps if step.get("name") == "Install the tracker"}
        assert installs == {"python -m pip install --quiet --requirement requirements.txt"}
    assert (initial_tracker / "requirements.txt").is_file()


def test_no_owner_is_asked_before_a_team_names_one(place: Path) -> None:
    lines = (place / ".github" / "CODEOWNERS").read_text("utf-8").splitlines()
    assert lines
    assert not [line for line in lines if line and not line.startswith("#")]
