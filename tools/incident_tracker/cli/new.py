"""Declare an incident, a drill or planned work."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, writing


@click.command(
    epilog=examples(
        'incident new "Checkout returns 500" --severity P0 --component donations',
        'incident new "Drill: database stops" --severity P1 --drill database-failure',
        'incident new "Database upgrade" --maintenance --start 2026-11-29T02:00 --end 4h',
        'incident new "Checkout returns 500" --from-form issue.md',
        "incident new --from-alert - < delivery.json",
    )
)
@click.argument("words", metavar="TITLE", nargs=-1)
@click.option("--title", help="What is wrong, as a user would say it.")
@click.option("--severity", help="As protocol.yml has it, such as P1; if unsure, the worse one.")
@click.option(
    "--component", "components", multiple=True, metavar="ID[=LEVEL]", help="Affected part."
)
@click.option("--slug", help="The short name in its id (default: from the title).")
@click.option("--kind", "kinds", multiple=True, help="What kind of incident; may be repeated.")
@click.option("--detected-by", metavar="SOURCE[: SYMPTOM]", help="How it was found.")
@click.option("--impact", help="Who cannot do what, where it is known.")
@click.option("--by", envvar="INCIDENT_BY", help="Who takes it at once.")
@click.option("--drill", metavar="SCENARIO", help="This is practice.")
@click.option("--maintenance", is_flag=True, help="This is planned work.")
@click.option("--start", metavar="TIME", help="When planned work begins.")
@click.option("--end", metavar="TIME", help="When planned work ends.")
@click.option("--ticket", help="The ticket in another system.")
@click.option("--visibility", type=click.Choice(["internal", "public"]), help="Who may read it.")
@click.option(
    "--public-summary", metavar="TEXT", help="What the public may know, in a sentence or two."
)
@click.option(
    "--from-form",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="The text of an issue that was opened with the issue form; - reads it from stdin.",
)
@click.option(
    "--from-alert",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="What Alertmanager's webhook delivers, as JSON; - reads it from stdin.",
)
@writing
def command(now: str | None, **given: object) -> None:
    """Declare an incident: writes its file and prints what comes first."""
    from incident_tracker.cli._declaring import declare
    from incident_tracker.cli._shared import Session

    words = given["words"]
    if isinstance(words, tuple):
        if len(words) > 1:
            message = f'put the title in quotes: incident new "{" ".join(words)}"'
            raise click.UsageError(message, click.get_current_context())
        given["words"] = "".join(words)
    session = Session.start(now)
    source, delivery = given.pop("from_form"), given.pop("from_alert")
    if isinstance(delivery, str):
        from incident_tracker.cli._alerting import delivered

        delivered(session, delivery, given)
        return
    if isinstance(source, str):
        from incident_tracker.cli._forms import answered

        given = answered(session, source, given)
    declare(session, given)
