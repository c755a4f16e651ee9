"""Write a line into the timeline."""

from __future__ import annotations

import click

from incident_tracker.cli._options import Wordy, examples, with_id, words, writing


@click.command(
    cls=Wordy,
    epilog=examples(
        'incident log "Root cause hypothesis: release 42" --at 14:20',
        'incident log checkout-500 "Checked: logs, changes: nothing since Friday"',
    ),
)
@words("[ID] TEXT")
@click.option("--about", is_flag=True, help="The time is an estimate.")
@writing
def command(words: tuple[str, ...], about: bool, at: str | None, now: str | None) -> None:
    """Write what happened, in its place by time. Free words are welcome; "-" reads stdin."""
    from incident_tracker.cli._input import piped
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._terminal import warn
    from incident_tracker.lifecycle.ids import SLUG_FROM, UnknownId
    from incident_tracker.lifecycle.log import with_entry
    from incident_tracker.lifecycle.phrasing import is_of_the_start, without_mark
    from incident_tracker.lifecycle.refusal import NothingFound

    session = Session.start(now)
    typed, (text,) = with_id(words, "TEXT")
    if typed is None and any(text in (known, known[SLUG_FROM:]) for known in session.ids):
        raise click.UsageError("this takes [ID] TEXT: what happened?", click.get_current_context())
    try:
        incident = session.worked_on(typed)
    except UnknownId as error:
        quoted = f'incident log "{" ".join(words)}"'
        hint = error.hint or ""
        between = "" if hint.endswith("?") else ","
        hint = f"{hint}{between} or put the text in quotes: {quoted}"
        raise NothingFound(str(error), hint) from error
    said = piped(text)
    moment = session.at(at, incident, is_early=is_of_the_start(session.protocol, said))
    after = session.change(
        incident.path, lambda draft: with_entry(draft, moment, said, estimated=about)
    )
    session.doubt_early(after.incident, moment)
    meant = without_mark(session.protocol, said.strip())
    if meant:
        warn("kept as a note: a phrase has a colon behind it", f'did you mean "{meant}"?')
