"""The quarters and years of the metrics: which have a page, and the quarters side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from incident_tracker.measure import Measurement, Rate, Unit
from incident_tracker.metrics.declare import metrics
from incident_tracker.pages.book import Book
from incident_tracker.pages.metric_words import rate, share
from incident_tracker.pages.wording import relative
from incident_tracker.periods import By, Period, Selection, slices
from incident_tracker.spread import wilson

PAGE = "metrics.md"
MOST_QUARTERS = 8  # side by side
# Metrics of which a quarter tells "k of n", and what it is that is counted.
COMPARED = {
    "time-to-acknowledge": "Acknowledged on target",
    "time-to-resolve": "Resolved on target",
    "promises": "Promises kept",
    "updates-in-time": "Updates in time",
    "review-completion": "Reviews complete",
    "detected-by-monitoring": "Detected by monitoring",
    "repeats": "Repeats",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A link to the metrics of a period."""

    label: str
    name: str
    href: str
    is_this: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """A year and its quarters; the first one is the last twelve months and has none."""

    whole: Step
    quarters: Sequence[Step] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A rate of a quarter: "3 of 4", and its interval."""

    words: str
    interval: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarter:
    """One quarter beside others."""

    name: str
    href: str
    total: int
    severities: str
    figures: Sequence[Figure]


def periods(book: Book) -> Iterator[Period]:
    """Years and quarters in which something was recorded, newest first."""
    for by in (By.YEAR, By.QUARTER):
        yield from (period for period in _slices(book, by) if period.incidents)


def _slices(book: Book, by: By) -> Sequence[Period]:
    found = slices(book.tracker, by, only=Selection(begun_by=book.today))
    return [period for period in reversed(found) if period.first is not None]


def path_of(period: Period) -> str:
    """Where the page of a period lies."""
    return f"metrics/{period.label.lower()}.md"


def name_of(period: Period) -> str:
    """What a period is called: "2026", "Q4 2026"."""
    year, _, quarter = period.label.partition("-")
    return f"{quarter} {year}".strip()


def shelf(book: Book, page: str) -> Sequence[Shelf]:
    """The periods that have a page, as links from one of them."""
    every = tuple(periods(book))
    recent = Step(
        label="Last twelve months",
        name="Last twelve months",
        href=relative(page, PAGE),
        is_this=page == PAGE,
    )
    return (
        Shelf(whole=recent),
        *(
            Shelf(
                whole=_step(year, page),
                quarters=[
                    _step(quarter, page)
                    for quarter in reversed(every)
                    if quarter.label.startswith(f"{year.label}-")
                ],
            )
            for year in every
            if "-" not in year.label
        ),
    )


def _step(period: Period, page: str) -> Step:
    path = path_of(period)
    return Step(
        label=period.label.rpartition("-")[2],
        name=name_of(period),
        href=relative(page, path),
        is_this=page == path,
    )


def quarters(book: Book, page: str) -> Iterator[Quarter]:
    """The latest quarters, newest first, quiet ones included."""
    for period in _slices(book, By.QUARTER)[:MOST_QUARTERS]:
        counts = Counter(i.severity for i in period.incidents if i.counts)
        held = [f"{counts[name]} {name}" for name in book.protocol.severities if counts[name]]
        measured = {
            name: metrics()[name].measure(period.incidents, book.tracker, book.now)
            for name in COMPARED
        }
        yield Quarter(
            name=name_of(period),
            href=relative(page, path_of(period)) if period.incidents else "",
            total=counts.total(),
            severities=", ".join(held),
            figures=[_figure(found, book) for found in measured.values()],
        )


def _figure(found: Sequence[Measurement], book: Book) -> Figure:
    """All severities together, each incident held against the target of its own."""
    rates = [one.rate if one.unit is Unit.PERCENT else _on_target(one) for one in found]
    hits = sum(of.hits for of in rates if of)
    total = sum(of.count for of in rates if of)
    interval = wilson(hits, total, book.protocol.metrics.interval_confidence)
    return Figure(
        words=rate(Rate(hits=hits, count=total, interval=interval)),
        interval=share(interval) if interval else "",
    )


def _on_target(one: Measurement) -> Rate | None:
    return one.on_target if one.target and one.target.label == "target" else None
