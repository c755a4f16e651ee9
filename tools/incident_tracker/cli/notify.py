"""Print a notice, and send it: initial, update or resolution."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, keeping, with_id, words


@click.command(
    epilog=examples(
        "incident notify initial",
        "incident notify checkout-500 resolution | mail team",
        "incident notify checkout-500 update --approved-by erin --send",
        "incident notify checkout-500 update --send --again --to team-chat",
    )
)
@words("[ID] initial|update|resolution")
@click.option("--send", is_flag=True, help="Send it; without this nothing goes out.")
@click.option("--to", "named", multiple=True, metavar="CHANNEL", help="Only there.")
@click.option("--again", is_flag=True, help="Send what may have arrived once more.")
@click.option("--approved-by", default="", metavar="NAME", help="Who approved it for the outside.")
@keeping
def command(
    words: tuple[str, ...],
    send: bool,
    named: tuple[str, ...],
    again: bool,
    approved_by: str,
    now: str | None,
) -> int:
    """Print the notice that the record makes, and who gets it; --send sends it.

    What is not known yet reads "to be confirmed".
    """
    from incident_tracker.cli._choosing import each, one_of
    from incident_tracker.cli._notifying import Wish, notify
    from incident_tracker.cli._shared import Session
    from incident_tracker.notices import Which

    typed, (name,) = with_id(words, "initial|update|resolution")
    session = Session.start(now)
    wish = Wish(
        which=Which(one_of(name, {which.value: which for which in Which}, "notice")),
        named=each(",".join(named), session.protocol.telling.channels, "channel"),
        again=again,
        approved_by=approved_by,
    )
    return notify(session, session.incident(typed), wish, send=send)
