"""The workflows that judge pull requests are themselves beyond reproach, and do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def named(path: Path) -> str:
    return path.name


def test_zizmor_finds_nothing() -> None:
    done = run(BIN / "zizmor", "--offline", "--persona", "pedantic", GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", "workflows/*.yml"),
        ("vendor.dependabot", "dependabot.yml"),
    ],
)
def test_every_file_fits_its_schema(schema: str, pattern: str) -> None:
    found = sorted(GITHUB.glob(pattern))
    assert found
    done = run(BIN / "check-jsonschema", "--builtin-schema", schema, *found)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_every_action_is_pinned_by_hash_and_its_version_named(path: Path) -> None:
    uses = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert uses
    for line in uses:
        assert re.fullmatch(r" *- uses: [\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", line)


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_begins_without_any_permission(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_no_script_has_an_expression_in_it(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    scripts = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


def records_step(name: str) -> str:
    workflow = yaml.safe_load((GITHUB / "workflows" / "records.yml").read_text("utf-8"))
    steps = workflow["jobs"]["check"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == name)
    return str(script)


def as_the_runner_does(
    script: str, tracker: Path, summary: Path
) -> subprocess.CompletedProcess[str]:
    """Runs a step as the runner's default shell does: bash, stopping at the first failure."""
    search = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tracker,
        env={**os.environ, "PATH": search, "GITHUB_STEP_SUMMARY": str(summary)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    done = run(BIN / "incident", "init", tmp_path / "t")
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "t"


def test_the_check_step_is_green_in_a_new_tracker(tracker: Path, tmp_path: Path) -> None:
    done = as_the_runner_does(records_step("Check"), tracker, tmp_path / "summary.md")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_broken_record_is_annotated_at_its_line_and_fails_the_step(
    tracker: Path, tmp_path: Path
) -> None:
    record = tracker / "incidents" / "2026" / "2026-11-03-broken.md"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text("---\ntitle: a\ntitle: b\n---\n", encoding="utf-8")
    done = as_the_runner_does(records_step("Check"), tracker, tmp_path / "summary.md")
    assert done.returncode == 1
    assert "::error file=incidents/2026/2026-11-03-broken.md,line=3," in done.stdout


def test_no_record_can_leave_the_code_block_of_the_summary(tracker: Path, tmp_path: Path) -> None:
    record = tracker / "incidents" / "2026" / "2026-11-03-broken.md"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text("---\n```\n<img src=x>: 1\n```: 2\n---\n", encoding="utf-8")
    summary = tmp_path / "summary.md"
    done = as_the_runner_does(records_step("Summary"), tracker, summary)
    assert done.returncode == 0, done.stdout + done.stderr
    heading, blank, *lines = summary.read_text("utf-8").splitlines()
    assert (heading, blank) == ("## Records", "")
    assert any("2026-11-03-broken.md" in line for line in lines)
    assert not [line for line in lines if not line.startswith("    ")]
