"""Merge three versions of a record, as Git's merge driver."""

from __future__ import annotations

from pathlib import Path

import click

from incident_tracker.cli._options import examples

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "merge-file",
    epilog=examples(
        "git config merge.incident.driver 'incident merge-file %O %A %B %P'",
        "incident merge-file base.md ours.md theirs.md incidents/2026/2026-11-03-site-down.md",
    ),
)
@click.argument("base", type=FILE)
@click.argument("ours", type=FILE)
@click.argument("theirs", type=FILE)
@click.argument("path", required=False)
def command(base: Path, ours: Path, theirs: Path, path: str | None) -> int:
    """Merge THEIRS into OURS by section; BASE is what both came from, PATH the record's own.

    What cannot be read as a record, or has no tracker, is merged by line. Exit status: 0 merged,
    1 what contradicts stands between markers, 2 wrong use.
    """
    from incident_tracker.cli._merging import drive

    return drive(base, ours, theirs, path or ours.as_posix())
