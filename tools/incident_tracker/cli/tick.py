"""Tick a box of the checklist."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        'incident tick "Functionality restored"',
        'incident tick checkout-500 performance --na "a text was changed"',
        'incident tick checkout-500 "Initial incident report" --note "2026-11-24 09:30"',
    )
)
@words("[ID] BOX")
@click.option("--note", default="", help="Words behind the box.")
@click.option("--na", default="", metavar="REASON", help="It does not apply, because …")
@writing
def command(words: tuple[str, ...], note: str, na: str, at: str | None, now: str | None) -> None:
    """Tick a box that is somebody's word, by the beginning of its text.

    "all" ticks those of the verification. With --at the time stands behind the box.
    """
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._ticking import Answer, tick

    typed, (box,) = with_id(words, "BOX")
    session = Session.start(now)
    tick(session, session.id_of(typed), box, Answer(note=note, not_applicable=na, at=at))
