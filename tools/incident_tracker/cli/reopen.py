"""Work on an incident again that was resolved or closed."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples('incident reopen checkout-500 --because "the errors are back since 09:40"')
)
@words("[ID]")
@click.option("--because", required=True, help="What came back.")
@writing
def command(words: tuple[str, ...], because: str, at: str | None, now: str | None) -> None:
    """Write that an incident is worked on again; the times that hold no longer are dropped.

    A cancelled one was no incident; what turned out to be one after all is declared anew.
    """
    from incident_tracker.cli._shared import Session
    from incident_tracker.lifecycle.ids import find_id
    from incident_tracker.lifecycle.moves import Move, moved
    from incident_tracker.lifecycle.refusal import Refusal

    session = Session.start(now)
    (typed,) = with_id(words)[:1]
    incident = session.incident(find_id(typed, session.ids) if typed else None)
    if incident.is_open or incident.is_cancelled or incident.is_maintenance:
        message = f"{incident.id} is {incident.status}, so there is nothing to reopen"
        raise Refusal(message, 'incident new "What is wrong" declares another one')
    first = next(iter(incident.protocol.statuses))
    step = Move(status=first, at=session.at(at, incident), reason=because)
    session.change(incident.path, lambda draft: moved(draft, step))
