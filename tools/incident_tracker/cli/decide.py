"""Walk the decision tree: roll back, fix forward, fail over or work around."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, with_id, words, writing


@click.command(
    epilog=examples(
        "incident decide checkout-500",
        'incident decide --answer "recent deployment=yes" --because "release 42 is new"',
        'incident decide --answer "recent deployment=no" --answer "quick fix=no"',
    )
)
@words("[ID]")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="FACT=yes|no",
    help="What the tree asks for; may be given several times.",
)
@click.option("--option", default="", help="Another way out than the one that is offered.")
@click.option("--because", default="", metavar="TEXT", help="Why; with it the decision is logged.")
@writing
def command(
    words: tuple[str, ...],
    answers: tuple[str, ...],
    option: str,
    because: str,
    at: str | None,
    now: str | None,
) -> None:
    """Say which way out the protocol's decision tree leads to; people decide, and say why.

    What is not answered is asked on a terminal. Nothing is written without --because.
    """
    from incident_tracker.cli._deciding import Choice, decide
    from incident_tracker.cli._shared import Session

    session = Session.start(now)
    incident = session.worked_on(with_id(words)[0])
    decide(session, incident, answers, Choice(option=option, because=because, at=at))
