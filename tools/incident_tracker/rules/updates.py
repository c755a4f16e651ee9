"""What a status update must tell, codes UPD020 and up; their form is judged where they are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from incident_tracker.filled import unfilled
from incident_tracker.finding import Level
from incident_tracker.lifecycle.public_texts import approver, public_texts
from incident_tracker.model import Incident, Milestone, Update
from incident_tracker.registry import Context, Example, Problem, rule


def _promising(incident: Incident, context: Context) -> Iterator[Update]:
    """Yield the updates that owe a promise: of a severity with a cadence, and not the last word."""
    terms = context.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return
    for update in incident.log.updates:
        if update.status not in (*context.protocol.gates.incident, "cancelled"):
            yield update


@rule(
    "UPD020",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(Example(replace={"- Next update: 12:00\n": ""}),),
)
def update_promises_the_next(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each update but the last says when the next one comes.

    **Why.** A promised time keeps people from asking; without it silence is all they have.

    **Fix.** Add `- Next update: HH:MM` below the update's text.
    """
    for update in _promising(incident, context):
        if "next-update" in context.protocol.update_needs and update.next_update_at is None:
            yield Problem(
                update.position,
                "the update does not say when the next one comes",
                help="- Next update: HH:MM",
            )


@rule(
    "UPD021",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(Example(replace={"- Next steps: look at release 7\n": ""}),),
)
def update_names_next_steps(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each update but the last says what happens next.

    **Why.** "We are working on it" tells nobody whether to wait or to go another way.

    **Fix.** Add `- Next steps: what you do now` below the update's text.
    """
    for update in _promising(incident, context):
        if "next-steps" in context.protocol.update_needs and not update.value("next-steps"):
            yield Problem(
                update.position,
                "the update does not say what happens next",
                help="- Next steps: what you do now",
            )


@rule(
    "UPD022",
    Incident,
    bad=(Example(replace={"### 2026-03-02 11:50 - Resolved": "### 2026-03-02 10:15 - Resolved"}),),
)
def updates_in_order(incident: Incident, context: Context) -> Iterator[Problem]:
    """Updates stand in the order of their times.

    **Why.** The last one is taken for the newest, on the page and in the notice.

    **Fix.** Correct the time, or move the update.
    """
    for before, after in pairwise(incident.log.updates):
        if before.at is not None and after.at is not None and after.at < before.at:
            yield Problem(
                after.position,
                f"the update is earlier than the one above it (line {before.position.line})",
                help="correct its time or move it",
            )


@rule("UPD023", Incident, imported=False, bad=(Example(replace={"Searching works again.\n": ""}),))
def update_says_something(incident: Incident, context: Context) -> Iterator[Problem]:
    """An update has a text.

    **Why.** It is what the outside reads.

    **Fix.** Write a sentence below its heading: what was learned, what is done.
    """
    for update in incident.log.updates:
        if not update.text.strip():
            yield Problem(
                update.position,
                "the update has no text",
                help="one sentence: what was learned, what is done",
            )


@rule(
    "UPD024",
    Incident,
    bad=(Example(replace={"- Next update: 12:00\n": "- Next update: 2026-03-02 10:10\n"}),),
)
def promise_lies_ahead(incident: Incident, context: Context) -> Iterator[Problem]:
    """The promised next update is later than the update that promises it.

    **Why.** A promise in the past cannot be kept and would be counted as broken.

    **Fix.** Correct the time behind `Next update`.
    """
    for update in incident.log.updates:
        if (
            update.at is not None
            and update.next_update_at is not None
            and update.next_update_at <= update.at
        ):
            line = next(
                (key.position for key in update.keys if key.key == "next-update"), update.position
            )
            yield Problem(
                line,
                "the next update is promised for a time before this one",
                help="- Next update: a later time",
            )


@rule(
    "UPD025",
    Incident,
    imported=False,
    bad=(Example(replace={"### 2026-03-02 10:20 - Inv": "### 2026-03-02 09:59 - Inv"}),),
    good=(Example(replace={"### 2026-03-02 10:20 - Inv": "### 2026-03-02 10:00 - Inv"}),),
)
def update_follows_detection(incident: Incident, context: Context) -> Iterator[Problem]:
    """An update was told when the incident was known: not before its detection.

    **Why.** Around midnight the wrong date slips in, and every wait is counted from it.

    **Fix.** Correct the date or the time of the heading, or the time of the detection.
    """
    detected = incident.at(Milestone.DETECTED)
    if detected is None or incident.is_maintenance:
        return
    since = detected.replace(second=0, microsecond=0)
    for update in incident.log.updates:
        if update.at is not None and update.at < since:
            yield Problem(
                update.position,
                f"the update is before the detection at {since:%Y-%m-%d %H:%M}",
                help="correct the date or the time of the heading",
            )


PUBLIC = {"severity": "P0", "visibility": "public", "public_summary": "Search failed for an hour."}
ALL_TOLD = {
    "Triage complete: real, P1": "Triage complete: real",
    "team lead via phone": "team lead, campaign manager via phone",
}


@rule(
    "UPD026",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(Example(set=PUBLIC, replace=ALL_TOLD),),
    good=(
        Example(
            set=PUBLIC,
            replace={
                **ALL_TOLD,
                "- Prevention: releases": "- Approved by: erin\n- Prevention: releases",
            },
        ),
    ),
)
def public_update_approved(incident: Incident, context: Context) -> Iterator[Problem]:
    """A text for people outside the team was approved, but for the first ones of an incident.

    **Why.** Somebody answers for what the outside reads; the first notice has no time to wait, so
    its wording was approved beforehand. Where it went out before the first update was written, that
    update is the second text.

    **Fix.** Ask who approves, and write `- Approved by: name` below the update's text, or
    `incident notify ID update --approved-by NAME`.
    """
    for number, update in enumerate(public_texts(incident), 1):
        by = approver(incident, number)
        if update is not None and by and not update.value("approved-by"):
            yield Problem(
                update.position,
                f"the update is public, and nothing says that the {by} approved it",
                help="- Approved by: name",
            )


@rule(
    "UPD027",
    Incident,
    imported=False,
    bad=(
        Example(replace={"- Impact: search is unavailable": "- Impact: [Description]"}),
        Example(replace={"Searching works again.": "Searching works again since [Time]."}),
    ),
)
def update_filled_in(incident: Incident, context: Context) -> Iterator[Problem]:
    """No field of a template is left unfilled in an update.

    **Why.** A notice that says "[Time]" tells everybody that nobody read it before it went out.

    **Fix.** Fill the field in, or take the line away: a notice says itself what is not known yet.
    """
    for update in incident.log.updates:
        told = [(keyed.position, keyed.value) for keyed in update.keys]
        for place, text in [(update.position, update.text), *told]:
            left = unfilled(text, context.protocol)
            if left:
                yield Problem(place, f'"{left}" is a field of a template', help="fill it in")
                break
