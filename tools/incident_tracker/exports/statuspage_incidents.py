"""An incident or planned work as Statuspage's object, its updates newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incident_tracker.exports.statuspage_components import Page, level_of
from incident_tracker.exports.statuspage_ids import made_id
from incident_tracker.exports.statuspage_words import (
    as_html,
    body_of,
    impact_of,
    stamp,
    status_of,
    status_told,
)
from incident_tracker.model import Incident, Milestone, Review
from incident_tracker.pages.levels import touched

Json = Mapping[str, object]
WELL = "operational"
REVIEWED = "postmortem"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One update as it is told: an id, a moment, and what it changes."""

    id: str
    at: datetime
    status: str
    body: str
    changes: Sequence[tuple[str, str, str]]
    """Component, level before, level after."""


def incident_object(incident: Incident, own_id: str, page: Page, shortlink: str) -> Json:
    """Return the object of an incident, or of planned work with the fields that only it has."""
    review = page.tracker.review_by_incident.get(incident.id)
    told = list(_told(incident, own_id, page))
    first = min([each.at for each in told], default=_begun(incident, page))
    last = max([each.at for each in told], default=_last(incident, first))
    monitoring, resolved = _over(incident)
    reviewed = _published(review)
    status = status_of(incident)
    return {
        "id": own_id,
        "name": incident.title,
        "status": REVIEWED if reviewed and status == "resolved" else status,
        "created_at": stamp(first),
        "updated_at": stamp(max(last, reviewed) if reviewed else last),
        "monitoring_at": stamp(monitoring),
        "resolved_at": stamp(resolved),
        "impact": impact_of(incident),
        "shortlink": shortlink,
        "started_at": stamp(_started(incident) or first),
        "page_id": page.id,
        "incident_updates": [_update_object(each, own_id, page) for each in reversed(told)],
        "components": [page.component(name) for name in touched(incident)],
        "reminder_intervals": None,
        "impact_override": None,
        "backfilled": incident.origin is not None,
        "postmortem_body": None,
        "postmortem_body_last_updated_at": stamp(reviewed),
        "postmortem_published_at": stamp(reviewed),
        "postmortem_ignored": False,
        "postmortem_notified_subscribers": False,
        "postmortem_notified_twitter": False,
        **_scheduled(incident),
    }


def _scheduled(incident: Incident) -> Json:
    return {
        "scheduled_for": stamp(incident.scheduled_start),
        "scheduled_until": stamp(incident.scheduled_end),
        "scheduled_remind_prior": False,
        "scheduled_reminded_at": None,
        "scheduled_auto_in_progress": False,
        "scheduled_auto_completed": False,
    }


def begun_at(incident: Incident, page: Page) -> datetime:
    """Return what the order of a list goes by: when it was first told of, else when it began."""
    moments = [update.at for update in incident.log.updates if update.at]
    return min(moments, default=_begun(incident, page))


def _begun(incident: Incident, page: Page) -> datetime:
    detected = incident.at(Milestone.DETECTED) or incident.scheduled_start
    return detected or min(incident.times.values(), default=page.now)


def _started(incident: Incident) -> datetime | None:
    if incident.is_maintenance:
        return incident.scheduled_start
    return incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)


def _last(incident: Incident, first: datetime) -> datetime:
    return max([*incident.times.values(), first])


def _over(incident: Incident) -> tuple[datetime | None, datetime | None]:
    """When it was watched from and when it was over, as Statuspage has them.

    A fix in place is where their monitoring begins; their end is when it was verified. Where
    nobody knows when that was, the fix is the end, and there was no monitoring.
    """
    fixed, verified = incident.at(Milestone.RESOLVED), incident.at(Milestone.VERIFIED)
    status = status_of(incident)
    if incident.is_maintenance:
        return None, incident.scheduled_end if status == "completed" else None
    if status != "resolved":
        return (fixed if status == "monitoring" else None), None
    if verified is not None:
        return fixed, verified
    return None, fixed or incident.at(Milestone.CLOSED)


def _published(review: Review | None) -> datetime | None:
    if review is None or review.status != "published":
        return None
    return review.published_at


def _told(incident: Incident, own_id: str, page: Page) -> Iterator[Told]:
    """The updates, oldest first; one without a readable time is told with the one before it.

    Clients read the newest update of every incident, so one that has none tells its summary.
    """
    names = list(touched(incident))
    before = dict.fromkeys(names, WELL)
    seen: Counter[str] = Counter()
    at = _begun(incident, page)
    updates = sorted(incident.log.updates, key=lambda u: u.at or at)
    for update in updates:
        at = update.at or at
        seen[at.isoformat()] += 1
        after = {name: _level(incident, name, at, page) for name in names}
        yield Told(
            id=made_id("update", own_id, stamp(at) or "", str(seen[at.isoformat()])),
            at=at,
            status=status_told(update, incident),
            body=body_of(update, incident.protocol),
            changes=[(name, before[name], after[name]) for name in names],
        )
        before = after
    if not updates and incident.public_summary:
        yield Told(
            id=made_id("update", own_id, "summary"),
            at=at,
            status=status_of(incident),
            body=as_html(incident.public_summary),
            changes=[(name, WELL, _level(incident, name, page.now, page)) for name in names],
        )


def _level(incident: Incident, component: str, at: datetime, page: Page) -> str:
    """The level that the incident gave a component at a moment.

    Times of updates are exact to the minute: what began in the update's minute counts.
    """
    until = at + timedelta(minutes=1)
    for spell in page.spells[incident.id]:
        if spell.component == component and spell.start < until and not _ended(spell.end, at):
            return level_of(spell)
    return WELL


def _ended(end: datetime | None, at: datetime) -> bool:
    return end is not None and end <= at


def _update_object(told: Told, own_id: str, page: Page) -> Json:
    at = stamp(told.at)
    affected = [
        {
            "code": made_id("component", name),
            "name": _name(name, page),
            "old_status": old,
            "new_status": new,
        }
        for name, old, new in told.changes
    ]
    return {
        "id": told.id,
        "status": told.status,
        "body": told.body,
        "incident_id": own_id,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": affected or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _name(component: str, page: Page) -> str:
    known = page.tracker.component_by_id.get(component)
    return known.name if known else component
