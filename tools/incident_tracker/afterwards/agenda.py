"""What the next team meeting looks at: open actions by owner, and reviews to be followed up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from incident_tracker.clocks import clocks
from incident_tracker.lifecycle.actions import flag_of, shared_ids
from incident_tracker.metrics.actions import actions_of, overdue_since
from incident_tracker.model import Action, ActionState, Tracker

VERSION = 1
FOLLOW_UP = "follow-up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """An action, and whether it is late; ``flag`` tells the commands which file it stands in."""

    action: Action
    is_overdue: bool
    flag: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one person has to report on, the longest overdue first; the name is empty for nobody."""

    owner: str
    points: tuple[Point, ...]

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(point.is_overdue for point in self.points)


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A review that was held and that no team meeting has come back to."""

    record: str
    held: datetime
    by: datetime
    open: int
    actions: int
    is_overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """All of it; ``settled`` is what was done or dropped since the last meeting."""

    shares: tuple[Share, ...]
    reviews: tuple[FollowUp, ...]
    settled: tuple[Action, ...] = ()


def agenda(tracker: Tracker, now: datetime, since: date | None = None) -> Agenda:
    """Return what a meeting at a moment looks at, and what was settled from a day on."""
    points = list(_points(tracker, now))
    return Agenda(
        shares=tuple(_shares(points)),
        reviews=tuple(sorted(_reviews(tracker, now), key=lambda one: (one.by, one.record))),
        settled=tuple(_settled(tracker, since)) if since else (),
    )


def agenda_object(found: Agenda, now: datetime) -> dict[str, object]:
    """Return what JSON says about the agenda."""
    people = [
        {
            "owner": share.owner or None,
            "overdue": share.overdue,
            "actions": [
                _action(point.action, is_overdue=point.is_overdue) for point in share.points
            ],
        }
        for share in found.shares
    ]
    reviews = [
        {
            "id": one.record,
            "held": one.held.isoformat(),
            "by": one.by.isoformat(),
            "overdue": one.is_overdue,
            "actions": one.actions,
            "open": one.open,
        }
        for one in found.reviews
    ]
    return {
        "version": VERSION,
        "agenda": people,
        "reviews": reviews,
        "settled": [_action(action, is_overdue=False) for action in found.settled],
        "summary": {
            "open": sum(len(share.points) for share in found.shares),
            "overdue": sum(share.overdue for share in found.shares),
            "reviews": len(reviews),
            "now": now.isoformat(timespec="seconds"),
        },
    }


def _action(action: Action, *, is_overdue: bool) -> dict[str, object]:
    return {
        "id": action.id,
        "text": action.text,
        "state": action.state.value,
        "due": action.due.isoformat() if action.due else None,
        "overdue": is_overdue,
        "ticket": action.ticket or None,
    }


def _points(tracker: Tracker, now: datetime) -> Iterator[Point]:
    for incident in tracker.incidents:
        actions = tuple(actions_of((incident,), tracker))
        shared = shared_ids(actions)
        for action in actions:
            if action.state is not ActionState.OPEN:
                continue
            late = overdue_since(action, now, tracker.protocol) is not None
            yield Point(action=action, is_overdue=late, flag=flag_of(action, shared))


def _shares(points: list[Point]) -> Iterator[Share]:
    """By owner: who is longest overdue first, what nobody owns last."""
    by_owner: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by_owner[point.action.owner].append(point)
    for owned in by_owner.values():
        owned.sort(key=lambda point: (point.action.due or date.max, point.action.id))

    def place(owner: str) -> tuple[bool, bool, date, str]:
        first = by_owner[owner][0]
        return (not owner, not first.is_overdue, first.action.due or date.max, owner)

    for owner in sorted(by_owner, key=place):
        yield Share(owner=owner, points=tuple(by_owner[owner]))


def _reviews(tracker: Tracker, now: datetime) -> Iterator[FollowUp]:
    for review in tracker.reviews:
        incident = tracker.incident_by_id.get(review.incident)
        if incident is None or review.held_at is None:
            continue
        owed = [c for c in clocks(incident, tracker, now) if c.name == FOLLOW_UP]
        for clock in (clock for clock in owed if clock.is_owed):
            actions = tuple(actions_of((incident,), tracker))
            yield FollowUp(
                record=incident.id,
                held=review.held_at,
                by=clock.due,
                open=sum(action.state is ActionState.OPEN for action in actions),
                actions=len(actions),
                is_overdue=now > clock.due,
            )


def _settled(tracker: Tracker, since: date) -> Iterator[Action]:
    """Yield what was done from that day on; when something was dropped, no record says."""
    done = [
        action
        for action in actions_of(tracker.incidents, tracker)
        if action.state is ActionState.DONE and action.done is not None and action.done >= since
    ]
    yield from sorted(done, key=lambda action: (action.done or date.max, action.id))
