"""Add, list, finish and drop action items, and name their tickets."""

from __future__ import annotations

import click

from incident_tracker.cli._options import (
    examples,
    list_format_option,
    now_option,
    review_option,
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
@review_option("The item of its review.")
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
@review_option("The item of its review.")
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


@command.command(
    epilog=examples(
        "incident action tickets checkout-500",
        "incident action tickets --format commands | sh",
        "incident action tickets --format json | my-tracker-import",
    )
)
@click.argument("typed", metavar="[ID]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "commands"]),
    default="text",
    help="How to print; commands are lines for a shell, each opens a ticket and records its link.",
)
@click.option(
    "--open-with",
    "template",
    metavar="COMMAND",
    help="The command that opens a ticket, as gh issue create --title={title} --body={body}; "
    "default: the setting OPEN_TICKET of protocol.yml.",
)
@now_option
def tickets(typed: str | None, form: str, template: str | None, now: str | None) -> None:
    """Print a ticket for each open action without one, of one incident or of all; opens none."""
    from incident_tracker.cli._afterwards import show_tickets
    from incident_tracker.cli._shared import Session

    if template is not None:
        form = "commands"
    show_tickets(Session.start(now), typed, form, template)


@command.command(
    epilog=examples(
        "incident action ticket site-down#2 OPS-412",
        'incident action ticket site-down#2 "$(gh issue create --title Alert --body …)"',
    )
)
@click.argument("action", metavar="ID#N")
@click.argument("reference", metavar="REF", required=False)
@click.option("--again", is_flag=True, help="Let it take the place of the ticket that is there.")
@click.option("--missing", is_flag=True, help="Write nothing; exit with 1 if there is one.")
@click.option("--incident", "in_incident", is_flag=True, help="In the incident, not in its review.")
@review_option("In the review, not in the incident.")
@writing
def ticket(
    action: str,
    reference: str | None,
    again: bool,
    missing: bool,
    in_incident: bool,
    in_review: bool,
    at: str | None,
    now: str | None,
) -> int:
    """Write the ticket of an action item into its line, once."""
    from incident_tracker.cli._acting import item_named
    from incident_tracker.cli._afterwards import ticket_missing, write_ticket
    from incident_tracker.cli._shared import Session

    if (reference is None) is not missing:
        raise click.UsageError(
            "name the ticket, as OPS-412, or ask with --missing", click.get_current_context()
        )
    session = Session.start(now)
    session.at(at)
    place = item_named(session, action, in_incident=in_incident, in_review=in_review)
    if reference is None:
        return ticket_missing(session, *place)
    write_ticket(session, place, reference, again=again)
    return 0
