"""What a declared metric holds; its definition, printed beside its number, is its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incident_tracker.measure import Measurement
from incident_tracker.model import Incident, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example, load

Measured = Measurement | tuple[Measurement, ...]
Function = Callable[[Sequence[Incident], Tracker, datetime, Protocol], Measured]
DOCUMENTATION = re.compile(
    r"(?P<definition>.+?)"
    r"\n\n\*\*Left out\.\*\* (?P<left_out>.+?)"
    r"\n\n\*\*Source\.\*\* (?P<source>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Worked:
    """An example that is computed: these records, seen at ``now`` (ISO 8601), give ``expect``.

    Each of ``given`` is a change to a known-good record; ``group`` names the measurement whose
    number is meant.
    """

    given: tuple[Example, ...]
    group: str
    expect: timedelta | float
    now: str = "2026-06-01T12:00:00+00:00"

    @property
    def number(self) -> float:
        """The expected number: seconds, percent, or a count."""
        expect = self.expect
        return expect.total_seconds() if isinstance(expect, timedelta) else expect


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One declared metric; ``group`` is its topic, the name of its module."""

    id: str
    title: str
    group: str
    definition: str
    left_out: str
    source: str
    function: Function
    worked: Worked

    def measure(
        self, incidents: Sequence[Incident], tracker: Tracker, now: datetime
    ) -> tuple[Measurement, ...]:
        """Return its measurements of these incidents, under the tracker's protocol."""
        # What should not have been there is not even counted among what was left out.
        meant = [incident for incident in incidents if not incident.is_withdrawn]
        found = self.function(meant, tracker, now, tracker.protocol)
        several = (found,) if isinstance(found, Measurement) else found
        return tuple(replace(measurement, metric=self.id) for measurement in several)


METRICS: dict[str, Metric] = {}


def metric(metric_id: str, title: str, *, worked: Worked) -> Callable[[Function], Function]:
    """Declare a metric. The docstring: its definition, **Left out.** and **Source.**."""

    def register(function: Function) -> Function:
        match = DOCUMENTATION.fullmatch(inspect.getdoc(function) or "")
        if match is None:
            raise ValueError(f"{metric_id}: the docstring needs **Left out.** and **Source.**")
        if metric_id in METRICS:
            raise ValueError(f"the metric {metric_id} is declared twice")
        METRICS[metric_id] = Metric(
            id=metric_id,
            title=title,
            group=function.__module__.rpartition(".")[2],
            **{name: " ".join(text.split()) for name, text in match.groupdict().items()},
            function=function,
            worked=worked,
        )
        return function

    return register


def metrics() -> Mapping[str, Metric]:
    """Return all metrics by id, loading the modules of the metrics' folder on first use."""
    load("incident_tracker.metrics")
    return METRICS
