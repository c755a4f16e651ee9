"""The clocks of an incident at a moment: what the protocol gave time for, and how it went.

All clocks run in real time; a deadline is met at its very time, a strict target is missed there.
Records that came from another system, maintenance and cancelled incidents have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incident_tracker.cadence import Verdict, by_now, promises, verdict_of, waits
from incident_tracker.metrics.actions import end_of
from incident_tracker.metrics.grouping import severity_of
from incident_tracker.model import Box, Incident, Milestone, Review, Tracker
from incident_tracker.owed_reviews import owes_review, review_within
from incident_tracker.protocol import Severity

AUTHORITIES = "authorities"
# Clocks that boxes of the review answer: name, words, box.
ON_THE_FIRST_DAY = (
    ("report", "initial report", "initial-report"),
    ("learnings", "sharing of what was learned", "learnings"),
)
DOCUMENTED = ("documentation", "runbooks")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One clock. ``limit`` runs from ``start`` to ``due``; ``ended`` is None while it runs.

    ``verdict`` is late as soon as the time is over, ended or not. ``name`` is an identifier,
    ``what`` says it in words; ``audience`` is who is to be told. Where ``is_least`` the limit is
    the least time that it takes: what it waits for may come from ``due`` on and is never late.
    """

    name: str
    what: str
    start: datetime
    limit: timedelta
    due: datetime
    ended: datetime | None
    verdict: Verdict
    remind: datetime | None = None
    audience: str = ""
    is_least: bool = False

    @property
    def is_owed(self) -> bool:
        """Whether what it waits for has not happened."""
        return self.ended is None and self.verdict is not Verdict.NOT_APPLICABLE


def clocks(incident: Incident, tracker: Tracker, now: datetime) -> tuple[Clock, ...]:
    """Return the clocks that have started by ``now``, in the order of the protocol."""
    if incident.origin is not None or incident.is_maintenance or incident.is_cancelled:
        return ()
    review = tracker.review_by_incident.get(incident.id)
    found = [
        *_response(incident, now),
        *_notifications(incident, now),
        *_updates(incident, now),
        *_watch(incident, now),
        *_afterwards(incident, review, now),
        *_authorities(incident, now),
    ]
    if owes_review(incident, tracker.repeats):
        found += _review(incident, review, now)
    return (*found, *_follow_up(incident, review, now))


def _clock(
    name: str,
    what: str,
    start: datetime | None,
    limit: timedelta | None,
    ended: datetime | None,
    now: datetime,
    *,
    strict: bool = False,
) -> Iterator[Clock]:
    """Yield a clock that runs from a start for a limit; none where either is missing."""
    if start is None or limit is None or start > now:
        return
    due = start + limit
    ended = by_now(ended, now)
    verdict = verdict_of(due, ended, now, strict=strict)
    yield Clock(
        name=name, what=what, start=start, limit=limit, due=due, ended=ended, verdict=verdict
    )


def _response(incident: Incident, now: datetime) -> Iterator[Clock]:
    terms = _terms(incident)
    if terms is None:
        return
    detected = incident.at(Milestone.DETECTED)
    taken = incident.at(Milestone.ACKNOWLEDGED)
    triaged = [entry.at for entry in incident.log.of("triage-complete") if entry.at is not None]
    yield from _clock("acknowledge", "acknowledgement", detected, terms.response, taken, now)
    first_triage = min(triaged, default=None)
    yield from _clock("triage", "triage", taken, terms.triage, first_triage, now)
    yield from _clock(
        "resolve",
        "resolution",
        detected,
        terms.resolve_target,
        incident.at(Milestone.RESOLVED),
        now,
        strict=True,
    )


def _notifications(incident: Incident, now: datetime) -> Iterator[Clock]:
    """Yield a clock for each audience, from detection or from the raise that made it owed."""
    detected = incident.at(Milestone.DETECTED)
    if detected is None:
        return
    started: dict[str, Clock] = {}
    for change in incident.log.severities:
        at = change.at or detected
        terms = incident.protocol.severities.get(change.value)
        if at > now or terms is None:
            continue
        for audience, clock in list(started.items()):
            # What is no longer owed falls away, unless it was told or late by then.
            if audience not in terms.audiences and clock.due >= at and clock.ended is None:
                del started[audience]
        for audience in terms.audiences:
            if audience in started:
                continue
            told = incident.log.audiences.get(audience)
            for clock in _clock("notify", f"notice to {audience}", at, terms.notify, told, now):
                started[audience] = replace(clock, audience=audience)
    yield from started.values()


def _updates(incident: Incident, now: datetime) -> Iterator[Clock]:
    for wait in waits(incident):
        if wait.start > now:
            continue
        yield Clock(
            name="update",
            what="status update",
            start=wait.start,
            limit=wait.due - wait.start,
            due=wait.due,
            ended=by_now(wait.ended, now),
            verdict=wait.verdict(now),
            remind=wait.remind,
        )
    for promise in promises(incident):
        if promise.made > now:
            continue
        yield Clock(
            name="promise",
            what=f"update promised for {_local(incident, promise.due)}",
            start=promise.made,
            limit=promise.due - promise.made,
            due=promise.due,
            ended=by_now(promise.answered, now),
            verdict=promise.verdict(now),
        )


