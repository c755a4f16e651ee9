"""Make records from another system's history."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option


class Import(click.Command):
    """The command, whose help names the formats and the presets that there are."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then what may stand for FORMAT and MAPPING."""
        from incident_tracker.importers.declare import importers
        from incident_tracker.importers.mapping import preset_abouts

        super().format_options(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(one.name, one.about) for one in importers().values()])
        with formatter.section("Presets"):
            formatter.write_dl(list(preset_abouts().items()))


@click.command(
    name="import",
    cls=Import,
    epilog=examples(
        "incident import jsonl history.jsonl --map status-history",
        "incident import csv export.csv --map mapping.yml --write",
        "incident import markdown post-mortems --map zone=Europe/London",
        "incident import csv export.csv --map title=Subject --map detected_at=Opened",
        "incident import cstate ../our-status-page --map zone=Europe/Prague",
        "incident import statuspage captures/ --map system=github",
    ),
)
@click.argument("source", metavar="FORMAT")
@click.argument("file", metavar="SOURCE")
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
    """Make records from another system's history, a file or a folder; written only with --write.

    Every value that cannot be taken is named with its file and line. Run again, it leaves what is
    as it was, updates what changed at the source, and keeps what people have changed here.
    """
    from incident_tracker.cli._importing import Wanted, run

    wanted = Wanted(write=write, add_components=add_components, as_json=form == "json")
    return run(source, file, maps, wanted, now)
