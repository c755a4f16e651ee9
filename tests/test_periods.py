"""The slices of the incidents: by time in the tracker's zone, by severity, by component."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from builder import PROTOCOL, incident, tracker
from incident_tracker.measure import Measurement
from incident_tracker.model import Incident, Tracker
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


def _imported(name: str, system: str, **fields: str) -> Incident:
    origin = f"{{system: {system}, id: {name}}}"
    return incident(name, **{"origin": origin, "status": "resolved", **fields})


def test_a_provider_is_the_system_that_a_record_was_imported_from() -> None:
    three = tracker(
        _imported("one", "github"),
        _imported("two", "npm"),
        incident("three"),
        _imported("f", "npm"),
    )
    assert shown(By.PROVIDER, three) == [("github", 1), ("not imported", 1), ("npm", 2)]
    assert shown(By.PROVIDER, three, only=Selection(provider="npm")) == [("npm", 2)]


def test_severities_are_put_together_only_where_that_is_asked_for() -> None:
    times = {"P0": "10:30", "P1": "11:30", "": "12:30"}
    every = [
        _imported(f"r{n}", "npm", severity=severity, resolved=f"2026-03-01T{at}Z")
        for n, (severity, at) in enumerate(times.items())
    ]
    every += [incident("open", severity="P0"), incident("drill", drill="site-down")]
    both = tracker(*every)
    apart = compute(both, NOW, names=("time-to-resolve",))
    assert [(m.group, m.n) for m in apart if m.n] == [("P0", 1), ("P1", 1), ("no severity", 1)]
    (one,) = compute(both, NOW, names=("time-to-resolve",), is_pooled=True)
    assert (one.group, one.n, one.mean, one.median) == ("all severities", 3, 5400, 5400)
    assert {left.reason: left.count for left in one.left_out} == {
        "pending: not resolved yet": 1,
        "drill": 1,
    }
    # The targets are those of each severity; the one without any has no verdict.
    assert one.target is None
    assert one.on_target is not None
    assert (one.on_target.hits, one.on_target.count) == (2, 3)


def test_a_pooled_share_counts_each_record_once_and_a_count_keeps_what_is_set_apart() -> None:
    both = tracker(
        incident("one", severity="P0", resolved="2026-03-01T11:00Z"),
        incident("two", severity="P1", resolved="2026-03-01T11:00Z"),
        incident("drill", drill="site-down"),
    )
    found = compute(both, NOW, names=("incidents", "review-completion"), is_pooled=True)
    assert [(m.metric, m.group, m.n) for m in found if m.metric == "incidents"] == [
        ("incidents", "all severities", 2),
        ("incidents", "drill", 1),
    ]
    share = next(m for m in found if m.metric == "review-completion")
    assert share.rate is not None
    assert (share.rate.hits, share.rate.count, share.n) == (0, 2, 2)


def test_stated_lengths_take_the_place_of_times_and_are_not_mixed_with_them() -> None:
    both = tracker(
        _imported("said", "moj", resolved="2026-03-01T11:00Z", stated="{resolved_at: 3h}"),
        _imported("mute", "moj", resolved="2026-03-01T11:00Z"),
    )
    (timed,) = [m for m in compute(both, NOW, names=("time-to-resolve",)) if m.n]
    assert (timed.n, timed.mean) == (2, 3600)
    stated = compute(both, NOW, names=("time-to-resolve",), is_stated=True)
    (one,) = [m for m in stated if m.n]
    assert (one.n, one.mean) == (1, 3 * 3600)
    assert [left.reason for left in one.left_out] == [
        "not applicable: moj does not say when it was resolved"
    ]
