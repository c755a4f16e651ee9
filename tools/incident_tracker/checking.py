"""All files of a tracker on disk → the verdict, nothing done twice that a check before has done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from incident_tracker.assemble import Source
from incident_tracker.check import Report
from incident_tracker.errors import TrackerError
from incident_tracker.kept_verdicts import read, written
from incident_tracker.loading import FIXED, load_protocol, load_registers, without_collection
from incident_tracker.memory import DIGEST, Memory, base
from incident_tracker.registry import Rulebook
from incident_tracker.sharing import processes_for, shared
from incident_tracker.units import Judge, Verdict, units_of
from incident_tracker.workspace import Workspace

FEWEST = 200
"""A tracker with fewer files is judged sooner than one could wait."""
Unit = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a tracker, and the paths that it may speak of."""

    report: Report
    paths: frozenset[str]


def check_files(
    workspace: Workspace,
    *,
    remembered: Callable[[], Memory | None] = lambda: None,
    processes: int = 0,
    fewest: int = FEWEST,
) -> Checked:
    """Read and judge everything; BrokenProtocolError where the protocol itself cannot be read.

    With a memory, what was judged before is not judged again; of fewer files nothing is kept. As
    many processes share the work as are worth it, if it is not said how many.
    """
    tables = _tables(workspace)
    protocol = load_protocol(workspace)
    judge = Judge(
        protocol=protocol, registers=load_registers(workspace), checksums=workspace.checksums
    )
    with without_collection():
        sources = list(workspace.sources())
        units = units_of(sources)
        # Where somebody writes there right now, it is unknown by what the files are judged.
        settled = len(sources) >= fewest and _tables(workspace) == tables
        memory = remembered() if settled else None
        work = _Work(workspace, judge, memory, processes, tables)
        report = judge.report(sources, work.verdicts(units))
    findings = (finding.path for finding in judge.registers.findings)
    return Checked(report, frozenset([*(source.path for source in sources), *findings]))


@dataclass(frozen=True)
class _Work:
    """One check of all units: what is known is taken from the memory, what is not is judged."""

    workspace: Workspace
    judge: Judge
    memory: Memory | None
    processes: int
    tables: Mapping[str, bytes]

    def verdicts(self, units: Sequence[Unit]) -> list[Verdict]:
        """Return the verdict on each unit."""
        if self.memory is None or self.memory.path is None:
            return self._judged(units)[0]
        keys = [self._key(unit) for unit in units]
        known: dict[int, Verdict] = {}
        for number, key in enumerate(keys):
            line = self.memory.kept.get(key)
            verdict = read(line) if line is not None else None
            if verdict is not None and self._still_true(verdict):
                known[number] = verdict
        rest = [number for number in range(len(units)) if number not in known]
        judged, lines = self._judged([units[number] for number in rest])
        new = dict(zip(rest, zip(judged, lines, strict=True), strict=True))
        keep: dict[bytes, bytes] = {}
        for number, key in enumerate(keys):
            if number in known:
                keep[key] = self.memory.kept[key]
            elif new[number][0].lasts:
                keep[key] = new[number][1]
        self.memory.keep(keep)
        return [
            known[number] if number in known else new[number][0] for number in range(len(units))
        ]

    def _judged(self, units: Sequence[Unit]) -> tuple[list[Verdict], list[bytes]]:
        book = Rulebook()
        processes = self.processes or processes_for(len(units))
        if processes == 1:
            verdicts = [self.judge.verdict(unit, book) for unit in units]
            return verdicts, [written(verdict) for verdict in verdicts] if self.memory else []
        lines = shared(units, lambda unit: written(self.judge.verdict(unit, book)), processes)
        found = [read(line) for line in lines]
        return [
            self.judge.verdict(unit, book) if verdict is None else verdict
            for unit, verdict in zip(units, found, strict=True)
        ], lines

    def _still_true(self, verdict: Verdict) -> bool:
        if not verdict.evidence:
            return True
        there = self.workspace.checksums(path for path, _ in verdict.evidence)
        return all(there.get(path) == checksum for path, checksum in verdict.evidence)

    def _key(self, unit: Unit) -> bytes:
        """What the verdict on a unit depends on, as a digest: all of it, each part with its end."""
        digest = self._base.copy()
        for source in unit:
            fault = repr(source.fault).encode("utf-8", "surrogatepass") if source.fault else b""
            path = source.path.encode("utf-8", "surrogatepass")
            digest.update(b"%d %d %d " % (len(path), len(fault), len(source.data)))
            digest.update(path + fault + source.data)
        return digest.hexdigest().encode()

    @cached_property
    def _base(self) -> blake2b:
        protocol = self.judge.protocol
        zones = [protocol.zone, *(old.zone for old in protocol.superseded.values())]
        return blake2b(base(self.tables, zones), digest_size=DIGEST)


def _tables(workspace: Workspace) -> dict[str, bytes]:
    """The files of the protocol folder by path; of one that cannot be read, that it is there."""
    found = {}
    for path in (*FIXED, *workspace.superseded()):
        if workspace.has(path):
            found[path] = b"cannot be read"
            with suppress(OSError, TrackerError):
                found[path] = workspace.data(path)
    return found
