"""Statistics of small samples: where the middle lies, how far the values reach, how sure that is.

Plain arithmetic on numbers of one unit; an empty sample has no statistic, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor, fsum, sqrt
from statistics import NormalDist


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A range that holds the true figure with at least ``confidence`` percent."""

    low: float
    high: float
    confidence: float


def mean(values: Sequence[float]) -> float | None:
    """Return the arithmetic mean, None of an empty sample."""
    return fsum(values) / len(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """Return the middle value, the mean of the two middle ones in a sample of even size."""
    return percentile(values, 50)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return a percentile by linear interpolation between order statistics ("type 7").

    With n values the p-th percentile stands at place 1 + (n - 1) × p / 100 of the sorted sample;
    between two places it is interpolated. PERCENTILE.INC of spreadsheets and NumPy do the same.
    """
    if not 0 <= percent <= 100:  # noqa: PLR2004 - that is what percent means
        raise ValueError(f"a percentile lies from 0 to 100, not at {percent}")
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * Fraction(percent) / 100
    below = floor(place)
    share = float(place - below)
    lower, upper = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return lower + share * (upper - lower)


def median_interval(values: Sequence[float], confidence: float) -> Interval | None:
    """Return the interval of the median from order statistics, None where the sample is too small.

    It supposes nothing about the distribution: each value lies below the median with probability
    one half, so the k-th smallest and the k-th largest hold it between them with a binomial
    probability. The narrowest pair that reaches ``confidence``, in percent, is taken.
    """
    place = median_place(len(values), confidence)
    if place is None:
        return None
    ordered = sorted(values)
    return Interval(low=ordered[place - 1], high=ordered[-place], confidence=confidence)


@lru_cache(maxsize=4096)
def median_place(count: int, confidence: float) -> int | None:
    """Return k: the k-th smallest and k-th largest value bound the median; None where none do."""
    _check_confidence(confidence)
    # Both tails may hold (100 - confidence) % of 2**count equally likely cases: counted exactly.
    allowed = (100 - Fraction(str(confidence))) / 100 * 2**count
    place, cases, tail = 0, 1, 1
    while 2 * tail <= allowed and 2 * (place + 1) <= count:
        cases = cases * (count - place) // (place + 1)
        place += 1
        tail += cases
    return place or None


def wilson(hits: int, count: int, confidence: float) -> Interval | None:
    """Return Wilson's score interval of a rate, as shares from 0 to 1; None of nothing counted.

    ``confidence`` is in percent. Unlike the textbook interval it stays inside 0 and 1 and is no
    single point when all or none of a few hit.
    """
    _check_confidence(confidence)
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no rate")
    if not count:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    share, weight = hits / count, z * z / count
    middle = (share + weight / 2) / (1 + weight)
    reach = z * sqrt(share * (1 - share) / count + weight / (4 * count)) / (1 + weight)
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == count else min(1.0, middle + reach)
    return Interval(low=low, high=high, confidence=confidence)


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 100:  # noqa: PLR2004 - that is what percent means
        raise ValueError(f"a confidence lies between 0 and 100 percent, not at {confidence}")
