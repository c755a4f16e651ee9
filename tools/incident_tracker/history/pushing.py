"""Commits of records brought to where others see them: fetched, put on top, pushed, tried again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from incident_tracker.assemble import FOLDERS
from incident_tracker.history.beside import united
from incident_tracker.history.commits import (
    BRANCHES,
    blob,
    commit_tree,
    current_branch,
    move,
    tip,
    tree_with,
)
from incident_tracker.history.index import Index, IndexLockedError, holding
from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.protocol import Protocol

Guard = AbstractContextManager[None]
RECORDS = (*(f"{folder}/" for folder in FOLDERS), "evidence/")
FETCHED = "refs/incident/fetched"
MOST_TRIES = 8
PULL = "git pull --rebase, then git push"
MOVED_ON = ("fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref", "stale")


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a branch is pushed to."""

    name: str
    ref: str

    @property
    def shown(self) -> str:
        """The remote branch as people call it."""
        return f"{self.name}/{self.ref.removeprefix(BRANCHES)}"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of it: where the commits are now, and why the branch here did not move along."""

    remote: Remote
    commit: str
    in_the_way: str = ""


def remote_of(repository: Repository, branch: str) -> Remote:
    """Return where a branch is pushed to: its upstream, else the same name at the only remote."""
    name = branch.removeprefix(BRANCHES)
    upstream = _setting(repository, f"branch.{name}.remote")
    known = repository.text("remote").split()
    if upstream in known:
        return Remote(upstream, _setting(repository, f"branch.{name}.merge") or branch)
    if "origin" in known or len(known) == 1:
        return Remote("origin" if "origin" in known else known[0], branch)
    message = "there is no remote to push to" if not known else "there are several remotes"
    raise GitError(message, f"git push --set-upstream REMOTE {name}")


def push(
    repository: Repository, branch: str, protocol: Protocol, writing: Callable[[], Guard]
) -> Pushed:
    """Push a branch; what others pushed meanwhile is merged in, record by record.

    ``writing`` is the tracker's lock. It is held while files and branch are brought to the new
    commit, and not while the remote is waited for.

    GitError where the remote cannot be reached or refuses, where both sides contradict each
    other, or where a commit that was not pushed yet touches more than records.
    """
    remote = remote_of(repository, branch)
    for attempt in range(MOST_TRIES):
        theirs = _fetched(repository, remote)
        ours = tip(repository, branch)
        if ours is None:
            message = f"{branch} has no commit yet"
            raise GitError(message)
        new = _on_top(repository, ours, theirs, protocol)
        if new == theirs or _sent(repository, remote, new):
            with writing():
                in_the_way = _follow(repository, branch, ours, new)
            if in_the_way is not None:
                return Pushed(remote, new, in_the_way)
        time.sleep(0.1 * (attempt + 1))
    message = f"{remote.shown} moved on {MOST_TRIES} times while this was pushed"
    raise GitError(message, "the same command again, with --push")


def _setting(repository: Repository, key: str) -> str:
    return repository.run("config", "--get", key, expected=(0, 1)).stdout.decode().strip()


def _seconds() -> float:
    try:
        return max(1.0, float(os.environ.get("INCIDENT_GIT_TIMEOUT", "20")))
    except ValueError:
        return 20.0


def _fetched(repository: Repository, remote: Remote) -> str | None:
    """The commit that the remote branch stands at, None where the remote has no such branch."""
    asked = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options")
    done = repository.run(
        *asked,
        remote.name,
        f"+{remote.ref}:{FETCHED}",
        expected=(0, 1, 128),
        online=True,
        timeout=_seconds(),
    )
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return tip(repository, FETCHED)
    if "find remote ref" in said:
        return None
    reason = next((line for line in said.splitlines() if line.startswith("fatal:")), said.strip())
    message = f"{remote.name} cannot be reached: {reason.partition(': ')[2] or reason}"
    raise GitError(message, "when it answers again: the next command with --push, or git push")


def _sent(repository: Repository, remote: Remote, new: str) -> bool:
    """Push one commit; False where the remote moved on in between."""
    asked = ("push", "--quiet", "--no-verify", "--end-of-options", remote.name)
    done = repository.run(
        *asked, f"{new}:{remote.ref}", expected=(0, 1, 128), online=True, timeout=_seconds()
    )
    if done.returncode == 0:
        return True
    said = done.stderr.decode("utf-8", "replace")
    if any(words in said for words in MOVED_ON):
        return False
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("remote:", "!", "fatal:"))] or lines
    message = f"{remote.shown} refused: {' '.join(told[:2]) or 'it gave no reason'}"
    raise GitError(message, "push to a branch of its own: --branch NAME --push")


def _on_top(repository: Repository, ours: str, theirs: str | None, protocol: Protocol) -> str:
    """Our commit where it has theirs already, theirs where it has ours, else ours upon theirs."""
    if theirs is None or _is_ancestor(repository, theirs, ours):
        return ours
    if _is_ancestor(repository, ours, theirs):
        return theirs
    base = repository.run("merge-base", ours, theirs, expected=(0, 1)).stdout.decode().split()
    if not base:
        message = "this branch and the remote one have no commit in common"
        raise GitError(message, PULL)
    changed = _files(repository, base[0], ours)
    others = [path for path in changed if not _is_record(repository, path)]
    if others:
        message = f"a commit that was not pushed yet touches {others[0]}, which is no record"
        raise GitError(message, PULL)
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
    raise GitError(message, "git pull --rebase, then incident merge, then git push")


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
        with holding(repository) as index:
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
    draft = index.environment
    repository.run("update-index", "-q", "--refresh", expected=(0, 1), environment=draft)
    asked = ("read-tree", "-m", "-u", old, new)
    if repository.run(*asked, expected=(0, 1, 128), environment=draft).returncode:
        return "unsaved changes"
    index.put()
    move(repository, branch, new, old)
    return ""
