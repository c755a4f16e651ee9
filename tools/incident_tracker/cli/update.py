"""Write a status update: what is told to whom it concerns."""

from __future__ import annotations

import click

from incident_tracker.cli._options import Wordy, examples, with_id, words, writing


@click.command(
    cls=Wordy,
    epilog=examples(
        'incident update --status identified --message "Release 42 did it" --next-update 30m',
        'incident update checkout-500 --message "Still searching" --next-update 15:20 --push',
    ),
)
@words("[ID]")
@click.option("--status", help="Where the incident stands now (default: unchanged).")
@click.option("--message", required=True, help="What was learned, what is done.")
@click.option("--next-update", metavar="TIME", help="30m, 15:20 or a full time.")
@click.option("--impact", default="", help="Who cannot do what now.")
@click.option("--next-steps", default="", help="What happens next.")
@click.option("--eta", default="", help="When it will be over, if known.")
@click.option("--component", "components", multiple=True, metavar="ID=LEVEL", help="Its state now.")
@click.option("--sent", default="", help="Who was sent it.")
@click.option("--approved-by", default="", help="Who approved it.")
@click.option("--root-cause", default="", help="In the last update: why it happened.")
@click.option("--resolution", default="", help="In the last update: what was done.")
@click.option(
    "--prevention", default="", help="In the last update: what keeps it from coming back."
)
@writing
def command(words: tuple[str, ...], now: str | None, **given: object) -> None:
    """Write an update, and say which notice goes with it."""
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._telling import tell

    tell(Session.start(now), with_id(words)[0], given)
