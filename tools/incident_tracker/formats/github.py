"""Findings as GitHub shows them: annotations for a step, and the job's summary.

GitHub takes ten errors and ten warnings of a step, and drops a summary past 1,024 kB. What a
record holds is never read as a command: ActionCommand.cs of https://github.com/actions/runner
says what is escaped how.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import plural, remedy, summary, worst_first
from incident_tracker.formats.terminal import one_line

MOST_ANNOTATIONS = 10
SUMMARY_BYTES = 1_000_000
COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.FACT: "notice"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}
MARKDOWN = re.compile(r"[&<>|`*_~\[\]\\#@$:!{}]")
COMMAND_AT_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """What is printed: our own workflow commands, then text in which there is none."""

    commands: tuple[str, ...]
    plain: tuple[str, ...]


def report_lines(report: Report, *, facts: bool = False) -> Lines:
    """Return the annotations that GitHub will show, worst first, and what is said besides."""
    shown = worst_first(report, facts=facts)
    annotated = [
        finding
        for level in COMMANDS
        for finding in [f for f in shown if f.level is level][:MOST_ANNOTATIONS]
    ]
    plain = [summary(report, facts=facts)]
    if more := len(shown) - len(annotated):
        plain.insert(0, f"{plural(more, 'more finding')}: the job's summary lists them")
    return Lines(
        commands=tuple(annotation(finding) for finding in annotated),
        plain=tuple(inert(one_line(line)) for line in plain),
    )


def annotation(finding: Finding) -> str:
    """Return the workflow command that annotates one line of a file."""
    place = {
        "file": finding.path,
        "line": str(finding.line),
        "col": str(finding.column),
        **({"endColumn": str(finding.end_column)} if finding.end_column else {}),
        "title": one_line(f"{finding.code} {finding.name}"),
    }
    properties = ",".join(f"{key}={escaped(value, PROPERTY)}" for key, value in place.items())
    said = [finding.message, *_labelled(finding)]
    data = escaped("\n".join(one_line(line) for line in said), DATA)
    return f"::{COMMANDS[finding.level]} {properties}::{data}"


def escaped(text: str, replacements: dict[str, str]) -> str:
    """Return the text with the runner's replacements, made in one pass."""
    return "".join(replacements.get(character, character) for character in text)


def inert(text: str) -> str:
    """Return text in which the runner finds no command."""
    return COMMAND_AT_START.sub(r"\1: ", text).replace("##[", "## [")


def job_summary(report: Report, *, facts: bool = False) -> str:
    """Return the verdict as Markdown below GitHub's limit; what does not fit is counted."""
    shown = worst_first(report, facts=facts)
    head = f"### Incident records\n\n{markdown(summary(report, facts=facts))}\n"
    if not shown:
        return head
    head += "\n| Level | Rule | Place | What is wrong |\n| --- | --- | --- | --- |\n"
    rows = list(_within(map(_row, shown), SUMMARY_BYTES - len(head.encode())))
    left = len(shown) - len(rows)
    return head + "".join(rows) + (f"\n{left:,} more.\n" if left else "")


def markdown(text: str) -> str:
    """Return the text as it is, with nothing in it that Markdown, HTML or a table would obey."""
    return MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", one_line(text))


def _row(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    said = "<br>".join(markdown(line) for line in [finding.message, *_labelled(finding)])
    rule = f"{finding.code} {markdown(finding.name)}"
    return f"| {finding.level.value} | {rule} | {markdown(place)} | {said} |\n"


def _labelled(finding: Finding) -> Iterator[str]:
    if help_ := remedy(finding):
        yield f"help: {help_}"
    if finding.note:
        yield f"note: {finding.note}"


def _within(rows: Iterable[str], budget: int) -> Iterator[str]:
    for row in rows:
        budget -= len(row.encode())
        if budget < 0:
            return
        yield row
