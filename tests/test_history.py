"""What Git tells, told without running anything that a repository's configuration names."""

import subprocess
from pathlib import Path

from incident_tracker.history.beginning import begin_history
from incident_tracker.history.revisions import commit_of


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Bo", "-c", "user.email=bo@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_of_a_repository_and_of_a_folder_in_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.txt").write_text("a")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    assert commit_of(tmp_path) == git(tmp_path, "rev-parse", "HEAD")[:7]
    assert commit_of(tmp_path / "inner") == commit_of(tmp_path)


def test_no_repository_and_no_commit_have_no_hash(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert commit_of(tmp_path) == ""


def test_a_hostile_configuration_runs_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.txt").write_text("a")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    canary = tmp_path / "canary"
    git(tmp_path, "config", "core.fsmonitor", f"touch {canary}")
    git(tmp_path, "config", "diff.external", f"touch {canary}")
    assert commit_of(tmp_path)
    assert not canary.exists()


def test_a_history_begins_once(tmp_path: Path) -> None:
    assert begin_history(tmp_path)
    assert not begin_history(tmp_path)
    (tmp_path / "inner").mkdir()
    assert not begin_history(tmp_path / "inner")
