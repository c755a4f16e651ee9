"""Bring the files that came with the tracker to this version."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples


@click.command(
    epilog=examples(
        "incident upgrade",
        "incident upgrade --diff",
        "incident upgrade --write",
        "incident upgrade --keep mkdocs.yml --write",
    )
)
@click.option("--write", is_flag=True, help="Do it; without this, only say what would be done.")
@click.option("--diff", is_flag=True, help="Show the changes, line by line.")
@click.option(
    "--keep", multiple=True, metavar="PATH", help="Leave this file as it is; may be repeated."
)
@click.option(
    "--from",
    "origin",
    metavar="VERSION",
    help="The version that wrote the files, where the tracker does not say so.",
)
@click.option(
    "--uncommitted", is_flag=True, help="Also write into files that hold what no commit has."
)
def command(
    write: bool, diff: bool, keep: tuple[str, ...], origin: str | None, uncommitted: bool
) -> int:
    """Bring what `incident init` wrote to this version; no record is touched.

    A file that is as it came is replaced, one that you changed is merged by line, a new one is
    added. Where you and this version changed the same lines, the file is left as it is, and named
    each time until it is brought together or --keep says that it stays. What you took away stays
    away, and nothing is deleted. Where the rules of the protocol change, its version is raised and
    the one before is kept in protocol/versions/: old records are judged as before.

    Where requirements.txt takes the tool from an address of Git, that address is asked for the tag
    of this version (git ls-remote), also without --write; nothing else is asked.

    Exit status: 0 nothing waits, 1 a file waits for you, 2 refused: wrong use, an origin that
    nobody knows, with --write files that hold what no commit has or that change meanwhile; 3 no
    tracker.
    """
    from incident_tracker.cli._upgrading import Asked, upgrade

    asked = Asked(write=write, diff=diff, keep=keep, origin=origin, uncommitted=uncommitted)
    return upgrade(asked)
