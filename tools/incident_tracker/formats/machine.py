"""Findings as strict JSON in ASCII: an object with version, findings and summary."""

from __future__ import annotations

import json
import re

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import worst_first
from incident_tracker.formats.declare import PLAIN, View, report_format

VERSION = 1
# A backslash or a whole pair stays; half a pair is no character, and some readers stop at it.
HALVES = re.compile(r"(\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}")


@report_format("json")
def report_json(report: Report, view: View = PLAIN) -> str:
    """One object of JSON with findings, what was waived, and the summary: for scripts."""
    found = worst_first(report, facts=view.facts)
    return dump(
        {
            "version": VERSION,
            "findings": [finding_object(finding) for finding in found],
            "waived": waived_objects(report),
            "summary": summary_object(report, facts=view.facts),
        }
    )


def waived_objects(report: Report) -> list[dict[str, object]]:
    """Return what JSON says about the waived findings."""
    return [{**finding_object(waived.finding), "reason": waived.reason} for waived in report.waived]


def summary_object(report: Report, *, facts: bool) -> dict[str, object]:
    """Return the counts of a report, of which the facts may not be shown."""
    found = worst_first(report, facts=facts)
    return {
        "errors": report.count(Level.ERROR),
        "warnings": report.count(Level.WARNING),
        "facts": report.count(Level.FACT),
        "fixable": sum(finding.fixable for finding in found),
        "waived": len(report.waived),
        "since": report.since or None,
        "touched": len(report.touched),
        "older": report.older,
        "baselined": report.baselined,
        "files": report.files,
        "files_with_findings": len({finding.path for finding in found}),
    }


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


def dump(value: object, *, indent: int | None = 2, sort_keys: bool = False) -> str:
    """Return strict JSON in ASCII, on one line where ``indent`` is None.

    No byte of it is a control character, line breaks aside, and GitHub's runner finds no command.
    """
    text = json.dumps(value, indent=indent, allow_nan=False, sort_keys=sort_keys)
    if "\\ud" in text:
        text = HALVES.sub(lambda found: found[1] or "\\ufffd", text)
    return text.replace("##[", "#\\u0023[").replace("\x7f", "\\u007f")
