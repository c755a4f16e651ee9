"""What a drill owes beside what every incident owes: codes INC061 to INC069."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.finding import Level
from incident_tracker.lifecycle.gaps import gaps
from incident_tracker.model import Incident
from incident_tracker.registry import Context, Example, Problem, rule

ACTIONS = "## Action Items\n"
TOLD = {"visibility": "public", "public_summary": "Search failed for an hour."}
NO_GAPS = "## Gaps\n- None was found (accepted: the third time in a row)\n\n"


def _drill(gaps_written: str) -> Example:
    return Example(set={"drill": "site-down"}, replace={ACTIONS: f"{gaps_written}{ACTIONS}"})


@rule(
    "INC061",
    Incident,
    gated=True,
    bad=(
        _drill("## Gaps\n- The probe looks at the start page only\n\n"),
        _drill("## Gaps\n- The probe looks at the start page only (action 7)\n\n"),
    ),
    good=(
        _drill("## Gaps\n- No test has an old index (action 1)\n\n"),
        _drill("## Gaps\n- Nobody had a printer (accepted: nobody needs one)\n\n"),
    ),
)
def drill_gaps_answered(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each gap that a drill found is answered by an action item, or accepted with a reason.

    **Why.** A drill that changes nothing finds the same gap again, and so does the real thing.

    **Fix.** End the line with `(action 1)`, the number of the action item in this file, or with
    `(accepted: why nothing is done)`.
    """
    if not _is_over(incident):
        return
    for gap in gaps(incident):
        if gap.is_answered(incident):
            continue
        known = len(incident.actions)
        message = "nothing is said about what is done about the gap"
        if gap.action is not None:
            message = f"there is no action {gap.action}; this file has {known}"
        add = f'incident action add {incident.id} "…" --owner NAME --due DATE --incident'
        yield Problem(gap.position, message, help=f"(action {known + 1}) after: {add}")


@rule(
    "INC062",
    Incident,
    gated=True,
    bad=(Example(set={"drill": "site-down"}),),
    good=(_drill(NO_GAPS),),
)
def drill_says_gaps(incident: Incident, context: Context) -> Iterator[Problem]:
    """A drill that is closed says which gaps it found.

    **Why.** Finding them is what it is for; that none was found is worth a line, too. They are
    asked for at its end: until then it is worked like any other incident.

    **Fix.** Write a section `## Gaps` with one line for each, as `- What was missing (action 1)`.
    """
    if _is_over(incident) and not incident.is_cancelled and not gaps(incident):
        yield Problem(
            incident.where("drill"),
            "a drill without gaps",
            help=f'incident section {incident.id} Gaps "- What was missing (accepted: why)"',
        )


@rule(
    "INC063",
    Incident,
    level=Level.WARNING,
    bad=(Example(set={**TOLD, "drill": "site-down"}, replace={ACTIONS: f"{NO_GAPS}{ACTIONS}"}),),
    good=(Example(set=TOLD),),
)
def drill_is_internal(incident: Incident, context: Context) -> Iterator[Problem]:
    """A drill is the team's: `visibility: public` opens it to nobody.

    **Why.** What is practised reads like what happened. Readers, feeds and programs outside would
    take it for an outage, so the public site leaves it out, whatever it says.

    **Fix.** Delete the line, or write `visibility: internal`.
    """
    if incident.is_drill and not incident.is_internal:
        yield Problem(
            incident.where("visibility"),
            "a drill is published nowhere",
            help=f"incident set {incident.id} visibility=internal",
        )


def _is_over(incident: Incident) -> bool:
    ranks = incident.protocol.status_order
    last = ranks[incident.protocol.gates.incident[-1]]
    return incident.is_drill and ranks.get(incident.status, -1) >= last
