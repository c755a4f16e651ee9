"""Whether incidents are reviewed as the protocol asks, and how soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from incident_tracker.measure import Measurement, Single, State, Target, of_rate
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.metrics.durations import measured, missing, spanning
from incident_tracker.metrics.grouping import by_severity
from incident_tracker.model import Incident, Milestone, Review, Tracker
from incident_tracker.owed_reviews import owes_review, review_within
from incident_tracker.protocol import Protocol, Severity
from incident_tracker.registry import Example

UNREVIEWED = "incidents/2026/2026-03-02-second.md"


@metric(
    "review-completion",
    "Review completion",
    worked=Worked(
        given=(Example(), Example(record="review"), Example(path=UNREVIEWED)),
        group="P1",
        expect=50,
    ),
)
def review_completion(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Share of the incidents that owe a review whose review is published, by severity.

    A review that is not published counts as missing once its time is over; one that comes late is
    complete all the same.

    **Left out.** Incidents that owe none, and those whose time is not over: they are pending.
    Imported ones. Drills, maintenance, cancelled ones and duplicates.

    **Source.** Protocol, Success Metrics: a target for the severities that always owe a review.
    """
    found = []
    for group in by_severity(incidents, terms):
        severity = terms.severities.get(group.label)
        asked = severity is not None and severity.review is not None
        target = Target(value=terms.review.completion_target, strict=False) if asked else None
        values = [
            _completed(incident, tracker.review_by_incident.get(incident.id), now)
            for incident in group.incidents
            if _owed(incident, tracker)
        ]
        found.append(
            of_rate(group.label, values, terms.metrics, target=target, left_out=group.left_out)
        )
    return tuple(found)


@metric(
    "time-to-review",
    "Time to review",
    worked=Worked(
        given=(Example(), Example(record="review")),
        group="P1",
        expect=timedelta(days=3, hours=22, minutes=50),
    ),
)
def time_to_review(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from resolution until the review meeting was held, the mean by severity.

    **Left out.** Incidents that owe no review and have none. Meetings that are still to come are
    pending, and missed once their time is over. Imported ones without a review. Drills,
    maintenance, cancelled ones and duplicates.

    **Source.** Protocol, Success Metrics: less than the time in which a review is to be held.
    """
    return _until(incidents, tracker, now, terms, lambda review: review.held_at)


@metric(
    "time-to-publish",
    "Time to published review",
    worked=Worked(
        given=(Example(), Example(record="review")),
        group="P1",
        expect=timedelta(days=4, hours=21, minutes=50),
    ),
)
def time_to_publish(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> tuple[Measurement, ...]:
    """Time from resolution until the review was published, the mean by severity.

    **Left out.** Incidents that owe no review and have none. Reviews that are not published are
    pending, and missed once their time is over. Imported ones without a review. Drills,
    maintenance, cancelled ones and duplicates.

    **Source.** Protocol, Phase 7: the report is due in the same time as the meeting.
    """
    return _until(incidents, tracker, now, terms, _published_at)


def _published_at(review: Review) -> datetime | None:
    is_published = review.status in review.protocol.gates.review
    return review.published_at if is_published else None


def _until(
    incidents: Sequence[Incident],
    tracker: Tracker,
    now: datetime,
    terms: Protocol,
    moment: Callable[[Review], datetime | None],
) -> tuple[Measurement, ...]:
    def single(incident: Incident) -> Single | None:
        review = tracker.review_by_incident.get(incident.id)
        if review is None and not _owed(incident, tracker):
            return None
        return _span(incident, moment(review) if review else None, now)

    def target(severity: Severity) -> Target | None:
        return Target.of(severity.review or terms.review.within)

    return measured(incidents, terms, single, target)


def _span(incident: Incident, end: datetime | None, now: datetime) -> Single:
    resolved = incident.at(Milestone.RESOLVED)
    if resolved is None:
        waiting = replace(missing(incident, Milestone.RESOLVED), state=State.PENDING)
        return waiting if incident.is_open else missing(incident, Milestone.RESOLVED)
    if end is not None and end <= now:
        return spanning(incident, resolved, end, "before it was resolved")
    return Single(
        record=incident.id,
        state=State.PENDING,
        value=max(0.0, (now - resolved).total_seconds()),
        reason="still to come",
        at=incident.at(Milestone.DETECTED),
    )


def _completed(incident: Incident, review: Review | None, now: datetime) -> Single:
    done = Single(record=incident.id, missed=False, at=incident.at(Milestone.DETECTED))
    if review is not None and review.status in review.protocol.gates.review:
        return done
    resolved = incident.at(Milestone.RESOLVED)
    if resolved is not None and now > resolved + review_within(incident):
        return replace(done, missed=True, reason="no published review")
    if resolved is None and not incident.is_open:
        return missing(incident, Milestone.RESOLVED)
    return replace(done, state=State.PENDING, missed=None, reason="its time is not over")


def _owed(incident: Incident, tracker: Tracker) -> bool:
    return incident.origin is None and owes_review(incident, tracker.repeats)
