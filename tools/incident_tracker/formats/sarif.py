"""Findings as a SARIF log: every rule with its reason, every finding with a lasting fingerprint.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import quote

from incident_tracker import __version__
from incident_tracker.catalogue import FAMILIES
from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import remedy, worst_first
from incident_tracker.formats.declare import View, report_format
from incident_tracker.formats.fingerprints import fingerprints
from incident_tracker.formats.line_hashes import line_hashes
from incident_tracker.formats.machine import dump
from incident_tracker.formats.places import Place, end_column, replacements
from incident_tracker.formats.terminal import one_line
from incident_tracker.registry import Rule, rules

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "%SRCROOT%"
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.FACT: "note"}
SEVERITIES = {Level.ERROR: "error", Level.WARNING: "warning", Level.FACT: "recommendation"}


@report_format("sarif")
def sarif(report: Report, view: View) -> str:
    """SARIF 2.1.0, for code scanning and viewers: github/codeql-action/upload-sarif."""
    status = view.exit_status(report)
    driver = {
        "name": "incident check",
        "semanticVersion": __version__,
        "rules": [_rule(rule, view) for _, rule in sorted(rules().items())],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "incident-check/"},
        "invocations": [{"executionSuccessful": status != 2, "exitCode": status}],  # noqa: PLR2004 - design of the exit status
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "The root of the repository."}}},
        "results": _results(report, view),
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule, view: View) -> dict[str, object]:
    url = view.rule_url(rule.code)
    told = f"Why: {rule.why}\n\nFix: {rule.remedy}\n\nMore: incident explain {rule.code}"
    marked = f"**Why.** {rule.why}\n\n**Fix.** {rule.remedy}\n\n`incident explain {rule.code}`"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "help": {"text": told, "markdown": marked},
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": LEVELS[rule.level]},
        "properties": {
            "tags": [FAMILIES[rule.family]],
            "problem.severity": SEVERITIES[rule.level],
        },
    }


def _results(report: Report, view: View) -> list[dict[str, object]]:
    """Return the findings, worst first, then those that are waived.

    Whether a result is suppressed is said of each or of none.
    """
    found = worst_first(report, facts=view.facts)
    judged = [*found, *(waived.finding for waived in report.waived)]
    reasons: list[list[dict[str, str]]] = [
        *([] for _ in found),
        *([{"kind": "inSource", "justification": one_line(w.reason)}] for w in report.waived),
    ]
    index = {code: number for number, code in enumerate(sorted(rules()))}
    hashes = cache(lambda path: line_hashes(report.texts[path]) if report.texts.get(path) else ())
    return [
        {
            "ruleId": finding.code,
            "ruleIndex": index[finding.code],
            "level": LEVELS[finding.level],
            "message": {"text": _message(finding)},
            "locations": [{"physicalLocation": _location(finding, view)}],
            "partialFingerprints": _partial(finding, key, hashes(finding.path)),
            "suppressions": reason,
            **_fixes(finding, report.texts, view),
        }
        for finding, key, reason in zip(judged, fingerprints(judged), reasons, strict=True)
    ]


def _message(finding: Finding) -> str:
    """Return what is wrong, then what to do; nothing in it is a link."""
    help_ = remedy(finding)
    said = finding.message.rstrip(".") + (f". Help: {help_}" if help_ else ".")
    return one_line(said).replace("](", "] (")


def _location(finding: Finding, view: View) -> dict[str, object]:
    end = end_column(finding)
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.line,
        **({"endColumn": end} if end else {}),
    }
    return {"artifactLocation": _artifact(finding.path, view), "region": region}


def _artifact(path: str, view: View) -> dict[str, object]:
    uri = quote(view.placed(path), safe="/", errors="surrogatepass")
    return {"uri": uri, "uriBaseId": BASE}


def _partial(finding: Finding, key: str, hashes: Sequence[str]) -> dict[str, str]:
    """Return our own fingerprint, and the one that GitHub looks at where its line is known."""
    if not 1 <= finding.line <= len(hashes):
        return {"incidentFinding/v1": key}
    return {"incidentFinding/v1": key, "primaryLocationLineHash": hashes[finding.line - 1]}


def _fixes(finding: Finding, texts: Mapping[str, str], view: View) -> dict[str, object]:
    edits = [
        {"deletedRegion": _region(edit.start, edit.end), "insertedContent": {"text": edit.text}}
        for edit in replacements(finding, texts)
    ]
    if not edits:
        return {}
    change = {"artifactLocation": _artifact(finding.path, view), "replacements": edits}
    fix = {"description": {"text": "What incident check --fix does."}, "artifactChanges": [change]}
    return {"fixes": [fix]}


def _region(start: Place, end: Place) -> dict[str, int]:
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
