"""Withdraw a record that should not be there."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        'incident withdraw checkout-500 --because "filed for the wrong organisation"',
        'incident withdraw checkout-500 --because "it named a customer" --erase',
    )
)
@words("ID")
@click.option("--because", required=True, help="Why it should not be there.")
@click.option("--erase", "erase_words", is_flag=True, help="Take its words and evidence away.")
@writing
def command(
    words: tuple[str, ...], because: str, erase_words: bool, at: str | None, now: str | None
) -> None:
    """Write that a record should not have been there; it counts in no metric from then on.

    Its place stays, so that links and its id lead somewhere. --erase leaves nothing of its words in
    the file nor in its review, and takes its evidence away; Git's history still has them.
    """
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._withdrawing import erase
    from incident_tracker.lifecycle.ids import path_of
    from incident_tracker.lifecycle.withdrawing import withdrawn

    session = Session.start(now)
    typed, _ = with_id((*words, ""), "")
    found = session.find(typed) if typed else session.id_of(None)
    if erase_words:
        erase(session, found, because, at)
        return
    moment = session.at(at, session.incident(found))
    session.change(path_of(found), lambda draft: withdrawn(draft, because, moment))
