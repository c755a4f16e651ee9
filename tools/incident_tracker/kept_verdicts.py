"""Verdicts as one line of JSON each, and back; what is no such line is no verdict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.outline import IncidentOutline, Mention, ReviewOutline, RunbookOutline
from incident_tracker.units import Verdict

LEVELS = {level.value: level for level in Level}
Row = Sequence[Any]


def written(verdict: Verdict) -> bytes:
    """Return a verdict as one line; reading it gives an equal one."""
    rows = (
        [_finding_row(finding) for finding in verdict.findings],
        verdict.incidents,
        verdict.reviews,
        verdict.runbooks,
        verdict.unread,
        verdict.evidence,
        verdict.lasts,
    )
    # Lone surrogates may stand in a message; only escapes can carry them.
    return json.dumps(rows, separators=(",", ":"), allow_nan=False).encode("ascii")


def read(line: bytes) -> Verdict | None:
    """Return the verdict of a line, None where it holds none."""
    try:
        found, incidents, reviews, runbooks, unread, evidence, lasts = json.loads(line)
        return Verdict(
            findings=tuple(map(_finding, found)),
            incidents=tuple(map(_incident, incidents)),
            reviews=tuple(map(_review, reviews)),
            runbooks=tuple(map(_runbook, runbooks)),
            unread=tuple(unread),
            evidence=tuple((path, checksum) for path, checksum in evidence),
            lasts=bool(lasts),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _finding_row(finding: Finding) -> Row:
    return (
        finding.path,
        finding.line,
        finding.column,
        finding.code,
        finding.end_column,
        finding.name,
        finding.level.value,
        finding.message,
        finding.help,
        finding.note,
        finding.source,
        finding.field,
        [(edit.start, edit.end, edit.text) for edit in finding.fix],
    )


def _finding(row: Row) -> Finding:
    path, line, column, code, end, name, level, message, help_, note, source, field, fix = row
    return Finding(
        path=path,
        line=line,
        column=column,
        code=code,
        end_column=end,
        name=name,
        level=LEVELS[level],
        message=message,
        help=help_,
        note=note,
        source=source,
        field=field,
        fix=tuple(Edit(*edit) for edit in fix),
    )


def _incident(row: Row) -> IncidentOutline:
    (
        path,
        id_,
        imported,
        withdrawn,
        waives,
        components,
        cancelled,
        duplicate_of,
        runbooks,
        formerly,
        root_cause,
        (line, column),
        links,
    ) = row
    return IncidentOutline(
        path,
        id_,
        imported,
        withdrawn,
        waives,
        tuple(components),
        _mentions(cancelled),
        duplicate_of,
        _mentions(runbooks),
        tuple(formerly),
        root_cause,
        (line, column),
        _mentions(links),
    )


def _review(row: Row) -> ReviewOutline:
    path, id_, imported, waives, status, links = row
    return ReviewOutline(path, id_, imported, waives, status, _mentions(links))


def _runbook(row: Row) -> RunbookOutline:
    path, id_, waives, links = row
    return RunbookOutline(path, id_, waives, _mentions(links))


def _mentions(rows: Sequence[Row]) -> tuple[Mention, ...]:
    return tuple(Mention(*row) for row in rows)
