"""Cancel what turned out to be no incident."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        'incident cancel probe-timeout --as false-alarm --because "the probe\'s network was down"',
        'incident cancel slow-pages --as "duplicate-of site-down" --because "the same outage"',
    )
)
@words("[ID]")
@click.option(
    "--as",
    "how",
    metavar="KIND",
    default="",
    help='false-alarm, test or "duplicate-of ID".',
)
@click.option("--because", required=True, help="How it was found out.")
@click.option("--unite", is_flag=True, help="Tell a duplicate's timeline in the other record.")
@writing
def command(
    words: tuple[str, ...], how: str, because: str, unite: bool, at: str | None, now: str | None
) -> None:
    """Write that it was a false alarm, a test, or a duplicate; of planned work, that it is off."""
    from incident_tracker.cli._cancelling import cancel
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    # An ID behind --as duplicate-of is a word of its own where nobody put both into quotes.
    named, other = words[:1], words[1:]
    with_id(other)
    cancel(
        session, session.worked_on(with_id(named)[0]), how, "".join(other), because, at, unite=unite
    )
