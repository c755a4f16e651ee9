"""Say who is reached how, and keep the list of contacts true."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, now_option, writing


@click.group(
    invoke_without_command=True,
    epilog=examples(
        "incident contacts --severity P0 --component donations",
        "incident contacts --at 2026-11-29T03:00 --format json",
        "incident contacts tested gil phone --on 2026-11-26",
        "incident contacts confirmed",
    ),
)
@click.option("--severity", default="", help="Only who leads it or is told of it.")
@click.option(
    "--component", "components", multiple=True, metavar="ID", help="Who hosts it; may be repeated."
)
@click.option("--at", metavar="TIME", help="Who is called then (default: now).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print.",
)
@now_option
@click.pass_context
def command(
    ctx: click.Context,
    severity: str,
    components: tuple[str, ...],
    at: str | None,
    form: str,
    now: str | None,
) -> int:
    """Say who is called, in which order, by the ways that work at that hour first."""
    if ctx.invoked_subcommand is not None:
        return 0
    from incident_tracker.cli._contacting import show
    from incident_tracker.cli._shared import Session

    return show(Session.start(now), severity, components, at, form)


@command.command(
    epilog=examples(
        "incident contacts tested gil phone",
        "incident contacts tested hostco --on 2026-11-26",
    )
)
@click.argument("name", metavar="NAME")
@click.argument("method", metavar="METHOD", required=False, default="")
@click.option("--on", "day", metavar="DATE", default="", help="On which day (default: today).")
@writing
def tested(name: str, method: str, day: str, at: str | None, now: str | None) -> None:
    """Write that a person or a party was reached, by one METHOD or by all that they have.

    METHOD is its kind, as phone, or its address.
    """
    from incident_tracker.cli._contacting import write_tested
    from incident_tracker.cli._shared import Session

    write_tested(Session.start(now), name, method, day, at)


@command.command(
    epilog=examples("incident contacts confirmed", "incident contacts confirmed --on 2026-11-26")
)
@click.option("--on", "day", metavar="DATE", default="", help="On which day (default: today).")
@writing
def confirmed(day: str, at: str | None, now: str | None) -> None:
    """Write that the whole list was read through and is right."""
    from incident_tracker.cli._contacting import write_confirmed
    from incident_tracker.cli._shared import Session

    write_confirmed(Session.start(now), day, at)
