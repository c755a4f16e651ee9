"""Names of commits → commits; a name is resolved to a hash before anything else sees it."""

from __future__ import annotations

import re
from pathlib import Path

from incident_tracker.history.repository import GitError, Repository

HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
SHORT_HASH = 7
WHOLE = "git fetch --unshallow, or fetch-depth: 0 for the checkout step of a workflow"


def resolved(repository: Repository, name: str) -> str:
    """Return the hash of the commit that a name means; GitError where it means none."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = repository.run(*asked, expected=(0, 1, 128)).stdout.decode("ascii", "replace").strip()
    if HASH.fullmatch(found):
        return found
    message = f'"{name}" is no commit here'
    hint = WHOLE if is_shallow(repository) else "git fetch origin, or name one of: git branch --all"
    raise GitError(message, hint)


def head(repository: Repository) -> str | None:
    """Return the hash of the commit that is checked out, None before the first one."""
    asked = ("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return repository.run(*asked, expected=(0, 1, 128)).stdout.decode().strip() or None


def merge_base(repository: Repository, one: str, other: str) -> str:
    """Return the newest commit that two hashes have in common; GitError where there is none.

    A shallow clone is refused: where its history is cut off, what it calls common is wrong.
    """
    refuse_shallow(repository)
    found = repository.run("merge-base", one, other, expected=(0, 1)).stdout.decode().split()
    if not found:
        message = f"{one[:SHORT_HASH]} and {other[:SHORT_HASH]} have no commit in common"
        raise GitError(message, "name a commit that this branch was made from")
    return found[0]


def is_shallow(repository: Repository) -> bool:
    """Whether the history is cut off somewhere."""
    return repository.text("rev-parse", "--is-shallow-repository") == "true"


def refuse_shallow(repository: Repository) -> None:
    """Raise GitError in a shallow clone: dates and changes read from it would be wrong."""
    if is_shallow(repository):
        message = "this clone is shallow, so its history cannot be trusted"
        raise GitError(message, WHOLE)


def commit_of(folder: Path) -> str:
    """Return the short hash of the commit that a folder stands at, empty where there is none."""
    # GitPython reads HEAD and the refs as files: nothing is run, whatever is configured.
    from git import Repo  # noqa: PLC0415 - it takes longer to load than most commands take to run
    from git.exc import GitError as GitPythonError  # noqa: PLC0415 - as above

    repository = Repository.of(folder)
    if repository is None:
        return ""
    try:
        with Repo(repository.top, expand_vars=False) as opened:
            return opened.head.commit.hexsha[:SHORT_HASH]
    except (GitPythonError, ValueError, OSError):
        return ""
