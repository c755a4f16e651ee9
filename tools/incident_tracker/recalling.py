"""Work on files that is not done twice: what is remembered of them is taken, the rest is shared.

What comes of a unit depends on its files and the protocol folder; what it depends on besides, the
task says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Generic, TypeVar

from incident_tracker.assemble import Source
from incident_tracker.errors import TrackerError
from incident_tracker.loading import FIXED
from incident_tracker.memory import DIGEST, Memory, base
from incident_tracker.protocol import Protocol
from incident_tracker.sharing import processes_for, shared
from incident_tracker.workspace import Workspace

FEWEST = 200
"""Of fewer files nothing is kept: they are read sooner than one could wait."""
Unit = tuple[Source, ...]
Answer = TypeVar("Answer")


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
    protocol: Protocol
    tables: Mapping[str, bytes]
    memory: Memory | None
    processes: int = 0
    """How many share it, 0 for as many as are worth it."""

    def answers(self, units: Sequence[Unit]) -> list[Answer]:
        """Return what comes of each unit."""
        if self.memory is None or self.memory.path is None:
            return self._done(units)[0]
        keys = [self._key(unit) for unit in units]
        known: dict[int, Answer] = {}
        for number, key in enumerate(keys):
            line = self.memory.kept.get(key)
            answer = self.task.read(line) if line is not None else None
            if answer is not None and self.task.still_true(answer):
                known[number] = answer
        rest = [number for number in range(len(units)) if number not in known]
        done, lines = self._done([units[number] for number in rest])
        new = dict(zip(rest, zip(done, lines, strict=True), strict=True))
        keep: dict[bytes, bytes] = {}
        for number, key in enumerate(keys):
            if number in known:
                keep[key] = self.memory.kept[key]
            elif self.task.lasts(new[number][0]):
                keep[key] = new[number][1]
        self.memory.keep(keep)
        return [
            known[number] if number in known else new[number][0] for number in range(len(units))
        ]

    def _done(self, units: Sequence[Unit]) -> tuple[list[Answer], list[bytes]]:
        task = self.task
        processes = self.processes or processes_for(len(units))
        if processes == 1:
            answers = [task.do(unit) for unit in units]
            return answers, [task.written(answer) for answer in answers] if self.memory else []
        lines = shared(units, lambda unit: task.written(task.do(unit)), processes)
        found = [task.read(line) for line in lines]
        return [
            task.do(unit) if answer is None else answer
            for unit, answer in zip(units, found, strict=True)
        ], lines

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
        zones = [self.protocol.zone, *(old.zone for old in self.protocol.superseded.values())]
        return blake2b(base(self.tables, zones), digest_size=DIGEST)


def tables_of(workspace: Workspace) -> dict[str, bytes]:
    """The files of the protocol folder by path; of one that cannot be read, that it is there."""
    found = {}
    for path in (*FIXED, *workspace.superseded()):
        if workspace.has(path):
            found[path] = b"cannot be read"
            with suppress(OSError, TrackerError):
                found[path] = workspace.data(path)
    return found
