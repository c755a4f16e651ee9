"""Judge all records by the protocol; PATHs show some of them only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incident_tracker.cli._reporting import print_report
from incident_tracker.cli._terminal import say

if TYPE_CHECKING:
    from incident_tracker.workspace import Workspace

WRONG = 2


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed; the exit status is the same.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail the check, too.")
@click.option("--fix", "mend", is_flag=True, help="Mend what needs no decision, then check.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing.")
@click.option("--facts", is_flag=True, help="Show facts as well, such as missed deadlines.")
def command(
    paths: tuple[str, ...], form: str, strict: bool, mend: bool, diff: bool, facts: bool
) -> int:
    """Judge all records by the protocol; PATHs show some of them only.

    Exit status: 0 nothing wrong, 1 errors (with --strict warnings, too), 2 wrong use or a broken
    protocol, 3 a PATH without records, or no tracker here.

    Example: incident check incidents/2026 --strict
    """
    if diff and form != "text":
        raise click.UsageError("--diff prints a diff and takes no other --format")
    from incident_tracker.check import Report, check
    from incident_tracker.cli._selection import narrowed, select
    from incident_tracker.errors import BrokenProtocolError
    from incident_tracker.workspace import Workspace

    workspace = Workspace.find(Path.cwd())
    try:
        tracker = workspace.load()
    except BrokenProtocolError as error:
        print_report(Report(findings=error.findings, waived=(), files=0), form, facts=True)
        return WRONG
    wanted = select(tracker, [_inside(path, workspace) for path in paths])
    if diff or mend:
        from incident_tracker.fix import fix

        fixed = fix(tracker, wanted)
        if diff:
            say(fixed.diff().rstrip("\n") or "nothing to fix")
            return narrowed(check(tracker), wanted).exit_status(strict=strict)
        for path, text in fixed.after.items():
            _write(workspace, path, fixed.before[path], text)
            say(f"fixed {path}", err=form != "text")
        tracker = fixed.tracker
    report = narrowed(check(tracker), wanted)
    print_report(report, form, facts=facts)
    return report.exit_status(strict=strict)


def _inside(typed: str, workspace: Workspace) -> str:
    """Return a typed path relative to the tracker's root; one outside of it as it is."""
    path = Path(os.path.normpath(Path.cwd() / typed))
    # The last part may be a symbolic link in a record folder, which has a finding of its own.
    path = path.parent.resolve() / path.name
    return (
        path.relative_to(workspace.root).as_posix()
        if path.is_relative_to(workspace.root)
        else typed
    )


def _write(workspace: Workspace, path: str, before: str, text: str) -> None:
    from incident_tracker.errors import TrackerError
    from incident_tracker.text.document import Document

    def replaced(document: Document) -> str:
        if document.text != before:
            message = f"{path} was changed by somebody else meanwhile"
            raise TrackerError(message, "run the command again")
        return text

    workspace.change(path, replaced)
