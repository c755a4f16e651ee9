"""The workflow Release tries what it built everywhere, and publishes a tag that keeps its word."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from steps import WORKFLOWS, Ran, Runner, jobs, runs

WHEEL, SDIST = "incident_tracker-1.2.0-py3-none-any.whl", "incident_tracker-1.2.0.tar.gz"
CHANGELOG = """\
# Changelog

## Unreleased

- Later.

## 1.2.0 - 2026-12-01

### Added

- This.

## 1.2.0.1 - 2026-11-01

- Other.
"""


@pytest.fixture
def machine(tmp_path: Path) -> Runner:
    """A checkout with the files that `gh run download` brings."""
    dist = tmp_path / "checkout" / "dist"
    dist.mkdir(parents=True)
    for name in (WHEEL, SDIST):
        (dist / name).write_text(name, encoding="utf-8")
    sums = (f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in (WHEEL, SDIST))
    (dist / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    (tmp_path / "checkout" / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    return Runner(tmp_path / "machine", dist.parent, extra={"GITHUB_RUN_ID": "7"})


def context(tag: str = "v1.2.0", ref: str | None = None) -> dict[str, Any]:
    github = {"ref": ref or f"refs/tags/{tag}", "ref_name": tag, "token": "t", "repository": "a/b"}
    return {"github": github}


def published(machine: Runner, tag: str = "v1.2.0") -> Ran:
    ran = machine.job("release.yml", "publish", context(tag))
    assert ran is not None
    return ran


def test_a_tag_becomes_a_release_with_the_files_that_were_tried_and_its_section(
    machine: Runner,
) -> None:
    ran = published(machine)
    assert ran.status == 0, ran.err
    download, create = ran.calls
    assert download.argv == ("gh", "run", "download", "7", "--name", "dist", "--dir", "dist")
    assert create.begins("gh release create v1.2.0 dist/SHA256SUMS")
    assert {f"dist/{WHEEL}", f"dist/{SDIST}", "--verify-tag"} < {*create.argv}
    notes = Path(create.value("--notes-file")).read_text("utf-8")
    assert notes.strip() == "### Added\n\n- This."


@pytest.mark.parametrize(
    "tag", ["v1.2.1", "v1.2", "v", "v1.2.0.1", "v$(touch pwn)", "v;touch pwn", "v--help", "v../x"]
)
def test_a_tag_that_is_not_the_version_of_its_commit_releases_nothing(
    machine: Runner, tag: str
) -> None:
    ran = published(machine, tag)
    assert ran.status == 1
    assert "::error title=Nothing was released::" in ran.out
    assert not ran.of("gh release")
    assert not list(machine.workspace.rglob("pwn"))


def test_a_version_without_a_section_is_not_released(machine: Runner) -> None:
    path = machine.workspace / "CHANGELOG.md"
    path.write_text(CHANGELOG.replace("## 1.2.0 - ", "## 1.3.0 - "), encoding="utf-8")
    assert "the changelog says nothing" in published(machine).out


def test_files_that_are_not_those_that_were_built_are_not_released(machine: Runner) -> None:
    (machine.workspace / "dist" / WHEEL).write_text("another", encoding="utf-8")
    ran = published(machine)
    assert ran.status == 1
    assert f"{WHEEL}: FAILED" in ran.out
    assert not ran.of("gh release")


@pytest.mark.parametrize(
    ("ref", "publishes"),
    [("refs/tags/v1.2.0", True), ("refs/heads/main", False), ("refs/pull/1/merge", False)],
)
def test_only_a_tag_is_published_and_only_that_job_may_write(*, ref: str, publishes: bool) -> None:
    assert runs("release.yml", "publish", context(ref=ref)) == publishes
    writing = [
        n for n, job in jobs("release.yml").items() if "write" in job["permissions"].values()
    ]
    assert writing == ["publish"]
    assert jobs("release.yml")["publish"]["needs"] == ["build", "try"]


def test_the_pythons_that_are_tried_are_those_that_are_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"Python :: (3\.[0-9]+)", "\n".join(project["classifiers"]))
    assert project["requires-python"] == f">={named[0]}"
    for workflow, job in (("test.yml", "test"), ("release.yml", "try")):
        assert jobs(workflow)[job]["strategy"]["matrix"]["python"] == named
    assert jobs("release.yml")["try"]["strategy"]["matrix"]["dependencies"] == ["lowest", "newest"]
    assert f"Python {named[0]} to {named[-1]}" in (ROOT / "README.md").read_text("utf-8")


def test_a_release_that_runs_is_never_cut_off() -> None:
    # YAML 1.1 reads the key `on` as true.
    read = yaml.safe_load((WORKFLOWS / "release.yml").read_text("utf-8"))
    assert read[True]["push"]["tags"] == ["v*"]
    assert read["concurrency"]["cancel-in-progress"] == (
        "${{ !startsWith(github.ref, 'refs/tags/') }}"
    )


@pytest.mark.parametrize("target", ["dist", "smoke", "lowest"])
def test_what_ci_runs_anybody_can_run(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    texts = [path.read_text("utf-8") for path in WORKFLOWS.glob("*.yml")]
    assert any(f"run: make {target}\n" in text for text in texts)


def test_the_oldest_versions_for_one_python_are_not_taken_for_another(tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho 3.99\n", encoding="utf-8")
    other.chmod(0o755)
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python, version in ((sys.executable, own), (other, "3.99")):
        for asked in (("smoke", "DEPENDENCIES=lowest"), ("lowest",)):
            done = subprocess.run(
                ["make", "--dry-run", *asked, f"PYTHON={python}"],
                cwd=ROOT,
                env={key: said for key, said in os.environ.items() if not key.startswith("MAKE")},
                capture_output=True,
                text=True,
                check=True,
            )
            assert set(re.findall(r"[.]cache/lowest-[0-9.]+txt", done.stdout)) == {
                f".cache/lowest-{version}.txt"
            }
