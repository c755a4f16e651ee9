"""List the commits of another repository that came shortly before an incident."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, format_option, now_option, with_id, words


@click.command(
    epilog=examples(
        "incident suspects checkout-500 --repo ../website",
        "incident suspects --repo ../website --window 7d --format json",
    )
)
@words("[ID]")
@click.option(
    "--repo",
    required=True,
    type=click.Path(exists=True, file_okay=False),
    metavar="PATH",
    help="The Git repository of what was deployed.",
)
@click.option("--window", default="", metavar="SPAN", help="How far back, as 24h or 7d.")
@click.option("--ref", default="HEAD", metavar="REF", help="What is deployed, as origin/main.")
@format_option
@now_option
def command(
    words: tuple[str, ...], repo: str, window: str, ref: str, form: str, now: str | None
) -> None:
    """Commits up to the incident's start (else its detection), newest first, and the line to log.

    The window is suspects_window in protocol.yml. Nothing is fetched, changed or run there.
    """
    from incident_tracker.cli._shared import Session
    from incident_tracker.cli._suspecting import Search, show

    session = Session.start(now)
    incident = session.incident(with_id(words)[0])
    show(session, incident, Search(repo=repo, window=window, ref=ref), form)
