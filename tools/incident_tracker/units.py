"""Files that are judged together, one record and its counterpart, and the verdict on them.

What is found in a unit depends on its files, the protocol folder and the kept files that it names,
and on nothing else: it is judged in a tracker that holds nothing else. So a verdict can be made in
another process, or kept from one check to the next. What records say of each other is judged
afterwards, from the outlines in the verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from incident_tracker.assemble import Registers, Source, assemble, read_source
from incident_tracker.check import Report, across, judge, pair_of, reported
from incident_tracker.evidence import named
from incident_tracker.finding import Finding
from incident_tracker.frozen import value
from incident_tracker.judging import CRASH
from incident_tracker.model import Record, Tracker
from incident_tracker.outline import (
    IncidentOutline,
    Overview,
    ReviewOutline,
    RunbookOutline,
    outline_of_incident,
    outline_of_review,
    outline_of_runbook,
)
from incident_tracker.parse import stem
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Rulebook
from incident_tracker.text.document import read_document

PAIRED = ("incidents/", "pir/")
Checksums = Callable[[Iterable[str]], Mapping[str, str]]
"""The SHA-256 of kept files by path; those that are not there are left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a unit, and what the rules about several records may ask of it."""

    findings: tuple[Finding, ...] = ()
    incidents: tuple[IncidentOutline, ...] = ()
    reviews: tuple[ReviewOutline, ...] = ()
    runbooks: tuple[RunbookOutline, ...] = ()
    unread: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str | None], ...] = ()
    """The kept files that it names, each with its checksum, None where there is no file."""
    lasts: bool = True
    """Whether the same files give the same verdict again."""


@value
class Judge:
    """What units are judged by."""

    protocol: Protocol
    registers: Registers
    checksums: Checksums

    def verdict(self, unit: Sequence[Source], book: Rulebook) -> Verdict:
        """Return the verdict on the files of a unit."""
        tables = replace(self.registers, findings=())
        pair = assemble(unit, self.protocol, tables)
        paths = sorted(named(pair.incidents))
        there = self.checksums(paths)
        pair = replace(pair, evidence=there)
        found = list(pair.findings)
        for record in pair.records:
            found += judge(record, pair_of(record, pair), book)
        return Verdict(
            findings=tuple(found),
            incidents=tuple(map(outline_of_incident, pair.incidents)),
            reviews=tuple(map(outline_of_review, pair.reviews)),
            runbooks=tuple(map(outline_of_runbook, pair.runbooks)),
            unread=tuple(unread.path for unread in pair.unread),
            evidence=tuple((path, there.get(path)) for path in paths),
            lasts=_lasts(pair, found),
        )

    def report(self, sources: Sequence[Source], verdicts: Iterable[Verdict]) -> Report:
        """Return the verdict on a whole tracker: that on its units, and on them all together."""
        every = list(verdicts)
        overview = self._overview(sources, every)
        by_path = {source.path: source for source in sources}

        @cache
        def record_at(path: str) -> Record | None:
            source = by_path.get(path)
            return read_source(source, self.protocol)[0] if source else None

        found = [*self.registers.findings, *(f for verdict in every for f in verdict.findings)]
        found += across(overview, record_at, Rulebook())
        waiving = [
            record
            for outline in overview.records
            if outline.waives
            if (record := record_at(outline.path)) is not None
        ]
        return reported(
            found,
            {record.path: record.waivers for record in waiving},
            [record for record in waiving if not overview.is_withdrawn(record.id)],
            Texts([*(outline.path for outline in overview.records), *overview.unread], by_path),
        )

    def _overview(self, sources: Sequence[Source], verdicts: Sequence[Verdict]) -> Overview:
        unread = frozenset(path for verdict in verdicts for path in verdict.unread)
        return Overview(
            protocol=self.protocol,
            incidents=tuple(sorted(i for v in verdicts for i in v.incidents)),
            reviews=tuple(sorted(r for v in verdicts for r in v.reviews)),
            runbooks=tuple(sorted(r for v in verdicts for r in v.runbooks)),
            unread=tuple(source.path for source in sources if source.path in unread),
            components=self.registers.components,
        )


class Texts(Mapping[str, str]):
    """The texts of files by path, read when one is asked for: few of them are."""

    def __init__(self, paths: Iterable[str], sources: Mapping[str, Source]) -> None:
        """Keep where to read."""
        self._sources = {path: sources[path] for path in paths}

    def __getitem__(self, path: str) -> str:
        """Return the text of a file, empty where it could not be read."""
        source = self._sources[path]
        return "" if source.fault is not None else read_document(path, source.data).text

    def __iter__(self) -> Iterator[str]:
        """Iterate over the paths."""
        return iter(self._sources)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._sources)


def units_of(sources: Iterable[Source]) -> list[tuple[Source, ...]]:
    """Return the files by units: an incident and its review are one, a runbook is one alone."""
    units: dict[str, list[Source]] = {}
    for source in sources:
        path = source.path
        units.setdefault(stem(path) if path.startswith(PAIRED) else path, []).append(source)
    return [tuple(unit) for unit in units.values()]


def _lasts(pair: Tracker, found: Iterable[Finding]) -> bool:
    # What time zones there are is known to the system, not to the files; a crash may be its own.
    zoned = any("zone" in record.fields for record in pair.records)
    return not zoned and all(finding.code != CRASH for finding in found)
