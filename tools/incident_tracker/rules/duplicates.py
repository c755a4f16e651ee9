"""Which record tells a duplicate: codes REL008 and REL009."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.finding import Level, Position
from incident_tracker.outline import IncidentOutline, Overview
from incident_tracker.registry import Context, Example, Problem, rule

ONE, OTHER = "2026-03-20-no-results", "2026-03-20-search-empty"
DUPLICATE = """---
title: No results
severity: P3
status: cancelled
detected_by: team
detected_at: 2026-03-20T09:00-05:00
protocol: 2.0.0
---
## Timeline
- 09:00 - Incident detected via team
- 09:10 - Cancelled: duplicate of {} because it is the same fault
"""
FIRST, SECOND = (f"incidents/2026/{name}.md" for name in (ONE, OTHER))


@rule(
    "REL008",
    Overview,
    bad=(
        Example(beside={FIRST: DUPLICATE.format(ONE)}),
        Example(beside={FIRST: DUPLICATE.format(OTHER), SECOND: DUPLICATE.format(ONE)}),
    ),
    good=(Example(beside={FIRST: DUPLICATE.format("2026-03-02-good")}),),
)
def duplicates_end(overview: Overview, context: Context) -> Iterator[Problem]:
    """A duplicate is not, by way of others, a duplicate of itself.

    **Why.** Each of them says that another one tells what happened, so none does, and none counts.

    **Fix.** Decide which one tells it, and `incident reopen` that one.
    """
    for incident in overview.incidents:
        path = _followed(incident, overview)
        if path and path[-1] == incident.id and incident.id == min(path):
            told = f"by way of {', '.join(path[:-1])}" if path[1:] else "itself"
            yield Problem(
                _place(incident),
                f"this is a duplicate of itself, {told}" if path[1:] else "a duplicate of itself",
                f'incident reopen {incident.id} --because "it tells what happened"',
                path=incident.path,
            )


@rule(
    "REL009",
    Overview,
    level=Level.WARNING,
    bad=(
        Example(
            beside={FIRST: DUPLICATE.format(OTHER), SECOND: DUPLICATE.format("2026-03-02-good")}
        ),
    ),
)
def duplicates_lead_to_the_end(overview: Overview, context: Context) -> Iterator[Problem]:
    """A duplicate names the record that tells it, not another duplicate.

    **Why.** Whoever follows the link wants to read what happened, not that it stands elsewhere.

    **Fix.** Cancel it once more, as a duplicate of the last one; that line holds.
    """
    for incident in overview.incidents:
        path = _followed(incident, overview)
        if path[1:] and path[-1] not in (incident.id, *path[:-1]):
            kind = f'"duplicate-of {path[-1]}"'
            yield Problem(
                _place(incident),
                f"{path[0]} is a duplicate as well, of {path[-1]}",
                f'incident cancel {incident.id} --as {kind} --because "the same"',
                path=incident.path,
            )


def _followed(incident: IncidentOutline, overview: Overview) -> tuple[str, ...]:
    """The ids behind a duplicate, to the one that is none, or that came before."""
    found: list[str] = []
    here: IncidentOutline | None = incident
    while here is not None and here.duplicate_of and here.duplicate_of not in found:
        found.append(here.duplicate_of)
        here = None if found[-1] == incident.id else overview.incident_by_id.get(found[-1])
    return tuple(found)


def _place(incident: IncidentOutline) -> Position:
    return incident.cancelled[-1].position
