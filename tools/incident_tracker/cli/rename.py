"""Give a record another name; the former one stays in it."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, writing


@click.command(
    epilog=examples(
        "incident rename site-down donations-fail",
        "incident rename 2026-11-03-site-down donations-fail --commit",
        "incident rename site-down --date 2026-11-02",
    )
)
@click.argument("record", metavar="ID")
@click.argument("name", metavar="NEW-SLUG", default="")
@click.option("--date", "day", default="", metavar="DAY", help="Another day, as 2026-11-02.")
@writing
def command(record: str, name: str, day: str, at: str | None, now: str | None) -> None:
    """Move an incident, its review and its evidence to another name.

    Other records that name it follow. The old name is kept in the field formerly, so that old
    links are led to the new page and the check knows that nothing was deleted. With another day
    no line's time becomes another one. A second run finishes one that was cut off.
    """
    from incident_tracker.cli._renaming import rename
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    session.at(at)
    rename(session, session.find(record), name, day)
