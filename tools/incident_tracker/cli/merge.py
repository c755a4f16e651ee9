"""Merge records that Git left in conflict, by section."""

from __future__ import annotations

from pathlib import Path

import click

from incident_tracker.cli._options import examples


@click.command(
    epilog=examples(
        "incident merge",
        "incident merge incidents/2026/2026-11-03-site-down.md",
        "incident merge --install",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--install", is_flag=True, help="Let Git merge records so by itself, in this clone.")
def command(paths: tuple[str, ...], install: bool) -> int:
    """Merge the records that a merge, a rebase or a cherry-pick left in conflict.

    The three versions come from the index, so nothing must have been configured. Lines and updates
    of both sides are kept; only what contradicts stands between markers. Exit status: 0 all is
    merged, 1 something is left to a person, 3 a PATH that is no record in conflict.
    """
    from incident_tracker.cli._merging import unite
    from incident_tracker.cli._terminal import say
    from incident_tracker.history.beginning import install_driver
    from incident_tracker.history.repository import Repository
    from incident_tracker.workspace import Workspace

    workspace = Workspace.find(Path.cwd())
    if not install:
        return unite(workspace, tuple(Path(path).as_posix() for path in paths))
    repository = Repository.needed(workspace.root, "incident merge --install")
    install_driver(repository)
    say("Git merges incidents/ and pir/ by section in this clone, if .gitattributes names it:")
    say("  incidents/** merge=incident")
    say("  pir/** merge=incident")
    return 0
