"""Dot plots: every value is seen; median, interval and target stand among them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.pages.drawings import NOTHING, percent
from incident_tracker.pages.filled import filled

HEIGHT = 46  # px
MIDDLE = HEIGHT / 2
MARGIN = 3.0  # percent left free at both ends
NOMINAL_WIDTH = 400  # px: the width that collisions are judged at, about the real one
FEW, MANY = 25, 120  # values: up to FEW large dots, above MANY a rug
STEPS = (
    (60, "1 min"),
    (300, "5"),
    (900, "15"),
    (3_600, "1 h"),
    (14_400, "4 h"),
    (86_400, "1 d"),
    (604_800, "1 wk"),
    (2_419_200, "4 wk"),
    (31_536_000, "1 y"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Where a value stands. Values and ticks are of one unit, seconds on a logarithmic axis."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool

    def at(self, value: float) -> float:
        """The place of a value, in percent."""
        share = self._share(min(max(value, self.low), self.high))
        return MARGIN + (100 - 2 * MARGIN) * share

    def _share(self, value: float) -> float:
        if not self.logarithmic:
            return (value - self.low) / (self.high - self.low)
        return math.log(value / self.low) / math.log(self.high / self.low)


def log_axis(values: Sequence[float]) -> Axis:
    """A logarithmic axis in human steps that holds all `values`, seconds."""
    steps = [seconds for seconds, _ in STEPS]
    shortest, longest = min(values, default=steps[0]), max(values, default=steps[5])
    before = max((index for index, step in enumerate(steps) if step <= shortest), default=0)
    first = min(before, len(steps) - 2)
    last = min((i for i, step in enumerate(steps) if step >= longest), default=len(steps) - 1)
    last = max(last, first + 1)
    # A value of seconds stands left of the first label.
    low = min(steps[first], max(shortest, 1.0))
    return Axis(
        low=low,
        high=max(steps[last], longest),
        ticks=_labelled(STEPS[first : last + 1]),
        logarithmic=True,
    )


def _labelled(steps: Sequence[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    """The steps as ticks; the first one names its unit, the short ones after it need not."""
    (value, label), *rest = steps
    return ((value, label if " " in label else f"{label} min"), *rest)


def linear_axis(high: float, ticks: Sequence[tuple[float, str]]) -> Axis:
    """A linear axis from 0 to `high` or its last tick."""
    last = max((value for value, _ in ticks), default=1.0)
    return Axis(low=0.0, high=max(high, last), ticks=tuple(ticks), logarithmic=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One value and whether it missed its target."""

    value: float
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DotRow:
    """The values of one row and what is said about all of them."""

    dots: tuple[Dot, ...]
    median: float | None = None
    low: float | None = None  # of the median's interval
    high: float | None = None
    target: float | None = None


def axis(scale: Axis) -> Markup:
    """The labels over the column, in HTML: text keeps the reader's size."""
    words = Markup("").join(
        filled('<span style="left:{}">{}</span>', percent(scale.at(value)), label)
        for value, label in scale.ticks
    )
    return filled('<div class="it-axis-x">{}</div>', words)


def dots(row: DotRow, scale: Axis) -> Markup:
    """One row of the plot; an empty row is its grid."""
    grid = Markup("").join(
        filled(
            '<rect class="it-d-grid" x="{}" y="0" width="1" height="{}"></rect>',
            percent(scale.at(value)),
            HEIGHT,
        )
        for value, _ in scale.ticks
    )
    marks = _rug(row.dots, scale) if len(row.dots) > MANY else _swarm(row.dots, scale)
    return filled(
        '<svg class="it-dots" width="100%" height="{}" aria-hidden="true">{}</svg>',
        HEIGHT,
        Markup("").join(
            (grid, _band(row, scale), _target(row.target, scale), *marks, _median(row, scale))
        ),
    )


def _band(row: DotRow, scale: Axis) -> Markup:
    """The interval of the median."""
    if row.low is None or row.high is None:
        return NOTHING
    start, end = scale.at(row.low), scale.at(row.high)
    return filled(
        '<rect class="it-d-band" x="{}" y="9.5" width="{}" height="27"></rect>',
        percent(start),
        percent(end - start),
    )


def _median(row: DotRow, scale: Axis) -> Markup:
    """The median as a bar."""
    if row.median is None:
        return NOTHING
    return filled(
        '<svg x="{}" y="6" overflow="visible">'
        '<rect class="it-d-median" x="-1.5" y="0" width="3" height="34"></rect></svg>',
        percent(scale.at(row.median)),
    )


def _target(target: float | None, scale: Axis) -> Markup:
    """A dashed line through the row; none where the axis ends before the target."""
    if target is None or not scale.low <= target <= scale.high:
        return NOTHING
    return filled(
        '<svg x="{}" y="0" overflow="visible"><path class="it-d-target" d="M0 0v{}"></path></svg>',
        percent(scale.at(target)),
        HEIGHT,
    )


def _rug(values: Sequence[Dot], scale: Axis) -> Iterator[Markup]:
    """A line per value, where dots would be a blot."""
    for dot in sorted(values, key=lambda dot: (dot.value, dot.missed)):
        yield filled(
            '<rect class="it-d-{}" x="{}" y="13" width="1" height="20"></rect>',
            "rug-missed" if dot.missed else "rug",
            percent(scale.at(dot.value)),
        )


def _swarm(values: Sequence[Dot], scale: Axis) -> Iterator[Markup]:
    """A dot per value; those that would touch move up and down by turns.

    The order is that of the values, never random: the same values are the same bytes.
    """
    few = len(values) <= FEW
    radius, step = (3.6, 6.5) if few else (2.4, 4.6)
    apart = (2 * radius - 0.7) / NOMINAL_WIDTH * 100
    most = int((MIDDLE - radius) // step)
    last_at: dict[int, float] = {}
    for dot in sorted(values, key=lambda dot: (dot.value, dot.missed)):
        place = scale.at(dot.value)
        level = _free_level(last_at, place, apart, most)
        last_at[level] = place
        y = MIDDLE + level * step
        if dot.missed:
            yield filled(
                '<svg x="{}" y="{}" overflow="visible">'
                '<path class="it-d-missed" d="{}"></path></svg>',
                percent(place),
                _px(y),
                _diamond(radius + 1),
            )
        else:
            yield filled(
                '<circle class="it-d-dot" cx="{}" cy="{}" r="{}"></circle>',
                percent(place),
                _px(y),
                radius,
            )


def _free_level(last_at: dict[int, float], place: float, apart: float, most: int) -> int:
    """The level nearest the middle that has room: 0, below, above, and so on outwards."""
    levels = [0, *(sign * n for n in range(1, most + 1) for sign in (1, -1))]
    for level in levels:
        if place - last_at.get(level, -apart) >= apart:
            return level
    return min(levels, key=lambda level: (last_at[level], abs(level)))


def _px(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def _diamond(half: float) -> str:
    """A diamond around the origin, apart from a dot by shape as well."""
    return f"M0-{half:.1f} {half:.1f} 0 0 {half:.1f}-{half:.1f} 0z"
