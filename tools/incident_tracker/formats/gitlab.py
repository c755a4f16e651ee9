"""Findings as GitLab's Code Quality report: a list, each with a fingerprint of its own.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import remedy, worst_first
from incident_tracker.formats.declare import View, report_format
from incident_tracker.formats.fingerprints import fingerprints
from incident_tracker.formats.machine import dump
from incident_tracker.formats.terminal import one_line

SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.FACT: "info"}


@report_format("gitlab")
def gitlab(report: Report, view: View) -> str:
    """GitLab's Code Quality report: artifacts:reports:codequality, at the lines of the diff."""
    found = worst_first(report, facts=view.facts)
    keys = fingerprints([*found, *(waived.finding for waived in report.waived)])
    return dump([_issue(finding, key, view) for finding, key in zip(found, keys, strict=False)])


def _issue(finding: Finding, key: str, view: View) -> dict[str, object]:
    help_ = remedy(finding)
    said = f"{finding.code} {finding.message}" + (f" - help: {help_}" if help_ else "")
    return {
        "description": one_line(said),
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": key,
        "severity": SEVERITIES[finding.level],
        "location": {"path": view.placed(finding.path), "lines": {"begin": finding.line}},
    }
