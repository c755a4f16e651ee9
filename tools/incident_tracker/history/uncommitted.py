"""Which files hold what no commit has; no attribute or filter of the repository is obeyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incident_tracker.history.repository import Repository
from incident_tracker.history.snapshots import Blob, is_same


def uncommitted(repository: Repository, files: Mapping[str, bytes]) -> Sequence[str]:
    """Return the files, by their paths in the tracker, whose bytes are not those of HEAD."""
    names = [f"{repository.prefix}{path}" for path in files]
    asked = ("ls-tree", "-r", "-z", "--full-tree", "HEAD", "--", *names)
    has_commits = repository.run("rev-parse", "--verify", "--quiet", "HEAD", expected=(0, 1))
    listed = b"" if has_commits.returncode else repository.run(*asked).stdout
    known = {}
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = line.partition("\t")
        if path:
            mode, _, name = head.split(" ")
            known[repository.inside(path)] = Blob(mode, name)
    return [p for p, data in files.items() if p not in known or not is_same(known[p], data)]
