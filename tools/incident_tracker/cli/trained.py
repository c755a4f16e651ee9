"""Note that somebody was trained in a topic of the protocol."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, writing


@click.command(
    epilog=examples(
        "incident trained erin basic-troubleshooting",
        "incident trained bo runbooks --at 2026-11-20T10:00",
    )
)
@click.argument("person", metavar="NAME")
@click.argument("topic", metavar="TOPIC")
@writing
def command(person: str, topic: str, at: str | None, now: str | None) -> None:
    """Write the day of a training into protocol/contacts.yml."""
    from incident_tracker.cli._practising import train
    from incident_tracker.cli._shared import Session

    train(Session.start(now), person, topic, at)
