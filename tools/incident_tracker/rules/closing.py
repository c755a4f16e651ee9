"""What a severity owes until it is closed: codes INC040 to INC059, one duty each."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.lines import answered_boxes
from incident_tracker.model import Incident, Milestone
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.rules.duties import missing
from incident_tracker.rules.incident import clock


@rule(
    "INC040",
    Incident,
    duty="resolution-option",
    bad=(
        Example(
            set={"resolution": None},
            replace={
                "- 11:10 - Resolution implemented (rollback): release 7 → release 6": "- 11:10 - Resolution implemented: release 6"
            },
        ),
    ),
)
def resolution_option_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """Which of the four ways out was taken is written down.

    **Why.** A workaround owes a permanent fix; a rollback owes another try.

    **Fix.** Write it into the line: `- HH:MM - Resolution implemented (rollback): what was done`.
    """
    if not incident.resolution:
        options = ", ".join(context.protocol.resolution_options)
        problem = missing(
            incident, "the way it was resolved", "Resolution implemented (rollback): what was done"
        )
        yield Problem(problem.where, problem.message, help=problem.help, note=f"one of: {options}")


@rule(
    "INC041",
    Incident,
    duty="permanent-fix",
    bad=(
        Example(
            set={"resolution": "workaround"},
            replace={
                "implemented (rollback)": "implemented (workaround)",
                ", Type: permanent-fix": ", Type: prevent",
            },
        ),
    ),
    good=(
        Example(
            set={"resolution": "workaround"},
            replace={"implemented (rollback)": "implemented (workaround)"},
        ),
    ),
)
def workaround_owes_a_fix(incident: Incident, context: Context) -> Iterator[Problem]:
    """A workaround comes with an action item for the permanent fix.

    **Why.** The protocol's leaf is "workaround + schedule fix"; a workaround without it is
    tomorrow's incident.

    **Fix.** Add an action of type permanent-fix to the incident or to its review.
    """
    if incident.resolution not in context.protocol.permanent_fix_after:
        return
    review = context.tracker.review_by_incident.get(incident.id)
    actions = (*incident.actions, *(review.actions if review else ()))
    if not any(action.type == "permanent-fix" for action in actions):
        yield Problem(
            incident.where("resolution", "status"),
            f"a {incident.resolution} without an action for the permanent fix",
            help=f'incident action add {incident.id} "what to repair" --owner NAME --due DATE --type permanent-fix',
        )


def _failed_over(line: str) -> Example:
    new = {
        "implemented (rollback): release 7 → release 6": "implemented (failover): the replica",
        "- 11:12 - TODO: test a release with the old index\n": line,
        "- 11:14 - Done: test a release with the old index\n": "",
    }
    return Example(set={"resolution": "failover"}, replace=new)


@rule(
    "INC060",
    Incident,
    duty="fail-back",
    bad=(_failed_over(""),),
    good=(_failed_over("- 11:12 - Done: fail back to the first server\n"),),
)
def failover_is_taken_back(incident: Incident, context: Context) -> Iterator[Problem]:
    """After a failover something says that the way back is planned or done.

    **Why.** Two systems that both believe to be the first one lose data; whoever comes next must
    know which one runs, and that the other one is to come back.

    **Fix.** Log `TODO: fail back to …`, or `Done: …` once it is so, or add an action of type
    fail-back to the incident or to its review.
    """
    protocol = context.protocol
    if incident.resolution not in protocol.fail_back_after:
        return
    review = context.tracker.review_by_incident.get(incident.id)
    actions = (*incident.actions, *(review.actions if review else ()))
    lines = [entry.said.text.casefold() for entry in incident.log.of("todo", "done") if entry.said]
    named = any(word.casefold() in line for line in lines for word in protocol.words.fail_back)
    if not named and not any(action.type == "fail-back" for action in actions):
        yield Problem(
            incident.where("resolution", "status"),
            f"a {incident.resolution}, and nothing says how it is taken back",
            help=f'incident action add {incident.id} "Fail back to …" --owner NAME --due DATE --type fail-back',
        )


@rule(
    "INC042",
    Incident,
    duty="boxes",
    bad=(
        Example(replace={"- [x] No new errors in logs": "- [ ] No new errors in logs"}),
        Example(replace={"- [x] Performance acceptable\n": ""}),
    ),
    good=(
        Example(
            replace={
                "- [x] Performance acceptable": "- [ ] Performance acceptable (n/a: a text was changed)"
            }
        ),
    ),
)
def verification_boxes_answered(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each box of the verification checklist is ticked, or not applicable with a reason.

    **Why.** "It looks good" is how incidents come back an hour later.

    **Fix.** Tick the box, or write `(n/a: why)` behind it; `incident tick ID "text"` does it too.
    """
    yield from unanswered(incident, tuple(context.protocol.verification_boxes), "the verification")


