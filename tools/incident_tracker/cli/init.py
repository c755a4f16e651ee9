"""Make a new tracker."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples


@click.command(epilog=examples("incident init my-tracker", "incident init my-tracker --demo"))
@click.argument("folder", metavar="DIR", required=False, type=click.Path(file_okay=False))
@click.option("--demo", is_flag=True, help="With a year of invented example records.")
@click.option("--no-input", is_flag=True, expose_value=False, hidden=True)
def command(folder: str | None, demo: bool) -> None:
    """Write a whole tracker into DIR: protocol, runbooks, site, workflow; overwrite nothing.

    The example records keep their own dates: days of the week, changes of the clocks and what
    reviews say about dates would be wrong if they were moved.
    """
    from incident_tracker.cli._starting import start

    if folder is None:
        raise click.UsageError("where? incident init my-tracker", click.get_current_context())
    start(folder, demo=demo)
