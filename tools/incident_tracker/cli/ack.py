"""Acknowledge an incident: somebody takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incident_tracker.cli._options import examples, with_id, words, writing

if TYPE_CHECKING:
    from datetime import datetime


@click.command(
    epilog=examples("incident ack checkout-500 --by asha", "incident ack --by asha --at -3m")
)
@words("[ID]")
@click.option("--by", envvar="INCIDENT_BY", default="", help="Who takes it.")
@writing
def command(words: tuple[str, ...], by: str, at: str | None, now: str | None) -> None:
    """Write who took the incident; until a commander is assigned, that is who took it."""
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import say
    from incident_tracker.lifecycle import phrasing
    from incident_tracker.lifecycle.draft import Draft, one_line
    from incident_tracker.lifecycle.log import with_entry
    from incident_tracker.lifecycle.people import acknowledged_before

    if not by or len(words) > 1:
        raise click.UsageError(_who(words), click.get_current_context())
    session = Session.start(now)
    incident = session.worked_on(with_id(words)[0])
    moment = session.at(at, incident)
    name = one_line(by)
    line = phrasing.acknowledged(incident.protocol, name)
    there: list[datetime] = []

    def change(draft: Draft) -> Draft:
        taken = acknowledged_before(draft.incident, name, moment)
        there[:] = [] if taken is None else [taken]
        return with_entry(draft, moment, line) if taken is None else draft

    after = session.change(incident.path, change)
    for taken in there:
        local = taken.astimezone(after.zone)
        say(f"already acknowledged by {name} at {local:%Y-%m-%d %H:%M}; no line was written")


def _who(words: tuple[str, ...]) -> str:
    """Say how a name is given; the last word without its option is taken for one."""
    if not words:
        return "who takes it? --by NAME, or INCIDENT_BY in the environment"
    from incident_tracker.cli._terminal import program

    name = words[-1]
    before = "".join(f" {word}" for word in words[:-1])
    return f"who takes it? If {name} does: {program()} ack{before} --by {name}"
