"""Commits of records brought to where others see them: fetched, put on top, pushed, tried again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from incident_tracker.assemble import FOLDERS
from incident_tracker.evidence import FOLDER as EVIDENCE
from incident_tracker.history.beside import united
from incident_tracker.history.commits import (
    another_index,
    blob,
    commit_tree,
    current_branch,
    move,
    tip,
    tree_with,
)
from incident_tracker.history.filters import Filters
from incident_tracker.history.index import Index, IndexLockedError, holding
from incident_tracker.history.objects import Objects
from incident_tracker.history.remotes import Remote, fetched, published, remote_of, sent
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.protocol import Protocol
from incident_tracker.registers import CONTACTS

Guard = AbstractContextManager[None]
Look = Callable[[str], None]
# What commands write: a push publishes nothing else.
RECORDS = (*(f"{folder}/" for folder in FOLDERS), EVIDENCE, CONTACTS)
MOST_TRIES = 8
MEND = (
    "git pull --rebase, incident merge, mend what stands between the markers, git add {path}, "
    "git rebase --continue, git push"
)
PUSH = "git push, if others may see all of that"
PULL = "git pull --rebase, then git push"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of it: where the commits are now, and why the branch here did not move along."""

    remote: Remote
    commit: str
    in_the_way: str = ""


def push(
    repository: Repository,
    branch: str,
    protocol: Protocol,
    writing: Callable[[], Guard],
    look: Look | None = None,
) -> Pushed:
    """Push a branch; what others pushed meanwhile is merged in, record by record.

    ``writing`` is the tracker's lock. It is held while files and branch are brought to the new
    commit, and not while the remote is waited for. ``look`` is shown each commit of others that
    ours would go on top of, and raises GitError where it must not.

    GitError where the remote cannot be reached or refuses, where both sides contradict each
    other, or where a commit that was not pushed yet touches more than records.
    """
    remote = remote_of(repository, branch)
    for attempt in range(MOST_TRIES):
        theirs = fetched(repository, remote)
        ours = tip(repository, branch)
        if ours is None:
            message = f"{branch} has no commit yet"
            raise GitError(message)
        if look is not None and theirs is not None and not _is_ancestor(repository, ours, theirs):
            look(theirs)
        new = _on_top(repository, remote, ours, theirs, protocol)
        if new == theirs or sent(repository, remote, new):
            with writing():
                in_the_way = _follow(repository, branch, ours, new)
            if in_the_way is not None:
                return Pushed(remote, new, in_the_way)
        time.sleep(0.1 * (attempt + 1))
    message = f"{remote.shown} moved on {MOST_TRIES} times while this was pushed"
    raise GitError(message, "the same command again, with --push")


def _on_top(
    repository: Repository, remote: Remote, ours: str, theirs: str | None, protocol: Protocol
) -> str:
    """Our commit where it has theirs already, theirs where it has ours, else ours upon theirs."""
    if theirs is None or _is_ancestor(repository, theirs, ours):
        _refuse_others(repository, remote, ours, theirs)
        return ours
    if _is_ancestor(repository, ours, theirs):
        return theirs
    base = repository.run("merge-base", ours, theirs, expected=(0, 1)).stdout.decode().split()
    if not base:
        message = "this branch and the remote one have no commit in common"
        raise GitError(message, PULL)
    changed = _files(repository, base[0], ours)
    _refuse_strange(repository, changed, PULL)
    modes = _modes(repository, ours, list(changed))
    known = _files(repository, base[0], theirs)
    blobs = {
        path: _united(repository, path, (was, mine, known[path][1]), protocol)
        if path in known
        else mine
        for path, (was, mine) in changed.items()
    }
    subjects = repository.text("log", "--reverse", "--format=%s", f"{theirs}..{ours}")
    tree = tree_with(repository, theirs, blobs, modes)
    if tree == repository.text("rev-parse", f"{theirs}^{{tree}}"):
        return theirs  # all that is ours is there already, from an earlier push
    return commit_tree(repository, tree, theirs, _message(subjects.splitlines()))


def _refuse_others(repository: Repository, remote: Remote, ours: str, theirs: str | None) -> None:
    """Refuse to publish, along with records, a commit that somebody made and did not push."""
    known = published(repository, remote, theirs)
    if known is None:
        return
    # Every commit counts: what one brought in and the next took out would be published as well.
    asked = ("log", "-z", "--format=", "-c", "--name-only", "--no-renames", ours, "--not", *known)
    _refuse_strange(repository, filter(None, repository.text(*asked).split("\0")), PUSH)


