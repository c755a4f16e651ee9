"""Make the summary in the front matter follow the log."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(epilog=examples("incident fold checkout-500"))
@words("[ID]")
@writing
def command(words: tuple[str, ...], at: str | None, now: str | None) -> None:
    """Write the derived fields anew, after edits by hand; a command writes those of its line."""
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    session.at(at, incident)
    session.change(incident.path, lambda draft: draft, anew=True)
