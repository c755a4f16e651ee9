"""What --commit, --branch and --push do once a command has written its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from incident_tracker.cli._errors import complain
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.history.commits import (
    BRANCHES,
    branch_ref,
    commit_files,
    current_branch,
)
from incident_tracker.history.pushing import push
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import SHORT_HASH
from incident_tracker.history.stages import interrupted
from incident_tracker.parse import stem
from incident_tracker.workspace import Workspace


def deliver(paths: Sequence[str], verb: str, branch: str | None, *, online: bool) -> int:
    """Commit what was written, push it if asked; 1 where that failed, and the record is safe."""
    workspace = Workspace.find(Path.cwd())
    done = "written"
    try:
        asked = "--push" if online else "--branch" if branch else "--commit"
        repository = Repository.needed(workspace.root, asked)
        ref = branch_ref(repository, branch) if branch else current_branch(repository)
        if paths:
            with workspace.lock():
                made = commit_files(repository, paths, _message(paths, verb), ref)
            if made:
                where = (ref or "a detached HEAD").removeprefix(BRANCHES)
                say(f"committed {made[:SHORT_HASH]} on ", Paint(where, "cyan"))
        done = "written and committed"
        if online:
            _push(workspace, repository, ref)
    except GitError as error:
        complain(str(error), error.hint)
        say(f"  the record itself is {done} here, nothing of it is lost", err=True)
        return 1
    return 0


def _push(workspace: Workspace, repository: Repository, ref: str | None) -> None:
    goes_on = interrupted(repository)
    if goes_on and ref in (None, current_branch(repository)):
        message = f"a {goes_on.split()[1]} is under way here"
        raise GitError(message, f"incident merge, git add, {goes_on}, then git push")
    if ref is None:
        message = "no branch is checked out, so there is none to push"
        raise GitError(message, "--branch NAME --push")
    pushed = push(repository, ref, workspace.protocol(), workspace.lock)
    say("pushed to ", Paint(pushed.remote.shown, "cyan"))
    if not pushed.is_level:
        name = ref.removeprefix(BRANCHES)
        say(f"{name} stays where it was here: unsaved changes are in the way", err=True)
        say("  help: git stash, git pull --rebase, git stash pop", err=True)


def _message(paths: Sequence[str], verb: str) -> str:
    """The subject: ids and the command. A title may be internal, and a log is read by more."""
    ids = dict.fromkeys(
        path.split("/")[1] if path.startswith("evidence/") else stem(path) for path in paths
    )
    return f"{', '.join(ids)}: {verb}"
