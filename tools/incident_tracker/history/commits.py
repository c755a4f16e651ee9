"""Commits of a few files, made beside the index: what else is staged or changed stays as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from incident_tracker.history.beside import Beside, Change
from incident_tracker.history.filters import Filters
from incident_tracker.history.index import Index, holding
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import head
from incident_tracker.protocol import Protocol

BRANCHES = "refs/heads/"
PLAIN = "100644"
IDENTITY = 'git config user.name "Your Name" && git config user.email you@example.org'
UNKNOWN = ("tell me who you are", "ident name", "auto-detect")


def current_branch(repository: Repository) -> str | None:
    """Return the ref of the branch that is checked out, None where none is."""
    done = repository.run("symbolic-ref", "--quiet", "HEAD", expected=(0, 1))
    return done.stdout.decode().strip() or None


def branch_ref(repository: Repository, name: str) -> str:
    """Return the ref of a branch that was typed; GitError where none can have that name."""
    asked = ("check-ref-format", "--branch", name)
    done = repository.run(*asked, expected=(0, 1, 128, 129))
    if done.returncode or name.startswith("-") or done.stdout.decode().strip() != name:
        message = f'"{name}" is no name for a branch'
        raise GitError(message, "--branch incident/checkout-500")
    return f"{BRANCHES}{name}"


def tip(repository: Repository, ref: str) -> str | None:
    """Return the hash of the commit that a ref of this repository names, None where it is not."""
    asked = ("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    return repository.run(*asked, expected=(0, 1, 128)).stdout.decode().strip() or None


@dataclass(frozen=True, slots=True)
class Committed:
    """The commit, None where the branch had it all; ``left`` has what was not carried over.

    It names, by path, a line that lay on disk before the command and was never on the branch.
    """

    commit: str | None
    left: Mapping[str, str] = field(default_factory=dict)


def commit_files(
    repository: Repository,
    changes: Sequence[Change],
    message: str,
    branch: str | None,
    protocol: Protocol,
) -> Committed:
    """Commit files of the tracker to what is checked out, or their changes to another branch.

    ``branch`` is a ref; without one it is what is checked out. A branch that is not there yet
    begins at the commit that is checked out. No hook runs, nothing is asked, nothing is signed.
    GitError, and nothing done, where another branch contradicts a change, where another working
    tree has it checked out, or where a filter of the repository's is for one of the files.
    """
    filters = Filters.of(repository)
    filters.refuse(repository, [f"{repository.prefix}{c.path}" for c in changes if c.after])
    checked_out = current_branch(repository)
    ref = branch or checked_out or "HEAD"
    if ref in (checked_out, "HEAD"):
        with holding(repository, filters) as index:
            return _commit_here(repository, changes, message, ref, index)
    _refuse_elsewhere(repository, ref)
    old, here = tip(repository, ref), head(repository)
    files = {change.path: change.after for change in changes}
    left = {}
    if old and old != here:
        beside = Beside(repository, ref.removeprefix(BRANCHES), old, here, protocol)
        files = {change.path: beside.upon(change) for change in changes}
        left = {c.path: line for c in changes if (line := beside.left(c))}
    new = _made(repository, old or here, _stored(repository, files), message)
    if new:
        move(repository, ref, new, old)
    return Committed(new, left)


def _refuse_elsewhere(repository: Repository, ref: str) -> None:
    """Refuse a branch that another working tree has checked out: its files would not follow."""
    said = repository.text("worktree", "list", "--porcelain")
    for tree in said.split("\n\n"):
        lines = tree.splitlines()
        if f"branch {ref}" in lines:
            place = lines[0].removeprefix("worktree ")
            name = ref.removeprefix(BRANCHES)
            message = f"{name} is checked out in {place}, where this would look taken back"
            raise GitError(message, f'cd "{place}", and the same command there without --branch')


def _commit_here(
    repository: Repository, changes: Sequence[Change], message: str, ref: str, index: Index
) -> Committed:
    """Commit the files as they are to what is checked out, and enter them into the index first."""
    old = tip(repository, ref)
    blobs = _stored(repository, {change.path: change.after for change in changes})
    new = _made(repository, old, blobs, message)
    if new is None:
        return Committed(None)
    _enter(repository, blobs, index.environment, settings=index.filters.settings)
    index.put()
    try:
        move(repository, ref, new, old)
    except GitError:
        if tip(repository, ref) != new:
            index.back()
        raise
    return Committed(new)


def _stored(repository: Repository, files: Mapping[str, bytes | None]) -> dict[str, str | None]:
    """The hashes of files that are put into the repository, by their paths in it."""
    return {
        f"{repository.prefix}{path}": None if data is None else blob(repository, data)
        for path, data in files.items()
    }


def _made(
    repository: Repository, parent: str | None, blobs: Mapping[str, str | None], message: str
) -> str | None:
    """A commit upon another, None where it would change nothing."""
    tree = tree_with(repository, parent, blobs)
    if parent and tree == repository.text("rev-parse", f"{parent}^{{tree}}"):
        return None
    return commit_tree(repository, tree, parent, message)


def blob(repository: Repository, data: bytes) -> str:
    """Put bytes into the repository as they are; return their hash."""
    asked = ("hash-object", "-w", "--no-filters", "--stdin")
    return repository.run(*asked, data=data).stdout.decode().strip()


def tree_with(
    repository: Repository,
    parent: str | None,
    blobs: Mapping[str, str | None],
    modes: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the tree of a commit with some files put in or, where None, taken out.

    A file without a mode of its own is a plain one.
    """
    with another_index() as index:
        if parent:
            repository.run("read-tree", parent, environment=index)
        _enter(repository, blobs, index, modes)
        return repository.run("write-tree", environment=index).stdout.decode().strip()


@contextmanager
def another_index() -> Iterator[Mapping[str, str]]:
    """Let git work on an index that is nobody's: its environment, for as long as this lasts."""
    # In a folder of its own: Git makes an index, and takes an empty file for a broken one.
    with tempfile.TemporaryDirectory(prefix="incident-index-") as folder:
        yield {"GIT_INDEX_FILE": str(Path(folder) / "index")}


def commit_tree(repository: Repository, tree: str, parent: str | None, message: str) -> str:
    """Make a commit; GitError with the remedy where nobody is named as its author."""
    parents = ("-p", parent) if parent else ()
    try:
        done = repository.run("commit-tree", tree, *parents, data=f"{message}\n".encode())
    except GitError as error:
        if any(words in str(error) for words in UNKNOWN):
            unnamed = "git knows no author for the commit"
            raise GitError(unnamed, IDENTITY) from error
        raise
    return done.stdout.decode().strip()


def move(repository: Repository, ref: str, new: str, old: str | None) -> None:
    """Let a ref name another commit, if nobody else moved it meanwhile."""
    repository.run("update-ref", "-m", "incident", ref, new, old or "0" * len(new))


def _enter(
    repository: Repository,
    blobs: Mapping[str, str | None],
    environment: Mapping[str, str],
    modes: Mapping[str, str] = MappingProxyType({}),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Enter files into an index by their hashes."""
    gone = "0" * max((len(name) for name in blobs.values() if name), default=40)
    lines = [
        f"0 {gone}\t{path}" if name is None else f"{modes.get(path, PLAIN)} {name}\t{path}"
        for path, name in blobs.items()
    ]
    data = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
    asked = ("update-index", "-z", "--add", "--index-info")
    repository.run(*asked, data=data, environment=environment, settings=settings)
