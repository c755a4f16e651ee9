"""Make a new tracker."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples


@click.command(
    epilog=examples(
        "incident init my-tracker",
        "incident init my-tracker --demo",
        "incident init my-tracker --tool-from https://git.example.org/incident-tracker",
    )
)
@click.argument("folder", metavar="DIR", required=False, type=click.Path(file_okay=False))
@click.option("--demo", is_flag=True, help="With a year of invented example records.")
@click.option(
    "--tool-from",
    "address",
    metavar="URL",
    help="Workflows install the tool from this Git repository, by the commit of its tag.",
)
@click.option("--no-input", is_flag=True, expose_value=False, hidden=True)
def command(folder: str | None, demo: bool, address: str | None) -> None:
    """Write a whole tracker into DIR: protocol, runbooks, site, workflow; overwrite nothing.

    The example records keep their own dates: days of the week, changes of the clocks and what
    reviews say about dates would be wrong if they were moved.

    requirements.txt asks for exactly the version that writes it.
    Only --tool-from speaks to another machine: it asks the repository what the tag stands for.
    """
    from incident_tracker.cli._starting import start

    if folder is None:
        raise click.UsageError("where? incident init my-tracker", click.get_current_context())
    start(folder, demo=demo, address=address)
