"""List incidents: the newest first, narrowed, as a table, JSON or CSV."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, list_format_option, now_option

SIDES = click.Choice(["in", "out", "only"])
ORDERS = click.Choice(["newest", "oldest", "severity", "status"])


@click.command(
    "list",
    epilog=examples(
        "incident list --open",
        "incident list --severity P0,P1 --since 2026-Q3 --format json",
        "incident list --component donations --until 2026-06 --sort severity --limit 10",
        "incident list --who asha --grep 'fail(ed|over)' --drills out",
        "incident list --format csv > incidents.csv",
    ),
)
@click.option("--severity", default="", metavar="P0,P1", help="Only these severities.")
@click.option("--component", default="", metavar="ID,ID", help="Only these components.")
@click.option("--kind", default="", metavar="KIND,KIND", help="Only these kinds.")
@click.option("--status", default="", metavar="STATUS,…", help="Only these statuses.")
@click.option("--open", "is_open", is_flag=True, help="Only what somebody still works on.")
@click.option("--since", default="", metavar="PERIOD", help="Detected on this day or later.")
@click.option("--until", default="", metavar="PERIOD", help="Detected on this day or earlier.")
@click.option("--root-cause", default="", metavar="SLUG,SLUG", help="Only these causes.")
@click.option("--who", default="", metavar="NAME,NAME", help="Somebody of these held a role.")
@click.option("--grep", default="", metavar="PATTERN", help="The record has this text.")
@click.option("--drills", type=SIDES, default="in", help="Drills: in, out, or they only.")
@click.option("--maintenance", type=SIDES, default="in", help="The same for planned work.")
@click.option("--sort", type=ORDERS, default="newest", help="What stands first.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@list_format_option
@now_option
def command(form: str, now: str | None, limit: int | None, is_open: bool, **given: str) -> None:
    """List incidents, drills and planned work; all options narrow, several values are alternatives.

    A PERIOD is a day, a month, a quarter or a year: 2026-11-03, 2026-11, 2026-Q4, 2026. PATTERN is
    a regular expression of Python, capital or small letters alike.
    """
    from incident_tracker.cli._listing import show
    from incident_tracker.cli._shared import Session

    show(Session.start(now), given, form, limit, is_open=is_open)
