"""List incidents, the newest first."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option


@click.command(
    "list",
    epilog=examples(
        "incident list --open", "incident list --severity P0,P1 --since 2026-01-01 --format json"
    ),
)
@click.option("--severity", default="", metavar="P0,P1", help="Only these severities.")
@click.option("--component", default="", metavar="ID,ID", help="Only these components.")
@click.option("--kind", default="", metavar="KIND,KIND", help="Only these kinds.")
@click.option("--since", default="", metavar="DATE", help="Detected on this day or later.")
@click.option("--open", "is_open", is_flag=True, help="Only what somebody still works on.")
@format_option
@now_option
def command(form: str, now: str | None, is_open: bool, **given: str) -> None:
    """List incidents, drills and planned work; several values of one option are alternatives."""
    from incident_tracker.cli._shared import Session, each
    from incident_tracker.cli._showing import list_table
    from incident_tracker.cli._terminal import say
    from incident_tracker.formats.machine import dump
    from incident_tracker.lifecycle.listing import Wanted, chosen, incidents_object

    session = Session.start(now)
    protocol = session.protocol
    wanted = Wanted(
        severities=each(given["severity"], protocol.severities, "severity"),
        components=each(given["component"]),
        kinds=each(given["kind"], protocol.kinds, "kind"),
        since=given["since"],
        is_open=is_open,
    )
    found = chosen(session.whole.incidents, wanted)
    if form == "json":
        say(dump(incidents_object(found, session.now, session.unread)))
    else:
        list_table(found)
