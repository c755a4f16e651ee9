"""What a runbook must hold: codes RUN001 and up."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.finding import Level
from incident_tracker.lifecycle.runbooks import fixes
from incident_tracker.model import Runbook
from incident_tracker.registry import Context, Example, Problem, rule


@rule("RUN001", Runbook, bad=(Example(record="runbook", set={"title": None}),))
def runbook_titled(runbook: Runbook, context: Context) -> Iterator[Problem]:
    """A runbook has a title.

    **Why.** At 3 a.m. it is found by it.

    **Fix.** Write `title: what is wrong`.
    """
    if not runbook.title:
        yield Problem(None, "no title", help="title: what is wrong")


@rule("RUN002", Runbook, bad=(Example(record="runbook", set={"covers": None}),))
def runbook_covers_something(runbook: Runbook, context: Context) -> Iterator[Problem]:
    """A runbook says for which kinds of incident it is.

    **Why.** The incident page offers the runbooks of its kind.

    **Fix.** Write `covers: [outage]`.
    """
    if not runbook.covers:
        yield Problem(
            runbook.where("title"), "it covers no kind of incident", help="covers: [outage]"
        )


@rule(
    "RUN003",
    Runbook,
    level=Level.WARNING,
    bad=(
        Example(record="runbook", set={"owner": None}),
        Example(record="runbook", set={"last_reviewed": None}),
    ),
)
def runbook_kept(runbook: Runbook, context: Context) -> Iterator[Problem]:
    """A runbook has an owner and the date on which it was last read through.

    **Why.** A runbook that nobody keeps leads the wrong way when it matters.

    **Fix.** Write `owner: name` and `last_reviewed: 2026-10-01`.
    """
    missing = [
        name
        for name, value in (("owner", runbook.owner), ("last_reviewed", runbook.last_reviewed))
        if not value
    ]
    if missing:
        yield Problem(
            runbook.where("title"), f"it lacks: {', '.join(missing)}", help=f"{missing[0]}: …"
        )


@rule(
    "RUN004",
    Runbook,
    level=Level.WARNING,
    bad=(
        Example(
            record="runbook",
            replace={
                "## Common Fixes\n1. Restart the search service.\n2. Roll back the last release.\n": ""
            },
        ),
    ),
)
def runbook_leads(runbook: Runbook, context: Context) -> Iterator[Problem]:
    """A runbook says how to look and what to try.

    **Why.** Timelines refer to its fixes by number.

    **Fix.** Write the sections `## Investigation` and `## Common Fixes` (or `## Response`).
    """
    titles = {section.title.casefold() for section in runbook.sections}
    missing = [] if "investigation" in titles else ["Investigation"]
    missing += [] if titles & {"common fixes", "response"} else ["Common Fixes"]
    if missing:
        yield Problem(
            runbook.where("title"),
            f"it has no section {' and no section '.join(missing)}",
            help=f"## {missing[0]}",
        )


@rule(
    "RUN005",
    Runbook,
    level=Level.WARNING,
    bad=(
        Example(
            record="runbook",
            replace={"2. Roll back the last release.": "2. Restore the index from the backup."},
        ),
    ),
    good=(
        Example(
            record="runbook",
            replace={
                "2. Roll back the last release.": "2. **Danger:** newer entries are lost. "
                "Restore the index from the backup."
            },
        ),
    ),
)
def runbook_marks_danger(runbook: Runbook, context: Context) -> Iterator[Problem]:
    """A fix that changes or loses data says so before it says how.

    **Why.** At 3 a.m. a command is copied before the sentence behind it is read.

    **Fix.** Begin the fix with `**Danger:**` and what is lost.
    """
    wanted = {word.casefold() for word in context.protocol.danger_words}
    for fix in fixes(runbook):
        found = next((word for word in fix.words if word in wanted), None)
        if found and not fix.is_dangerous:
            yield Problem(
                fix.position,
                f'fix {fix.number} can change data ("{found}") and does not say so',
                help=f"{fix.number}. **Danger:** what is lost. …",
            )
