"""Findings as strict JSON in ASCII: an object with version, findings and summary."""

from __future__ import annotations

import json

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import worst_first

VERSION = 1


def report_json(report: Report, *, facts: bool = False) -> str:
    """Return the verdict as JSON; no byte of it is a control character or a command for a CI."""
    shown = worst_first(report, facts=facts)
    return dump(
        {
            "version": VERSION,
            "findings": [finding_object(finding) for finding in shown],
            "waived": [
                {**finding_object(waived.finding), "reason": waived.reason}
                for waived in report.waived
            ],
            "summary": {
                "errors": report.count(Level.ERROR),
                "warnings": report.count(Level.WARNING),
                "facts": report.count(Level.FACT),
                "fixable": sum(finding.fixable for finding in shown),
                "waived": len(report.waived),
                "since": report.since or None,
                "touched": len(report.touched),
                "older": report.older,
                "baselined": report.baselined,
                "files": report.files,
                "files_with_findings": len({finding.path for finding in shown}),
            },
        }
    )


def finding_object(finding: Finding) -> dict[str, object]:
    """Return what JSON says about one finding."""
    return {
        "code": finding.code,
        "name": finding.name,
        "level": finding.level.value,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_column": finding.end_column,
        "message": finding.message,
        "help": finding.help,
        "note": finding.note,
        "field": finding.field,
        "fixable": finding.fixable,
    }


def dump(value: object) -> str:
    """Return strict JSON in ASCII, in which GitHub's runner finds no command."""
    text = json.dumps(value, indent=2, allow_nan=False)
    return text.replace("##[", "#\\u0023[").replace("\x7f", "\\u007f")
