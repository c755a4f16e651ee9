"""Show the protocol's checklists, each box with its evidence."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option, with_id, words


@click.command(epilog=examples("incident checklist checkout-500"))
@words("[ID]")
@format_option
@now_option
def command(words: tuple[str, ...], form: str, now: str | None) -> None:
    """Show what the record proves: during the incident, to verify the fix, after it."""
    from incident_tracker.cli._repeating import repeated
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._showing import checklist_table
    from incident_tracker.cli._terminal import say
    from incident_tracker.formats.machine import dump
    from incident_tracker.lifecycle.checklist import checklists
    from incident_tracker.lifecycle.listing import checklist_object

    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    same = repeated(session, incident)
    lists = checklists(incident, session.review(incident.id), session.now, same)
    if form == "json":
        say(dump(checklist_object(incident, lists)))
    else:
        checklist_table(lists)
