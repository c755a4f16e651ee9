"""Show an incident: its state, its times, and what is owed."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option, with_id, words


@click.command(epilog=examples("incident show", "incident show checkout-500 --format json"))
@words("[ID]")
@format_option
@now_option
def command(words: tuple[str, ...], form: str, now: str | None) -> None:
    """Show one incident in short; the record itself says the rest."""
    from incident_tracker.cli._inquiring import inquiry_table
    from incident_tracker.cli._repeating import tell_repeat
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._showing import incident_table
    from incident_tracker.cli._terminal import say
    from incident_tracker.formats.machine import dump
    from incident_tracker.lifecycle.listing import incident_object, incidents_object

    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    if form == "json":
        say(dump(incidents_object([incident_object(incident)], session.now)))
        return
    incident_table(incident, session.now)
    tell_repeat(session, incident)
    inquiry_table(incident)
    session.tell_owed(incident)
