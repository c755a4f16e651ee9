"""Measurements of parts of the incidents: by time, by severity, by component."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from incident_tracker.measure import Measurement
from incident_tracker.metrics.declare import metrics
from incident_tracker.metrics.grouping import NO_SEVERITY, severity_of
from incident_tracker.metrics.pooling import pooled
from incident_tracker.metrics.stated import as_stated
from incident_tracker.model import Incident, Milestone, Tracker

NO_COMPONENT = "no component"
OWN = "not imported"
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class By(StrEnum):
    """What incidents are sliced by."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SEVERITY = "severity"
    COMPONENT = "component"
    PROVIDER = "provider"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A slice of the incidents; ``first`` and ``last`` are its days where it is one of time."""

    label: str
    incidents: tuple[Incident, ...]
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which incidents are meant; ``since`` and ``until`` are days, both included.

    What begins after the day ``begun_by`` is only planned, and left out without being counted.
    """

    since: date | None = None
    until: date | None = None
    severity: str = ""
    component: str = ""
    provider: str = ""
    begun_by: date | None = None

    def holds(self, incident: Incident, zone: ZoneInfo) -> bool:
        """Whether an incident is meant; its day is that of the zone."""
        day = detected_on(incident, zone)
        if self.begun_by is not None and day is not None and day > self.begun_by:
            return False
        if self.since or self.until:
            if day is None or (self.since and day < self.since):
                return False
            if self.until and day > self.until:
                return False
        if self.severity and severity_of(incident) != self.severity:
            return False
        if self.provider and self.provider != provider_of(incident):
            return False
        return not self.component or self.component in incident.components


EVERYTHING = Selection()


def provider_of(incident: Incident) -> str:
    """Return the system that an incident was imported from, ``OWN`` where it was not."""
    return incident.origin.system if incident.origin else OWN


def detected_on(incident: Incident, zone: ZoneInfo) -> date | None:
    """Return the day of detection in a zone, without a time that of the record's id."""
    detected = incident.at(Milestone.DETECTED) or incident.scheduled_start
    if detected is not None:
        return detected.astimezone(zone).date()
    try:
        return date.fromisoformat(incident.id[:10])
    except ValueError:
        return None


def compute(
    tracker: Tracker,
    now: datetime,
    *,
    by: By | None = None,
    only: Selection = EVERYTHING,
    names: Sequence[str] = (),
    is_stated: bool = False,
    is_pooled: bool = False,
) -> tuple[Measurement, ...]:
    """Return what the metrics (all, or those of these ids) say of the incidents, period by period.

    A severity that is asked for alone leaves out the groups of the others. Open incidents, overdue
    actions and the like are as they stand at ``now``. ``is_stated`` takes the lengths that sources
    state instead of the times, ``is_pooled`` all severities as one.
    """
    only = replace(only, begun_by=now.astimezone(tracker.protocol.tzinfo).date())
    chosen = [metric for name, metric in metrics().items() if not names or name in names]
    found: list[Measurement] = []
    for period in slices(tracker, by, only=only):
        held = period.label if by is By.SEVERITY else only.severity
        incidents = tuple(as_stated(period.incidents)) if is_stated else period.incidents
        for metric in chosen:
            measured = metric.measure(incidents, tracker, now)
            found += (
                replace(measurement, period=period.label)
                for measurement in (pooled(measured, tracker.protocol) if is_pooled else measured)
                if not held or not _is_other(measurement.group, held, tracker)
            )
    return tuple(found)


def slices(
    tracker: Tracker, by: By | None = None, *, only: Selection = EVERYTHING
) -> tuple[Period, ...]:
    """Return the periods in their order: of time without a gap, so that a quiet one is seen."""
    meant = [
        incident for incident in tracker.incidents if only.holds(incident, tracker.protocol.tzinfo)
    ]
    if by is None:
        return (Period(label="", incidents=tuple(meant), first=only.since, last=only.until),)
    if by is By.SEVERITY:
        order = list((only.severity and [only.severity]) or tracker.protocol.severities)
        return _named(meant, order, lambda i: [severity_of(i) or _without_severity(i)])
    if by is By.PROVIDER:
        order = sorted({provider_of(incident) for incident in meant})
        return _named(meant, order, lambda i: [provider_of(i)])
    if by is By.COMPONENT:
        known = [component.id for component in tracker.components]
        order = [only.component] if only.component else known
        return _named(meant, order, lambda i: list(i.components) or [NO_COMPONENT])
    return _in_time(meant, by, only, tracker.protocol.tzinfo)


def _named(
    incidents: Iterable[Incident], order: Iterable[str], labels: Callable[[Incident], list[str]]
) -> tuple[Period, ...]:
    """One period for each label: those of ``order`` first, others behind them."""
    wanted = list(order)
    found: dict[str, list[Incident]] = {label: [] for label in wanted}
    for incident in incidents:
        for label in labels(incident):
            if label:
                found.setdefault(label, []).append(incident)
    return tuple(Period(label=label, incidents=tuple(part)) for label, part in found.items())


def _without_severity(incident: Incident) -> str:
    return "" if incident.is_maintenance else NO_SEVERITY


def _in_time(
    incidents: Iterable[Incident], by: By, only: Selection, zone: ZoneInfo
) -> tuple[Period, ...]:
    found: dict[date, list[Incident]] = {}
    undated: list[Incident] = []
    for incident in incidents:
        day = detected_on(incident, zone)
        if day is None:
            undated.append(incident)
        else:
            found.setdefault(first_day(day, by), []).append(incident)
    days = [*found, *(first_day(day, by) for day in (only.since, only.until) if day)]
    periods = []
    first, last = min(days, default=None), max(days, default=None)
    while first is not None and last is not None and first <= last:
        following = day_after(first, by)
        periods.append(
            Period(
                label=label_of(first, by),
                incidents=tuple(found.get(first, ())),
                first=first,
                last=following - timedelta(days=1),
            )
        )
        first = following
    if undated:
        periods.append(Period(label="undated", incidents=tuple(undated)))
    return tuple(periods)


def day_after(day: date, by: By) -> date:
    """Return the first day behind the month, quarter or year that a day lies in."""
    return first_day(first_day(day, by) + timedelta(days=31 * MONTHS[by]), by)


def first_day(day: date, by: By) -> date:
    """Return the first day of the month, quarter or year that a day lies in."""
    months = MONTHS[by]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def label_of(first: date, by: By) -> str:
    """Return how a month, quarter or year is called, by its first day."""
    if by is By.YEAR:
        return f"{first:%Y}"
    if by is By.QUARTER:
        return f"{first:%Y}-Q{(first.month + 2) // 3}"
    return f"{first:%Y-%m}"


def _is_other(group: str, severity: str, tracker: Tracker) -> bool:
    """Whether a group is that of another severity."""
    return group != severity and (group in tracker.protocol.severities or group == NO_SEVERITY)
