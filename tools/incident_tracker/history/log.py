"""Who changed which file when: one pass over the history for all files of the tracker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from incident_tracker.assemble import FOLDERS
from incident_tracker.changes import Revision
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import head, is_shallow

FIELDS = "%x01%H%x02%cI%x02%an"
HEADER = re.compile("\x01(?P<commit>[0-9a-f]+)\x02(?P<at>[^\x02]+)\x02(?P<author>.*)", re.DOTALL)


def revisions(repository: Repository) -> Mapping[str, tuple[Revision, ...]]:
    """Return the commits that changed each file of the record folders, newest first.

    Empty before the first commit and in a shallow clone, whose oldest commit seems to have made
    everything: no date is better than a wrong one.
    """
    if head(repository) is None or is_shallow(repository):
        return {}
    folders = [f"{repository.prefix}{folder}" for folder in FOLDERS]
    asked = ("log", "--name-only", "-z", "--no-renames", "--no-color", f"--format={FIELDS}", "--")
    found: dict[str, list[Revision]] = {}
    for revision, path in _read(repository.run(*asked, *folders).stdout):
        found.setdefault(repository.inside(path), []).append(revision)
    return {path: tuple(made) for path, made in found.items()}


def _read(output: bytes) -> Iterator[tuple[Revision, str]]:
    """Yield each commit with each of its paths; a path begins with a folder, never with a mark."""
    revision = None
    for part in output.split(b"\0"):
        text = part.decode("utf-8", "surrogateescape").lstrip("\n")
        begun = HEADER.fullmatch(text)
        if begun:
            at = datetime.fromisoformat(begun["at"])
            revision = Revision(begun["commit"], at, begun["author"])
        elif text and revision is not None:
            yield revision, text


def revisions_of(folder: Path) -> Mapping[str, tuple[Revision, ...]]:
    """Return the same for a tracker's folder; empty where there is no repository to ask."""
    repository = Repository.of(folder)
    if repository is None:
        return {}
    try:
        return revisions(repository)
    except GitError:
        return {}
