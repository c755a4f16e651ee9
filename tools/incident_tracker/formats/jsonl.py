"""Findings as JSON lines: one object for each, then one with what was waived and the summary."""

from __future__ import annotations

from incident_tracker.check import Report
from incident_tracker.formats import worst_first
from incident_tracker.formats.declare import View, report_format
from incident_tracker.formats.machine import (
    VERSION,
    dump,
    finding_object,
    summary_object,
    waived_objects,
)


@report_format("jsonl")
def jsonl(report: Report, view: View) -> str:
    """The objects of json, one finding a line, the summary as the last line: for streams, jq."""
    last = {
        "version": VERSION,
        "waived": waived_objects(report),
        "summary": summary_object(report, facts=view.facts),
    }
    found = [finding_object(finding) for finding in worst_first(report, facts=view.facts)]
    return "\n".join(dump(line, indent=None) for line in (*found, last))
