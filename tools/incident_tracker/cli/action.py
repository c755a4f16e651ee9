"""Add, list, finish and drop action items."""

from __future__ import annotations

import click

from incident_tracker.cli._options import (
    examples,
    list_format_option,
    now_option,
    with_id,
    words,
    writing,
)


@click.group()
def command() -> None:
    """Work on action items, of reviews and of incidents."""


@command.command(
    epilog=examples(
        'incident action add checkout-500 "Alert at 80 %" --owner gil --due 14d --type detect'
    )
)
@words("[ID] TEXT")
@click.option("--owner", required=True, help="The one person who does it.")
@click.option("--due", required=True, metavar="DATE", help="2026-12-01, or 14d from now.")
@click.option("--type", "type_", default="", help="prevent, detect, mitigate, document, …")
@click.option("--ticket", default="", help="The ticket in another system.")
@click.option("--incident", "in_incident", is_flag=True, help="In the incident, not in its review.")
@writing
def add(words: tuple[str, ...], at: str | None, now: str | None, **given: object) -> None:
    """Add an action item: to the review, or to the incident while it has none."""
    from incident_tracker.cli._acting import add as write
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    typed, (text,) = with_id(words, "TEXT")
    session.at(at)
    write(session, session.id_of(typed), text, given)


@command.command(
    "list",
    epilog=examples(
        "incident action list --open --owner gil",
        "incident action list --format csv > actions.csv",
    ),
)
@click.option("--open", "is_open", is_flag=True, help="Only those that are open.")
@click.option("--owner", default="", help="Only those of one person.")
@list_format_option
@now_option
def list_(is_open: bool, owner: str, form: str, now: str | None) -> None:
    """List action items by due date."""
    from incident_tracker.cli._acting import show
    from incident_tracker.cli._shared import Session

    show(Session.start(now), owner, form, is_open=is_open)


@command.command(
    epilog=examples("incident action done 2026-11-03-site-down#2 --at 2026-11-18T12:00")
)
@click.argument("action", metavar="ID#N")
@click.option("--incident", "in_incident", is_flag=True, help="The item of the incident.")
@click.option("--review", "in_review", is_flag=True, help="The item of its review.")
@writing
def done(action: str, in_incident: bool, in_review: bool, at: str | None, now: str | None) -> None:
    """Tick an action item, with the day on which it was done."""
    from incident_tracker.cli._acting import done as write
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    write(session, action, session.at(at), in_incident=in_incident, in_review=in_review)


@command.command(epilog=examples('incident action drop site-down#5 --because "fixed by the maker"'))
@click.argument("action", metavar="ID#N")
@click.option("--because", required=True, help="Why it will not be done.")
@click.option("--incident", "in_incident", is_flag=True, help="The item of the incident.")
@click.option("--review", "in_review", is_flag=True, help="The item of its review.")
@writing
def drop(
    action: str,
    because: str,
    in_incident: bool,
    in_review: bool,
    at: str | None,
    now: str | None,
) -> None:
    """Strike an action item out, with the reason; it is never removed."""
    from incident_tracker.cli._acting import drop as write
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    session.at(at)
    write(session, action, because, in_incident=in_incident, in_review=in_review)
