"""The metrics page: every number with its definition, its company and the values it is made of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from markupsafe import Markup

from incident_tracker.measure import ROUNDED, Measurement, Unit
from incident_tracker.metrics.declare import Metric, metrics
from incident_tracker.metrics.grouping import set_apart
from incident_tracker.model import Incident
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import Leaf, leaves, page
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.metric_causes import Cause, causes
from incident_tracker.pages.metric_charts import (
    TOPICS,
    Chart,
    Matrix,
    Measured,
    chart,
    is_finite,
    label,
    matrix,
    rate_line,
)
from incident_tracker.pages.metric_periods import (
    COMPARED,
    PAGE,
    Quarter,
    Shelf,
    name_of,
    path_of,
    periods,
    quarters,
    shelf,
)
from incident_tracker.pages.metric_words import duration, rate, share, target
from incident_tracker.pages.wording import count, day, relative

PERIOD = timedelta(days=365)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A target of the protocol and how it was kept."""

    label: Markup
    target: str
    mean: str
    verdict: Markup
    on_target: str
    interval: str
    drawing: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """What a metric means, what it leaves out, and where it comes from."""

    title: str
    text: str
    left_out: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of the metrics page."""

    title: str
    lede: str
    periods: Sequence[Shelf]
    quarters: Sequence[Quarter]
    compared: Sequence[str]
    promises: Sequence[Promise]
    charts: Sequence[Chart]
    matrix: Matrix
    causes: Sequence[Cause]
    definitions: Sequence[Definition]
    definitions_href: str
    zone: str
    terms: Sequence[str]
    is_empty: bool


@page(PAGE, template="metrics.md.j2", title="Metrics", section="Metrics", order=40)
def metrics_page(book: Book) -> Values:
    """The metrics of the last twelve months."""
    since = book.today - PERIOD + timedelta(days=1)
    incidents = [i for i in book.newest_first if since <= book.day_of(i) <= book.today]
    return replace(
        _values(incidents, book, PAGE, (since, book.today)),
        quarters=tuple(quarters(book, PAGE)),
        terms=tuple(_terms(book)),
    )


@leaves("metrics-by-period", template="metrics.md.j2", section="Metrics", order=41)
def metrics_of_periods(book: Book) -> Iterator[Leaf]:
    """One page for each quarter and each year in which something was recorded."""
    for period in periods(book):
        if period.first is None or period.last is None:
            continue
        path, days = path_of(period), (period.first, min(period.last, book.today))
        incidents = sorted(period.incidents, key=lambda i: (book.day_of(i), i.id), reverse=True)
        title = f"Metrics of {name_of(period)}"
        yield Leaf(
            path=path, title=title, values=partial(_titled, title, incidents, book, path, days)
        )


def _titled(
    title: str, incidents: Sequence[Incident], book: Book, path: str, days: tuple[date, date]
) -> Values:
    return replace(_values(incidents, book, path, days), title=title)


def _values(
    incidents: Sequence[Incident], book: Book, path: str, days: tuple[date, date]
) -> Values:
    """What every page of metrics says of its incidents."""
    found = [(metric, metric.measure(incidents, book.tracker, book.now)) for metric in _in_order()]
    return Values(
        title="Metrics",
        lede=_lede(incidents, book, days),
        periods=shelf(book, path),
        quarters=(),
        compared=tuple(COMPARED.values()),
        promises=tuple(_promises(found, book)),
        charts=tuple(_charts(found, book, path)),
        matrix=matrix(found, incidents, book, path),
        causes=tuple(causes(incidents, found, book, path)),
        definitions=[
            Definition(title=m.title, text=m.definition, left_out=m.left_out, source=m.source)
            for m, _ in found
        ],
        definitions_href=relative(path, f"{PAGE}#definitions"),
        zone=book.protocol.zone,
        terms=(),
        is_empty=not incidents,
    )


def _in_order() -> Sequence[Metric]:
    topics = tuple(TOPICS)

    def place(metric: Metric) -> tuple[int, str]:
        known = metric.group in topics
        return (topics.index(metric.group) if known else len(topics), metric.group)

    return sorted(metrics().values(), key=place)


def _lede(incidents: Sequence[Incident], book: Book, days: tuple[date, date]) -> str:
    since, until = days
    counted = sum(incident.counts for incident in incidents)
    apart = Counter(set_apart(i) for i in incidents if not (i.counts or i.is_withdrawn))
    words = {"drill": "drills", "maintenance": "maintenance windows", "duplicate": "duplicates"}
    left_out = ", ".join(
        f"{number} {reason if number == 1 else words.get(reason, reason)}"
        for reason, number in sorted(apart.items())
    )
    return (
        f"{day(since)} to {day(until)}: {count(counted, 'incident')}, by severity and never "
        f"pooled.{f' Left out: {left_out}.' if left_out else ''} No trend arrows: with fewer than "
        f"{book.protocol.metrics.trend_from} incidents a side, an arrow is a coin toss."
    )


def _promises(measured: Sequence[Measured], book: Book) -> Iterator[Promise]:
    for metric, found in measured:
        for one in found:
            # A deadline that is no target is shown at its metric, not here.
            if one.target is None or one.target.label != "target" or not is_finite(one):
                continue
            of = one.on_target if one.unit is Unit.SECONDS else one.rate
            name = metric.title.split(" (")[0]
            yield Promise(
                label=filled("{} {}", label(one.group, book), name),
                target=target(one),
                mean=duration(one.mean) if one.mean is not None else "",
                verdict=_verdict(one),
                on_target=rate(of),
                interval=share(of.interval) if of and of.interval else "",
                drawing=rate_line(of),
            )


def _verdict(one: Measurement) -> Markup:
    if one.is_met is None:
        return Markup('<span class="it-mute">no mean yet</span>')
    return drawings.verdict(*((Verdict.KEPT, "kept") if one.is_met else (Verdict.MISSED, "missed")))


def _charts(measured: Sequence[Measured], book: Book, page: str) -> Iterator[Chart]:
    topic = ""
    for metric, found in measured:
        yield chart(metric, found, book, page=page, is_first=metric.group != topic)
        topic = metric.group


def _terms(book: Book) -> Iterator[str]:
    terms = book.protocol.metrics
    yield (
        f"The interval of a median has {terms.interval_confidence} % confidence, comes from order "
        f"statistics and supposes no distribution; it is shown from {terms.median_interval_from} "
        "values on."
    )
    yield (
        f"The time within which 90 % lie is shown from {terms.p90_from} values on and is called "
        f"sure from {terms.p90_sure_from}."
    )
    yield f"Rates have Wilson's score interval with {terms.interval_confidence} % confidence."
    yield f"A trend would be shown from {terms.trend_from} incidents on each side; none is."
    yield ROUNDED
    yield "The mean is printed because the protocol's targets are means."
