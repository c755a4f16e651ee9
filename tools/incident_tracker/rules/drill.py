"""What a drill owes beside what every incident owes: codes INC061 to INC069."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.lifecycle.gaps import gaps
from incident_tracker.model import Incident
from incident_tracker.registry import Context, Example, Problem, rule

ACTIONS = "## Action Items\n"


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
    good=(_drill("## Gaps\n- None was found (accepted: the third time in a row)\n\n"),),
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


def _is_over(incident: Incident) -> bool:
    ranks = incident.protocol.status_order
    last = ranks[incident.protocol.gates.incident[-1]]
    return incident.is_drill and ranks.get(incident.status, -1) >= last
