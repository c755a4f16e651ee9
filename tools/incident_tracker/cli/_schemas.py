"""How ``incident schema`` prints, writes and compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from incident_tracker.assemble import Source, assemble
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.errors import TrackerError
from incident_tracker.exports.declare import exports
from incident_tracker.formats.machine import dump
from incident_tracker.loading import Files, load_protocol, load_registers
from incident_tracker.model import Tracker
from incident_tracker.schemas import paths, schema_of
from incident_tracker.upgrading.files import Kind, Step, There
from incident_tracker.workspace import Workspace

STALE = 1
EXPORTED = "export-"


def show(name: str) -> None:
    """Print one schema."""
    form = name.removeprefix(EXPORTED)
    make = exports()[form].schema if form != name else None
    say(dump(make() if make else schema_of(name, _tracker_of(Workspace.find(Path.cwd())))))


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


def files(rules: Files) -> Iterator[tuple[str, str]]:
    """Yield every schema's path and text, as the files of a protocol folder make it."""
    tracker = _tracker_of(rules)
    for name, path in paths():
        yield path, f"{dump(schema_of(name, tracker))}\n"


def schema_steps(
    workspace: Workspace, there: Mapping[str, There], before: Sequence[Step]
) -> Iterator[Step | tuple[str, str]]:
    """Yield the schemas that are there and will be others once these steps were taken.

    Of one that cannot be written it is told why, and what to do.
    """
    coming = _Coming(workspace, {step.path: step.content for step in before})
    try:
        computed = [(path, text.encode()) for path, text in files(coming)]
    except TrackerError:
        return  # there is nothing to compute them from; the check says what to mend
    for path, content in computed:
        found = there[path]
        if found.wrong:
            yield path, f"{found.wrong}; take it away, then: incident schema --write"
        elif found.content not in (None, content):
            yield Step(path=path, kind=Kind.WRITE, why="computed anew", content=content)


@dataclass(frozen=True, slots=True)
class _Coming:
    """The protocol's files as they will be."""

    workspace: Workspace
    files: Mapping[str, bytes]

    def sources(self) -> Iterator[Source]:
        """Yield no record: no schema looks at one."""
        return iter(())

    def has(self, path: str) -> bool:
        """Whether something will lie at a path."""
        return path in self.files or self.workspace.has(path)

    def data(self, path: str) -> bytes:
        """Return the bytes of a file that will be there."""
        return self.files[path] if path in self.files else self.workspace.data(path)

    def superseded(self) -> Sequence[str]:
        """Return the superseded versions of the protocol; none of them is in a schema."""
        return ()


def _tracker_of(rules: Files) -> Tracker:
    """Return a tracker without its records, which no schema looks at."""
    return assemble((), load_protocol(rules), load_registers(rules))
