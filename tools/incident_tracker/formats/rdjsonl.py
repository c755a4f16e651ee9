"""Findings as reviewdog's diagnostic format: a line of JSON each, columns in bytes of UTF-8.

https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
"""

from __future__ import annotations

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import labelled, worst_first
from incident_tracker.formats.declare import View, report_format
from incident_tracker.formats.machine import dump
from incident_tracker.formats.places import Place, end_column, replacements, size
from incident_tracker.formats.terminal import one_line

SEVERITIES = {Level.ERROR: "ERROR", Level.WARNING: "WARNING", Level.FACT: "INFO"}


@report_format("rdjsonl")
def rdjsonl(report: Report, view: View) -> str:
    """Reviewdog's lines: reviewdog -f=rdjsonl comments on a pull request and suggests the fixes."""
    found = worst_first(report, facts=view.facts)
    return "\n".join(dump(_diagnostic(finding, report, view), indent=None) for finding in found)


def _diagnostic(finding: Finding, report: Report, view: View) -> dict[str, object]:
    url = view.rule_url(finding.code)
    suggestion = _suggestion(finding, report)
    return {
        "message": "\n".join(one_line(line) for line in (finding.message, *labelled(finding))),
        "location": {"path": view.placed(finding.path), "range": _range(finding)},
        "severity": SEVERITIES[finding.level],
        "source": {"name": "incident check"},
        "code": {"value": finding.code, **({"url": url} if url else {})},
        **({"suggestions": [suggestion]} if suggestion else {}),
    }


def _range(finding: Finding) -> dict[str, object]:
    found: dict[str, object] = {"start": _position(finding, finding.column)}
    if end := end_column(finding):
        found["end"] = _position(finding, end)
    return found


def _position(finding: Finding, column: int) -> dict[str, int]:
    if finding.source is None:  # a file that could not be read is meant as a whole
        return {"line": finding.line}
    # A place behind the end of its line is one for each column, as it is in characters.
    before = finding.source[: column - 1]
    behind = max(column - 1 - len(finding.source), 0)
    return {"line": finding.line, "column": size(before) + behind + 1}


def _suggestion(finding: Finding, report: Report) -> dict[str, object] | None:
    """Return the fix as one edit; none where it is not in the line that the comment stands at."""
    edits = replacements(finding, report.texts)
    lines = {place.line for edit in edits for place in (edit.start, edit.end)}
    if lines != {finding.line}:
        return None
    line = report.texts[finding.path].split("\n")[finding.line - 1]
    text, last = "", edits[0].start
    for edit in edits:
        text += line[last.column - 1 : edit.start.column - 1] + edit.text
        last = edit.end
    return {"range": {"start": _at(edits[0].start), "end": _at(last)}, "text": text}


def _at(place: Place) -> dict[str, int]:
    return {"line": place.line, "column": place.byte}
