"""Which files hold what no commit has; no attribute or filter of the repository is obeyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incident_tracker.history.repository import Repository
from incident_tracker.history.revisions import head
from incident_tracker.history.snapshots import blobs_at, is_same


def uncommitted(repository: Repository, files: Mapping[str, bytes]) -> Sequence[str]:
    """Return the files, by their paths in the tracker, whose bytes are not those of HEAD."""
    commit = head(repository)
    # Asked for no path at all, git would list every file.
    known = blobs_at(repository, commit, files) if commit and files else {}
    return [p for p, data in files.items() if p not in known or not is_same(known[p], data)]
