"""What somebody still owes at a moment, overdue or to come, with the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from incident_tracker.clocks import AUTHORITIES, Clock, clocks
from incident_tracker.escalation import on_call_at
from incident_tracker.lifecycle.actions import shared_ids, typed_id
from incident_tracker.lifecycle.deliveries import SAID, State, unsettled
from incident_tracker.lines import answered_boxes
from incident_tracker.metrics.actions import actions_of, end_of
from incident_tracker.model import ActionState, Incident, Milestone, Review, Tracker
from incident_tracker.practice import practice
from incident_tracker.protocol import Protocol
from incident_tracker.standing_duties import standing_duties

# What is over with the incident: nobody can acknowledge or update it any more.
WHILE_OPEN = ("acknowledge", "triage", "notify", "update", "promise", "watch")
# What nobody can do before the review was held.
AFTER_MEETING = ("publish", "documentation")
# What the speaker sees to.
TOLD = ("notify", "update", "promise", "told-over")
# What the review's facilitator sees to.
OF_REVIEW = ("review", "publish", "follow-up")


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One thing that is owed: ``id`` is the record's or the action's, ``when`` its last moment.

    ``remind`` is from when on it is worth saying, None where that is now. ``who`` is a person, or
    a role that nobody holds. Where ``is_possible`` it has no last moment: ``when`` is from when on
    it may be done, and it is never overdue. ``record`` is the incident that owes it, ``clock`` the
    name of the clock, empty for an action. What no incident owes has an id of its own, such as
    ``drill`` or ``contacts``. ``path`` is the file that an action stands in. ``start`` is when an
    incident's clock began to run.
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
    path: str = ""
    start: datetime | None = None

    def day(self, zone: tzinfo) -> date | None:
        """Return the last day for what is owed by a day, an action; None where it is a moment."""
        # The last moment of a day is the first of the next one.
        return None if self.clock else (self.when - timedelta(minutes=1)).astimezone(zone).date()


def due(tracker: Tracker, now: datetime) -> tuple[Due, ...]:
    """Return everything that is owed at ``now``, the longest overdue first.

    What the clocks of open incidents ask for comes before all else, however old that is.
    """
    found = [*_of_team(tracker, now), *due_of_incidents(tracker, now)]
    burning = {incident.id for incident in tracker.incidents if incident.is_open}

    def order(item: Due) -> tuple[bool, datetime, str, str]:
        presses = bool(item.clock) and item.record in burning
        return (not presses, item.when, item.id, item.what)

    return tuple(sorted(found, key=order))


def due_of_incidents(tracker: Tracker, now: datetime) -> Iterator[Due]:
    """Yield what incidents and their reviews owe."""
    for incident in tracker.incidents:
        yield from _of_incident(incident, tracker, now)
        yield from _of_notices(incident, now)
    yield from _of_actions(tracker, now)


def _of_incident(incident: Incident, tracker: Tracker, now: datetime) -> Iterator[Due]:
    review = tracker.review_by_incident.get(incident.id)
    owed = [clock for clock in clocks(incident, tracker, now) if clock.is_owed]
    updates = [clock for clock in owed if clock.name in ("update", "promise")]
    if updates:
        # One update answers both; the earlier of the two times counts.
        first = min(updates, key=lambda clock: clock.due)
        owed = [clock for clock in owed if clock not in updates or clock is first]
    for clock in owed:
        if clock.name in COMMANDS and (incident.is_open or clock.name not in WHILE_OPEN):
            if clock.name == "told-over" and incident.at(Milestone.CLOSED) is not None:
                continue  # its gate asked for it
            if clock.name in AFTER_MEETING and (review is None or review.held_at is None):
                continue
            taker = _taker(clock, tracker, now)
            command = COMMANDS[clock.name](clock, incident, review)
            yield Due(
                id=incident.id,
                what=_what(clock, review, now),
                when=clock.due,
                is_overdue=now > clock.due and not clock.is_least,
                who=taker or _who(clock, incident, review),
                command=command.replace("NAME", taker) if taker else command,
                record=incident.id,
                remind=clock.remind,
                clock=clock.name,
                is_possible=clock.is_least,
                start=clock.start,
            )


def _of_notices(incident: Incident, now: datetime) -> Iterator[Due]:
    """Yield each notice that did not arrive, or may not have: it is owed from that moment on."""
    if incident.is_cancelled:
        return
    roles, protocol = incident.roles, incident.protocol
    for one in unsettled(incident):
        which = one.notice.partition(" ")[0]
        unknown = one.state is State.UNKNOWN
        again = f" --again --to {one.channel}" if unknown else ""
        yield Due(
            id=incident.id,
            what=f"{one.notice} on {one.channel}: {SAID[one.state]}",
            when=one.at,
            is_overdue=now > one.at,
            who=roles.get(protocol.speaker_role) or roles.get(protocol.acknowledger_role) or "",
            command=f"incident notify {incident.id} {which} --send{again}",
            record=incident.id,
            clock="notice",
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
                path=action.path,
            )


def _taker(clock: Clock, tracker: Tracker, now: datetime) -> str:
    """Who is on call, where somebody is to take the incident."""
    if clock.name != "acknowledge":
        return ""
    held = on_call_at(tracker.contacts, now, tracker.protocol.tzinfo)
    return held.person.id if held is not None else ""


def _of_team(tracker: Tracker, now: datetime) -> Iterator[Due]:
    """What recurs, waits for others, or is practised: no clock of an incident asks for it."""
    for duty in (*practice(tracker, now), *standing_duties(tracker, now)):
        yield Due(
            id=duty.id,
            what=duty.what,
            when=duty.when,
            is_overdue=duty.is_overdue(now),
            who=duty.who,
            command=duty.command,
            record=duty.record,
            remind=duty.remind,
            clock=duty.name,
            is_possible=duty.is_possible,
        )


def _what(clock: Clock, review: Review | None, now: datetime) -> str:
    if clock.is_least:
        least = round(clock.limit.total_seconds() / 60)
        return f"can be verified once the watch has lasted {least} min"
    if clock.name == "review" and review is not None and review.held_at is not None:
        return f"{clock.what}, scheduled for {review.held_at:%Y-%m-%d %H:%M}"
    if clock.name == "review" and clock.remind is not None and now >= clock.remind:
        return f"{clock.what}, for which no time is set"
    return clock.what


def _who(clock: Clock, incident: Incident, review: Review | None) -> str:
    protocol = incident.protocol
    leads, tells = protocol.acknowledger_role, protocol.speaker_role
    role = tells if clock.name in TOLD else leads
    if clock.name in OF_REVIEW and review is not None and review.facilitator:
        return review.facilitator
    holder = incident.roles.get(role) or incident.roles.get(leads)
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
    "told-over": lambda _, i, __: f'incident update {i.id} --status resolved --message "…"',
    "close": lambda _, i, __: f"incident status {i.id} closed{_by(i)}",
    "report": lambda _, i, __: f"incident report {i.id}",
    "authorities": lambda _, i, __: _authorities_command(i),
    "review": _review_command,
    "publish": lambda _, i, __: f"incident pir publish {i.id}",
    "learnings": lambda _, i, r: _tick_command(i, r, "learnings"),
    "documentation": lambda _, i, r: _tick_command(i, r, "documentation", "runbooks"),
    "follow-up": lambda _, i, __: f"incident set {i.id} followed_up_at=DATE",
}


def _authorities_command(incident: Incident) -> str:
    box = incident.protocol.security_boxes.get(AUTHORITIES)
    return f'incident tick {incident.id} "{box.text if box else AUTHORITIES}"'


def _tick_command(incident: Incident, review: Review | None, *names: str) -> str:
    """What answers the first of these boxes that is open; without a review there is none."""
    if review is None:
        return f"incident pir new {incident.id}"
    answered = answered_boxes(review.boxes)
    boxes = incident.protocol.review_boxes
    name = next((name for name in names if name in boxes and name not in answered), names[0])
    return f'incident tick {incident.id} "{boxes[name].text}" --at TIME'
