"""The only module that knows Git.

What is asked of a repository here reads its files and runs no command of its configuration.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SHORT_HASH = 7


def begin_history(folder: Path) -> bool:
    """Make a Git repository of a folder; False where Git is missing or one is there already."""
    git = shutil.which("git")
    if git is None or any((place / ".git").exists() for place in (folder, *folder.parents)):
        return False
    done = subprocess.run(
        [git, "init", "--quiet", "--", str(folder)], check=False, capture_output=True
    )
    return done.returncode == 0


def commit_of(folder: Path) -> str:
    """Return the short hash of the commit that a folder stands at, empty where there is none."""
    from git import Repo  # noqa: PLC0415 - it takes longer to load than most commands take to run
    from git.exc import GitError  # noqa: PLC0415

    try:
        with Repo(folder, search_parent_directories=True) as repository:
            return repository.head.commit.hexsha[:SHORT_HASH]
    except (GitError, ValueError, OSError):
        return ""
