"""The history: one page a year, months newest first, and a table of months and severities."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from incident_tracker.model import Incident
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import EVERYBODY, Leaf, leaves
from incident_tracker.pages.filters import Choice, Filter, Filters, filter_of
from incident_tracker.pages.rows import Row, row
from incident_tracker.pages.wording import MONTHS, count, month, relative

MONTHS_OF_YEAR = range(1, 13)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One month in the table."""

    label: str
    anchor: str
    stack: Markup
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month of the list."""

    title: str
    anchor: str
    words: str
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """Another year's page."""

    year: int
    href: str
    is_this: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The values of one year's page."""

    year: int
    lede: str
    tags: Sequence[Markup]
    columns: Sequence[Column]
    totals: Sequence[int]
    total: int
    months: Sequence[Month]
    filters: Filters
    years: Sequence[Year]
    is_empty: bool
    is_public: bool


UNCOUNTED = {
    False: "Drills, maintenance and cancelled records",
    True: "Maintenance and cancelled records",
}
"""What is listed and not counted, by whether the site is public."""


@leaves("history", template="history.md.j2", section="History", order=10, audiences=EVERYBODY)
def history(book: Book) -> Iterator[Leaf]:
    """One page for each year that has a record."""
    by_year: dict[int, list[Incident]] = defaultdict(list)
    for incident in book.newest_first:
        by_year[book.day_of(incident).year].append(incident)
    for year in book.years:
        path = f"history/{year}.md"
        title = "Incident history" if year == book.years[0] else f"Incident history {year}"
        yield Leaf(
            path=path, title=title, values=partial(_year, year, by_year.get(year, []), book, path)
        )


def _year(year: int, incidents: Sequence[Incident], book: Book, path: str) -> History:
    by_month: dict[int, list[Incident]] = defaultdict(list)
    for incident in incidents:
        by_month[book.day_of(incident).month].append(incident)
    columns = tuple(_columns(year, by_month, book))
    severities = list(book.protocol.severities)
    counted = sum(incident.counts for incident in incidents)
    return History(
        year=year,
        lede=f"{count(counted, 'incident')} in {year}. A month is the month of detection. "
        f"{UNCOUNTED[book.is_public]} are listed and left out of every count.",
        tags=[drawings.severity(index, name) for index, name in enumerate(severities)],
        columns=columns,
        totals=[sum(column.counts[n] for column in columns) for n in range(len(severities))],
        total=counted,
        months=tuple(_months(year, by_month, book, path)),
        filters=Filters(
            noun="record",
            severities=[Choice(value=name, label=name) for name in severities],
            lists=tuple(_filters(incidents, book)),
        ),
        years=[
            Year(year=y, href=relative(path, f"history/{y}.md"), is_this=y == year)
            for y in book.years
        ],
        is_empty=not incidents,
        is_public=book.is_public,
    )


def _filters(incidents: Sequence[Incident], book: Book) -> Iterator[Filter]:
    rows = [row(incident, book, "") for incident in incidents]
    protocol = book.protocol
    kinds = {name: word.label for name, word in protocol.kinds.items()}
    kinds |= {"drill": "Drill", "maintenance": "Maintenance"}
    statuses = {"open": "Open", "closed": "Closed", "cancelled": "Cancelled"}
    steps = {**protocol.statuses, **protocol.maintenance_statuses}
    statuses |= {name: word.label for name, word in steps.items() if name not in statuses}
    quarters = {f"Q{number}": f"Q{number}" for number in range(1, 5)}
    components = {component.id: component.name for component in book.tracker.components}
    yield filter_of(
        "component", "Component", "All components", (r.component_ids for r in rows), components
    )
    yield filter_of("kind", "Kind", "All kinds", (r.kinds for r in rows), kinds)
    yield filter_of("status", "Status", "Any status", (r.statuses for r in rows), statuses)
    yield filter_of("quarter", "Quarter", "Whole year", (r.quarter for r in rows), quarters)


def _shown_months(year: int, by_month: Mapping[int, object], book: Book) -> Sequence[int]:
    """The months to list, oldest first: none that is to come unless something is planned in it."""
    last = book.today.month if year == book.today.year else 12
    first = min(by_month, default=1) if year == book.years[-1] else 1
    return [n for n in MONTHS_OF_YEAR if first <= n <= max(last, *by_month, 1)]


def _columns(year: int, by_month: Mapping[int, Sequence[Incident]], book: Book) -> Iterator[Column]:
    severities = list(book.protocol.severities)
    shown = _shown_months(year, by_month, book)
    counted = {n: Counter(i.severity for i in by_month.get(n, ()) if i.counts) for n in shown}
    tallest = max((sum(counts.values()) for counts in counted.values()), default=1)
    for n in shown:
        counts = tuple(counted[n][name] for name in severities)
        yield Column(
            label=MONTHS[n - 1],
            anchor=_anchor(year, n),
            stack=drawings.stack(counts, tallest),
            counts=counts,
            total=sum(counts),
        )


def _anchor(year: int, number: int) -> str:
    return f"m{year}-{number:02d}"


def _months(
    year: int, by_month: Mapping[int, Sequence[Incident]], book: Book, path: str
) -> Iterator[Month]:
    for n in reversed(_shown_months(year, by_month, book)):
        incidents = by_month.get(n, ())
        yield Month(
            title=month(year, n),
            anchor=_anchor(year, n),
            words=_words(incidents, book),
            rows=tuple(row(incident, book, path) for incident in incidents),
        )


def _words(incidents: Sequence[Incident], book: Book) -> str:
    """What a month held: "5 incidents: 2 P0, 1 P1 · 1 drill"."""
    counts = Counter(incident.severity for incident in incidents if incident.counts)
    by_severity = ", ".join(
        f"{counts[name]} {name}" for name in book.protocol.severities if counts[name]
    )
    total = sum(counts.values())
    first = (
        f"{count(total, 'incident')}: {by_severity}" if by_severity else count(total, "incident")
    )
    others = (
        (sum(i.is_cancelled for i in incidents), "cancelled", "cancelled"),
        (sum(i.is_drill and not i.is_cancelled for i in incidents), "drill", "drills"),
        (
            sum(i.is_maintenance and not i.is_cancelled for i in incidents),
            "maintenance",
            "maintenance",
        ),
    )
    more = [count(number, one, many) for number, one, many in others if number]
    if not total:
        first = book.nothing
    return " · ".join((first, *more))