def _watch(incident: Incident, now: datetime) -> Iterator[Clock]:
    """Yield the watch over the fix: it is owed its least time and is never late.

    The protocol's range is no deadline here: its lower end is the minimum, its upper end only the
    time that was meant for it. Some fixes are watched for nights before they are called verified.
    """
    resolved = incident.at(Milestone.RESOLVED)
    verified = by_now(incident.at(Milestone.VERIFIED), now)
    if resolved is None or resolved > now:
        return
    least = incident.protocol.watch.least
    verdict = Verdict.RUNNING
    if verified is not None:
        verdict = Verdict.EARLY if verified - resolved < least else Verdict.KEPT
    yield Clock(
        name="watch",
        what="verification after the watch",
        start=resolved,
        limit=least,
        due=resolved + least,
        ended=verified,
        verdict=verdict,
        is_least=True,
    )


def _afterwards(incident: Incident, review: Review | None, now: datetime) -> Iterator[Clock]:
    """Yield the word that it is over, the closing, and what is owed a day after the fix."""
    verified, resolved = incident.at(Milestone.VERIFIED), incident.at(Milestone.RESOLVED)
    if verified is not None:
        zone = incident.protocol.tzinfo
        midnight = end_of(verified.astimezone(zone).date(), zone)
        limit = max(midnight - verified, incident.protocol.same_day_least)
        yield from _told_over(incident, verified, limit, now)
        closed = incident.at(Milestone.CLOSED)
        yield from _clock("close", "closing", verified, limit, closed, now)
    terms = incident.protocol.severities.get(incident.severest)
    if terms is None or terms.report is None or not incident.counts:
        return
    boxes = review.boxes if review is not None else ()
    for name, what, box in ON_THE_FIRST_DAY:
        for clock in _clock(name, what, resolved, terms.report, None, now):
            if box in incident.protocol.review_boxes:
                yield _answered(clock, incident, boxes, box)


def _told_over(
    incident: Incident, verified: datetime, limit: timedelta, now: datetime
) -> Iterator[Clock]:
    """Yield the word to all who were kept informed that it is over."""
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return
    final = incident.protocol.gates.incident
    told = (u.at for u in incident.log.updates if u.status in final and u.at is not None)
    what = "word to everybody that it is over"
    yield from _clock("told-over", what, verified, limit, min(told, default=None), now)


def _authorities(incident: Incident, now: datetime) -> Iterator[Clock]:
    """Yield a clock for each authority that the tracker names, until their box is answered."""
    if "security" not in incident.kinds or not incident.counts:
        return
    for duty in incident.protocol.security.regulators:
        start = _begun(incident, duty.from_)
        what = f"report to {duty.name}{f', if {duty.when}' if duty.when else ''}"
        for clock in _clock("authorities", what, start, duty.within, None, now):
            yield _answered(clock, incident, incident.boxes, AUTHORITIES)


def _begun(incident: Incident, phrase: str) -> datetime | None:
    """Return when a phrase was first true: its milestone's time, else that of its first line."""
    sets = incident.protocol.phrases[phrase].sets
    lines = [entry.at for entry in incident.log.of(phrase) if entry.at is not None]
    return incident.at(Milestone(sets)) if sets else min(lines, default=None)


def _answered(clock: Clock, incident: Incident, there: Iterable[Box], *names: str) -> Clock:
    """Return a clock as boxes answer it: all of these names, the last one counts."""
    boxes = [box for box in there if box.box in names and box.answered]
    if {box.box for box in boxes} != set(names):
        return clock
    said = [_said_at(box, clock, incident) for box in boxes if not box.not_applicable]
    known = [at for at in said if at is not None]
    if not known or len(known) < len(said):
        return replace(clock, verdict=Verdict.NOT_APPLICABLE)
    return replace(clock, ended=max(known), verdict=verdict_of(clock.due, max(known), max(known)))


def _said_at(box: Box, clock: Clock, incident: Incident) -> datetime | None:
    """Return when a box says that it was done; of a day the first moment that can be meant."""
    if box.at is not None or box.on is None:
        return box.at
    return max(end_of(box.on - timedelta(days=1), incident.protocol.tzinfo), clock.start)


def _review(incident: Incident, review: Review | None, now: datetime) -> Iterator[Clock]:
    """Yield the review that the incident owes: its meeting, its publication, the documents."""
    resolved, limit = incident.at(Milestone.RESOLVED), review_within(incident)
    held = review.held_at if review is not None else None
    published = review.published_at if review is not None else None
    for clock in _clock("review", "review meeting", resolved, limit, held, now):
        yield replace(clock, remind=clock.start + incident.protocol.review.schedule_by)
    yield from _clock("publish", "published review", resolved, limit, published, now)
    there = review.boxes if review is not None else ()
    boxes = [box for box in DOCUMENTED if box in incident.protocol.review_boxes]
    what = "documentation and runbooks brought up to date"
    for clock in _clock("documentation", what, resolved, limit, None, now):
        if boxes:
            yield _answered(clock, incident, there, *boxes)


def _follow_up(incident: Incident, review: Review | None, now: datetime) -> Iterator[Clock]:
    """Yield the follow-up of a review that was held, owed or not, in a meeting of the team."""
    held = review.held_at if review is not None else None
    day = review.followed_up_at if review is not None else None
    # Only the day is known, and any moment of it counts.
    ended = end_of(day - timedelta(days=1), incident.protocol.tzinfo) if day else None
    yield from _clock(
        "follow-up",
        "follow-up of the review in a team meeting",
        held,
        incident.protocol.follow_up,
        max(ended, held) if ended and held else None,
        now,
    )


def _terms(incident: Incident) -> Severity | None:
    return incident.protocol.severities.get(severity_of(incident))


def _local(incident: Incident, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(incident.zone)):%Y-%m-%d %H:%M}"
