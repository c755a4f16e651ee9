"""The verdict in the formats of its readers; none of them changes the exit status."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level

WORST_FIRST = (Level.ERROR, Level.WARNING, Level.FACT)


def worst_first(report: Report, *, facts: bool) -> tuple[Finding, ...]:
    """Return the findings to show: errors, warnings, facts if wanted, each by path and line."""
    wanted = [f for f in report.findings if facts or f.level is not Level.FACT]
    return tuple(sorted(wanted, key=lambda f: (weight(f), f.sort_key)))


def weight(finding: Finding) -> int:
    """Return how far behind the worst a finding stands."""
    return WORST_FIRST.index(finding.level)


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its word: ``1 error``, ``3 errors``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def summary(report: Report, *, facts: bool) -> str:
    """Return the last line: how many findings in how many files, and what was waived."""
    if report.since and not report.touched and not report.findings:
        return f"the change since {report.since} touches no record"
    if not report.files and not report.findings:
        return "no records yet, nothing to check; incident new declares an incident"
    shown = worst_first(report, facts=facts)
    errors, warnings = report.count(Level.ERROR), report.count(Level.WARNING)
    files = len({finding.path for finding in shown})
    wrong = f"{plural(errors, 'error')}, {plural(warnings, 'warning')}"
    if not report.files:
        parts = [f"{wrong}; no record was judged"]
    elif errors or warnings:
        parts = [f"{wrong} in {files:,} of {plural(report.files, 'file')}"]
    else:
        parts = [f"no errors, no warnings in {plural(report.files, 'file')}"]
    fixable = sum(finding.fixable for finding in shown)
    told = {
        "fixable": fixable,
        "waived": len(report.waived),
        "older in the touched files": report.older,
        "older in the baseline": report.baselined,
        "of the baseline mended (--write-baseline takes them out)": report.mended,
    }
    parts += [f"{count:,} {what}" for what, count in told.items() if count]
    if count := report.count(Level.FACT):
        parts.append(plural(count, "fact") + ("" if facts else " (--facts shows them)"))
    return "; ".join(parts)


def remedy(finding: Finding) -> str:
    """Return something to type: the finding's help, and whether ``--fix`` does it."""
    help_ = finding.help or "nothing is to be decided"
    if not finding.fixable or "--fix" in help_:
        return finding.help or ""
    return f"{help_}{'' if help_.endswith(('?', '.')) else ';'} fixable: incident check --fix"


def labelled(finding: Finding) -> Iterator[str]:
    """Yield the lines below a finding's message: its help and its note, by their names."""
    if help_ := remedy(finding):
        yield f"help: {help_}"
    if finding.note:
        yield f"note: {finding.note}"
