"""One metric on its page: its definition, its rows with their drawing, and its single values."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.measure import Measurement, Rate, Single, State, Unit
from incident_tracker.metrics.declare import Metric
from incident_tracker.metrics.grouping import ALL
from incident_tracker.model import Incident
from incident_tracker.pages import drawings, drawings_dots
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.drawings_dots import Axis, Dot, DotRow
from incident_tracker.pages.filled import filled
from incident_tracker.pages.metric_words import duration, rate, share, target
from incident_tracker.pages.wording import first_letter_up, link
from incident_tracker.protocol import MetricTerms

Measured = tuple[Metric, Sequence[Measurement]]
# The order of the questions; a topic that is not named here comes behind them.
TOPICS = {
    "response": "Response",
    "communication": "Communication",
    "review": "Reviews",
    "actions": "Action items",
    "recurrence": "Recurrence",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One group of one metric."""

    label: Markup
    n: int
    missing: str
    drawing: Markup
    headline: str
    interval: str
    most: str
    mean: str
    target: str
    on_target: str
    on_target_interval: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One single value."""

    record: Markup
    value: Markup | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """One metric with its rows and its single values."""

    id: str
    title: str
    topic: str
    is_first: bool
    unit: Unit
    definition: str
    more: str
    axis: Markup
    rows: Sequence[Row]
    values: Sequence[Value]
    has_targets: bool
    left_out: str


def label(group: str, book: Book) -> Markup:
    """The tag of a severity, or the words for another group."""
    if group in book.protocol.severities:
        return drawings.severity(book.protocol.rank(group), group)
    return filled("{}", "All together" if group == ALL else first_letter_up(group))


def rate_line(of: Rate | None) -> Markup:
    """The line of a rate; of nothing counted an empty one."""
    if of is None or of.share is None or of.interval is None:
        return drawings.rate(None)
    return drawings.rate(
        drawings.Rate(share=of.share / 100, low=of.interval.low, high=of.interval.high)
    )


def is_finite(one: Measurement) -> bool:
    """Whether there is something that the values are held against."""
    return one.target is not None and one.target.value != float("inf")


def chart(
    metric: Metric, found: Sequence[Measurement], book: Book, *, page: str, is_first: bool
) -> Chart:
    """A metric as it stands on a page; ``is_first`` of its topic."""
    first, _, more = metric.definition.partition(". ")
    unit = found[0].unit if found else Unit.COUNT
    numbers = [value for one in found for value in _numbers(one)]
    axis = drawings_dots.log_axis(numbers)
    return Chart(
        id=metric.id,
        title=metric.title,
        topic=TOPICS.get(metric.group, first_letter_up(metric.group)),
        is_first=is_first,
        unit=unit,
        definition=first.removesuffix(".") + ".",
        more=more,
        axis=drawings_dots.axis(axis) if unit is Unit.SECONDS else Markup(""),
        rows=tuple(_row(one, axis, book) for one in found),
        values=() if unit is not Unit.SECONDS else tuple(_odd_values(found, book, page)),
        has_targets=any(is_finite(one) for one in found),
        left_out=_left_out(found),
    )


def _numbers(one: Measurement) -> Sequence[float]:
    if one.unit is not Unit.SECONDS:
        return ()
    return [s.value for s in one.values if s.state is State.RECORDED and s.value is not None]


def _row(one: Measurement, axis: Axis, book: Book) -> Row:
    of = one.on_target if one.unit is Unit.SECONDS else one.rate
    return Row(
        label=label(one.group, book),
        n=one.n,
        missing=_missing(one),
        drawing=_dots(one, axis) if one.unit is Unit.SECONDS else rate_line(of),
        headline=_headline(one),
        interval=_interval(one, book.protocol.metrics),
        most=_most(one),
        mean=duration(one.mean) if one.mean is not None else "",
        target=target(one) if one.target and one.target.label == "target" else _deadline(one),
        on_target=rate(of) if is_finite(one) or one.unit is Unit.PERCENT else "",
        on_target_interval=share(of.interval)
        if of and of.interval and _is_finite_or_rate(one)
        else "",
    )


def _is_finite_or_rate(one: Measurement) -> bool:
    return one.unit is Unit.PERCENT or is_finite(one)


def _deadline(one: Measurement) -> str:
    if one.target is None or not is_finite(one):
        return "no target"
    return f"{one.target.label.split(',')[0]} {duration(one.target.value)}"


def _missing(one: Measurement) -> str:
    """How many have no value, in one or two words each."""
    words = {State.PENDING: "pending", State.INVALID: "invalid", State.NOT_APPLICABLE: "without"}
    numbers = Counter(words[s.state] for s in one.values if s.state in words)
    return ", ".join(f"{numbers[word]} {word}" for word in words.values() if numbers[word])


def _left_out(found: Sequence[Measurement]) -> str:
    """Why records are in no figure, with how many of each group: "drill: 1 P0, 3 P1"."""
    by_reason: dict[str, list[str]] = {}
    for one in found:
        for apart in one.left_out:
            reason = apart.reason.removeprefix(f"{State.NOT_APPLICABLE}: ")
            number = f"{apart.count}" if one.group == ALL else f"{apart.count} {one.group}"
            by_reason.setdefault(reason, []).append(number)
    return "; ".join(f"{reason}: {', '.join(numbers)}" for reason, numbers in by_reason.items())


def _dots(one: Measurement, axis: Axis) -> Markup:
    dots = tuple(
        Dot(value=single.value, missed=bool(single.missed))
        for single in one.values
        if single.state is State.RECORDED and single.value is not None
    )
    shown = one.interval is not None
    return drawings_dots.dots(
        DotRow(
            dots=dots,
            median=one.median if shown else None,
            low=one.interval.low if one.interval else None,
            high=one.interval.high if one.interval else None,
            target=one.target.value if one.target and one.target.label == "target" else None,
        ),
        axis,
    )


def _headline(one: Measurement) -> str:
    if not one.n:
        return "no case"
    if one.unit is Unit.SECONDS:
        return duration(one.median) if one.interval is not None and one.median is not None else ""
    return str(one.n)


def _interval(one: Measurement, terms: MetricTerms) -> str:
    if not one.n or one.unit is not Unit.SECONDS:
        return ""
    if one.interval is None:
        return f"n < {terms.median_interval_from}: see the dots"
    return f"{duration(one.interval.low)} – {duration(one.interval.high)}"


def _most(one: Measurement) -> str:
    """The time within which 90 % lie, with its doubt; empty where it is not shown."""
    if one.p90 is None:
        return ""
    doubt = "" if one.p90_is_sure else ", few values"
    return f"90 % within {duration(one.p90)}{doubt}"


def _odd_values(found: Sequence[Measurement], book: Book, page: str) -> Iterator[Value]:
    """The values that belong to no incident; those of incidents share one table."""
    for one in found:
        for single in one.values:
            if single.record not in book.tracker.incident_by_id:
                incident = book.tracker.incident_by_id.get(single.record.partition("#")[0])
                name = filled("{}", single.record)
                record = link(page, incident.path, single.record) if incident else name
                yield Value(record=record, value=cell(single))


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """All durations of all incidents: a column for each metric, a row for each incident."""

    head: Sequence[str]
    rows: Sequence[Sequence[Markup | str]]


def matrix(
    measured: Sequence[Measured], incidents: Sequence[Incident], book: Book, page: str
) -> Matrix:
    """The single values behind the charts, newest incident first."""
    columns = [(m, found) for m, found in measured if found and found[0].unit is Unit.SECONDS]
    by_metric = [
        (metric.title, {single.record: single for one in found for single in one.values})
        for metric, found in columns
    ]
    by_metric = [
        (title, singles)
        for title, singles in by_metric
        if any(record in book.tracker.incident_by_id for record in singles)
    ]
    return Matrix(
        head=[title for title, _ in by_metric],
        rows=[
            (
                link(page, incident.path, incident.id),
                incident.severity,
                *(cell(singles.get(incident.id)) for _, singles in by_metric),
            )
            for incident in incidents
            if incident.counts
        ],
    )


def cell(single: Single | None) -> Markup | str:
    """One value as it stands in a table: the time, marked where it missed, or why there is none."""
    if single is None:
        return ""
    if single.value is None or single.state in (State.INVALID, State.NOT_APPLICABLE):
        return single.state.value
    words = duration(single.value)
    if single.state is State.PENDING:
        words = f"{words} so far"
    return drawings.verdict(Verdict.MISSED, words) if single.missed else words
