"""Every metric, by its own worked example, and what holds for all of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from builder import PROTOCOL
from incident_tracker.measure import Unit
from incident_tracker.metrics.declare import Metric, metrics
from incident_tracker.model import Tracker
from incident_tracker.worked import worked_out, worked_tracker

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERY = pytest.mark.parametrize("metric", metrics().values(), ids=lambda metric: metric.id)


@EVERY
def test_the_worked_example_gives_what_it_says(metric: Metric) -> None:
    assert not worked_tracker(metric, PROTOCOL).findings
    measurement = worked_out(metric, PROTOCOL)
    assert measurement is not None
    assert measurement.headline == pytest.approx(metric.worked.number)


@EVERY
def test_no_incidents_give_no_number_and_never_zero(metric: Metric) -> None:
    found = metric.measure((), Tracker(protocol=PROTOCOL), NOW)
    assert [one.headline for one in found] == [None] * len(found)
    assert [one.n for one in found] == [0] * len(found)
    assert [one.is_met for one in found] == [None] * len(found)


@EVERY
def test_a_definition_is_whole_sentences(metric: Metric) -> None:
    for text in (metric.definition, metric.left_out, metric.source):
        assert text.endswith(".")
        assert len(text.split()) > 2
    assert metric.title[0].isupper()


@EVERY
def test_a_measurement_is_strict_json_with_its_sample_size(metric: Metric) -> None:
    measurement = worked_out(metric, PROTOCOL)
    assert measurement is not None
    told = json.loads(json.dumps(measurement.to_json(), allow_nan=False))
    assert told["metric"] == metric.id
    assert told["n"] == measurement.n > 0
    assert told["unit"] in list(Unit)
