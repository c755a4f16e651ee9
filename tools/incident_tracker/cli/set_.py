"""Set fields of the front matter."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, words, writing


@click.command(
    "set",
    epilog=examples(
        "incident set checkout-500 root_cause=untested-release visibility=public",
        "incident set components=website=major_outage,donations=partial_outage",
        'incident set severity=P0 --reason "donations fail as well"',
        "incident set checkout-500 attendees=asha,bo,chen",
    ),
)
@words("[ID] KEY=VALUE…")
@click.option("--reason", default="", help="Why the severity changes.")
@writing
def command(words: tuple[str, ...], reason: str, at: str | None, now: str | None) -> None:
    """Set fields; KEY= without a value takes one away. Fields of a review are set in the review."""
    from incident_tracker.cli._setting import set_fields
    from incident_tracker.cli._shared import Session

    named = bool(words) and "=" not in words[0]
    values = [word for word in words[named:] if "=" in word]
    if not values or len(values) != len(words) - named:
        raise click.UsageError("this takes [ID] KEY=VALUE…", click.get_current_context())
    set_fields(Session.start(now), words[0] if named else None, values, reason, at)
