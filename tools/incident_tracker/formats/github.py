"""Findings as GitHub's annotations, of which it takes ten errors and ten warnings of a step.

What a record holds is never read as a command: ActionCommand.cs of
https://github.com/actions/runner says what is escaped how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import labelled, plural, summary, worst_first
from incident_tracker.formats.declare import PLAIN, Piece, Style, View, report_format
from incident_tracker.formats.places import end_column
from incident_tracker.formats.terminal import one_line

MOST_ANNOTATIONS = 10
COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.FACT: "notice"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}
COMMAND_AT_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """What is printed: our own workflow commands, then text in which there is none."""

    commands: tuple[str, ...]
    plain: tuple[str, ...]


@report_format("github")
def github(report: Report, view: View) -> Iterator[Piece]:
    """Annotations of a GitHub Actions step, and the job's summary with all findings."""
    lines = report_lines(report, view)
    if lines.commands:
        yield Piece("\n".join(lines.commands), Style.COMMAND)
    yield Piece("\n".join(lines.plain))


def report_lines(report: Report, view: View = PLAIN) -> Lines:
    """Return the annotations that GitHub will show, worst first, and what is said besides."""
    found = worst_first(report, facts=view.facts)
    annotated = [
        finding
        for level in COMMANDS
        for finding in [f for f in found if f.level is level][:MOST_ANNOTATIONS]
    ]
    plain = [summary(report, facts=view.facts)]
    if more := len(found) - len(annotated):
        where = "the job's summary" if view.has_summary else "incident check"
        plain.insert(0, f"{plural(more, 'more finding')}: {where} lists them")
    return Lines(
        commands=tuple(annotation(finding, view) for finding in annotated),
        plain=tuple(inert(one_line(line)) for line in plain),
    )


def annotation(finding: Finding, view: View = PLAIN) -> str:
    """Return the workflow command that annotates one line of a file."""
    end = end_column(finding)
    place = {
        "file": view.placed(finding.path),
        "line": str(finding.line),
        "col": str(finding.column),
        **({"endColumn": str(end)} if end else {}),
        "title": one_line(f"{finding.code} {finding.name}"),
    }
    properties = ",".join(f"{key}={escaped(value, PROPERTY)}" for key, value in place.items())
    said = [finding.message, *labelled(finding)]
    data = escaped("\n".join(one_line(line) for line in said), DATA)
    return f"::{COMMANDS[finding.level]} {properties}::{data}"


def escaped(text: str, replacements: dict[str, str]) -> str:
    """Return the text with the runner's replacements, made in one pass."""
    return "".join(replacements.get(character, character) for character in text)


def inert(text: str) -> str:
    """Return text in which the runner finds no command."""
    return COMMAND_AT_START.sub(r"\1: ", text).replace("##[", "## [")
