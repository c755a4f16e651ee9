"""Withdraw a record that should not be there."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing, wrote


@click.command(
    epilog=examples(
        'incident withdraw checkout-500 --because "filed for the wrong organisation"',
        'incident withdraw checkout-500 --because "it named a customer" --erase',
    )
)
@words("ID")
@click.option("--because", required=True, help="Why it should not be there.")
@click.option("--erase", is_flag=True, help="Take its words, its review and its title away.")
@writing
def command(
    words: tuple[str, ...], because: str, erase: bool, at: str | None, now: str | None
) -> None:
    """Write that a record should not have been there; it counts in no metric from then on.

    Its place stays, so that links and its id lead somewhere. --erase leaves nothing of its words in
    the file; Git's history still has them.
    """
    from incident_tracker.cli._shared import Session, warn
    from incident_tracker.cli._terminal import Paint, say
    from incident_tracker.lifecycle.ids import find_id, path_of
    from incident_tracker.lifecycle.withdrawing import erased, withdrawn

    session = Session.start(now)
    typed, _ = with_id((*words, ""), "")
    incident = session.incident(find_id(typed, session.ids) if typed else None)
    moment = session.at(at, incident)
    if not erase:
        session.change(incident.path, lambda draft: withdrawn(draft, because, moment))
        return
    text = erased(session.draft(incident.path), because, moment)
    session.workspace.write(incident.path, text)
    wrote(incident.path)
    say("wrote ", Paint(incident.path, "green"))
    review = path_of(incident.id, "pir")
    if session.workspace.remove(review):
        wrote(review)
        say("took away ", Paint(review, "green"))
    warn(
        "the history of Git still has every word",
        "docs/guide/responder.md, Something secret was pushed",
    )
