"""A metric's worked example, computed: the tests and the page of a metric use the same."""

from __future__ import annotations

from datetime import datetime

from incident_tracker.examples import PATHS, changed, good_files, tracker_of
from incident_tracker.measure import Measurement
from incident_tracker.metrics.declare import Metric
from incident_tracker.model import Tracker
from incident_tracker.protocol import Protocol


def worked_tracker(metric: Metric, protocol: Protocol) -> Tracker:
    """Return the tracker that holds the records of the metric's example and no others."""
    good, files = good_files(), {}
    for example in metric.worked.given:
        usual = PATHS[example.record]
        files[example.path or usual] = changed(example, good[usual])
    return tracker_of(files, protocol)


def worked_out(metric: Metric, protocol: Protocol) -> Measurement | None:
    """Return the measurement that the metric's example is about, None where it has none."""
    tracker = worked_tracker(metric, protocol)
    now = datetime.fromisoformat(metric.worked.now)
    found = metric.measure(tracker.incidents, tracker, now)
    return next((one for one in found if one.group == metric.worked.group), None)
