"""Assign a role, or hand it over."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        "incident role checkout-500 scribe dana",
        'incident role ic finn --reason "asha leaves at 15:40"',
    )
)
@words("[ID] ROLE NAME")
@click.option("--reason", default="", help="Why it is handed over, or a remark.")
@writing
def command(words: tuple[str, ...], reason: str, at: str | None, now: str | None) -> None:
    """Write who holds a role from now on; from a holder before, it is handed over."""
    from incident_tracker.cli._choosing import one_of
    from incident_tracker.cli._shared import Session
    from incident_tracker.lifecycle.draft import Draft, one_line
    from incident_tracker.lifecycle.roles import role_typed, role_words, with_role

    session = Session.start(now)
    typed, (role, name) = with_id(words, "ROLE", "NAME")
    incident = session.worked_on(typed)
    known = one_of(role_typed(role, incident.protocol), role_words(incident.protocol), "role")
    moment = session.at(at, incident)

    def change(draft: Draft) -> Draft:
        return with_role(draft, moment, known, one_line(name), one_line(reason))

    session.change(incident.path, change)
