"""Print the report of an incident: the initial one, or the comprehensive one with its review."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        "incident report checkout-500 | mail -s report team",
        "incident report checkout-500 --sent --at 16:30",
        "incident report checkout-500 --full > review.md",
    )
)
@words("[ID]")
@click.option("--full", is_flag=True, help="Incident and review as one Markdown document.")
@click.option("--sent", is_flag=True, help="Write down that the initial report went out: --at.")
@writing
def command(
    words: tuple[str, ...], full: bool, sent: bool, at: str | None, now: str | None
) -> None:
    """Print the initial report, as far as things are known; what is not reads "to be confirmed"."""
    from incident_tracker.cli._afterwards import print_report, report_sent
    from incident_tracker.cli._shared import Session

    if full and sent:
        message = "--sent is about the initial report; a review is published: incident pir publish"
        raise click.UsageError(message, click.get_current_context())
    if at is not None and not sent:
        raise click.UsageError("--at says when it was sent: --sent", click.get_current_context())
    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    if sent:
        report_sent(session, incident, at)
    else:
        print_report(session, incident, is_full=full)
