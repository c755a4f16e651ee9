"""What a severity owes while the fault is sought: codes INC020 to INC039, one duty each."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.lifecycle.ids import channel_of
from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.model import Incident
from incident_tracker.registry import Context, Example, Problem, rule


def missing(incident: Incident, what: str, line: str) -> Problem:
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
        yield missing(incident, "a completed triage", f"Triage complete: real, {incident.severity}")


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
        yield missing(incident, "the impact", "Impact: who cannot do what")


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
        yield missing(
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
    untold = [audience for audience in terms.audiences if audience not in incident.log.audiences]
    if untold:
        names = ", ".join(untold)
        yield missing(incident, f"notice to: {names}", f"Notified: {names} via phone")


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
        line = valued(context.protocol, "war-room", channel_of(incident.id))
        yield missing(incident, "a war room", line)


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
    """Somebody leads: the role of who acknowledges, in the shipped protocol Incident Commander.

    **Why.** Without one person who decides, five people restart the same server.

    **Fix.** Add the line `- HH:MM - IC assigned: name`, or run `incident role ID ic NAME`.
    """
    yield from _unheld(incident, context.protocol.acknowledger_role)


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
    yield from _unheld(incident, context.protocol.speaker_role)


@rule(
    "INC027",
    Incident,
    duty="roles",
    bad=(
        Example(
            set={"roles": "{ic: asha, technical_lead: bo, communications_lead: chen}"},
            replace={"- 10:11 - Scribe assigned: dana\n": ""},
        ),
    ),
)
def roles_held(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each role that `protocol.yml` asks for at this severity is held by somebody.

    **Why.** A task that is everybody's is nobody's, most of all in the first hour.

    **Fix.** Add the line that assigns it, or run `incident role ID ROLE NAME`.
    """
    terms = context.protocol.severities.get(incident.severity)
    for role in terms.roles if terms else ():
        yield from _unheld(incident, role)


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
    yield from _unheld(incident, context.protocol.technical_role)


def _unheld(incident: Incident, role: str) -> Iterator[Problem]:
    if role in incident.roles:
        return
    protocol = incident.protocol
    name = protocol.roles[role].name if role in protocol.roles else role
    lines = [p.text[0] for p in protocol.phrases.values() if p.role == role]
    article = "an" if name[:1].lower() in "aeiou" else "a"
    yield missing(incident, f"{article} {name}", f"{lines[0] if lines else role}: name")


def _unchecked(incident: Incident, context: Context, check: str) -> Iterator[Problem]:
    if check not in incident.log.checks:
        word = context.protocol.checks[check]
        yield missing(
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
