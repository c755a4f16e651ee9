"""What somebody still owes at a moment, overdue or to come, with the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.clocks import Clock, clocks
from incident_tracker.lifecycle.actions import shared_ids, typed_id
from incident_tracker.metrics.actions import actions_of, end_of
from incident_tracker.model import ActionState, Incident, Review, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.repeats import repeats

LEADS, TELLS = "ic", "communications_lead"
# What is over with the incident: nobody can acknowledge or update it any more.
WHILE_OPEN = ("acknowledge", "triage", "notify", "update", "promise", "watch")


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One thing that is owed: ``id`` is the record's or the action's, ``when`` its last moment.

    ``remind`` is from when on it is worth saying, None where that is now. ``who`` is a person, or
    a role that nobody holds. Where ``is_possible`` it has no last moment: ``when`` is from when on
    it may be done, and it is never overdue. ``record`` is the incident that owes it, ``clock`` the
    name of the clock, empty for an action.
    """

    id: str
    what: str
    when: datetime
    is_overdue: bool
    who: str
    command: str
    record: str
    remind: datetime | None = None
    clock: str = ""
    is_possible: bool = False


def due(tracker: Tracker, now: datetime) -> tuple[Due, ...]:
    """Return everything that is owed at ``now``, the longest overdue first."""
    repeated = repeats(tracker.incidents)
    found: list[Due] = []
    for incident in tracker.incidents:
        found += _of_incident(incident, tracker, now, repeated)
    found += _of_actions(tracker, now)
    return tuple(sorted(found, key=lambda item: (item.when, item.id, item.what)))


def _of_incident(
    incident: Incident, tracker: Tracker, now: datetime, repeated: Mapping[str, Incident]
) -> Iterator[Due]:
    review = tracker.review_by_incident.get(incident.id)
    owed = [clock for clock in clocks(incident, tracker, now, repeated=repeated) if clock.is_owed]
    updates = [clock for clock in owed if clock.name in ("update", "promise")]
    if updates:
        # One update answers both; the earlier of the two times counts.
        first = min(updates, key=lambda clock: clock.due)
        owed = [clock for clock in owed if clock not in updates or clock is first]
    for clock in owed:
        if clock.name in COMMANDS and (incident.is_open or clock.name not in WHILE_OPEN):
            if clock.name == "publish" and (review is None or review.held_at is None):
                continue
            yield Due(
                id=incident.id,
                what=_what(clock, review),
                when=clock.due,
                is_overdue=now > clock.due and not clock.is_least,
                who=_who(clock, incident, review),
                command=COMMANDS[clock.name](clock, incident, review),
                record=incident.id,
                remind=clock.remind,
                clock=clock.name,
                is_possible=clock.is_least,
            )


def _of_actions(tracker: Tracker, now: datetime) -> Iterator[Due]:
    for incident in tracker.incidents:
        actions = tuple(actions_of((incident,), tracker))
        shared = shared_ids(actions)
        for action in actions:
            if action.state is not ActionState.OPEN or action.due is None:
                continue
            when = end_of(action.due, tracker.protocol.tzinfo)
            yield Due(
                id=action.id,
                what=action.text,
                when=when,
                is_overdue=now >= when,
                who=action.owner,
                command=f"incident action done {typed_id(action, shared)}",
                record=incident.id,
            )


def _what(clock: Clock, review: Review | None) -> str:
    if clock.is_least:
        least = round(clock.limit.total_seconds() / 60)
        return f"can be verified once the watch has lasted {least} min"
    if clock.name == "review" and review is not None and review.held_at is not None:
        return f"{clock.what}, scheduled for {review.held_at:%Y-%m-%d %H:%M}"
    return clock.what


def _who(clock: Clock, incident: Incident, review: Review | None) -> str:
    protocol = incident.protocol
    role = TELLS if clock.name in ("notify", "update", "promise") else LEADS
    if clock.name in ("review", "publish") and review is not None and review.facilitator:
        return review.facilitator
    holder = incident.roles.get(role) or incident.roles.get(LEADS)
    return holder or (protocol.roles[role].name if role in protocol.roles else "")


def _log(incident: Incident, protocol: Protocol, phrase: str, value: str) -> str:
    text = protocol.phrases[phrase].text[0] if phrase in protocol.phrases else phrase
    return f'incident log {incident.id} "{text}: {value}"'


def _review_command(_: Clock, incident: Incident, review: Review | None) -> str:
    if review is None:
        return f"incident pir new {incident.id}"
    return f"incident pir schedule {incident.id} --at TIME"


def _by(incident: Incident) -> str:
    """The name that closing asks for where nobody leads."""
    return "" if incident.roles.get(incident.protocol.acknowledger_role) else " --by NAME"


COMMANDS: Mapping[str, Callable[[Clock, Incident, Review | None], str]] = {
    "acknowledge": lambda _, i, __: f"incident ack {i.id} --by NAME",
    "triage": lambda _, i, __: _log(i, i.protocol, "triage-complete", f"real, {i.severity}"),
    "notify": lambda c, i, _: _log(i, i.protocol, "notified", c.audience),
    "update": lambda _, i, __: f'incident update {i.id} --message "…"',
    "promise": lambda _, i, __: f'incident update {i.id} --message "…"',
    "watch": lambda _, i, __: f"incident status {i.id} resolved",
    "close": lambda _, i, __: f"incident status {i.id} closed{_by(i)}",
    "report": lambda _, i, __: _report_command(i),
    "review": _review_command,
    "publish": lambda _, i, __: f"incident pir publish {i.id}",
}


def _report_command(incident: Incident) -> str:
    box = incident.protocol.review_boxes.get("initial-report")
    return f'incident tick {incident.id} "{box.text if box else "initial report"}"'
