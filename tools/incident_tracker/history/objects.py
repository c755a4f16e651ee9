"""Single objects by their hashes, through GitPython: one process answers for all of them.

Only hashes that git itself named are ever asked for, so nothing here can be taken for an option.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from incident_tracker.history.repository import GitError, Repository, cleaned_environment
from incident_tracker.history.revisions import HASH

if TYPE_CHECKING:
    from git.cmd import Git


class Objects:
    """The objects of a repository."""

    def __init__(self, repository: Repository) -> None:
        """Take the repository; nothing is started before the first question."""
        self.repository = repository

    def size(self, name: str) -> int:
        """Return how many bytes the object of a hash has; GitError where it is missing."""
        try:
            return self._git.get_object_header(_checked(name))[2]
        except ValueError as error:
            raise _missing(name) from error

    def bytes(self, name: str) -> bytes:
        """Return the bytes of the object of a hash; GitError where it is missing."""
        try:
            return self._git.get_object_data(_checked(name))[3]
        except ValueError as error:
            raise _missing(name) from error

    @cached_property
    def _git(self) -> Git:
        from git.cmd import Git  # noqa: PLC0415 - it takes longer to load than most commands run

        found = Git(self.repository.top)
        folder = self.repository.text("rev-parse", "--absolute-git-dir")
        # Its processes inherit our environment: what would lead them elsewhere is set to here.
        redirected = {"GIT_DIR": folder, "GIT_WORK_TREE": str(self.repository.top)}
        objects = self.repository.text("rev-parse", "--git-path", "objects")
        redirected["GIT_OBJECT_DIRECTORY"] = str(self.repository.top / objects)
        found.update_environment(**cleaned_environment(os.environ), **redirected)
        return found


def _checked(name: str) -> str:
    if not HASH.fullmatch(name):
        message = f"{name!r} is no hash of an object"
        raise ValueError(message)
    return name


def _missing(name: str) -> GitError:
    return GitError(
        f"the object {name} is missing from this clone", "git fetch origin, or clone it whole"
    )
