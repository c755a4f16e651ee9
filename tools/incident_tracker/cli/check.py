"""Judge all records by the protocol; PATHs show some of them only."""

from __future__ import annotations

from pathlib import Path

import click

from incident_tracker.cli._options import examples
from incident_tracker.cli._reporting import Check, Formats, print_report, view_of
from incident_tracker.cli._terminal import say

WRONG = 2


@click.command(
    cls=Check,
    epilog=examples(
        "incident check incidents/2026 --strict",
        "incident check --since origin/main --format github",
        "incident check --baseline .incident-baseline.json",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "form",
    type=Formats(),
    default="text",
    show_default=True,
    help="How findings are printed; the exit status is the same.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail the check, too.")
@click.option("--since", metavar="REF", help="Only what changed since the branch left REF.")
@click.option("--staged", is_flag=True, help="Only what is staged, as it is staged.")
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Leave out the old findings that FILE accepts.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write the baseline; one that is there only shrinks."
)
@click.option("--fix", "mend", is_flag=True, help="Mend what needs no decision, then check.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing.")
@click.option("--no-cache", is_flag=True, help="Judge every file anew; nothing is remembered.")
@click.option("--facts", is_flag=True, help="Show facts as well, such as missed deadlines.")
def command(
    paths: tuple[str, ...],
    form: str,
    since: str | None,
    baseline: str | None,
    strict: bool,
    staged: bool,
    write_baseline: bool,
    mend: bool,
    diff: bool,
    no_cache: bool,
    facts: bool,
) -> int:
    """Judge all records by the protocol; PATHs show some of them only.

    With --since or --staged, all records are read, and what a change touches or newly breaks is
    reported, and what it takes back: a line that vanished, a severity lowered without a reason.

    Exit status: 0 nothing wrong, 1 errors (with --strict warnings, too), 2 wrong use, a missing
    REF or a broken protocol, 3 a PATH without records, or no tracker here.
    """
    _refuse(form, since, baseline, staged=staged, write=write_baseline, fix=mend or diff, diff=diff)
    from incident_tracker.check import Report
    from incident_tracker.cli._judging import Judging, write_fixed
    from incident_tracker.errors import BrokenProtocolError
    from incident_tracker.workspace import Workspace

    workspace = Workspace.find(Path.cwd())
    try:
        judging = Judging.start(
            workspace, paths, since, staged=staged, mends=mend or diff, remember=not no_cache
        )
    except BrokenProtocolError as error:
        view = view_of(workspace, facts=True, complete=False)
        print_report(Report(findings=error.findings), form, view)
        return WRONG
    if diff:
        say(judging.fixed().diff().rstrip("\n") or "nothing to fix")
        return judging.report.exit_status(strict=strict)
    if mend:
        fixed = judging.fixed()
        for path, text in fixed.after.items():
            write_fixed(workspace, path, fixed.before[path], text)
            say(f"fixed {path}", err=form != "text")
        judging = judging.after(fixed)
    report = judging.report
    if baseline is not None:
        report, said = judging.against(baseline, write=write_baseline)
        if said:
            say(said, err=form != "text")
    lists = judging.progress() if form == "github" else ()
    print_report(report, form, view_of(workspace, facts=facts, strict=strict), checklists=lists)
    return report.exit_status(strict=strict)


def _refuse(
    form: str,
    since: str | None,
    baseline: str | None,
    *,
    staged: bool,
    write: bool,
    fix: bool,
    diff: bool,
) -> None:
    """Refuse options that contradict each other."""
    context = click.get_current_context()
    if diff and form != "text":
        raise click.UsageError("--diff prints a diff and takes no other --format", context)
    if staged and since is not None:
        raise click.UsageError("--staged compares with HEAD and takes no --since", context)
    if staged and fix:
        message = "--staged judges the index, and --fix mends the files; check the files instead"
        raise click.UsageError(message, context)
    if write and baseline is None:
        raise click.UsageError("--write-baseline writes the FILE of --baseline", context)
