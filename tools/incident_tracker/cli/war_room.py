"""Print the name of the war room, and the text to pin there."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option, with_id, words


@click.command(epilog=examples("incident war-room", "incident war-room checkout-500"))
@words("[ID]")
@now_option
def command(words: tuple[str, ...], now: str | None) -> None:
    """Print the channel's name, then what is pinned: ticket, dashboards, contacts, document."""
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import Paint, program, say
    from incident_tracker.lifecycle.refusal import Refusal
    from incident_tracker.lifecycle.war_room import opening, pins, room_of

    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    if incident.is_maintenance:
        raise Refusal(f"{incident.id} is planned work, which has no war room")
    registers = session.workspace.part((), session.protocol)
    say(Paint(room_of(incident), "cyan"))
    say()
    for line in pins(incident, registers.contacts, registers.component_by_id):
        say(line)
    line = opening(incident)
    if line:
        say(f'once it is open: {program()} log {incident.id} "{line}"', err=True)
