"""The first lines of the commits that touched a folder: what a program wrote into a history."""

from __future__ import annotations

from pathlib import Path

from incident_tracker.history.repository import Repository
from incident_tracker.history.revisions import head, refuse_shallow

MOST = 500_000
"""Commits that are read at most, the newest; each is about a hundred bytes."""

FORMAT = "%H%x09%aI%x09%s"


def subjects(folder: Path, below: str) -> bytes | None:
    """Return hash, time and first line of each commit that touched ``below``, one a line.

    Newest first, parted by tabs; the time is the author's, for a copied history changes the other.
    None where the folder is not the root of a repository, or has no commit yet. GitError in a
    shallow clone: what it lacks would look as if it had never happened.
    """
    repository = Repository.of(folder)
    if repository is None or repository.prefix or head(repository) is None:
        return None
    refuse_shallow(repository)
    asked = ("log", "--full-history", "--no-color", f"--max-count={MOST}", f"--format={FORMAT}")
    return repository.run(*asked, "--", below).stdout
