"""What a severity owes before the next gate: codes INC020 to INC059, one duty each."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.model import Incident, Milestone
from incident_tracker.registry import Context, Example, Problem, rule


def _missing(incident: Incident, what: str, line: str) -> Problem:
    """Return the problem of a line that is owed and not there, at the field that makes it owed."""
    where = incident.where("status", "severity")
    return Problem(where, f"{incident.status} without {what}", help=f"- HH:MM - {line}")


@rule(
    "INC020",
    Incident,
    duty="triage",
    bad=(Example(replace={"- 10:13 - Triage complete: real, P1\n": ""}),),
)
def triage_complete(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody looked whether the incident is real, how severe it is and whether to escalate.

    **Why.** Work on a false alarm, or on the wrong severity, costs the minutes that matter most.

    **Fix.** Add the line `- HH:MM - Triage complete: real, P1` to the timeline, at the time when it
    was so.
    """
    if not incident.log.of("triage-complete"):
        yield _missing(
            incident, "a completed triage", f"Triage complete: real, {incident.severity}"
        )


@rule(
    "INC021",
    Incident,
    duty="impact",
    bad=(
        Example(
            replace={
                "- 10:14 - Impact: no visitor can search\n": "",
                "- Impact: search is unavailable\n": "",
            }
        ),
    ),
)
def impact_known(incident: Incident, context: Context) -> Iterator[Problem]:
    """The impact on users is written down; "unknown" is an answer.

    **Why.** Severity, audiences and the order of work follow from who is hurt and how.

    **Fix.** Add the line `- HH:MM - Impact: who cannot do what`.
    """
    told = any(update.value("impact") for update in incident.log.updates)
    if not (incident.log.of("impact") or told or incident.section("Impact")):
        yield _missing(incident, "the impact", "Impact: who cannot do what")


@rule(
    "INC022",
    Incident,
    duty="hypothesis",
    bad=(
        Example(
            replace={
                "- 10:25 - Root cause hypothesis: release 7 reads the old index\n": "",
                "- 11:01 - Hypothesis confirmed: release 7 expects the new format\n": "",
            }
        ),
    ),
)
def hypothesis_written(incident: Incident, context: Context) -> Iterator[Problem]:
    """What the responders believed to be the cause stands in the timeline.

    **Why.** Whoever joins later must see what was already thought of, and the review learns from
    wrong guesses too.

    **Fix.** Add the line `- HH:MM - Root cause hypothesis: what you believe`.
    """
    if not incident.log.of("hypothesis", "hypothesis-confirmed"):
        yield _missing(
            incident, "a hypothesis about the cause", "Root cause hypothesis: what you believe"
        )


@rule(
    "INC023",
    Incident,
    duty="audiences",
    bad=(
        Example(
            replace={
                "- 10:07 - Notified: on-call team, team lead via phone": "- 10:07 - Notified: on-call team"
            }
        ),
    ),
    good=(
        Example(
            replace={
                "- 10:07 - Notified: on-call team, team lead via phone": "- 10:07 - Notified: team lead"
            }
        ),
    ),
)
def audiences_notified(incident: Incident, context: Context) -> Iterator[Problem]:
    """Everybody whom the severity demands was told. Who acknowledges counts as told.

    **Why.** The severity decides who must know; an audience that nobody told learns of it from
    outside.

    **Fix.** Tell them, and add the line `- HH:MM - Notified: team lead via phone`.
    """
    terms = context.protocol.severities[incident.severity]
    missing = [audience for audience in terms.audiences if audience not in incident.log.audiences]
    if missing:
        names = ", ".join(missing)
        yield _missing(incident, f"notice to: {names}", f"Notified: {names} via phone")


@rule(
    "INC024",
    Incident,
    duty="war-room",
    bad=(Example(replace={"- 10:12 - War room opened: #incident-20260302-good\n": ""}),),
)
def war_room_open(incident: Incident, context: Context) -> Iterator[Problem]:
    """The responders have one channel of their own.

    **Why.** In a shared channel decisions drown, and nobody finds them for the review.

    **Fix.** Open the channel and add the line `- HH:MM - War room opened: #incident-YYYYMMDD-slug`.
    """
    if not incident.log.of("war-room"):
        channel = f"#incident-{incident.id[:10].replace('-', '')}-{incident.id[11:]}"
        yield _missing(incident, "a war room", f"War room opened: {channel}")


@rule(
    "INC025",
    Incident,
    duty="ic",
    bad=(
        Example(
            set={
                "roles": "{technical_lead: bo, communications_lead: chen, scribe: dana}",
                "acknowledged_at": None,
            },
            replace={
                "- 10:05 - Acknowledged by bo\n": "",
                "- 10:10 - IC assigned: asha, investigation started\n": "",
            },
        ),
    ),
)
def commander_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody is Incident Commander.

    **Why.** Without one person who decides, five people restart the same server.

    **Fix.** Add the line `- HH:MM - IC assigned: name`, or run `incident role ID ic NAME`.
    """
    if "ic" not in incident.roles:
        yield _missing(incident, "an Incident Commander", "IC assigned: name")


@rule(
    "INC026",
    Incident,
    duty="communications-lead",
    bad=(
        Example(
            set={"roles": "{ic: asha, technical_lead: bo, scribe: dana}"},
            replace={"- 10:11 - Communications lead assigned: chen\n": ""},
        ),
    ),
)
def communications_lead_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody is responsible for what is told.

    **Why.** Who repairs cannot write updates, and silence is read as helplessness.

    **Fix.** Add the line `- HH:MM - Communications lead assigned: name`.
    """
    if "communications_lead" not in incident.roles:
        yield _missing(incident, "a Communications Lead", "Communications lead assigned: name")


