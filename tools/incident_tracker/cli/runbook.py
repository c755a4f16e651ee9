"""Note that a runbook was read through, or tried."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples, writing


@click.group()
def command() -> None:
    """Keep runbooks current; what is stale stands in incident due."""


@command.command(epilog=examples("incident runbook reviewed site-down"))
@click.argument("runbook", metavar="RUNBOOK")
@writing
def reviewed(runbook: str, at: str | None, now: str | None) -> None:
    """Write the day on which it was read through."""
    from incident_tracker.cli._practising import note
    from incident_tracker.cli._shared import Session

    note(Session.start(now), runbook, "last_reviewed", at)


@command.command(epilog=examples("incident runbook tested site-down --at 2026-11-19T10:00"))
@click.argument("runbook", metavar="RUNBOOK")
@writing
def tested(runbook: str, at: str | None, now: str | None) -> None:
    """Write the day on which it was tried; a line "Runbook used" of a timeline counts as well."""
    from incident_tracker.cli._practising import note
    from incident_tracker.cli._shared import Session

    note(Session.start(now), runbook, "last_tested", at)
