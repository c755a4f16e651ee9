"""What --commit, --branch and --push do once a command has written its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from incident_tracker.cli._errors import complain
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.evidence import FOLDER
from incident_tracker.history.beside import Change
from incident_tracker.history.commits import (
    BRANCHES,
    Committed,
    branch_ref,
    commit_files,
    current_branch,
)
from incident_tracker.history.pushing import Look, Pushed, push
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import SHORT_HASH
from incident_tracker.history.stages import interrupted
from incident_tracker.parse import stem
from incident_tracker.workspace import Workspace


def deliver(
    written: Mapping[str, bytes | None], verb: str, branch: str | None, *, online: bool
) -> int:
    """Commit what was written, push it if asked; 1 where that failed, and the record is safe.

    ``written`` has the paths of the files, each with what it was before the command.
    """
    workspace = Workspace.find(Path.cwd())
    done = "written"
    try:
        asked = "--push" if online else "--branch" if branch else "--commit"
        repository, ref = place_of(workspace, branch, asked)
        if written:
            made = committed(workspace, repository, written, verb, ref)
            _tell(made, (ref or "a detached HEAD").removeprefix(BRANCHES))
        done = "written and committed"
        if online:
            _tell_pushed(pushed(workspace, repository, ref), ref)
    except GitError as error:
        complain(str(error), error.hint)
        say(f"  the record itself is {done} here, nothing of it is lost", err=True)
        return 1
    return 0


def place_of(workspace: Workspace, branch: str | None, asked: str) -> tuple[Repository, str | None]:
    """Return the repository and the ref that commits go to, None where no branch is checked out."""
    repository = Repository.needed(workspace.root, asked)
    return repository, branch_ref(repository, branch) if branch else current_branch(repository)


def committed(
    workspace: Workspace,
    repository: Repository,
    written: Mapping[str, bytes | None],
    verb: str,
    ref: str | None,
) -> Committed:
    """Commit what was written; GitError where that cannot be."""
    with workspace.lock():
        changes = [Change(path, was, _data(workspace, path)) for path, was in written.items()]
        subject, protocol = _message(written, verb), workspace.protocol()
        return commit_files(repository, changes, subject, ref, protocol)


def _data(workspace: Workspace, path: str) -> bytes | None:
    file = workspace.root / path
    return file.read_bytes() if file.is_file() else None


def _tell(made: Committed, where: str) -> None:
    if made.commit:
        say(f"committed {made.commit[:SHORT_HASH]} on ", Paint(where, "cyan"))
    for path, line in made.left.items():
        say(f"{path} has lines that were never committed to {where}: {line}", err=True)
        say(f"  help: git worktree add ../{where} {where}, and write them there", err=True)


def pushed(
    workspace: Workspace, repository: Repository, ref: str | None, look: Look | None = None
) -> Pushed:
    """Push a branch; GitError where that cannot be, or ``look`` refuses."""
    goes_on = interrupted(repository)
    if goes_on and ref in (None, current_branch(repository)):
        message = f"a {goes_on.split()[1]} is under way here"
        raise GitError(message, f"incident merge, git add, {goes_on}, then git push")
    if ref is None:
        message = "no branch is checked out, so there is none to push"
        raise GitError(message, "--branch NAME --push")
    return push(repository, ref, workspace.protocol(), workspace.lock, look)


def _tell_pushed(pushed: Pushed, ref: str | None) -> None:
    say("pushed to ", Paint(pushed.remote.shown, "cyan"))
    if pushed.in_the_way and ref:
        name = ref.removeprefix(BRANCHES)
        say(f"{name} stays where it was here, in the way: {pushed.in_the_way}", err=True)
        say("  help: git stash, git pull --rebase, git stash pop", err=True)


def _message(paths: Iterable[str], verb: str) -> str:
    """The subject: ids and the command. A title may be internal, and a log is read by more."""
    ids = dict.fromkeys(
        path.split("/")[1] if path.startswith(FOLDER) else stem(path) for path in paths
    )
    return f"{', '.join(ids)}: {verb}"
