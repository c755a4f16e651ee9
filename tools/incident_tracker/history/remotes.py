"""Remotes: where a branch is pushed to, and what is fetched from and sent to there."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from incident_tracker.history.commits import BRANCHES, tip
from incident_tracker.history.repository import GitError, Repository

FETCHED = "refs/incident/fetched"
MOST_TRIES = 8
HELD = ("cannot lock ref", "unable to update local ref")
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


def remote_of(repository: Repository, branch: str) -> Remote:
    """Return where a branch is pushed to, as Git chooses it.

    What is configured for pushing goes before the upstream, and that before the only remote, or
    ``origin``. GitError where what is configured is no remote of this repository.
    """
    name = branch.removeprefix(BRANCHES)
    upstream = _setting(repository, f"branch.{name}.remote")
    chosen = (
        _setting(repository, f"branch.{name}.pushRemote")
        or _setting(repository, "remote.pushDefault")
        or upstream
    )
    known = repository.text("remote").split()
    if chosen in known:
        same = _setting(repository, f"branch.{name}.merge") if chosen == upstream else ""
        return Remote(chosen, same or branch)
    if chosen:
        message = f"{name} is set to be pushed to {chosen}, which is no remote here"
        raise GitError(
            message, f"git config branch.{name}.pushRemote {known[0] if known else 'REMOTE'}"
        )
    if "origin" in known or len(known) == 1:
        return Remote("origin" if "origin" in known else known[0], branch)
    if not known:
        message = "there is no remote to push to"
        raise GitError(message, f"git remote add origin URL, git push --set-upstream origin {name}")
    message = "there are several remotes"
    raise GitError(message, f"git push --set-upstream REMOTE {name}")


def published(repository: Repository, remote: Remote, theirs: str | None) -> list[str] | None:
    """Return arguments that name what the remote has of this repository's history.

    ``theirs`` is where its branch stands, None for a new one. None for a remote that is empty: the
    first push into it is meant to bring all there is.
    """
    heads = [theirs] if theirs else _heads(repository, remote)
    if not heads:
        return None
    asked = "".join(f"{head}\n" for head in heads).encode()
    said = repository.run("cat-file", "--batch-check=%(objectname)", data=asked).stdout.decode()
    known = [line for line in said.splitlines() if not line.endswith(" missing")]
    return [*known, f"--remotes={remote.name}"]


def _heads(repository: Repository, remote: Remote) -> list[str]:
    """The hashes of all branches of a remote."""
    asked = ("ls-remote", "--quiet", "--heads", "--end-of-options", remote.name)
    done = repository.run(*asked, online=True, timeout=_seconds())
    return [line.split("\t")[0] for line in done.stdout.decode().splitlines()]


def _setting(repository: Repository, key: str) -> str:
    return repository.run("config", "--get", key, expected=(0, 1)).stdout.decode().strip()


def _seconds() -> float:
    try:
        return max(1.0, float(os.environ.get("INCIDENT_GIT_TIMEOUT", "20")))
    except ValueError:
        return 20.0


def fetched(repository: Repository, remote: Remote) -> str | None:
    """The commit that the remote branch stands at, None where the remote has no such branch."""
    ref = f"{FETCHED}-{os.getpid()}"  # of this run alone: others may fetch at the same time
    asked = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options")
    try:
        for attempt in range(MOST_TRIES):
            done = repository.run(
                *asked,
                remote.name,
                f"+{remote.ref}:{ref}",
                expected=(0, 1, 128),
                online=True,
                timeout=_seconds(),
            )
            said = done.stderr.decode("utf-8", "replace")
            if done.returncode == 0:
                return tip(repository, ref)
            if "find remote ref" in said:
                return None
            if not any(words in said for words in HELD):
                break
            time.sleep(0.1 * (attempt + 1))  # another git writes the same ref of the remote
    finally:
        repository.run("update-ref", "-d", ref)
    reason = next((line for line in said.splitlines() if line.startswith("fatal:")), said.strip())
    message = f"{remote.name} cannot be reached: {reason.partition(': ')[2] or reason}"
    raise GitError(message, "when it answers again: the next command with --push, or git push")


def sent(repository: Repository, remote: Remote, new: str) -> bool:
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
