"""A file for a branch that is not checked out: what a command changed, put upon what stands there.

The working tree holds another commit than the branch, so its file as a whole is not what belongs
there: others wrote into the branch meanwhile. Only the change of the command is carried over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.merging import merge
from incident_tracker.protocol import Protocol

MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did to a file of the tracker: its bytes before and after, None without it."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A branch by its name and its tip, and the commit that is checked out instead of it."""

    repository: Repository
    name: str
    tip: str
    here: str | None
    protocol: Protocol

    def upon(self, change: Change) -> bytes | None:
        """Return the file with the change as it belongs on the branch.

        GitError where the branch says otherwise what the command changed.
        """
        path = f"{self.repository.prefix}{change.path}"
        there = blob_at(self.repository, self.tip, path)
        if there is None:
            if change.after is not None and change.before is not None and self._versions(path):
                raise self._contradicting(path, "was taken away there")
            return change.after
        if self.here and there == blob_at(self.repository, self.here, path):
            return change.after  # nobody changed it there: the whole file here came from it
        theirs = Objects(self.repository).contents([there])[there]
        if theirs in (change.before, change.after) or change.before == change.after:
            return change.after if theirs == change.before else theirs
        if change.before is None and change.after is None:
            return None  # evidence that was taken away: nothing else is ever done to it
        made = united(change.path, (change.before, change.after, theirs), self.protocol)
        if made is None:
            raise self._contradicting(path, "was changed there in ways that contradict")
        return made

    def left(self, change: Change) -> str | None:
        """Return a line that the file had before the command and the branch never, None without.

        It was written here and not committed to the branch, so it is not carried over either.
        """
        path = f"{self.repository.prefix}{change.path}"
        there, here = (blob_at(self.repository, c, path) if c else None for c in self._commits)
        if change.before is None or there is None or there == here:
            return None
        names = [*self._versions(path), there, *([here] if here else [])]
        versions = Objects(self.repository).contents(list(dict.fromkeys(names))).values()
        if change.before in versions:
            return None
        known = {words for version in versions for words in _words(version.splitlines())}
        lines = change.before.splitlines()
        found = (b for b, words in zip(lines, _words(lines), strict=True) if words not in known)
        return next((line.decode("utf-8", "replace").strip() for line in found), None)

    @property
    def _commits(self) -> tuple[str, str | None]:
        return (self.tip, self.here)

    def _versions(self, path: str) -> list[str]:
        """The hashes of what the file was in the history of the branch."""
        asked = ("log", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z", "-m")
        said = self.repository.text(*asked, f"-n{MOST_VERSIONS}", self.tip, "--", path)
        heads = [part.split() for part in said.split("\0") if part.lstrip().startswith(":")]
        return [head[3] for head in heads if head[3].strip("0")]

    def _contradicting(self, path: str, how: str) -> GitError:
        message = f"{path} {how}, on {self.name}"
        return GitError(message, f"git worktree add ../{self.name} {self.name}, and write there")


def united(
    path: str, versions: tuple[bytes | None, bytes | None, bytes | None], protocol: Protocol
) -> bytes | None:
    """Return a file merged from its base, ours and theirs; None where they contradict."""
    try:
        base, ours, theirs = (None if data is None else data.decode() for data in versions)
    except UnicodeDecodeError:
        return None
    if ours is None or theirs is None:
        return None
    made = merge(path, base, ours, theirs, protocol)
    return None if made.conflicts else made.text.encode()


def blob_at(repository: Repository, commit: str, path: str) -> str | None:
    """Return the hash of a file at a commit, None where it is not there."""
    asked = ("ls-tree", "-z", "--full-tree", commit, "--", path)
    head = repository.run(*asked).stdout.partition(b"\t")[0].split()
    return head[2].decode() if head and head[1] == b"blob" else None


def _words(lines: Iterable[bytes]) -> list[bytes]:
    """What lines say besides the time in front of it, which is written as its place demands."""
    return [line.rpartition(b" - ")[2].strip() for line in lines]
