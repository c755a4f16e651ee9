"""Begin, schedule, announce and publish the review of an incident."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, keeping, now_option, with_id, words, writing


@click.group()
def command() -> None:
    """Work on post-incident reviews."""


@command.command(epilog=examples("incident pir new checkout-500"))
@words("[ID]")
@writing
def new(words: tuple[str, ...], at: str | None, now: str | None) -> None:
    """Write the scaffold of a review; facts are computed."""
    from incident_tracker.cli._reviewing import begin
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    session.at(at)
    begin(session, session.incident(with_id(words)[0]))


@command.command(epilog=examples("incident pir schedule checkout-500 --at 2026-11-30T10:00"))
@words("[ID]")
@click.option("--attendees", default="", metavar="NAME,NAME", help="Who comes.")
@click.option("--at", metavar="TIME", help="When: 2026-11-30T10:00, 3d, or 15:20. Needed.")
@keeping
def schedule(words: tuple[str, ...], attendees: str, at: str | None, now: str | None) -> None:
    """Write when the meeting is or was: --at."""
    from incident_tracker.cli._reviewing import schedule as write
    from incident_tracker.cli._shared import Session

    if at is None:
        raise click.UsageError("when? --at 2026-11-30T10:00", click.get_current_context())
    session = Session.start(now)
    write(session, session.id_of(with_id(words)[0]), at, attendees)


@command.command(
    epilog=examples(
        "incident pir invite checkout-500 | mail -s invitation team",
        "incident pir invite checkout-500 --format ics > review.ics",
    )
)
@words("[ID]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "ics"]),
    default="text",
    help="How to print; ics is for calendars, and moves what an earlier one put there.",
)
@now_option
def invite(words: tuple[str, ...], form: str, now: str | None) -> None:
    """Print the invitation: time, people, the agenda with times, the ground rules."""
    from incident_tracker.cli._afterwards import invite as show
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    show(session, session.incident(with_id(words)[0]), form)


@command.command(epilog=examples("incident pir publish checkout-500"))
@words("[ID]")
@writing
def publish(words: tuple[str, ...], at: str | None, now: str | None) -> None:
    """Publish a review; refused while it owes something."""
    from incident_tracker.cli._reviewing import publish as write
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    write(session, session.id_of(with_id(words)[0]), session.at(at))