def _refuse_strange(repository: Repository, paths: Iterable[str], hint: str) -> None:
    strange = next((path for path in paths if not _is_record(repository, path)), None)
    if strange is not None:
        message = f"a commit that was not pushed yet touches {strange}, which is no record"
        raise GitError(message, hint)


def _message(subjects: list[str]) -> str:
    if len(subjects) == 1:
        return subjects[0]
    return "\n".join([f"{len(subjects)} changes of records", "", *subjects])


def _is_record(repository: Repository, path: str) -> bool:
    return path.startswith(repository.prefix) and repository.inside(path).startswith(RECORDS)


def _is_ancestor(repository: Repository, one: str, other: str) -> bool:
    asked = ("merge-base", "--is-ancestor", one, other)
    return repository.run(*asked, expected=(0, 1)).returncode == 0


def _files(
    repository: Repository, one: str, other: str
) -> dict[str, tuple[str | None, str | None]]:
    """The files that differ between two commits, with their hashes in both."""
    asked = ("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", one, other)
    parts = repository.run(*asked).stdout.decode("utf-8", "surrogateescape").split("\0")
    found = {}
    for head, path in zip(parts[::2], parts[1::2], strict=False):
        _, _, before, after, _ = head.split(" ")
        found[path] = (before if before.strip("0") else None, after if after.strip("0") else None)
    return found


def _modes(repository: Repository, commit: str, paths: list[str]) -> dict[str, str]:
    """The modes of files at a commit: what is no plain file here is none on top either."""
    if not paths:
        return {}
    asked = ("ls-tree", "-z", "--full-tree", commit, "--", *paths)
    parts = repository.run(*asked).stdout.decode("utf-8", "surrogateescape").split("\0")
    return {part.partition("\t")[2]: part.partition(" ")[0] for part in parts if part}


def _united(
    repository: Repository,
    path: str,
    hashes: tuple[str | None, str | None, str | None],
    protocol: Protocol,
) -> str | None:
    """The hash of a file that both sides changed, merged by section."""
    was, mine, yours = hashes
    if mine == yours:
        return mine
    if mine is not None and yours is not None:
        names = [name for name in hashes if name]
        read = Objects(repository).contents(names)
        versions = (read[was] if was else None, read[mine], read[yours])
        made = united(repository.inside(path), versions, protocol)
        if made is not None:
            return blob(repository, made)
    message = f"{path} was changed here and at the remote in ways that contradict"
    raise GitError(message, MEND.format(path=path))


def _follow(repository: Repository, branch: str, old: str, new: str) -> str | None:
    """Bring branch and working tree to the commit; what is in the way of that, empty for nothing.

    None where somebody committed here in between: then that is to be pushed as well.
    """
    if tip(repository, branch) != old:
        return None
    if old == new:
        return ""
    if current_branch(repository) != branch:
        move(repository, branch, new, old)
        return ""
    try:
        with holding(repository, Filters.of(repository)) as index:
            if tip(repository, branch) != old:
                return None
            return _checked_out(repository, branch, (old, new), index)
    except IndexLockedError as error:
        return str(error)


def _checked_out(
    repository: Repository, branch: str, commits: tuple[str, str], index: Index
) -> str:
    """Bring the branch that is checked out, its files and the index to another commit."""
    old, new = commits
    # What was committed without Git's own commit has no times in the index, and what it does
    # not know to be unchanged, read-tree takes for unsaved work.
    draft, settings = index.environment, index.filters.settings
    refresh = ("update-index", "-q", "--refresh")
    repository.run(*refresh, expected=(0, 1), environment=draft, settings=settings)
    paths = _files(repository, old, new)
    with another_index() as there:
        repository.run("read-tree", new, environment=there)
        filtered = index.filters.first(repository, paths, there)
    if filtered:
        return f'"{filtered[1]}", a filter for {filtered[0]} that this never runs'
    asked = ("read-tree", "-m", "-u", old, new)
    done = repository.run(*asked, expected=(0, 1, 128), environment=draft, settings=settings)
    if done.returncode:
        return "unsaved changes"
    index.put()
    move(repository, branch, new, old)
    return ""
