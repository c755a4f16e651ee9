"""Work on files that is not done twice: what is remembered of them is taken, the rest is shared.

What comes of a unit depends on its files and the protocol folder; what it depends on besides, the
task says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar

from incident_tracker.assemble import Source
from incident_tracker.errors import TrackerError
from incident_tracker.loading import FIXED, load_protocol
from incident_tracker.memory import DIGEST, Memory, base
from incident_tracker.protocol import Protocol
from incident_tracker.sharing import processes_for, shared
from incident_tracker.workspace import Workspace

FEWEST = 200
"""Of fewer files nothing is kept: they are read sooner than one could wait."""
Unit = tuple[Source, ...]
Answer = TypeVar("Answer")


class Terms(NamedTuple):
    """By what files are judged: the files of the protocol folder by path, and its protocol."""

    tables: Mapping[str, bytes]
    protocol: Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(Generic[Answer]):
    """What is done with each unit, and how its answer becomes one line and is read again."""

    do: Callable[[Unit], Answer]
    written: Callable[[Answer], bytes]
    read: Callable[[bytes], Answer | None]
    """The answer of a line, None where it holds none."""
    lasts: Callable[[Answer], bool]
    """Whether the same files give the same answer again."""
    still_true: Callable[[Answer], bool] = lambda _: True
    """Whether a remembered answer holds for what is there now besides the files."""


@dataclass(frozen=True)
class Work(Generic[Answer]):
    """One task for all units: what is known is taken from the memory, what is not is done."""

    task: Task[Answer]
    terms: Terms
    memory: Memory | None
    processes: int = 0
    """How many share it, 0 for as many as are worth it."""

    def answers(self, units: Sequence[Unit]) -> list[Answer]:
        """Return what comes of each unit."""
        memory = self.memory
        if memory is None:
            return [answer for answer, _ in self._done(units)]
        keys = [self._key(unit) for unit in units]
        by_key = dict(zip(keys, units, strict=True))
        told = dict(self._known(memory, by_key))
        new = [key for key in by_key if key not in told]
        told.update(zip(new, self._done([by_key[key] for key in new]), strict=True))
        memory.keep({key: line for key, (answer, line) in told.items() if self.task.lasts(answer)})
        return [told[key][0] for key in keys]

    def _known(
        self, memory: Memory, keys: Iterable[bytes]
    ) -> Iterator[tuple[bytes, tuple[Answer, bytes]]]:
        """Yield what is remembered and holds by its key, with the line that holds it."""
        for key in keys:
            line = memory.kept.get(key)
            answer = self.task.read(line) if line is not None else None
            if line is not None and answer is not None and self.task.still_true(answer):
                yield key, (answer, line)

    def _done(self, units: Sequence[Unit]) -> Iterator[tuple[Answer, bytes]]:
        """Yield what comes of each unit by doing it, with its line where that is asked for."""
        task = self.task
        processes = self.processes or processes_for(len(units))
        if processes == 1:
            for unit in units:
                answer = task.do(unit)
                yield answer, task.written(answer) if self.memory else b""
            return
        lines = shared(units, lambda unit: task.written(task.do(unit)), processes)
        for unit, line in zip(units, lines, strict=True):
            read = task.read(line)
            yield task.do(unit) if read is None else read, line

    def _key(self, unit: Unit) -> bytes:
        """What the answer for a unit depends on, as a digest: all of it, each part with its end."""
        digest = self._base.copy()
        for source in unit:
            fault = repr(source.fault).encode("utf-8", "surrogatepass") if source.fault else b""
            path = source.path.encode("utf-8", "surrogatepass")
            digest.update(b"%d %d %d " % (len(path), len(fault), len(source.data)))
            digest.update(path + fault + source.data)
        return digest.hexdigest().encode()

    @cached_property
    def _base(self) -> blake2b:
        protocol = self.terms.protocol
        zones = [protocol.zone, *(old.zone for old in protocol.superseded.values())]
        return blake2b(base(self.terms.tables, zones), digest_size=DIGEST)


def terms_of(workspace: Workspace) -> Terms:
    """Read by what files are judged; BrokenProtocolError where the protocol cannot be read."""
    # First: what somebody writes meanwhile makes them other ones than those that are seen later.
    tables = tables_of(workspace)
    return Terms(tables, load_protocol(workspace))


def files_of(
    workspace: Workspace, terms: Terms, remembered: Callable[[], Memory | None], fewest: int
) -> tuple[list[Source], Memory | None]:
    """Return all files of the record folders, and what is remembered of them; of fewer, nothing."""
    sources = list(workspace.sources())
    # Where somebody writes there right now, it is unknown by what the files are judged.
    settled = len(sources) >= fewest and tables_of(workspace) == terms.tables
    return sources, remembered() if settled else None


def tables_of(workspace: Workspace) -> dict[str, bytes]:
    """The files of the protocol folder by path; of one that cannot be read, that it is there."""
    found = {}
    for path in (*FIXED, *workspace.superseded()):
        if workspace.has(path):
            found[path] = b"cannot be read"
            with suppress(OSError, TrackerError):
                found[path] = workspace.data(path)
    return found
