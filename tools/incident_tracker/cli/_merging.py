"""How versions of one record are brought together, for Git's driver and for a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from incident_tracker.cli._terminal import Paint, from_here, say
from incident_tracker.errors import TrackerError
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.stages import Stages, add, continuing, unmerged
from incident_tracker.lifecycle.refusal import NothingFound
from incident_tracker.merging import Merged, Sides, merge, merge_lines
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

RECORDS = ("incidents/", "pir/", "runbooks/")
MARK = b"<<<<<<<"
PLAIN = Sides("ours (this branch)", "theirs (what is merged in)")
REBASE = Sides("ours (what is rebased onto)", "theirs (your commit)")


def drive(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge three files as Git hands them over; the result takes the place of ours.

    Without a tracker that can be read, they are merged by line: Git has no other way left.
    """
    data = [file.read_bytes() for file in (base, ours, theirs)]
    if any(b"\0" in part for part in data):
        say(Paint("conflict", "red"), f": {path} is no text, ours was left as it is", err=True)
        return 1
    was, mine, yours = (part.decode("utf-8", "surrogateescape") for part in data)
    sides = _sides(Repository.of(Path.cwd()))
    try:
        workspace = Workspace.find((Path.cwd() / path).parent)
        place = (Path.cwd() / path).relative_to(workspace.root).as_posix()
        # Git hands over an empty file where there was none.
        made = merge(place, was or None, mine, yours, workspace.protocol(), sides)
    except (TrackerError, ValueError) as error:
        say(f"{path}: merged by line, for no tracker can be read: {error}", err=True)
        made = merge_lines(was, mine, yours, sides)
    ours.write_bytes(made.text.encode("utf-8", "surrogateescape"))
    _tell(path, made)
    return 1 if made.conflicts else 0


def unite(workspace: Workspace, wanted: tuple[str, ...]) -> int:
    """Merge all records in conflict, write them, and mark those without a contradiction."""
    repository = Repository.needed(workspace.root, "incident merge")
    found = unmerged(repository)
    if not found:
        say("no file is in conflict, nothing to merge")
        return 0
    inside = [stages for stages in found if stages.path.startswith(repository.prefix)]
    records = {
        repository.inside(stages.path): stages
        for stages in inside
        if repository.inside(stages.path).startswith(RECORDS)
    }
    chosen = [_named(path, workspace, records) for path in wanted] or list(records)
    protocol = _protocol(workspace, [stages.path for stages in found])
    united = [path for path in chosen if _united(workspace, repository, records[path], protocol)]
    left = [stages.path for stages in found if stages not in [records[path] for path in united]]
    for stages in found:
        if stages not in records.values():
            say(f"left alone: {stages.path} (no record)")
        elif repository.inside(stages.path) not in chosen:
            say(f"left alone: {stages.path}")
    command, _ = continuing(repository)
    if left:
        check = from_here("incident check --fix")
        say(f"next: mend what is left, {check}, git add, then ", command)
        return 1
    say(f"next: {command}")
    return 0


def _named(path: str, workspace: Workspace, records: Mapping[str, Stages]) -> str:
    """The record in conflict that a path means, seen from here or from the tracker's root."""
    here = (Path.cwd() / path).resolve()
    root = workspace.root.resolve()
    inside = here.relative_to(root).as_posix() if here.is_relative_to(root) else path
    for name in (inside, Path(path).as_posix()):
        if name in records:
            return name
    raise NothingFound(f"{path} is no record in conflict", "incident merge")


def _sides(repository: Repository | None) -> Sides:
    """What the two versions are called: in a rebase, ours is not what people think."""
    if repository is None:
        return PLAIN
    try:
        return REBASE if continuing(repository)[1] else PLAIN
    except GitError:
        return PLAIN


def _united(
    workspace: Workspace, repository: Repository, stages: Stages, protocol: Protocol
) -> bool:
    path = repository.inside(stages.path)
    target = workspace.root / path
    if not stages.is_regular:
        say(Paint("conflict", "red"), f": {path} is a link on one side; nothing was merged")
        return False
    if stages.ours is None or stages.theirs is None:
        side = "ours" if stages.ours is None else "theirs"
        say(Paint("conflict", "red"), f": {path} was deleted by {side} and changed by the other")
        say(f"  keep it: git add {path}; delete it: git rm {path}")
        return False
    there = target.read_bytes() if target.is_file() and not target.is_symlink() else b""
    if there not in (b"", stages.ours) and MARK not in there:
        say(Paint("conflict", "red"), f": {path} was mended by hand already; it was left as it is")
        say(f"  keep that: git add {path}; begin anew: git checkout --merge -- {path}")
        return False
    try:
        was, mine, yours = (
            None if data is None else data.decode("utf-8")
            for data in (stages.base, stages.ours, stages.theirs)
        )
    except UnicodeDecodeError:
        say(Paint("conflict", "red"), f": {path} is not UTF-8; git checkout --ours or --theirs")
        return False
    made = merge(path, was, mine or "", yours or "", protocol, _sides(repository))
    workspace.put_record(path, made.text.encode("utf-8", "surrogatepass"))
    _tell(path, made)
    if not made.conflicts:
        add(repository, stages.path)
    return not made.conflicts


def _tell(path: str, made: Merged) -> None:
    if not made.conflicts:
        say("merged ", Paint(path, "green"))
    for conflict in made.conflicts:
        place = f"{path}:{conflict.line}"
        say(Paint("conflict", "red"), f": {place}: both sides changed {conflict.where}")


def _protocol(workspace: Workspace, unmerged_paths: list[str]) -> Protocol:
    if any(path.endswith("protocol/protocol.yml") for path in unmerged_paths):
        message = "protocol/protocol.yml is in conflict itself"
        raise TrackerError(message, "mend it, git add it, then run incident merge again")
    return workspace.protocol()
