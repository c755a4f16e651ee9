"""The metrics page: every number with its definition, its company and the values it is made of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from incident_tracker.measure import Measurement, Rate, Single, State, Unit
from incident_tracker.metrics.declare import Metric, metrics
from incident_tracker.metrics.grouping import ALL, set_apart
from incident_tracker.model import Incident
from incident_tracker.pages import drawings, drawings_dots
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.drawings_dots import Axis, Dot, DotRow
from incident_tracker.pages.metric_words import duration, rate, share, target
from incident_tracker.pages.wording import count, day, first_letter_up, link, on_day, short_day
from incident_tracker.protocol import MetricTerms

PAGE = "metrics.md"
PERIOD = timedelta(days=365)
# The order of the questions; a topic that is not named here comes behind them.
TOPICS = {
    "response": "Response",
    "communication": "Communication",
    "review": "Reviews",
    "actions": "Action items",
    "recurrence": "Recurrence",
}


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
    group: str
    value: str
    verdict: Markup | str


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A root cause that came back."""

    name: str
    times: int
    span: str
    last: Markup
    after: Markup


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

    lede: str
    promises: Sequence[Promise]
    charts: Sequence[Chart]
    causes: Sequence[Cause]
    definitions: Sequence[Definition]
    zone: str
    terms: Sequence[str]
    is_empty: bool


@page(PAGE, template="metrics.md.j2", title="Metrics", section="Metrics", order=40)
def metrics_page(book: Book) -> Values:
    """The metrics of the last twelve months."""
    since = book.today - PERIOD + timedelta(days=1)
    incidents = [i for i in book.newest_first if since <= book.day_of(i) <= book.today]
    measured = [
        (metric, metric.measure(incidents, book.tracker, book.now)) for metric in _in_order()
    ]
    return Values(
        lede=_lede(incidents, book),
        promises=tuple(_promises(measured, book)),
        charts=tuple(_charts(measured, book)),
        causes=tuple(_causes(incidents, measured, book)),
        definitions=[
            Definition(title=m.title, text=m.definition, left_out=m.left_out, source=m.source)
            for m, _ in measured
        ],
        zone=book.protocol.zone,
        terms=tuple(_terms(book)),
        is_empty=not incidents,
    )


def _in_order() -> Sequence[Metric]:
    topics = tuple(TOPICS)

    def place(metric: Metric) -> tuple[int, str]:
        known = metric.group in topics
        return (topics.index(metric.group) if known else len(topics), metric.group)

    return sorted(metrics().values(), key=place)


def _lede(incidents: Sequence[Incident], book: Book) -> str:
    since = book.today - PERIOD + timedelta(days=1)
    counted = sum(incident.counts for incident in incidents)
    apart = Counter(filter(None, map(set_apart, incidents)))
    words = {"drill": "drills", "maintenance": "maintenance windows", "duplicate": "duplicates"}
    left_out = ", ".join(
        f"{number} {reason if number == 1 else words.get(reason, reason)}"
        for reason, number in sorted(apart.items())
    )
    return (
        f"{day(since)} to {day(book.today)}: {count(counted, 'incident')}, by severity and never "
        f"pooled.{f' Left out: {left_out}.' if left_out else ''} No trend arrows: with fewer than "
        f"{book.protocol.metrics.trend_from} incidents a side, an arrow is a coin toss."
    )


def _label(group: str, book: Book) -> Markup:
    if group in book.protocol.severities:
        return drawings.severity(book.protocol.rank(group), group)
    return Markup("{}").format("All together" if group == ALL else first_letter_up(group))


def _promises(
    measured: Sequence[tuple[Metric, Sequence[Measurement]]], book: Book
) -> Iterator[Promise]:
    for metric, found in measured:
        for one in found:
            # A deadline that is no target is shown at its metric, not here.
            if one.target is None or one.target.label != "target" or not _is_finite(one):
                continue
            of = one.on_target if one.unit is Unit.SECONDS else one.rate
            label = Markup("{} {}").format(_label(one.group, book), metric.title.split(" (")[0])
            yield Promise(
                label=label,
                target=target(one),
                mean=duration(one.mean) if one.mean is not None else "",
                verdict=_verdict(one),
                on_target=rate(of),
                interval=share(of.interval) if of and of.interval else "",
                drawing=_rate_line(of),
            )


def _is_finite(one: Measurement) -> bool:
    return one.target is not None and one.target.value != float("inf")


def _verdict(one: Measurement) -> Markup:
    if one.is_met is None:
        return Markup('<span class="it-mute">no mean yet</span>')
    return drawings.verdict(*((Verdict.KEPT, "kept") if one.is_met else (Verdict.MISSED, "missed")))


def _rate_line(of: Rate | None) -> Markup:
    if of is None or of.share is None or of.interval is None:
        return drawings.rate(None)
    return drawings.rate(
        drawings.Rate(share=of.share / 100, low=of.interval.low, high=of.interval.high)
    )


