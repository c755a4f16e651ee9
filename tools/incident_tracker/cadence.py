"""Updates over time: the severity held when, how long an update was waited for, the promises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from incident_tracker.frozen import value
from incident_tracker.model import Change, Incident, Milestone, Update
from incident_tracker.protocol import Cadence


class Verdict(StrEnum):
    """How a clock stands or ended."""

    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    EARLY = "early"
    RUNNING = "running"
    NOT_APPLICABLE = "not applicable"


@value
class Wait:
    """The time from detection or an update to the next update, None while none has come."""

    start: datetime
    remind: datetime
    due: datetime
    ended: datetime | None

    def verdict(self, now: datetime) -> Verdict:
        """Return kept up to its due time, late behind it, running while it may still be kept."""
        return verdict_of(self.due, self.ended, now)


@value
class Promise:
    """A "next update at"; ``answered`` is when the next update came, None while none has.

    ``over`` is when the incident was over, None while it is open.
    """

    update: Update
    made: datetime
    due: datetime
    answered: datetime | None
    over: datetime | None = None

    def verdict(self, now: datetime) -> Verdict:
        """Return kept or late by the next update, whatever it says; broken where none came.

        Nobody waits for an update of what is over: what was due later than that is not applicable.
        """
        answered = by_now(self.answered, now)
        over = by_now(self.over, now)
        if answered is None and over is not None and over <= self.due:
            return Verdict.NOT_APPLICABLE
        verdict = verdict_of(self.due, answered, now)
        late_without_answer = verdict is Verdict.LATE and answered is None
        return Verdict.BROKEN if late_without_answer else verdict


def verdict_of(
    due: datetime, ended: datetime | None, now: datetime, *, strict: bool = False
) -> Verdict:
    """Return how a clock stands; a deadline is met at its time, a strict target is not.

    What is written down for a moment to come has not happened: nothing is late before its time.
    """
    ended = by_now(ended, now)
    at = now if ended is None else ended
    if at > due or (strict and at == due):
        return Verdict.LATE
    return Verdict.RUNNING if ended is None else Verdict.KEPT


def by_now(at: datetime | None, now: datetime) -> datetime | None:
    """Return a moment that has come, None for one that is still to come."""
    return None if at is not None and at > now else at


def severity_at(incident: Incident, at: datetime | None) -> str:
    """Return the severity that was held at a moment; at None the one that is held now."""
    changes = incident.log.severities
    if at is None or not changes:
        return incident.severity
    held = [change.value for change in changes[1:] if change.at is not None and change.at <= at]
    return held[-1] if held else changes[0].value


def over_at(incident: Incident) -> datetime | None:
    """Return when it was verified, else closed, resolved or cancelled; None while it is open."""
    if incident.is_open:
        return None
    for milestone in (Milestone.VERIFIED, Milestone.CLOSED, Milestone.RESOLVED):
        at = incident.at(milestone)
        if at is not None:
            return at
    return next((c.at for c in reversed(incident.log.statuses) if c.at is not None), None)


def waits(incident: Incident) -> tuple[Wait, ...]:
    """Return every wait for an update for which the severity then held had a limit.

    The first one begins with detection. Imported incidents and maintenance owe no updates.
    """
    detected = incident.at(Milestone.DETECTED)
    if detected is None or incident.origin is not None or incident.is_maintenance:
        return ()
    updates = by_time(incident.log.updates)
    told = [at for at, _ in updates if at > detected]
    finals = (*incident.protocol.gates.incident, "cancelled")
    final = {at for at, update in updates if update.status in finals}
    over = over_at(incident)
    found = []
    for start, following in zip([detected, *told], [*told, None], strict=True):
        if start in final or (over is not None and over <= start):
            continue
        ended = over if following is None or (over is not None and over < following) else following
        wait = _wait(incident, start, ended)
        if wait is not None:
            found.append(wait)
    return tuple(found)


def promises(incident: Incident) -> tuple[Promise, ...]:
    """Return what the updates promised, oldest first; a promise for the past is none.

    Of updates at the same moment the last one in the file replaces the others: theirs are none.
    """
    told = by_time(incident.log.updates)
    over = over_at(incident)
    if over is None and not incident.is_open:
        over = max((at for at, _ in told), default=None)
    found = []
    for place, (made, update) in enumerate(told):
        due = update.next_update_at
        following = told[place + 1][0] if told[place + 1 :] else None
        if due is not None and due > made and following != made:
            found.append(Promise(update=update, made=made, due=due, answered=following, over=over))
    return tuple(found)


def running_promise(incident: Incident, now: datetime) -> Promise | None:
    """Return the promise of the newest update, late or not; None where it made none."""
    told = [update for at, update in by_time(incident.log.updates) if at <= now]
    made = (promise for promise in promises(incident) if told and promise.update is told[-1])
    return next(made, None)


def by_time(updates: Iterable[Update]) -> list[tuple[datetime, Update]]:
    """Return the updates with a time, oldest first; at the same moment as the file has them."""
    timed = [(update.at, update) for update in updates if update.at is not None]
    return sorted(timed, key=lambda pair: pair[0])


def _wait(incident: Incident, start: datetime, ended: datetime | None) -> Wait | None:
    """Return the wait with the due time that the severities held during it give, None without one.

    A severity that is raised starts the clock anew, but never later than it already was due; one
    that is lowered gives the longer time from the last update, unless the update was late by then.
    """
    held = severity_at(incident, start)
    terms = _cadence(incident, held)
    base = start
    for change in _changes(incident, start, ended):
        at = change.at or start
        if terms is not None and base + terms.late < at:
            break
        new = _cadence(incident, change.value)
        raised = incident.protocol.rank(change.value) < incident.protocol.rank(held)
        held = change.value
        if raised and new is not None:
            if terms is None or at + new.late < base + terms.late:
                base, terms = at, new
        else:
            base, terms = start, new
    if terms is None:
        return None
    return Wait(start=start, remind=base + terms.remind, due=base + terms.late, ended=ended)


def _changes(incident: Incident, start: datetime, ended: datetime | None) -> Iterable[Change]:
    """The changes of severity between two moments."""
    for change in incident.log.severities:
        if change.at is not None and change.at > start and (ended is None or change.at < ended):
            yield change


def _cadence(incident: Incident, severity: str) -> Cadence | None:
    terms = incident.protocol.severities.get(severity)
    return terms.update if terms is not None else None
