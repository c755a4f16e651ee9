"""Figures of metrics in words; the percent sign keeps its distance, an interval its two ends."""

from datetime import timedelta

from incident_tracker.measure import Measurement, Rate, Unit
from incident_tracker.pages.wording import NBSP, length
from incident_tracker.spread import Interval


def duration(seconds: float) -> str:
    """A length given in seconds."""
    return length(timedelta(seconds=seconds))


def share(interval: Interval) -> str:
    """An interval of shares: "54–80 %"."""
    return f"{100 * interval.low:.0f}–{100 * interval.high:.0f}{NBSP}%"


def rate(of: Rate | None) -> str:
    """A rate: "6 of 7"; of nothing "no case"."""
    return f"{of.hits} of {of.count}" if of and of.count else "no case"


def target(of: Measurement) -> str:
    """The target in words: "under 15 min", "within 7 d", "all"."""
    if of.target is None or of.target.value == float("inf"):
        return "no target"
    if of.unit is Unit.PERCENT:
        return "all" if of.target.value >= 100 else f"{of.target.value:g}{NBSP}%"  # noqa: PLR2004 # percent
    return f"{'under' if of.target.strict else 'within'} {duration(of.target.value)}"
