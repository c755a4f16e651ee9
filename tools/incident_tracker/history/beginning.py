"""The repository of a new tracker."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from incident_tracker.history.repository import cleaned_environment


def begin_history(folder: Path) -> bool:
    """Make a Git repository of a folder; False where Git is missing or one is there already."""
    git = shutil.which("git")
    if git is None or any((place / ".git").exists() for place in (folder, *folder.parents)):
        return False
    done = subprocess.run(
        [git, "init", "--quiet", "--", str(folder)],
        check=False,
        capture_output=True,
        env=cleaned_environment(os.environ),
    )
    return done.returncode == 0
