"""How versions of one record are brought together, for Git's driver and for a person."""

from __future__ import annotations

from pathlib import Path

from incident_tracker.cli._terminal import Paint, say
from incident_tracker.errors import TrackerError
from incident_tracker.history.repository import Repository
from incident_tracker.history.stages import Stages, add, continuing, unmerged
from incident_tracker.lifecycle.refusal import NothingFound
from incident_tracker.merging import Merged, merge
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

RECORDS = ("incidents/", "pir/", "runbooks/")
FATAL = 129
"""From this status on Git takes a driver for failed, and not for one that left conflicts."""


def drive(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge three files as Git hands them over; the result takes the place of ours."""
    try:
        texts = [file.read_bytes().decode("utf-8") for file in (base, ours, theirs)]
        protocol = Workspace.find(Path.cwd()).protocol()
    except (UnicodeDecodeError, OSError, TrackerError) as error:
        say(f"{path}: not merged by section: {error}", err=True)
        return FATAL
    place = next((path[path.index(f) :] for f in RECORDS if f in path), path)
    # Git hands over an empty file where there was none.
    made = merge(place, texts[0] or None, texts[1], texts[2], protocol)
    ours.write_bytes(made.text.encode("utf-8", "surrogatepass"))
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
    records = [s for s in inside if repository.inside(s.path).startswith(RECORDS)]
    names = {repository.inside(stages.path) for stages in records}
    for path in wanted:
        if path not in names:
            raise NothingFound(f"{path} is no record in conflict", "incident merge")
    chosen = [s for s in records if not wanted or repository.inside(s.path) in wanted]
    protocol = _protocol(workspace, [stages.path for stages in found])
    left = [s.path for s in chosen if not _united(workspace, repository, s, protocol)]
    others = [stages.path for stages in found if stages not in chosen]
    for path in others:
        say(f"left alone: {path} (no record)" if path not in names else f"left alone: {path}")
    command, rebasing = continuing(repository)
    if left or others:
        whose = "theirs is the commit that is applied" if rebasing else "ours is this branch"
        say(f"next: mend what is left ({whose}), git add it, then {command}")
        return 1
    say(f"next: {command}")
    return 0


def _united(
    workspace: Workspace, repository: Repository, stages: Stages, protocol: Protocol
) -> bool:
    path = repository.inside(stages.path)
    if not stages.is_regular or stages.ours is None or stages.theirs is None:
        side = "ours" if stages.ours is None else "theirs"
        say(Paint("conflict", "red"), f": {path} was deleted by {side} and changed by the other")
        say(f"  keep it: git add {path}; delete it: git rm {path}")
        return False
    try:
        texts = [None if t is None else t.decode("utf-8") for t in (stages.base, stages.ours)]
        theirs = stages.theirs.decode("utf-8")
    except UnicodeDecodeError:
        say(Paint("conflict", "red"), f": {path} is not UTF-8")
        return False
    made = merge(path, texts[0], texts[1] or "", theirs, protocol)
    workspace.put(workspace.root / path, made.text)
    _tell(path, made)
    if not made.conflicts:
        add(repository, stages.path)
    return not made.conflicts


def _tell(path: str, made: Merged) -> None:
    if not made.conflicts:
        say("merged ", Paint(path, "green"))
    for conflict in made.conflicts:
        say(Paint("conflict", "red"), f": {path}: both sides changed {conflict.where}")


def _protocol(workspace: Workspace, unmerged_paths: list[str]) -> Protocol:
    if any(path.endswith("protocol/protocol.yml") for path in unmerged_paths):
        message = "protocol/protocol.yml is in conflict itself"
        raise TrackerError(message, "mend it, git add it, then run incident merge again")
    return workspace.protocol()
