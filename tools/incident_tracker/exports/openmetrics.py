"""The state of a tracker as metrics that a monitoring system reads and alerts on.

All of them are gauges, the distributions too: a severity that is corrected takes an incident out of
one group and puts it into another, and a counter or a histogram may never fall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from incident_tracker.audience import Audience
from incident_tracker.due import due
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.offers import Offer, OnSite, Use
from incident_tracker.exports.openmetrics_text import (
    GAUGE,
    GAUGE_HISTOGRAM,
    INFO,
    STATESET,
    Family,
    Sample,
    distribution,
    exposition,
)
from incident_tracker.measure import State
from incident_tracker.metrics.actions import actions_of, end_of
from incident_tracker.metrics.grouping import by_severity
from incident_tracker.model import ActionState, Tracker
from incident_tracker.pages import Site
from incident_tracker.pages.book import Book
from incident_tracker.pages.calendar_bars import levels_now
from incident_tracker.periods import compute
from incident_tracker.protocol import Protocol, Severity

FILE = "metrics.prom"
REVIEW_CLOCKS = ("review", "publish")
Bound = Callable[[Severity], timedelta | None]
LENGTHS: Mapping[str, tuple[str, str, Bound]] = {
    "time-to-acknowledge": (
        "incident_time_to_acknowledge_seconds",
        "Seconds from detection to acknowledgement, of incidents that were acknowledged",
        lambda terms: terms.acknowledge_target or terms.response,
    ),
    "time-to-resolve": (
        "incident_time_to_resolve_seconds",
        "Seconds from detection to the fix in place, of incidents that have one",
        lambda terms: terms.resolve_target,
    ),
}
"""The metrics that are distributions: their names here, and what their buckets end at."""


OFFER = Offer(
    paths=(FILE,),
    title="Metrics",
    about="How many incidents there are and were, and the level of each component.",
    readers="Prometheus and what alerts on it (OpenMetrics)",
    changes="at every build; the file says for which moment it was made",
    use=Use.DATA,
    also="It also holds times to acknowledge and to resolve, and what is overdue.",
)


@export("openmetrics", on_site=OnSite(offers=(OFFER,)))
def openmetrics_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """Metrics for Prometheus (OpenMetrics 1.0): counts, lengths, levels, what is late."""
    families = [*_state(tracker, now)]
    if settings.audience is Audience.INTERNAL:
        families += [*_lengths(tracker, now), *_owed(tracker, now)]
    return {FILE: exposition(families).encode()}


def _state(tracker: Tracker, now: datetime) -> Iterator[Family]:
    yield Family(
        name="incident_export_time_seconds",
        type=GAUGE,
        unit="seconds",
        help="The moment that these metrics were made for, in seconds since 1970",
        samples=[Sample(value=int(now.timestamp()))],
    )
    groups = by_severity(tracker.incidents, tracker.protocol)
    yield Family(
        name="incidents",
        type=GAUGE,
        help="Incidents by severity; no drills, planned work or cancelled ones",
        samples=[Sample(labels={"severity": g.label}, value=len(g.incidents)) for g in groups],
    )
    yield Family(
        name="incidents_open",
        type=GAUGE,
        help="Incidents that somebody works on now",
        samples=[
            Sample(labels={"severity": g.label}, value=sum(i.is_open for i in g.incidents))
            for g in groups
        ],
    )
    yield Family(
        name="incident",
        type=INFO,
        help="The incidents that somebody works on now",
        samples=[
            Sample(
                suffix="_info",
                labels={
                    "id": incident.id,
                    "title": incident.title,
                    "severity": incident.severity,
                    "status": incident.status,
                },
                value=1,
            )
            for group in groups
            for incident in group.incidents
            if incident.is_open
        ],
    )
    yield _components(tracker, now)


def _components(tracker: Tracker, now: datetime) -> Family:
    levels = tracker.protocol.component_levels
    held, best = levels_now(Book(tracker, Site(now=now))), next(iter(levels))
    name = "component_status"
    return Family(
        name=name,
        type=STATESET,
        help="The worst level that a component has now, as far as incidents tell",
        samples=[
            Sample(
                labels={"component": component.id, name: level},
                value=level == held.get(component.id, best),
            )
            for component in tracker.components
            for level in levels
        ],
    )


def _lengths(tracker: Tracker, now: datetime) -> Iterator[Family]:
    measured = compute(tracker, now, names=list(LENGTHS))
    for metric, (name, about, bound) in LENGTHS.items():
        ends = _bounds(tracker.protocol, bound)
        samples: list[Sample] = []
        for one in measured:
            if one.metric == metric:
                values = [
                    single.value
                    for single in one.values
                    if single.state is State.RECORDED and single.value is not None
                ]
                samples += distribution(values, ends, severity=one.group)
        yield Family(name=name, type=GAUGE_HISTOGRAM, unit="seconds", help=about, samples=samples)


def _bounds(protocol: Protocol, bound: Bound) -> list[float]:
    """What the protocol gives time for, over all severities, the shortest first."""
    lengths = {length for terms in protocol.severities.values() if (length := bound(terms))}
    return [length.total_seconds() for length in sorted(lengths)]


def _owed(tracker: Tracker, now: datetime) -> Iterator[Family]:
    owed = due(tracker, now)
    late = {item.record for item in owed if item.is_overdue and item.clock in REVIEW_CLOCKS}
    yield Family(
        name="pir_overdue",
        type=GAUGE,
        help="Incidents whose review was not held or not published in time",
        samples=[Sample(value=len(late))],
    )
    states = Counter(_state_of_actions(tracker, now))
    yield Family(
        name="action_items_open",
        type=GAUGE,
        help="Action items that are neither done nor dropped",
        samples=[
            Sample(labels={"state": state}, value=states[state])
            for state in ("overdue", "in_time", "undated")
        ],
    )


def _state_of_actions(tracker: Tracker, now: datetime) -> Iterator[str]:
    for action in actions_of(tracker.incidents, tracker):
        if action.state is ActionState.OPEN:
            if action.due is None:
                yield "undated"
            else:
                yield "overdue" if now >= end_of(action.due, tracker.protocol.tzinfo) else "in_time"
