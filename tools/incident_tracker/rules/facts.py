"""Clocks of the past that were missed: facts, shown and measured, never in the exit status.

Only what the file itself proves is told here; what the clock alone makes true belongs to `incident
due`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from incident_tracker.finding import Level
from incident_tracker.model import Incident, Milestone
from incident_tracker.registers import CONTACTS
from incident_tracker.registry import Context, Example, Problem, rule


def _minutes(span: timedelta) -> str:
    """Return a duration in minutes, or in hours and minutes from two hours on."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 # two hours


def _late(incident: Incident, end: datetime | None, limit: timedelta | None) -> timedelta | None:
    """Return how long after detection it ended, None where it was in time or is unknown."""
    start = incident.at(Milestone.DETECTED)
    if start is None or end is None or limit is None or end - start <= limit:
        return None
    return end - start


@rule(
    "INC070",
    Incident,
    level=Level.FACT,
    imported=False,
    bad=(
        Example(
            set={
                "detected_at": "2026-03-02T08:59-06:00",
                "started_at": None,
            },
            replace={
                "- 09:55 - Impact started: first error in the log\n": "",
                "- 10:00 - Incident detected": "- 08:59 - Incident detected",
                "- 10:07 - Notified: on-call team, team lead via phone": (
                    "- 09:10 - Notified: on-call team, team lead via phone"
                ),
                "- 10:05 - Acknowledged by bo\n": "",
                "- 10:10 - IC assigned: asha, investigation started": (
                    "- 10:05 - Acknowledged by bo\n- 10:10 - IC assigned: asha"
                ),
            },
        ),
    ),
    good=(Example(),),
)
def acknowledged_in_time(incident: Incident, context: Context) -> Iterator[Problem]:
    """The incident was acknowledged within the response time of its severity.

    **Why.** The protocol promises it; a miss is shown, so that the way to the on-call engineer gets
    better.

    **Fix.** Nothing to fix: a fact stays as it happened. Correct the times only if they are wrong.
    """
    terms = context.protocol.severities.get(incident.severity)
    end = incident.at(Milestone.ACKNOWLEDGED)
    late = _late(incident, end, terms.response if terms else None)
    if late is not None and terms is not None:
        message = f"acknowledged after {_minutes(late)}; {incident.severity} allows "
        yield Problem(
            incident.where("acknowledged_at", "status"), message + _minutes(terms.response)
        )


@rule(
    "INC071",
    Incident,
    level=Level.FACT,
    imported=False,
    bad=(
        Example(
            replace={
                "- 10:07 - Notified: on-call team, team lead via phone\n": "",
                "- 11:01 - Hypothesis confirmed": (
                    "- 11:01 - Notified: on-call team, team lead\n- 11:01 - Hypothesis confirmed"
                ),
            }
        ),
        Example(
            set={"severity": "P0"},
            replace={
                "- 10:25 - Root": "- 10:24 - Severity changed: P1 → P0 because nobody can buy\n- 10:25 - Root",
                "- 10:45 - Status": "- 10:40 - Notified: campaign manager\n- 10:45 - Status",
            },
        ),
    ),
    good=(
        Example(
            set={"severity": "P0"},
            replace={
                "- 10:25 - Root": "- 10:24 - Severity changed: P1 → P0 because nobody can buy\n- 10:25 - Root",
                "- 10:40 - Decision": "- 10:39 - Notified: campaign manager\n- 10:40 - Decision",
            },
        ),
    ),
)
def audiences_told_in_time(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each audience was told within the time of the severity.

    **Why.** The protocol promises it; a miss is shown, so that telling gets easier.

    **Fix.** Nothing to fix: a fact stays as it happened.
    """
    late = [
        f"{who} after {_minutes(told - start)}; {severity} allows {_minutes(limit)}"
        for who, (start, severity, limit) in _notices(incident).items()
        if (told := incident.log.audiences.get(who)) is not None and told - start > limit
    ]
    if late:
        yield Problem(incident.where("severity"), f"told late: {', '.join(late)}")


def _notices(incident: Incident) -> dict[str, tuple[datetime, str, timedelta]]:
    """Return from when each audience was owed a notice, by which severity, and its time."""
    detected = incident.at(Milestone.DETECTED)
    owed: dict[str, tuple[datetime, str, timedelta]] = {}
    for change in incident.log.severities if detected is not None else ():
        start = change.at or detected
        terms = incident.protocol.severities.get(change.value)
        if terms is None or start is None:
            continue
        for who, (since, _, limit) in list(owed.items()):
            told = incident.log.audiences.get(who)
            # What is no longer owed falls away, unless it was told or late by then.
            if who not in terms.audiences and told is None and since + limit >= start:
                del owed[who]
        for who in terms.audiences if terms.notify is not None else ():
            owed.setdefault(who, (start, change.value, terms.notify or timedelta()))
    return owed


@rule(
    "INC072",
    Incident,
    level=Level.FACT,
    imported=False,
    bad=(Example(replace={"- Next update: 12:00": "- Next update: 11:00"}),),
    good=(Example(replace={"- Next update: 12:00": "- Next update: 11:50"}),),
)
def promise_kept(incident: Incident, context: Context) -> Iterator[Problem]:
    """The next update came by the time that the one before had promised.

    **Why.** A kept promise is what keeps people from asking.

    **Fix.** Nothing to fix: a fact stays as it happened. Promise a later time the next time.
    """
    updates = [update for update in incident.log.updates if update.at is not None]
    for before, after in pairwise(updates):
        promised = before.next_update_at
        if promised is None or before.at is None or after.at is None:
            continue
        if before.at < promised < after.at:
            yield Problem(
                after.position,
                f"came {_minutes(after.at - promised)} after the promised {promised:%H:%M}",
            )


def _team(ic: str) -> str:
    person = "  - {id: %s, name: %s, role: %s}\n"
    people = [("asha", "Asha", "team lead"), (ic, ic.title(), "on-call")]
    return "people:\n" + "".join(person % one for one in people)


@rule(
    "INC073",
    Incident,
    level=Level.FACT,
    imported=False,
    bad=(
        Example(
            set={"roles": "{ic: bo, technical_lead: bo, communications_lead: chen, scribe: dana}"},
            replace={"- 10:10 - IC assigned: asha": "- 10:10 - IC assigned: bo"},
            beside={CONTACTS: _team("bo")},
        ),
    ),
    good=(Example(beside={CONTACTS: _team("bo")}),),
)
def led_by_its_level(incident: Incident, context: Context) -> Iterator[Problem]:
    """A major incident is led by the level of the escalation that the protocol names for it.

    **Why.** A major incident needs somebody who may decide about people and architecture. Who was
    there decides, so this is shown and holds nothing up.

    **Fix.** Nothing to fix: a fact stays as it happened. While it is open, hand it over with
    `incident role ID ic NAME`.
    """
    level = context.tracker.protocol.escalation.leader(incident.severity)
    contacts = context.tracker.contacts
    ic = contacts.person(incident.roles.get(incident.protocol.acknowledger_role, ""))
    leads = [person.id for person in contacts.people if level and person.role == level.role]
    if level is None or ic is None or not leads or ic.id in leads or not _is_major(incident):
        return
    message = f"led by {ic.name}, {ic.role}; {incident.severity} is led by a "
    yield Problem(incident.where("roles", "severity"), f"{message}{level.name}: {', '.join(leads)}")


def _is_major(incident: Incident) -> bool:
    """Whether its severity is told to somebody: below that, whoever takes it leads it."""
    terms = incident.protocol.severities.get(incident.severity)
    return terms is not None and bool(terms.audiences)