def unanswered(incident: Incident, wanted: tuple[str, ...], what: str) -> Iterator[Problem]:
    """Yield one problem that names every box without an answer."""
    answered = answered_boxes(incident.boxes)
    words = {**incident.protocol.verification_boxes, **incident.protocol.security_boxes}
    missing = [words[box].text for box in wanted if box not in answered]
    if missing:
        first = next(
            (box.position for box in incident.boxes if box.box in wanted and not box.answered), None
        )
        section = incident.section("Checklist")
        where = first or (section.position if section else incident.where("status"))
        yield Problem(
            where,
            f"{what} is not finished: {', '.join(missing)}",
            help=f'incident tick {incident.id} "{missing[0]}"',
        )


@rule(
    "INC043",
    Incident,
    duty="watch",
    bad=(
        Example(
            set={"verified_at": "2026-03-02T11:39-06:00"},
            replace={"- 11:45 - Verification complete": "- 11:39 - Verification complete"},
        ),
    ),
    good=(
        Example(
            set={"verified_at": "2026-03-02T11:40-06:00"},
            replace={"- 11:45 - Verification complete": "- 11:40 - Verification complete"},
        ),
    ),
)
def watched_long_enough(incident: Incident, context: Context) -> Iterator[Problem]:
    """A fix is watched for the protocol's least time before it is called verified.

    **Why.** A fix that looks good for five minutes has broken again within the hour too often.

    **Fix.** Keep the status at monitoring until the watch is over, or correct the times.
    """
    resolved, least = incident.at(Milestone.RESOLVED), context.protocol.watch.least
    watched = incident.between(Milestone.RESOLVED, Milestone.VERIFIED)
    if resolved is not None and watched is not None and watched < least:
        minutes, wanted = int(watched.total_seconds() // 60), int(least.total_seconds() // 60)
        entry = incident.log.times.get(Milestone.VERIFIED)
        where = entry.position if entry else incident.where("verified_at")
        yield Problem(
            where,
            f"verified {minutes} min after the fix; the protocol watches for {wanted} min",
            help=f"the watch ends at {clock(resolved + least)}: look again then, and write that time",
        )


@rule(
    "INC044",
    Incident,
    duty="resolved-update",
    bad=(
        Example(
            replace={
                "### 2026-03-02 11:50 - Resolved": "### 2026-03-02 11:50 - Monitoring",
                "Searching works again.\n": "Searching works again.\n- Next steps: none\n- Next update: 13:00\n",
            }
        ),
    ),
)
def resolution_told(incident: Incident, context: Context) -> Iterator[Problem]:
    """The last update says that it is resolved.

    **Why.** Whoever was told that something is broken is owed the message that it works.

    **Fix.** `incident update ID --status resolved --message "what works again"`.
    """
    if not any(update.status in context.protocol.gates.incident for update in incident.log.updates):
        yield Problem(
            incident.where("status"),
            f"{incident.status} without an update that says so",
            help=f'incident update {incident.id} --status resolved --message "what works again"',
        )


@rule(
    "INC045",
    Incident,
    duty="open-todos",
    bad=(
        Example(
            replace={
                "- 11:14 - Done: test a release with the old index": "- 11:14 - TODO: tell the newsletter\n- 11:15 - TODO: thank hostco",
            }
        ),
    ),
    good=(Example(replace={"- 11:14 - Done: test a release with the old index\n": ""}),),
)
def todos_settled(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each TODO of the timeline is done, or became an action item.

    **Why.** A promise made in the heat is forgotten the morning after.

    **Fix.** Add `- HH:MM - Done: the same text`, or an action item for it here or in the review.
    """
    review = context.tracker.review_by_incident.get(incident.id)
    actions = len(incident.actions) + (len(review.actions) if review else 0)
    left = incident.log.open_todos[actions:]
    for entry in left:
        text = entry.said.text if entry.said else entry.text
        yield Problem(
            entry.position,
            f'the TODO "{text}" is neither done nor an action item',
            help=f'incident action add {incident.id} "{text}" --owner NAME --due DATE',
        )


@rule(
    "INC046",
    Incident,
    duty="root-cause",
    bad=(Example(record="security", set={"root_cause": None}),),
    good=(
        Example(
            set={"severity": "P3"},
            replace={"Triage complete: real, P1": "Triage complete: real, P3"},
        ),
    ),
)
def root_cause_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """The cause has a short name, the same for the same cause.

    **Why.** Repeats are found by it; a repeated incident owes a review. Where a review is owed in any
    case, its section Root Cause says it, and this name is not asked for.

    **Fix.** Write `root_cause: short-slug`; look at `incident list --root-cause` for the names in
    use.
    """
    if not incident.root_cause:
        yield Problem(
            incident.where("status"),
            f"{incident.status} without a root cause",
            help=f"incident set {incident.id} root_cause=short-slug",
        )
