"""Say what the next team meeting looks at: open actions by owner, reviews to follow up."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option


@click.command(
    epilog=examples("incident agenda", "incident agenda --since 2026-11-12 --format json")
)
@click.option(
    "--since", default="", metavar="DATE", help="The last meeting: what was done from then on too."
)
@format_option
@now_option
def command(since: str, form: str, now: str | None) -> int:
    """Say who reports on which action, the longest overdue first, and which reviews are open."""
    from incident_tracker.afterwards.agenda import agenda, agenda_object
    from incident_tracker.cli._afterwards import agenda_table, day
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import say
    from incident_tracker.formats.machine import dump

    session = Session.start(now)
    found = agenda(session.whole, session.now, day("--since", since))
    if form == "json":
        say(dump(agenda_object(found, session.now)))
    else:
        agenda_table(found, session, since)
    return 1 if session.unread else 0
