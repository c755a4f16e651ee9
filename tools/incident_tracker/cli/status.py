"""Move an incident to another status, with the line that the milestone has."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        'incident status monitoring --resolution rollback --note "plugin 4.2.0 back to 4.1.7"',
        "incident status checkout-500 closed --by finn",
        'incident status investigating --reason "errors are back"',
    )
)
@words("[ID] STATUS")
@click.option("--resolution", default="", metavar="OPTION", help="How it was resolved.")
@click.option("--note", default="", help="Words for the milestone's line.")
@click.option("--reason", default="", help="Why it goes back.")
@click.option("--by", default="", envvar="INCIDENT_BY", help="Who closes it.")
@click.option("--impact", default="", help="Who could not do what, if nothing says so yet.")
@click.option(
    "--all-boxes", is_flag=True, help="You checked each box of the verification; ticks those."
)
@writing
def command(words: tuple[str, ...], now: str | None, **given: str) -> None:
    """Move an incident on, or back. Resolved and closed are refused while something is owed."""
    from incident_tracker.cli._moving import move
    from incident_tracker.cli._shared import Session

    typed, (status,) = with_id(words, "STATUS")
    move(Session.start(now), typed, status, given)
