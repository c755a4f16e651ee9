"""The composite action checks another repository's records and obeys nothing that it is given."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from steps import ACTION, BIN, ROOT, Ran, Runner, git, incident

DEFINITION = yaml.safe_load(ACTION.read_text("utf-8"))
DEFAULTS = {name: one["default"] for name, one in DEFINITION["inputs"].items()}
INSTALL, CHECK = (step for step in DEFINITION["runs"]["steps"] if "run" in step)
TEXT = [name for name in DEFAULTS if name != "strict"]
RECORD = "incidents/2026/2026-11-03-broken.md"


@pytest.fixture
def machine(tmp_path: Path, committed: Path) -> Runner:
    """A machine on which the tracker is installed already, from the environment of the tests."""
    made = Runner(tmp_path / "machine", committed.parent)
    programs = tmp_path / "machine" / "temp" / "incident-tracker" / "bin"
    programs.mkdir(parents=True)
    (programs / "incident").symlink_to(BIN / "incident")
    return made


def checked(machine: Runner, given: Mapping[str, str], **environment: str) -> Ran:
    machine.extra = environment
    inputs = {**DEFAULTS, "working-directory": "tracker", **given}
    return machine.steps([CHECK], {"inputs": inputs})


def broken(tracker: Path) -> None:
    record = tracker / RECORD
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text("---\ntitle: a\ntitle: b\n---\n", encoding="utf-8")


def test_a_clean_tracker_in_a_folder_is_green(machine: Runner) -> None:
    ran = checked(machine, {})
    assert ran.status == 0, ran.err


def test_a_broken_record_is_annotated_and_fails(machine: Runner, committed: Path) -> None:
    broken(committed)
    ran = checked(machine, {})
    assert ran.status == 1
    assert "line=3," in ran.out


def test_another_format_has_the_same_exit_status(machine: Runner, committed: Path) -> None:
    broken(committed)
    ran = checked(machine, {"format": "json"})
    assert ran.status == 1
    assert ran.out.startswith("{")


def test_only_the_given_paths_are_reported(machine: Runner, committed: Path) -> None:
    broken(committed)
    assert checked(machine, {"paths": "runbooks\n\nprotocol\n"}).status == 0
    assert checked(machine, {"paths": "runbooks\nincidents"}).status == 1


def test_with_strict_a_warning_fails(machine: Runner, committed: Path) -> None:
    incident("new", "Search finds nothing", "--severity", "P3", "--slug", "a", cwd=committed)
    incident("log", "a", "Root cause hypotesis: the index job", cwd=committed)
    assert checked(machine, {}).status == 0
    assert checked(machine, {"strict": "true"}).status == 1


def test_on_a_pull_request_the_base_branch_is_the_default(machine: Runner, committed: Path) -> None:
    broken(committed)
    git(committed, "add", "-A")
    git(committed, "commit", "-q", "-m", "Broken")
    git(committed, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert checked(machine, {}).status == 1
    assert checked(machine, {}, GITHUB_BASE_REF="main").status == 0
    assert checked(machine, {"since": "HEAD~1"}, GITHUB_BASE_REF="main").status == 1
    assert checked(machine, {"since": "none"}, GITHUB_BASE_REF="main").status == 1


@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("value", ["--output=pwn", "-x", "runbooks\n--fix"])
def test_no_input_is_taken_for_an_option(
    machine: Runner, committed: Path, name: str, value: str
) -> None:
    ran = checked(machine, {name: value})
    assert ran.status == 2
    assert "::error title=Wrong input::" in ran.out
    assert git(committed, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("value", ["$(touch pwn)", "`touch pwn`", '"; touch pwn; "', "*"])
def test_no_input_is_run(machine: Runner, committed: Path, name: str, value: str) -> None:
    ran = checked(machine, {name: value})
    assert ran.status != 0
    assert not list(committed.parent.rglob("pwn"))


@pytest.mark.parametrize("base", ["--output=pwn", "$(touch pwn)"])
def test_no_base_branch_is_run_or_taken_for_an_option(
    machine: Runner, committed: Path, base: str
) -> None:
    assert checked(machine, {}, GITHUB_BASE_REF=base).status == 2
    assert not list(committed.parent.rglob("pwn"))


def test_what_is_neither_true_nor_false_is_refused(machine: Runner) -> None:
    assert checked(machine, {"strict": "yes; true"}).status == 2


def test_it_installs_the_tracker_of_its_own_commit_with_the_versions_of_its_lock(
    tmp_path: Path, committed: Path
) -> None:
    # The packages that it needs lie on this machine already: nothing is fetched here.
    offline = {
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
    }
    machine = Runner(tmp_path / "machine", committed.parent, extra=offline)
    (machine.folder / "bin" / "python").symlink_to(sys.executable)
    for name in ("venv", "pip", "sitecustomize", "incident_tracker"):  # of a pull request
        for folder in (committed.parent, committed):
            (folder / f"{name}.py").write_text("import sys\nsys.exit('a stranger's code ran')\n")
    step = {**INSTALL, "name": "Install"}
    ran = machine.steps(
        [step, CHECK],
        {
            "github": {"action_path": str(ROOT)},
            "inputs": {**DEFAULTS, "working-directory": "tracker"},
        },
    )
    assert ran.status == 0, ran.out + ran.err
    installed = machine.folder / "temp" / "incident-tracker"
    assert list(installed.rglob("site-packages/incident_tracker/starter/protocol/protocol.yml"))
    pins = (machine.folder / "temp" / "incident-tracker.pins").read_text("utf-8").splitlines()
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert [pin.strip() for pin in pins] == re.findall(
        r"^([a-z0-9].*?==.*?) *\\?$", lock, re.MULTILINE
    )
    assert any(pin.startswith("click==") for pin in pins)