def _charts(
    measured: Sequence[tuple[Metric, Sequence[Measurement]]], book: Book
) -> Iterator[Chart]:
    topic = ""
    for metric, found in measured:
        yield _chart(metric, found, book, is_first=metric.group != topic)
        topic = metric.group


def _chart(
    metric: Metric, found: Sequence[Measurement], book: Book, *, is_first: bool
) -> Chart:
    first, _, more = metric.definition.partition(". ")
    unit = found[0].unit if found else Unit.COUNT
    numbers = [value for one in found for value in _numbers(one)]
    axis = drawings_dots.log_axis(numbers)
    names = book.tracker.incident_by_id
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
        values=tuple(
            _value(single, one, names, book)
            for one in found
            for single in sorted(one.values, key=lambda s: (s.value is None, s.value or 0.0, s.record))
        )
        if unit is not Unit.COUNT
        else (),
        has_targets=any(one.target is not None and _is_finite(one) for one in found),
    )


def _numbers(one: Measurement) -> Sequence[float]:
    if one.unit is not Unit.SECONDS:
        return ()
    return [s.value for s in one.values if s.state is State.RECORDED and s.value is not None]


def _row(one: Measurement, axis: Axis, book: Book) -> Row:
    of = one.on_target if one.unit is Unit.SECONDS else one.rate
    return Row(
        label=_label(one.group, book),
        n=one.n,
        missing=_missing(one),
        drawing=_dots(one, axis) if one.unit is Unit.SECONDS else _rate_line(of),
        headline=_headline(one),
        interval=_interval(one, book.protocol.metrics),
        most=_most(one),
        mean=duration(one.mean) if one.mean is not None else "",
        target=target(one) if one.target and one.target.label == "target" else _deadline(one),
        on_target=rate(of) if _is_finite(one) or one.unit is Unit.PERCENT else "",
        on_target_interval=share(of.interval) if of and of.interval and _is_finite_or_rate(one) else "",
    )


def _is_finite_or_rate(one: Measurement) -> bool:
    return one.unit is Unit.PERCENT or _is_finite(one)


def _deadline(one: Measurement) -> str:
    if one.target is None or not _is_finite(one):
        return "no target"
    return f"{one.target.label.split(',')[0]} {duration(one.target.value)}"


def _missing(one: Measurement) -> str:
    """How many have no value, in one or two words each."""
    states = Counter(single.state for single in one.values if single.state is not State.RECORDED)
    words = {State.PENDING: "pending", State.INVALID: "invalid", State.NOT_APPLICABLE: "without"}
    return ", ".join(f"{states[state]} {word}" for state, word in words.items() if states[state])


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


def _value(single: Single, one: Measurement, names: Mapping[str, Incident], book: Book) -> Value:
    incident = names.get(single.record.partition("#")[0])
    record: Markup = (
        Markup("{}").format(single.record)
        if incident is None
        else link(PAGE, incident.path, single.record)
    )
    verdict: Markup | str = single.reason
    if single.missed is not None:
        word = (Verdict.MISSED, "missed") if single.missed else (Verdict.KEPT, "kept")
        verdict = drawings.verdict(*word)
        if single.reason:
            verdict += Markup(" {}").format(single.reason)
    value = ""
    if one.unit is Unit.SECONDS and single.value is not None:
        so_far = " so far" if single.state is State.PENDING else ""
        value = duration(single.value) + so_far
    return Value(record=record, group=one.group, value=value or single.state.value, verdict=verdict)


def _causes(
    incidents: Sequence[Incident],
    measured: Sequence[tuple[Metric, Sequence[Measurement]]],
    book: Book,
) -> Iterator[Cause]:
    fate = {
        single.record: single
        for metric, found in measured
        if metric.id == "prevention"
        for one in found
        for single in one.values
    }
    shown = {incident.root_cause for incident in incidents if incident.counts}
    several = [(c, i) for c, i in book.by_cause.items() if len(i) > 1 and c in shown]
    for cause, same in sorted(several, key=lambda pair: (-len(pair[1]), pair[0])):
        first, last = book.day_of(same[0]), book.day_of(same[-1])
        begin = short_day(first) if first.year == last.year else day(first)
        yield Cause(
            name=cause,
            times=len(same),
            span=f"{begin} – {day(last)}",
            last=link(PAGE, same[-1].path, same[-1].title or same[-1].id),
            after=_after(fate.get(cause)),
        )


def _after(single: Single | None) -> Markup:
    if single is None:
        return Markup('<span class="it-mute">unknown</span>')
    if single.missed is None:
        return drawings.verdict(Verdict.PENDING, single.reason)
    if single.missed:
        return drawings.verdict(Verdict.MISSED, single.reason or "came back")
    when = Markup(" since {}").format(on_day(single.at.date())) if single.at else Markup("")
    return drawings.verdict(Verdict.KEPT, "none") + when


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
    yield "The mean is printed because the protocol's targets are means."
