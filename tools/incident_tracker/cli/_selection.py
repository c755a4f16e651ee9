"""Which files the typed paths mean; all records are judged all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from incident_tracker.check import Report
from incident_tracker.errors import NoTrackerError
from incident_tracker.judging import CRASH
from incident_tracker.model import Tracker

ROOT = (".", "")


class NoRecordError(NoTrackerError):
    """A path was typed that no record lies at."""


def select(
    tracker: Tracker, typed: Sequence[str], touched: frozenset[str] = frozenset()
) -> frozenset[str] | None:
    """Return the files at or below the typed paths, None for all; ``touched`` ones may be gone.

    A path without any raises NoRecordError.
    The files of the protocol count as well: what is wrong with them is a finding there.
    """
    if not typed or any(path in ROOT for path in typed):
        return None
    files = {
        *touched,
        *(record.path for record in tracker.records),
        *(unread.path for unread in tracker.unread),
        *(finding.path for finding in tracker.findings),
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
