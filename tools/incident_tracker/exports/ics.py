"""Planned work, meetings of reviews, drills and what is due, as one calendar to subscribe to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from incident_tracker.afterwards.meeting import meeting_event, meeting_of
from incident_tracker.audience import Audience
from incident_tracker.due import due
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.offers import Offer, OnSite, Use
from incident_tracker.formats.duty_events import duty_events
from incident_tracker.formats.events import Event, calendar, uid
from incident_tracker.model import Incident, Milestone, Tracker

FILE = "incidents.ics"
MAINTENANCE, MEETING, DRILL, DUE = "Maintenance", "Review meeting", "Drill", "Due"
"""What an entry's category says."""
ENDS = (Milestone.CLOSED, Milestone.VERIFIED, Milestone.RESOLVED)


OFFER = Offer(
    paths=(FILE,),
    title="Calendar",
    about="Planned work from its start to its end.",
    readers="Calendars that subscribe to an address (iCalendar)",
    changes="when work is planned, moved or called off",
    use=Use.FOLLOW,
    media_type="text/calendar",
    also="It also holds drills, meetings of reviews and what is due when.",
)


@export("ics", on_site=OnSite(offers=(OFFER,)))
def ics_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """One calendar (iCalendar): planned work, review meetings, drills, what is due and when."""
    events = [*_planned(tracker, settings), *_drills(tracker, settings)]
    if settings.audience is Audience.INTERNAL:
        owed = duty_events(due(tracker, now), tracker.protocol)
        events += _meetings(tracker, settings)
        events += (replace(event, category=DUE) for event in owed)
    return {FILE: calendar(events, now, tracker.protocol.organisation).encode()}


def _planned(tracker: Tracker, settings: Settings) -> Iterator[Event]:
    for window in tracker.incidents:
        if window.is_maintenance and not window.is_cancelled and window.scheduled_start:
            yield _event(
                window, tracker, settings, MAINTENANCE, window.scheduled_start, window.scheduled_end
            )


def _drills(tracker: Tracker, settings: Settings) -> Iterator[Event]:
    for drill in tracker.incidents:
        begun = drill.at(Milestone.DETECTED)
        if drill.is_drill and not drill.is_cancelled and begun:
            ended = next(filter(None, map(drill.at, ENDS)), None)
            yield _event(drill, tracker, settings, DRILL, begun, ended)


def _event(
    record: Incident,
    tracker: Tracker,
    settings: Settings,
    category: str,
    start: datetime,
    end: datetime | None,
) -> Event:
    names = [
        known.name if (known := tracker.component_by_id.get(name)) else name
        for name in record.components
    ]
    about = [record.public_summary, f"Components: {', '.join(names)}" if names else ""]
    return Event(
        uid=uid(tracker.protocol.organisation, record.id, category.lower()),
        start=start,
        end=end if end and end > start else None,
        summary=f"{category}: {record.title}",
        description="\n".join(line for line in about if line),
        url=settings.page_of(record.path),
        category=category,
    )


def _meetings(tracker: Tracker, settings: Settings) -> Iterator[Event]:
    """The meetings that are planned or were held; whoever subscribes is not invited by that."""
    for review in tracker.reviews:
        incident = tracker.incident_by_id.get(review.incident)
        if incident is None or incident.is_cancelled or review.held_at is None:
            continue
        place = settings.page_of(incident.path) or incident.path
        meeting = meeting_of(incident, review, tracker.contacts, place)
        entry = meeting_event(meeting, tracker.protocol)
        yield replace(entry, host=None, guests=(), category=MEETING)
