"""All files of a tracker on disk → the verdict, nothing done twice that a check before has done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from incident_tracker.check import Report
from incident_tracker.kept_verdicts import read, written
from incident_tracker.loading import load_registers, without_collection
from incident_tracker.memory import Memory
from incident_tracker.recalling import FEWEST, Task, Work, files_of, terms_of
from incident_tracker.registry import Rulebook
from incident_tracker.units import Judge, Verdict, units_of
from incident_tracker.workspace import Workspace


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

    With a memory, what was judged before is not judged again.
    """
    terms = terms_of(workspace)
    judge = Judge(
        protocol=terms.protocol, registers=load_registers(workspace), checksums=workspace.checksums
    )
    with without_collection():
        sources, memory = files_of(workspace, terms, remembered, fewest)
        work = Work(_judging(judge, workspace), terms, memory, processes)
        report = judge.report(sources, work.answers(units_of(sources)))
    findings = (finding.path for finding in judge.registers.findings)
    return Checked(report, frozenset([*(source.path for source in sources), *findings]))


def _judging(judge: Judge, workspace: Workspace) -> Task[Verdict]:
    book = Rulebook()

    def still_true(verdict: Verdict) -> bool:
        if not verdict.evidence:
            return True
        there = workspace.checksums(path for path, _ in verdict.evidence)
        return all(there.get(path) == checksum for path, checksum in verdict.evidence)

    return Task(
        do=lambda unit: judge.verdict(unit, book),
        written=written,
        read=read,
        lasts=lambda verdict: verdict.lasts,
        still_true=still_true,
    )
