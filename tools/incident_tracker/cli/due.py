"""Say what is owed by when; exit status 1 when something is overdue."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option


@click.command(
    epilog=examples(
        "incident due",
        "incident due --now 2026-11-24T09:00Z --format json",
        "incident due --format ids",
        "incident due --who asha --format ics > due.ics",
    )
)
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--who", default="", metavar="NAME", help="Only what one person owes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "ids", "ics"]),
    default="text",
    help="How to print; ids is a Markdown list without titles and names, empty if nothing is owed; "
    "ics is for calendars.",
)
@now_option
def command(overdue: bool, who: str, form: str, now: str | None) -> int:
    """Say what is owed in all records, each with the command for it, the longest overdue first.

    What open incidents owe comes before all else.

    The exit status is 1 where something of it is overdue, or where a record cannot be read.
    """
    from incident_tracker.cli._measuring import due_ids, due_object, due_table, nothing, of_person
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import hand_over, say
    from incident_tracker.due import due
    from incident_tracker.formats.duty_events import duty_calendar
    from incident_tracker.formats.machine import dump

    session = Session.start(now)
    # Whether anybody has a name is known from all records.
    tracker = session.whole if who else session.owing
    unread = [one.path for one in tracker.unread]
    shown = of_person(due(tracker, session.now), who, tracker)
    late = any(item.is_overdue for item in shown)
    shown = [item for item in shown if item.is_overdue or not overdue]
    if form == "json":
        say(dump(due_object(shown, unread, session.now)))
    elif form == "ids":
        due_ids(shown, unread, session)
    elif form == "ics":
        hand_over(duty_calendar(shown, session.protocol, session.now))
    else:
        due_table(shown, session, nothing(who, is_overdue=overdue))
    return 1 if late or unread else 0
