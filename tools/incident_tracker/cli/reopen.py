"""Work on an incident again that was resolved, closed or cancelled."""

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

    One that was cancelled by mistake as well: the line that cancelled it stays. Its review stays
    what it is. The same is incident status investigating --reason.
    """
    from incident_tracker.cli._shared import Session
    from incident_tracker.lifecycle.moves import reopened

    session = Session.start(now)
    (typed,) = with_id(words)[:1]
    incident = session.incident(session.find(typed) if typed else None)
    moment = session.at(at, incident)
    session.change(incident.path, lambda draft: reopened(draft, because, moment))
