"""What a security incident owes at any severity: codes SEC001 and up."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.finding import Level
from incident_tracker.model import Incident
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.rules.closing import unanswered


def _owed(incident: Incident, phrase: str, what: str) -> Iterator[Problem]:
    if not incident.log.of(phrase):
        words = incident.protocol.phrases[phrase].text[0]
        yield Problem(
            incident.where("status"),
            f"{incident.status} without {what}",
            help=f"- HH:MM - {words}: how",
        )


def _without(line: str) -> tuple[Example, ...]:
    return (Example(record="security", replace={f"- {line}\n": ""}),)


@rule(
    "SEC001",
    Incident,
    duty="preserved",
    bad=_without("08:30 - Evidence preserved: sign-in log, read-only copy"),
)
def evidence_preserved(incident: Incident, context: Context) -> Iterator[Problem]:
    """Logs and evidence are saved before anything is repaired.

    **Why.** A repair overwrites what the attacker left.

    **Fix.** Save a read-only copy and add `- HH:MM - Evidence preserved: what and where`.
    """
    yield from _owed(incident, "preserved", "preserved evidence")


@rule(
    "SEC002", Incident, duty="contained", bad=_without("08:16 - Contained: the account is disabled")
)
def attack_contained(incident: Incident, context: Context) -> Iterator[Problem]:
    """The affected systems or accounts are isolated.

    **Why.** An attacker who is still inside undoes every other step.

    **Fix.** Isolate them and add `- HH:MM - Contained: what was isolated`.
    """
    yield from _owed(incident, "contained", "containment")


@rule(
    "SEC003",
    Incident,
    duty="assessed",
    bad=_without("08:55 - Scope assessed: one account, no personal data"),
)
def scope_assessed(incident: Incident, context: Context) -> Iterator[Problem]:
    """How far the breach reaches is known.

    **Why.** Whether authorities and people must be told depends on it.

    **Fix.** Add `- HH:MM - Scope assessed: accounts, systems, personal data or none`.
    """
    yield from _owed(incident, "assessed", "an assessed scope")


@rule(
    "SEC004",
    Incident,
    duty="removed",
    bad=_without("09:10 - Attacker access removed: account deleted"),
)
def access_removed(incident: Incident, context: Context) -> Iterator[Problem]:
    """The attacker has no access any more.

    **Why.** A closed door with a copied key is open.

    **Fix.** Add `- HH:MM - Attacker access removed: how`.
    """
    yield from _owed(incident, "removed", "removal of the attacker's access")


@rule(
    "SEC005",
    Incident,
    duty="recovered",
    bad=_without("09:40 - Secure state restored: named accounts with a second factor"),
)
def secure_state_restored(incident: Incident, context: Context) -> Iterator[Problem]:
    """The systems are back in a secure state.

    **Why.** Restoring what was there restores the hole.

    **Fix.** Add `- HH:MM - Secure state restored: how`.
    """
    yield from _owed(incident, "recovered", "a restored secure state")


@rule("SEC006", Incident, duty="rotated", bad=_without("09:20 - Credentials rotated: all admins"))
def credentials_rotated(incident: Incident, context: Context) -> Iterator[Problem]:
    """Passwords and keys that could be known are changed.

    **Why.** What the attacker has read stays known.

    **Fix.** Add `- HH:MM - Credentials rotated: whose`.
    """
    yield from _owed(incident, "rotated", "rotated credentials")


def _looked(incident: Incident, context: Context, check: str) -> Iterator[Problem]:
    if check not in incident.log.checks:
        word = context.protocol.checks[check]
        yield Problem(
            incident.where("status"),
            f"{incident.status} without a look at {word.about}",
            help=f"- HH:MM - Checked: {word.words[0]}: what you found",
        )


@rule(
    "SEC007",
    Incident,
    duty="checked-access-logs",
    bad=(
        Example(
            record="security", replace={"changes, access logs, backdoors": "changes, backdoors"}
        ),
    ),
)
def access_logs_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody reviewed the access logs.

    **Why.** They show what was read, and by whom else.

    **Fix.** Add `- HH:MM - Checked: access logs: what you found`.
    """
    yield from _looked(incident, context, "checked-access-logs")


@rule(
    "SEC008",
    Incident,
    duty="checked-backdoors",
    bad=(
        Example(
            record="security", replace={"changes, access logs, backdoors": "changes, access logs"}
        ),
    ),
)
def backdoors_checked(incident: Incident, context: Context) -> Iterator[Problem]:
    """Somebody looked for backdoors and malware.

    **Why.** Attackers leave a second way in.

    **Fix.** Add `- HH:MM - Checked: backdoors: what you found`.
    """
    yield from _looked(incident, context, "checked-backdoors")


@rule(
    "SEC009",
    Incident,
    duty="security-boxes",
    bad=(
        Example(
            record="security",
            replace={"- [x] Reported to authorities (n/a: no personal data)\n": ""},
        ),
    ),
)
def security_boxes_answered(incident: Incident, context: Context) -> Iterator[Problem]:
    """The three boxes about backup, authorities and personal data have an answer.

    **Why.** Each of them has a legal or a technical deadline that runs whether or not somebody
    thought of it.

    **Fix.** Tick the box, or write `(n/a: why)` behind it.
    """
    yield from unanswered(
        incident, tuple(context.protocol.security_boxes), "the security checklist"
    )


@rule(
    "SEC010",
    Incident,
    level=Level.WARNING,
    bad=(
        Example(
            record="security",
            replace={
                "- 08:30 - Evidence": "- 08:28 - Credentials rotated: all admins\n- 08:30 - Evidence",
                "- 09:20 - Credentials rotated: all admins\n": "",
            },
        ),
    ),
    good=(Example(record="security"),),
)
def preserved_before_rotated(incident: Incident, context: Context) -> Iterator[Problem]:
    """Evidence is preserved before passwords and keys are changed.

    **Why.** New passwords end the sessions in which the attacker can still be seen. The order is
    for people to judge: this only reminds of it.

    **Fix.** Preserve first where that is still possible; otherwise say in the timeline why not.
    """
    rotated, preserved = incident.log.of("rotated"), incident.log.of("preserved")
    phrase = incident.protocol.phrases.get("preserved")
    # A protocol that does not ask for it need not have a phrase for it.
    if "security" not in incident.kinds or not rotated or phrase is None:
        return
    first = rotated[0]
    if any(entry.position.line < first.position.line for entry in preserved):
        return
    # Where it is missing and owed by now, its own rule says so.
    if preserved or not _is_owed_by_now(incident, "preserved"):
        yield Problem(
            first.text_position,
            "changed before evidence was preserved",
            help=f"- HH:MM - {phrase.text[0]}: what and where",
        )


def _is_owed_by_now(incident: Incident, duty: str) -> bool:
    order = incident.protocol.status_order
    owes = incident.protocol.security.owes.items()
    reached = order.get(incident.status, 0)
    return any(duty in duties and order.get(status, 0) <= reached for status, duties in owes)
