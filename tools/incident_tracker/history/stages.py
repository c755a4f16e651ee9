"""Files in conflict: the three versions that the index keeps of each, and what is going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incident_tracker.history.filters import Filters
from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import Repository

BASE, OURS, THEIRS = "1", "2", "3"
LINK, SUBMODULE = "120000", "160000"
GOING_ON = {
    "rebase-merge": "git rebase --continue",
    "rebase-apply/applying": "git am --continue",
    "rebase-apply": "git rebase --continue",
    "CHERRY_PICK_HEAD": "git cherry-pick --continue",
    "REVERT_HEAD": "git revert --continue",
    "MERGE_HEAD": "git merge --continue",
}
OF_REBASE = {command for name, command in GOING_ON.items() if name.startswith("rebase")}


@dataclass(frozen=True, slots=True)
class Stages:
    """The versions of one file in conflict, None where a side has none."""

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    is_regular: bool = True


def unmerged(repository: Repository) -> tuple[Stages, ...]:
    """Return all files in conflict by their paths in the repository."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for line in repository.run("ls-files", "-u", "-z").stdout.split(b"\0"):
        head, _, path = line.decode("utf-8", "surrogateescape").partition("\t")
        if path:
            mode, name, stage = head.split(" ")
            found.setdefault(path, {})[stage] = (mode, name)
    return tuple(_stages(repository, path, sides) for path, sides in sorted(found.items()))


def continuing(repository: Repository) -> tuple[str, bool]:
    """Return the command that goes on with what is interrupted, and whether it is a rebase."""
    command = interrupted(repository)
    return command or "git commit", command in OF_REBASE


def interrupted(repository: Repository) -> str | None:
    """Return the command that goes on with what was begun, None where nothing is under way."""
    for name, command in GOING_ON.items():
        place = repository.text("rev-parse", "--git-path", name)
        if (repository.top / place).exists():
            return command
    return None


def add(repository: Repository, path: str) -> None:
    """Mark a file as merged, as it lies in the working tree."""
    settings = Filters.of(repository).settings
    repository.run("update-index", "--add", "--", path, settings=settings)


def _stages(repository: Repository, path: str, sides: Mapping[str, tuple[str, str]]) -> Stages:
    regular = all(mode not in (LINK, SUBMODULE) for mode, _ in sides.values())
    names = [name for _, name in sides.values()] if regular else []
    read = Objects(repository).contents(names)
    texts = {stage: read.get(name) for stage, (_, name) in sides.items()}
    return Stages(path, texts.get(BASE), texts.get(OURS), texts.get(THEIRS), regular)
