"""Which files the typed paths mean; all records are judged all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from incident_tracker.check import Report
from incident_tracker.errors import NoTrackerError
from incident_tracker.judging import CRASH
from incident_tracker.model import Tracker

ROOT = (".", "")


def paths_of(tracker: Tracker) -> Iterator[str]:
    """Yield the paths that a verdict on a tracker may speak of."""
    yield from (record.path for record in tracker.records)
    yield from (unread.path for unread in tracker.unread)
    yield from (finding.path for finding in tracker.findings)


class NoRecordError(NoTrackerError):
    """A path was typed that no record lies at."""


def select(known: Iterable[str], typed: Sequence[str]) -> frozenset[str] | None:
    """Return those of the known files at or below the typed paths, None for all.

    A path without any raises NoRecordError.
    The files of the protocol count as well: what is wrong with them is a finding there.
    """
    if not typed or any(path in ROOT for path in typed):
        return None
    files = {
        *known,
        *(f"protocol/{name}.yml" for name in ("protocol", "components", "contacts")),
    }
    chosen: set[str] = set()
    for path in typed:
        found = {file for file in files if file == path or file.startswith(f"{path}/")}
        if not found:
            message = f"no record at {path}"
            raise NoRecordError(message, "incident check without a path judges all records")
        chosen |= found
    return frozenset(chosen)


def narrowed(report: Report, paths: frozenset[str] | None) -> Report:
    """Return the report with what it says about some files only; a crash is never left out."""
    if paths is None:
        return report
    return replace(
        report,
        findings=tuple(f for f in report.findings if f.path in paths or f.code == CRASH),
        waived=tuple(waived for waived in report.waived if waived.finding.path in paths),
        texts={path: report.texts.get(path, "") for path in sorted(paths)},
        touched=report.touched & paths,
        is_narrowed=True,
    )
