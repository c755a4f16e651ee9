"""How ``incident schema`` prints, writes and compares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from incident_tracker.cli._terminal import Paint, say
from incident_tracker.exports.declare import exports
from incident_tracker.formats.machine import dump
from incident_tracker.model import Tracker
from incident_tracker.schemas import paths, schema_of
from incident_tracker.workspace import Workspace

STALE = 1
EXPORTED = "export-"


def show(name: str) -> None:
    """Print one schema."""
    form = name.removeprefix(EXPORTED)
    make = exports()[form].schema if form != name else None
    say(dump(make() if make else schema_of(name, _tracker(Workspace.find(Path.cwd())))))


def write() -> None:
    """Write every schema into the tracker."""
    workspace = Workspace.find(Path.cwd())
    for path, text in files(workspace):
        verb = "wrote " if workspace.write(path, text) else "nothing to change in "
        say(verb, Paint(path, "green"))


def check() -> int:
    """Name the files that are not as they would be written; return the exit status."""
    workspace = Workspace.find(Path.cwd())
    there = [(path, text, workspace.text(path)) for path, text in files(workspace)]
    stale = [(path, old) for path, text, old in there if old != text]
    for path, old in stale:
        what = "is missing" if old is None else "is out of date"
        say(Paint(path, "yellow"), f" {what}")
    say("incident schema --write writes them anew" if stale else "every schema is up to date")
    return STALE if stale else 0


def files(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Yield every schema's path and text."""
    tracker = _tracker(workspace)
    for name, path in paths():
        yield path, f"{dump(schema_of(name, tracker))}\n"


def _tracker(workspace: Workspace) -> Tracker:
    """Return the tracker without its records, which no schema looks at."""
    return workspace.part((), workspace.protocol())
