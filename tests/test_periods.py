"""The slices of the incidents: by time in the tracker's zone, by severity, by component."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from builder import PROTOCOL, incident, tracker
from incident_tracker.measure import Measurement
from incident_tracker.model import Tracker
from incident_tracker.periods import By, Selection, compute, slices

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def shown(by: By, *records: Tracker, only: Selection | None = None) -> list[tuple[str, int]]:
    (one,) = records
    return [(p.label, len(p.incidents)) for p in slices(one, by, only=only or Selection())]


def number(
    found: tuple[Measurement, ...], metric: str, group: str, period: str = ""
) -> Measurement:
    same = [m for m in found if (m.metric, m.group, m.period) == (metric, group, period)]
    assert len(same) == 1
    return same[0]


def test_a_month_is_that_of_the_detection_in_the_trackers_zone() -> None:
    # 04:30 UTC on 1 April is half past eleven at night on 31 March in Chicago.
    night = tracker(incident("night", detected="2026-04-01T04:30Z"))
    assert shown(By.MONTH, night) == [("2026-03", 1)]


def test_a_quiet_quarter_is_shown_and_has_no_number() -> None:
    two = tracker(
        incident("one", detected="2025-12-31T12:00-06:00", acknowledged="2025-12-31T12:10-06:00"),
        incident("two", detected="2026-07-01T12:00-05:00"),
    )
    assert shown(By.QUARTER, two) == [
        ("2025-Q4", 1), ("2026-Q1", 0), ("2026-Q2", 0), ("2026-Q3", 1),
    ]  # fmt: skip
    found = compute(two, NOW, by=By.QUARTER)
    assert number(found, "time-to-acknowledge", "P1", "2025-Q4").mean == 600
    assert number(found, "time-to-acknowledge", "P1", "2026-Q1").mean is None
    assert number(found, "incidents", "P1", "2026-Q1").headline is None


def test_a_period_ends_on_its_last_day() -> None:
    one = tracker(incident("one", detected="2028-02-29T12:00Z"))
    (month,), (quarter,), (year,) = (slices(one, by) for by in (By.MONTH, By.QUARTER, By.YEAR))
    assert (month.first, month.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert (quarter.first, quarter.last) == (date(2028, 1, 1), date(2028, 3, 31))
    assert (year.label, year.last) == ("2028", date(2028, 12, 31))


def test_the_days_that_are_asked_for_are_included() -> None:
    three = tracker(*(incident("one", detected=f"2026-05-0{d}T12:00Z") for d in (1, 2, 3)))
    only = Selection(since=date(2026, 5, 2), until=date(2026, 5, 2))
    assert shown(By.MONTH, three, only=only) == [("2026-05", 1)]


def test_the_periods_reach_from_the_first_to_the_last_day_that_was_asked_for() -> None:
    one = tracker(incident("one", detected="2026-05-10T12:00Z"))
    only = Selection(since=date(2026, 4, 1), until=date(2026, 6, 30))
    assert shown(By.MONTH, one, only=only) == [("2026-04", 0), ("2026-05", 1), ("2026-06", 0)]


def test_an_incident_counts_in_each_of_its_components() -> None:
    one = tracker(incident("one", components="[website, search]"))
    assert shown(By.COMPONENT, one) == [("website", 1), ("search", 1)]


def test_one_severity_leaves_out_the_groups_of_the_others() -> None:
    two = tracker(incident("one", severity="P0"), incident("two", severity="P1"))
    found = compute(two, NOW, only=Selection(severity="P0"), names=("incidents",))
    assert [(m.group, m.n) for m in found] == [("P0", 1)]
    found = compute(two, NOW, by=By.SEVERITY, names=("incidents",))
    assert [(m.period, m.n) for m in found] == [("P0", 1), ("P1", 1), ("P2", 0), ("P3", 0)]


@pytest.mark.parametrize("by", [By.MONTH, By.QUARTER, By.YEAR])
def test_an_empty_tracker_has_no_periods(by: By) -> None:
    assert slices(Tracker(protocol=PROTOCOL), by) == ()


def test_an_incident_has_the_severity_that_it_had_when_it_was_resolved() -> None:
    raised = incident(
        "raised",
        severity="P0",
        resolved="2026-03-01T11:00Z",
        zone="UTC",
        timeline=["- 10:30 - Severity changed: P2 → P1 because it spreads",
                  "- 11:30 - Severity changed: P1 → P0 because of the press"],
    )  # fmt: skip
    found = compute(tracker(raised), NOW, names=("incidents",))
    assert [m.group for m in found if m.n] == ["P1"]
