"""Keep what stdin holds as evidence, with its checksum in the timeline."""

from __future__ import annotations

import sys

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples("tail -100 error.log | incident evidence checkout-500 --label error-log")
)
@words("[ID]")
@click.option("--label", required=True, help="What it is, in a word or two.")
@click.option("--text", default="", help="Words behind the checksum.")
@writing
def command(words: tuple[str, ...], label: str, text: str, at: str | None, now: str | None) -> None:
    """Write stdin to a file beside the record, and a line that names it."""
    from incident_tracker.cli._keeping import keep
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    incident = session.worked_on(with_id(words)[0])
    keep(session, incident, label, text, session.at(at, incident), sys.stdin.buffer)
