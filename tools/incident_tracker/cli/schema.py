"""Print the JSON Schema that an editor completes and checks a file by."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples

NAMES = (
    *("incident", "review", "runbook", "protocol", "components", "contacts"),
    *("export-json", "export-statuspage"),
)


@click.command(
    epilog=examples(
        "incident schema incident", "incident schema --write", "incident schema --check"
    )
)
@click.argument("name", required=False, type=click.Choice(NAMES), metavar="|".join(NAMES))
@click.option("--write", is_flag=True, help="Write all of them into schema/.")
@click.option("--check", is_flag=True, help="Say which of the written ones are out of date.")
def command(name: str | None, write: bool, check: bool) -> int | None:
    """Print a JSON Schema: of front matter, of a file of the protocol, or of an export.

    It holds this tracker's severities, statuses, kinds, components and codes, each with what it
    means. Write them anew when protocol.yml or components.yml changed, or the tracker was updated.
    The schemas of exports are the same for every tracker, and written by nothing.

    Exit status of --check: 1 if a file is missing or out of date.
    """
    if [name is not None, write, check].count(True) != 1:
        message = "this takes the name of a schema, or --write, or --check"
        raise click.UsageError(message, click.get_current_context())
    from incident_tracker.cli import _schemas

    if check:
        return _schemas.check()
    _schemas.write() if write else _schemas.show(name or "")
    return None
