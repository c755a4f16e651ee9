"""Accept a finding in a record, with the reason."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, review_option, with_id, words, writing

MOST = 3


@click.command(epilog=examples('incident waive checkout-500 INC027 "nobody was left for it"'))
@words("[ID] CODE REASON")
@review_option("In the review of the incident.")
@writing
def command(words: tuple[str, ...], in_review: bool, at: str | None, now: str | None) -> None:
    """Waive one rule for this record. The page shows it, and it is counted."""
    from difflib import get_close_matches

    from incident_tracker.catalogue import find
    from incident_tracker.cli._shared import Session
    from incident_tracker.lifecycle.fielding import with_waiver
    from incident_tracker.lifecycle.ids import path_of
    from incident_tracker.lifecycle.refusal import Refusal
    from incident_tracker.model import Review
    from incident_tracker.registry import rules

    if words and len(words) < MOST and find(words[-1]) is not None:
        command = f'incident waive {" ".join(words)} "why it is right here"'
        raise Refusal("a waiver needs its reason", command)
    typed, (code, reason) = with_id(words, "CODE", "REASON")
    session = Session.start(now)
    session.at(at)
    known = {c: r for c, r in rules().items() if r.waivable}
    found = find(code)
    if found is None or found.code not in known:
        what = "about the form of a file, or about no single record"
        form = f"{code} is {what}: it is mended and not waived"
        near = get_close_matches(code.upper(), known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "incident explain lists the codes"
        raise Refusal(form if found else f'"{code}" is no code of a rule', hint)
    name = found.code
    folder = "pir" if in_review or known[name].subject is Review else "incidents"
    path = path_of(session.id_of(typed), folder)
    session.change(path, lambda draft: with_waiver(draft, name, reason))
