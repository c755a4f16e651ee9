"""How the verdict of ``incident check`` leaves: each format through the one way out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from incident_tracker.cli._terminal import Paint, say

if TYPE_CHECKING:
    from incident_tracker.check import Report

COLOURS = {"error": "red", "warning": "yellow", "fact": "blue", "quiet": "bright_black"}


def print_report(report: Report, form: str, *, facts: bool) -> None:
    """Print the verdict in a format; nothing of it changes the exit status."""
    if form == "json":
        from incident_tracker.formats.machine import report_json

        say(report_json(report, facts=facts))
    elif form == "github":
        _print_for_github(report, facts=facts)
    else:
        from incident_tracker.formats.terminal import report_pieces

        pieces = report_pieces(report, facts=facts)
        say(*(_painted(piece.text, piece.style.value) for piece in pieces))


def _painted(text: str, style: str) -> str | Paint:
    return Paint(text, COLOURS[style], bold=style == "error") if style in COLOURS else text


def _print_for_github(report: Report, *, facts: bool) -> None:
    from incident_tracker.formats.github import job_summary, report_lines

    lines = report_lines(report, facts=facts)
    for line in lines.commands:
        say(line, workflow=True)
    for line in lines.plain:
        say(line)
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(job_summary(report, facts=facts))
