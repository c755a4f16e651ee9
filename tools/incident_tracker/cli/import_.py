"""Make records from another system's table."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option


@click.command(
    name="import",
    epilog=examples(
        "incident import jsonl history.jsonl --map status-history",
        "incident import csv export.csv --map mapping.yml --write",
        "incident import csv export.csv --map title=Subject --map detected_at=Opened",
    ),
)
@click.argument("source", metavar="FORMAT")
@click.argument("file", metavar="FILE")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="MAPPING",
    help="A mapping: a YAML file, a preset, or FIELD=COLUMN on top of one; may be repeated.",
)
@click.option("--write", is_flag=True, help="Write the records; without it nothing is changed.")
@click.option(
    "--add-components", is_flag=True, help="Add unknown components to protocol/components.yml."
)
@format_option
@now_option
def command(
    source: str,
    file: str,
    maps: tuple[str, ...],
    write: bool,
    add_components: bool,
    form: str,
    now: str | None,
) -> int:
    """Make records from a table: says what it would write, and writes it with --write.

    Every row that cannot become a record is named with its line. Run again, it leaves what is as it
    was, updates what changed at the source, and keeps what people have changed here.
    """
    from incident_tracker.cli._importing import Wanted, run

    wanted = Wanted(write=write, add_components=add_components, as_json=form == "json")
    return run(source, file, maps, wanted, now)
