"""What a metric gives: the single values, what was left out and why, the statistics of the rest.

A value that is missing is missing for a reason that is said; nothing ever becomes zero in silence.
Durations are in seconds, rates in shares from 0 to 1, targets of rates in percent.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from incident_tracker.protocol import MetricTerms
from incident_tracker.spread import Interval, mean, median, median_interval, percentile, wilson

JsonObject = Mapping[str, object]
MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
ROUNDED = (
    "Lengths are rounded, half up: to the second below ten minutes, to the minute below a day, "
    "to the hour above."
)


class Unit(StrEnum):
    """What the numbers of a measurement count."""

    SECONDS = "seconds"
    COUNT = "count"
    PERCENT = "percent"


class State(StrEnum):
    """Why a value is there or is not; only recorded ones enter a statistic."""

    RECORDED = "recorded"
    PENDING = "pending"
    NOT_APPLICABLE = "not applicable"
    INVALID = "invalid"


def in_words(seconds: float) -> str:
    """Return a length in its largest two units, rounded as ``ROUNDED`` says: "8 min 30 s"."""
    if seconds < 0:
        return f"minus {in_words(-seconds)}"
    whole = _rounded(seconds, 1)
    if whole >= 10 * MINUTE:
        whole = _rounded(seconds, MINUTE)
    if whole >= DAY:
        whole = _rounded(seconds, HOUR)
    days, rest = divmod(whole, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    if hours and minutes:
        return f"{hours} h {minutes:02d} min"
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def _rounded(seconds: float, unit: int) -> int:
    return math.floor(seconds / unit + 0.5) * unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Single:
    """The value of one record (or action).

    ``value`` is None where there is none; a pending duration has the time that it runs so far.
    ``missed`` says whether its target or promise was missed, None where there is none or it may
    still be met. ``at`` places it in time. ``reason`` says why it is not recorded, or what is
    special about it.
    """

    record: str
    state: State = State.RECORDED
    value: float | None = None
    missed: bool | None = None
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """How many were left out for one reason."""

    reason: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """``hits`` of ``count``, with the interval of the share; "3 of 3 (44–100 %)"."""

    hits: int
    count: int
    interval: Interval | None

    @property
    def share(self) -> float | None:
        """The rate in percent, None where nothing was counted."""
        return 100 * self.hits / self.count if self.count else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a value is held against: seconds, or percent for a rate.

    A strict target is missed at its value ("less than"), a deadline is met there ("within").
    """

    value: float
    strict: bool = True
    label: str = "target"

    @classmethod
    def of(
        cls, span: timedelta | None, *, strict: bool = True, label: str = "target"
    ) -> Target | None:
        """Return the target that a duration is, None where there is none."""
        if span is None:
            return None
        return cls(value=span.total_seconds(), strict=strict, label=label)

    def is_missed(self, value: float) -> bool:
        """Whether a duration misses it."""
        return value >= self.value if self.strict else value > self.value

    def judged(self, single: Single) -> Single:
        """Return the value with its verdict; a pending one has missed once it ran too long."""
        if single.value is None or single.missed is not None or single.state is State.INVALID:
            return single
        if single.state is State.RECORDED:
            return replace(single, missed=self.is_missed(single.value))
        return replace(single, missed=True) if self.is_missed(single.value) else single


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One number of a metric for one group, with everything that is needed to judge it.

    ``n`` counts what the statistics are made of. ``rate`` is the number itself where the unit is
    percent; ``on_target`` is how many durations met the target. Statistics that the sample is too
    small for are None. ``metric`` and ``period`` are filled in by whoever asked.
    """

    group: str
    unit: Unit
    values: tuple[Single, ...]
    n: int
    left_out: tuple[LeftOut, ...] = ()
    metric: str = ""
    period: str = ""
    mean: float | None = None
    median: float | None = None
    interval: Interval | None = None
    p90: float | None = None
    p90_is_sure: bool = False
    max: float | None = None
    target: Target | None = None
    on_target: Rate | None = None
    rate: Rate | None = None

    @property
    def headline(self) -> float | None:
        """The number that is read first: the mean (targets are means), the share, or the count."""
        if self.unit is Unit.SECONDS:
            return self.mean
        if self.unit is Unit.PERCENT:
            return self.rate.share if self.rate else None
        return float(self.n) if self.n else None

    @property
    def is_met(self) -> bool | None:
        """Whether the number meets its target, None without a number or a target."""
        if self.headline is None or self.target is None:
            return None
        if self.unit is Unit.PERCENT:
            return self.headline >= self.target.value
        return not self.target.is_missed(self.headline)

    def to_json(self) -> JsonObject:
        """Return it as JSON-able values: seconds, shares, ISO 8601 times."""
        target = self.target
        return {
            "metric": self.metric,
            "period": self.period,
            "group": self.group,
            "unit": self.unit.value,
            "value": self.headline,
            "n": self.n,
            "left_out": [asdict(reason) for reason in self.left_out],
            "mean": self.mean,
            "median": self.median,
            "median_interval": _interval(self.interval),
            "p90": self.p90,
            "p90_is_sure": self.p90_is_sure,
            "max": self.max,
            "rate": _rate(self.rate),
            "target": asdict(target) if target else None,
            "target_met": self.is_met,
            "on_target": _rate(self.on_target),
            "values": [_single(single) for single in self.values],
        }


def of_durations(
    group: str,
    singles: Iterable[Single],
    terms: MetricTerms,
    *,
    target: Target | None = None,
    left_out: Iterable[LeftOut] = (),
) -> Measurement:
    """Return the measurement of durations; ``terms`` say from which counts on a statistic is."""
    values = tuple(singles)
    seconds = [
        single.value
        for single in values
        if single.state is State.RECORDED and single.value is not None
    ]
    count, sure = len(seconds), terms.interval_confidence
    return Measurement(
        group=group,
        unit=Unit.SECONDS,
        values=values,
        n=count,
        left_out=(*left_out, *_left_out(values)),
        mean=mean(seconds),
        median=median(seconds),
        interval=median_interval(seconds, sure) if count >= terms.median_interval_from else None,
        p90=percentile(seconds, 90) if count >= terms.p90_from else None,
        p90_is_sure=count >= terms.p90_sure_from,
        max=max(seconds, default=None),
        target=target,
        on_target=_kept(values, terms) if target is not None else None,
    )


def of_rate(
    group: str,
    singles: Iterable[Single],
    terms: MetricTerms,
    *,
    target: Target | None = None,
    left_out: Iterable[LeftOut] = (),
    of_missed: bool = False,
) -> Measurement:
    """Return the share of the values that did not miss, or of those that did.

    Those without a verdict are left out.
    """
    values = tuple(singles)
    rate = _kept(values, terms, hit=of_missed)
    return Measurement(
        group=group,
        unit=Unit.PERCENT,
        values=values,
        n=rate.count,
        left_out=(*left_out, *_left_out(single for single in values if single.missed is None)),
        target=target,
        rate=rate,
    )


def of_count(
    group: str, singles: Iterable[Single], *, left_out: Iterable[LeftOut] = ()
) -> Measurement:
    """Return how many there are."""
    values = tuple(singles)
    return Measurement(
        group=group, unit=Unit.COUNT, values=values, n=len(values), left_out=tuple(left_out)
    )


def rate_of(hits: int, count: int, terms: MetricTerms) -> Rate:
    """Return the rate with the interval of the confidence that the protocol names."""
    interval = wilson(hits, count, terms.interval_confidence)
    return Rate(hits=hits, count=count, interval=interval)


def _kept(values: Iterable[Single], terms: MetricTerms, *, hit: bool = False) -> Rate:
    verdicts = [single.missed for single in values if single.missed is not None]
    return rate_of(verdicts.count(hit), len(verdicts), terms)


def _left_out(values: Iterable[Single]) -> tuple[LeftOut, ...]:
    reasons = (f"{v.state.value}: {v.reason}" for v in values if v.state is not State.RECORDED)
    return tuple(LeftOut(reason=reason, count=n) for reason, n in Counter(reasons).items())


def _interval(interval: Interval | None) -> JsonObject | None:
    return asdict(interval) if interval else None


def _rate(rate: Rate | None) -> JsonObject | None:
    if rate is None:
        return None
    return {"hits": rate.hits, "count": rate.count, "interval": _interval(rate.interval)}


def _single(single: Single) -> JsonObject:
    return {
        "record": single.record,
        "state": single.state.value,
        "value": single.value,
        "missed": single.missed,
        "reason": single.reason,
        "at": single.at.isoformat() if single.at else None,
    }
