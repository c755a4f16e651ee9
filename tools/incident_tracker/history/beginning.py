"""The repository of a new tracker."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from incident_tracker.history.repository import Repository, cleaned_environment

# The workflows that are written beside it run on this branch, whatever Git is set to here.
BRANCH = "main"
# Git takes every status up to 128 for a conflict, and then ours alone would be left in the file:
# so where our program is missing or fails, both sides are brought together by Git itself.
DRIVER = (
    "incident merge-file %O %A %B %P && exit 0; grep -q '^<<<<<<< ' %A && exit 1; "
    "git merge-file -L ours -L base -L theirs %A %O %B || exit 1"
)


def begin_history(folder: Path) -> bool:
    """Make a Git repository of a folder; False where Git is missing or one is there already."""
    git = shutil.which("git")
    if git is None or any((place / ".git").exists() for place in (folder, *folder.parents)):
        return False
    done = subprocess.run(
        [git, "init", "--quiet", f"--initial-branch={BRANCH}", "--", str(folder)],
        check=False,
        capture_output=True,
        env=cleaned_environment(os.environ),
    )
    repository = Repository.of(folder)
    if done.returncode == 0 and repository is not None:
        install_driver(repository)
    return done.returncode == 0


def install_driver(repository: Repository) -> None:
    """Tell a clone how to merge records; where nobody does, `incident merge` does the same."""
    repository.run("config", "merge.incident.name", "records by section")
    repository.run("config", "merge.incident.driver", DRIVER)
