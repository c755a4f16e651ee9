"""How the verdict of ``incident check`` leaves: each format through the one way out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incident_tracker.cli._terminal import Paint, say

if TYPE_CHECKING:
    from incident_tracker.check import Report
    from incident_tracker.formats.declare import Piece, View
    from incident_tracker.formats.job_summary import Progress
    from incident_tracker.workspace import Workspace

DEFAULT = "text"
SUMMARY = "GITHUB_STEP_SUMMARY"
COLOURS = {"error": "red", "warning": "yellow", "fact": "blue", "quiet": "bright_black"}


class Formats(click.ParamType[str]):
    """The names of the formats, which are known only when one is asked for."""

    name = "format"

    @cached_property
    def choice(self) -> click.Choice[str]:
        """The declared formats."""
        from incident_tracker.formats.declare import report_formats

        return click.Choice(list(report_formats()))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the names for the help."""
        return self.choice.get_metavar(param, ctx)

    def convert(
        self,
        value: Any,  # noqa: ANN401 # Click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the name; a wrong one is answered with those that there are."""
        if value == DEFAULT:
            return DEFAULT
        return self.choice.convert(value, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Return the names that begin so."""
        return self.choice.shell_complete(ctx, param, incomplete)


class Check(click.Command):
    """The command, whose help says what each format is for."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the formats."""
        from incident_tracker.formats.declare import report_formats

        super().format_options(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(one.name, one.about) for one in report_formats().values()])


def view_of(
    workspace: Workspace, *, facts: bool = False, strict: bool = False, complete: bool = True
) -> View:
    """Return what is wanted of the report, with what its readers know the files by."""
    from incident_tracker.formats.declare import View, rule_page
    from incident_tracker.history.repository import Repository

    repository = Repository.of(workspace.root)
    return View(
        facts=facts,
        strict=strict,
        complete=complete,
        prefix=repository.prefix if repository else "",
        has_summary=bool(os.environ.get(SUMMARY)),
        rule_page=rule_page(workspace.text("mkdocs.yml") or ""),
    )


def print_report(
    report: Report, form: str, view: View, *, checklists: Sequence[Progress] = ()
) -> None:
    """Print the verdict in a format; nothing of it changes the exit status.

    ``checklists`` are those of the changed incidents, for the summary of a job.
    """
    from incident_tracker.formats.declare import Piece, format_named

    written = format_named(form).write(report, view)
    pieces = [Piece(written)] if isinstance(written, str) else written
    _print(piece for piece in pieces if piece.text)  # no finding is no line, not an empty one
    target = os.environ.get(SUMMARY)
    if form == "github" and target:
        try:
            _append(Path(target), report, view, checklists)
        except OSError as error:  # a verdict stands without it
            say(f"the job's summary cannot be written: {error.strerror}", err=True)


def _print(pieces: Iterable[Piece]) -> None:
    for is_command, group in groupby(pieces, key=lambda piece: piece.style.value == "command"):
        say(*map(_painted, group), workflow=is_command)


def _painted(piece: Piece) -> str | Paint:
    style = piece.style.value
    if style not in COLOURS:
        return piece.text
    return Paint(piece.text, COLOURS[style], bold=style == "error")


def _append(target: Path, report: Report, view: View, checklists: Sequence[Progress]) -> None:
    """Add the summary to what the step has written, on a line of its own."""
    from incident_tracker.formats.job_summary import job_summary

    with target.open("a+b") as file:
        taken = file.tell()
        file.seek(max(taken - 1, 0))
        between = "\n\n" if taken and file.read(1) != b"\n" else ""
        text = job_summary(report, facts=view.facts, checklists=checklists, taken=taken + 2)
        if text:
            file.write((between + text).encode("utf-8", "backslashreplace"))
