"""Write the records in a format that others read."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option


class Export(click.Command):
    """The command, whose help names the formats that there are."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then what may stand for FORMAT."""
        from incident_tracker.exports.declare import exports

        super().format_options(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(one.name, one.about) for one in exports().values()])


@click.command(
    cls=Export,
    epilog=examples(
        "incident export json > tracker.json",
        "incident export csv tables/",
        "incident export statuspage public/ --audience public",
    ),
)
@click.argument("form", metavar="FORMAT")
@click.argument("dest", metavar="[DEST]", required=False)
@click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="Who may read it: public holds only what is meant for everybody.",
)
@click.option("--force", is_flag=True, help="Write beside, or over, what others wrote in DEST.")
@now_option
def command(form: str, dest: str | None, audience: str, now: str | None, *, force: bool) -> int:
    """Write the records into DEST, a folder or a file; without it one file is printed.

    In a folder it replaces and removes only what it wrote there itself, unless it is forced; a
    folder of one audience never becomes that of another. The same records at the same moment give
    the same bytes; --now says which moment.
    """
    from incident_tracker.cli._exporting import run

    return run(form, dest, audience, now, force=force)
