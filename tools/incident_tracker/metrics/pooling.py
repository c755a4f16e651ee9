"""The measurements of all severities as one: only where that is asked for, and said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from incident_tracker.measure import (
    LeftOut,
    Measurement,
    Rate,
    Unit,
    of_count,
    of_durations,
    rate_of,
)
from incident_tracker.metrics.grouping import NO_SEVERITY
from incident_tracker.protocol import Protocol

POOLED = "all severities"


def pooled(found: Iterable[Measurement], terms: Protocol) -> tuple[Measurement, ...]:
    """Return the measurements of one metric with those of severities put together.

    Each value keeps the verdict of its own severity's target; a target for all there is none.
    """
    every = tuple(found)
    severities = {*terms.severities, NO_SEVERITY}
    parts = [measurement for measurement in every if measurement.group in severities]
    others = tuple(measurement for measurement in every if measurement.group not in severities)
    return (_together(parts, terms), *others) if parts else others


def _together(parts: Sequence[Measurement], terms: Protocol) -> Measurement:
    values = [single for part in parts for single in part.values]
    first = parts[0]
    if first.unit is Unit.COUNT:
        whole = of_count(POOLED, values)
    else:
        whole = of_durations(POOLED, values, terms.metrics)
    if first.unit is Unit.PERCENT:
        rate = _sum([part.rate for part in parts], terms)
        whole = replace(
            of_count(POOLED, values), unit=first.unit, n=rate.count if rate else 0, rate=rate
        )
    reasons: Counter[str] = Counter()
    for part in parts:
        for left in part.left_out:
            reasons[left.reason] += left.count
    return replace(
        whole,
        metric=first.metric,
        left_out=tuple(LeftOut(reason=reason, count=n) for reason, n in reasons.items()),
        on_target=_sum([part.on_target for part in parts], terms),
    )


def _sum(rates: Iterable[Rate | None], terms: Protocol) -> Rate | None:
    known = [rate for rate in rates if rate is not None]
    if not known:
        return None
    return rate_of(sum(r.hits for r in known), sum(r.count for r in known), terms.metrics)
