"""Accept a finding in a record, with the reason."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(epilog=examples('incident waive checkout-500 INC027 "nobody was left for it"'))
@words("[ID] CODE REASON")
@writing
def command(words: tuple[str, ...], at: str | None, now: str | None) -> None:
    """Waive one rule for this record. The page shows it, and it is counted."""
    from incident_tracker.cli._shared import Session, one_of
    from incident_tracker.lifecycle.fielding import with_waiver
    from incident_tracker.lifecycle.ids import path_of
    from incident_tracker.model import Review
    from incident_tracker.registry import rules

    typed, (code, reason) = with_id(words, "CODE", "REASON")
    session = Session.start(now)
    session.at(at)
    known = {c: r for c, r in rules().items() if r.function is not None}
    name = one_of(code, known, "code of a rule")
    folder = "pir" if known[name].subject is Review else "incidents"
    path = path_of(session.id_of(typed), folder)
    session.change(path, lambda draft: with_waiver(draft, name, reason))
