"""Print the metrics, each with its sample, its spread and what was left out."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option


@click.command(
    epilog=examples(
        "incident metrics --by quarter --format json",
        "incident metrics --by provider --pooled --metric time-to-resolve",
        "incident metrics --since 2026-01-01 --severity P0 --metric time-to-acknowledge",
    )
)
@click.option(
    "--by",
    metavar="SLICE",
    help="month, quarter, year, severity, component or provider.",
)
@click.option("--metric", "names", multiple=True, metavar="ID", help="Only this metric.")
@click.option("--severity", default="", help="Only this severity.")
@click.option("--component", default="", help="Only this component.")
@click.option("--provider", default="", help="Only those imported from this system.")
@click.option("--pooled", is_flag=True, help="All severities together.")
@click.option(
    "--stated", is_flag=True, help="The lengths that sources state instead of those of the times."
)
@click.option("--since", default="", metavar="DATE", help="Detected on this day or later.")
@click.option("--until", default="", metavar="DATE", help="Detected on this day or earlier.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@now_option
def command(form: str, now: str | None, **given: object) -> None:
    """Measure the incidents, drills and planned work aside, as the metrics' page defines it."""
    from incident_tracker.cli._measuring import measured, metrics_object, metrics_table
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import say
    from incident_tracker.formats.machine import dump

    session = Session.start(now)
    found = measured(session, given)
    if form == "json":
        say(dump(metrics_object(found, session, given)))
    else:
        metrics_table(found, given)
