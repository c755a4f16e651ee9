"""The index, held by its lock as Git itself holds it, so that a commit and it move together.

Git's own commit moves the branch and then the index; cut off between the two, the index lacks what
was just committed, and the next plain `git commit` takes it back without a word. Here the index
goes first. Wherever this is cut off, by a kill or a full disk, the index has what the branch has
or more: a line that is staged already, and is committed by whoever commits next.

What can remain is the lock. One of ours whose process is gone is taken away by the next command;
until then Git refuses to commit and names the file, as it does after a cut-off Git.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from incident_tracker.history.filters import Filters
from incident_tracker.history.repository import GitError, Repository

PATIENCE = 3.0
"""Seconds for which another git, an editor's perhaps, is waited for."""
STEP = 0.1


class IndexLockedError(GitError):
    """Another git holds the index."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a working tree, while its lock is held; changes are made in a draft of it."""

    place: Path
    filters: Filters

    @property
    def draft(self) -> Path:
        """Where the changed index is made; nowhere that a git of a killed command still writes."""
        return self.place.with_name(f"{self.place.name}.incident-{os.getpid()}")

    @property
    def environment(self) -> Mapping[str, str]:
        """What lets git work on the draft."""
        return {"GIT_INDEX_FILE": str(self.draft)}

    def put(self) -> None:
        """Put the draft in the place of the index."""
        if self.place.exists():
            shutil.copy2(self.place, self._old)
        self.draft.replace(self.place)

    def back(self) -> None:
        """Put the old index in its place again."""
        if self._old.exists():
            self._old.replace(self.place)
        else:
            self.place.unlink(missing_ok=True)

    @property
    def _old(self) -> Path:
        return self.place.with_name(f"{self.place.name}.incident-{os.getpid()}-old")

    def clean(self) -> None:
        """Take away what drafts left behind."""
        for path in self.place.parent.glob(f"{self.place.name}.incident-*"):
            path.unlink(missing_ok=True)

    def begin(self) -> None:
        """Make the draft, like the index as it is."""
        self.clean()
        if self.place.exists():
            # With its times: Git takes a file for unchanged that is older than its index.
            shutil.copy2(self.place, self.draft)


@contextmanager
def holding(repository: Repository, filters: Filters) -> Iterator[Index]:
    """Hold the index of the working tree; IndexLockedError where another git does."""
    place = repository.top / repository.text("rev-parse", "--git-path", "index")
    index = Index(place, filters)
    lock = index.place.with_name(f"{index.place.name}.lock")
    _take(lock)
    try:
        index.begin()
        yield index
    finally:
        index.clean()
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> None:
    """Make the lock file, as Git does; what is in it says whose it is."""
    descriptor, name = tempfile.mkstemp(prefix=f"{lock.name}-", dir=lock.parent)
    mine = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"incident {platform.node()} {os.getpid()}\n")
    end = time.monotonic() + PATIENCE
    try:
        while not _linked(mine, lock):
            if _is_left_over(lock):
                lock.unlink(missing_ok=True)
            elif time.monotonic() > end:
                message = f"another git is at work here, or was cut off: {lock} is there"
                raise IndexLockedError(
                    message, f"if no git runs any more: rm {lock}, then the next --commit or --push"
                )
            else:
                time.sleep(STEP)
    finally:
        mine.unlink(missing_ok=True)


def _linked(mine: Path, lock: Path) -> bool:
    """Whether the lock is ours now: made whole, or not at all."""
    try:
        os.link(mine, lock)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        try:
            with lock.open("xb") as file:
                file.write(mine.read_bytes())
        except FileExistsError:
            return False
    return True


def _is_left_over(lock: Path) -> bool:
    """Whether a command of this program made the lock, on this machine, and is gone."""
    try:
        words = lock.read_bytes()[:200].decode("utf-8", "replace").split()
    except OSError:
        return False
    if words[:-1] != ["incident", platform.node()] or not words[-1].isdecimal():
        return False
    try:
        os.kill(int(words[-1]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
