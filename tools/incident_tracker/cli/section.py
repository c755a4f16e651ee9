"""Write a section of the incident or of its review."""

from __future__ import annotations

import click

from incident_tracker.cli._options import Wordy, examples, review_option, words, writing


@click.command(
    cls=Wordy,
    epilog=examples(
        'incident section checkout-500 Summary "Release 42 broke the tax table."',
        'incident section checkout-500 "Root Cause" - < cause.md',
        'incident section checkout-500 "Root Cause"          (prints it)',
    ),
)
@words("[ID] TITLE [TEXT|-]")
@click.option("--append", is_flag=True, help="Add to what stands there.")
@review_option("In the review, where both have such a section.")
@writing
def command(
    words: tuple[str, ...], append: bool, in_review: bool, at: str | None, now: str | None
) -> None:
    """Write the text of a section, in place of what stands there; without a text, print it."""
    from incident_tracker.cli._input import piped
    from incident_tracker.cli._sections import Place, write_section
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    session.at(at)
    place = Place.of(session, words, in_review=in_review)
    text = piped("-") if place.text == "-" else place.text
    write_section(session, place, text, append=append)
