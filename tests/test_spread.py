"""The statistics, against published figures and against what a computer can count."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_tracker.spread import (
    mean,
    median,
    median_interval,
    median_place,
    percentile,
    wilson,
)

VALUES = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


def test_an_empty_sample_has_no_statistic() -> None:
    assert mean([]) is None
    assert median([]) is None
    assert percentile([], 90) is None
    assert median_interval([], 95) is None
    assert wilson(0, 0, 95) is None


def test_the_mean_sits_right_of_the_median_of_skewed_values() -> None:
    assert mean([5, 6, 7, 780]) == 199.5
    assert median([780, 7, 5, 6]) == 6.5


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1.0), (25, 1.75), (50, 2.5), (90, 3.7), (100, 4.0)]
)
def test_a_percentile_is_interpolated_between_order_statistics(
    percent: float, expected: float
) -> None:
    assert percentile([4, 1, 3, 2], percent) == pytest.approx(expected)


def test_one_value_is_every_percentile_of_itself() -> None:
    assert [percentile([7], percent) for percent in (0, 50, 90, 100)] == [7, 7, 7, 7]


@pytest.mark.parametrize("percent", [-1, 100.5])
def test_a_percentile_outside_0_to_100_is_wrong_use(percent: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 100"):
        percentile([1, 2], percent)


@pytest.mark.parametrize(
    ("count", "place"),
    [(1, None), (5, None), (6, 1), (7, 1), (8, 1), (9, 2), (10, 2), (12, 3), (20, 6), (100, 40)],
)
def test_order_statistics_bound_the_median_with_95_percent(count: int, place: int | None) -> None:
    assert median_place(count, 95) == place


def test_the_interval_of_the_median_is_made_of_two_of_the_values() -> None:
    interval = median_interval([60, 10, 50, 20, 40, 30], 95)
    assert interval is not None
    assert (interval.low, interval.high) == (10, 60)
    assert median_interval([10, 20, 30, 40, 50], 95) is None


def test_a_smaller_confidence_needs_fewer_values() -> None:
    assert median_place(5, 90) == 1
    assert median_place(2, 50) == 1
    assert median_place(20, 99) == 4


def test_the_interval_holds_the_true_median_as_often_as_it_says() -> None:
    chance = random.Random(4)  # noqa: S311 - a simulation
    held = 0
    for _ in range(2000):
        interval = median_interval([chance.lognormvariate(0, 1.5) for _ in range(10)], 95)
        held += interval is not None and interval.low <= 1.0 <= interval.high
    assert 0.965 < held / 2000 < 0.99  # exactly 97.85 % for order statistics 2 and 9


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(3, 3, 44, 100), (5, 5, 57, 100), (9, 10, 60, 98), (0, 3, 0, 56), (1, 2, 9, 91)],
)
def test_a_rate_has_wilsons_interval(hits: int, count: int, low: int, high: int) -> None:
    interval = wilson(hits, count, 95)
    assert interval is not None
    assert (round(interval.low * 100), round(interval.high * 100)) == (low, high)


def test_a_rate_that_cannot_be_is_wrong_use() -> None:
    with pytest.raises(ValueError, match="4 of 3 is no rate"):
        wilson(4, 3, 95)
    with pytest.raises(ValueError, match="between 0 and 100 percent"):
        wilson(3, 3, 100)


@given(VALUES)
def test_statistics_lie_between_the_smallest_and_the_largest_value(values: list[float]) -> None:
    for statistic in (mean(values), median(values), percentile(values, 90)):
        assert statistic is not None
        assert min(values) - 1e-6 <= statistic <= max(values) + 1e-6


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilsons_interval_holds_the_rate_itself(hits: int, missed: int) -> None:
    interval = wilson(hits, hits + missed, 95)
    if interval is not None:
        assert 0 <= interval.low <= hits / (hits + missed) <= interval.high <= 1