@rule(
    "INC027",
    Incident,
    duty="scribe",
    bad=(
        Example(
            set={"roles": "{ic: asha, technical_lead: bo, communications_lead: chen}"},
            replace={"- 10:11 - Scribe assigned: dana\n": ""},
        ),
    ),
)
def scribe_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody keeps the timeline.

    **Why.** What is not written within minutes is gone; the review then works from memory.

    **Fix.** Add the line `- HH:MM - Scribe assigned: name`.
    """
    if "scribe" not in incident.roles:
        yield _missing(incident, "a Scribe", "Scribe assigned: name")


@rule(
    "INC028",
    Incident,
    duty="technical-lead",
    bad=(
        Example(
            set={"roles": "{ic: asha, communications_lead: chen, scribe: dana}"},
            replace={"- 10:11 - Technical lead assigned: bo\n": ""},
        ),
    ),
)
def technical_lead_named(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody leads the technical work.

    **Why.** Two fixes tried at once hide which of them helped.

    **Fix.** Add the line `- HH:MM - Technical lead assigned: name`.
    """
    if "technical_lead" not in incident.roles:
        yield _missing(incident, "a Technical Lead", "Technical lead assigned: name")


def _unchecked(incident: Incident, context: Context, check: str) -> Iterator[Problem]:
    if check not in incident.log.checks:
        word = context.protocol.checks[check]
        yield _missing(
            incident, f"a look at {word.about}", f"Checked: {word.words[0]}: what you found"
        )


@rule(
    "INC030",
    Incident,
    duty="checked-changes",
    bad=(
        Example(
            replace={
                "Checked: changes, logs, dashboards, functionality": "Checked: logs, dashboards, functionality"
            }
        ),
    ),
)
def changes_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody looked at the recent changes.

    **Why.** Most incidents begin with a change; it is the first question of the decision tree.

    **Fix.** Add the line `- HH:MM - Checked: changes: what you found`.
    """
    yield from _unchecked(incident, context, "checked-changes")


@rule(
    "INC031",
    Incident,
    duty="checked-logs",
    bad=(Example(replace={"Checked: changes, logs, dashboards": "Checked: changes, dashboards"}),),
)
def logs_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody read the logs.

    **Why.** The logs name what failed, and they are gone when they rotate.

    **Fix.** Add the line `- HH:MM - Checked: logs: what you found`.
    """
    yield from _unchecked(incident, context, "checked-logs")


@rule(
    "INC032",
    Incident,
    duty="checked-dashboards",
    bad=(
        Example(
            replace={
                "Checked: changes, logs, dashboards, functionality": "Checked: changes, logs, functionality"
            }
        ),
    ),
)
def dashboards_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody looked at the dashboards.

    **Why.** They show what else is affected.

    **Fix.** Add the line `- HH:MM - Checked: dashboards: what you found`.
    """
    yield from _unchecked(incident, context, "checked-dashboards")


@rule(
    "INC033",
    Incident,
    duty="checked-functionality",
    bad=(
        Example(
            replace={
                "Checked: changes, logs, dashboards, functionality": "Checked: changes, logs, dashboards"
            }
        ),
    ),
)
def functionality_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody tried what users say is broken.

    **Why.** A probe and a user often mean different things by "down".

    **Fix.** Add the line `- HH:MM - Checked: functionality: what you found`.
    """
    yield from _unchecked(incident, context, "checked-functionality")


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
        problem = _missing(
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
    answered = {box.box for box in incident.boxes if box.answered}
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
    watched, least = (
        incident.between(Milestone.RESOLVED, Milestone.VERIFIED),
        context.protocol.watch.least,
    )
    if watched is not None and watched < least:
        minutes, wanted = int(watched.total_seconds() // 60), int(least.total_seconds() // 60)
        entry = incident.log.times.get(Milestone.VERIFIED)
        where = entry.position if entry else incident.where("verified_at")
        yield Problem(
            where,
            f"verified {minutes} min after the fix; the protocol watches for {wanted} min",
            help="wait, and write the later time",
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

    **Why.** Repeats are found by it; a repeated incident owes a review.

    **Fix.** Write `root_cause: short-slug`; look at `incident list --root-cause` for the names in
    use.
    """
    if not incident.root_cause:
        yield Problem(
            incident.where("status"),
            f"{incident.status} without a root cause",
            help=f"incident set {incident.id} root_cause=short-slug",
        )
