"""The first page: what is broken, what will happen, and what happened in the last two weeks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from markupsafe import Markup

from incident_tracker.model import Incident
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.broken import page_of_broken
from incident_tracker.pages.calendar_bars import (
    RECENT,
    SHOWN,
    Group,
    Tick,
    axis,
    groups,
    levels_now,
)
from incident_tracker.pages.cards import Card, card
from incident_tracker.pages.declare import EVERYBODY, page
from incident_tracker.pages.drawings import State
from incident_tracker.pages.drawings_days import legend_bar
from incident_tracker.pages.levels import WORST_LAST, label_of, look_of, touched, worst
from incident_tracker.pages.record import Fact
from incident_tracker.pages.rows import Row, component_names, row
from incident_tracker.pages.wording import (
    NBSP,
    WEEKDAYS,
    clocks,
    count,
    days,
    length,
    listed,
    near_day,
    offset,
    relative,
    short_day,
    stamp,
)

PAGE = "status.md"
PAST = 14  # days listed below the components
MOST_CARDS = 3  # open incidents shown as cards; more of them are a list


@dataclass(frozen=True, kw_only=True, slots=True)
class Banner:
    """The sentence of the day."""

    look: State
    sentence: str
    rest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A maintenance window that is to come or under way."""

    day: Markup
    window: Markup
    href: str
    title: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A day with records, or a run of days without."""

    words: str
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True, slots=True)
class Legend:
    """What a bar and a glyph mean."""

    bar: Markup
    state: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """The values of the first page."""

    banner: Banner
    as_of: Markup
    utc: str
    built: str
    commit: str
    is_open: bool
    cards: Sequence[Card]
    rows: Sequence[Row]
    planned: Sequence[Planned]
    groups: Sequence[Group]
    axis: Sequence[Tick]
    axis_recent: Sequence[Tick]
    legend: Sequence[Legend]
    shown: int
    recent: int
    past: Sequence[Past]
    past_days: int
    history: str
    is_empty: bool
    broken: Sequence[Fact]
    withheld: int
    nothing: str
    is_public: bool


@page(
    PAGE,
    template="status.md.j2",
    title="Status",
    section="Status",
    order=0,
    serves_as="index.html",
    audiences=EVERYBODY,
)
def status(book: Book) -> Status:
    """What is broken now, what is planned, how the components were, and the past two weeks."""
    opened = book.open_incidents
    return Status(
        banner=_banner(book),
        as_of=stamp(
            book.now,
            f"{WEEKDAYS[book.now.weekday()]} {short_day(book.today)} {book.now.year}, "
            f"{book.now:%H:%M} {offset(book.now)}",
        ),
        utc=f"{book.now.astimezone(UTC):%H:%M}",
        built=book.now.isoformat(timespec="seconds"),
        commit=book.site.commit,
        is_open=bool(opened),
        cards=[card(i, book, PAGE) for i in opened] if len(opened) <= MOST_CARDS else (),
        rows=[_dated(i, book) for i in opened] if len(opened) > MOST_CARDS else (),
        planned=tuple(_planned(book)),
        groups=groups(book, PAGE),
        axis=axis(book),
        axis_recent=axis(book, RECENT),
        legend=tuple(_legend(book)),
        shown=SHOWN,
        recent=RECENT,
        past=tuple(_past(book)),
        past_days=PAST,
        history=f"history/{book.years[0]}.md",
        is_empty=not book.tracker.incidents,
        broken=tuple(_broken(book)),
        withheld=book.site.withheld,
        nothing=book.nothing,
        is_public=book.is_public,
    )


def _dated(incident: Incident, book: Book) -> Row:
    """The row of an incident outside of its month."""
    words = near_day(book.day_of(incident), book.today)
    return replace(row(incident, book, PAGE), on=words)


def _broken(book: Book) -> Iterator[Fact]:
    """Files that may be missing from what the page says."""
    for unread in book.tracker.unread:
        yield Fact(name=unread.path, value=relative(PAGE, page_of_broken(unread.path)))
    for record in book.tracker.incidents:
        if not record.sound:
            yield Fact(name=record.path, value=relative(PAGE, record.path))


def _banner(book: Book) -> Banner:
    protocol, opened = book.protocol, book.open_incidents
    by_level: dict[str, list[str]] = defaultdict(list)
    now = levels_now(book)
    for component in book.tracker.components:
        if component.id in now:
            by_level[now[component.id]].append(component.name)
    by_level.pop(protocol.maintenance_level, None)
    levels = sorted(by_level, key=lambda level: -WORST_LAST.index(look_of(level, protocol)))
    total = len(book.tracker.components)
    hit = {name for incident in opened for name in touched(incident)}
    well = sum(component.id not in hit for component in book.tracker.components)
    if not opened:
        rest = f"{count(total, 'component')}, none with an open incident." if total else ""
        published = " published" if book.is_public else ""
        return Banner(look=State.OK, sentence=f"No open incident{published}", rest=rest)
    parts = [f"{label_of(level, protocol)}: {listed(by_level[level])}" for level in levels]
    said_open = f"{count(len(opened), 'open incident')}."
    if not levels:
        rest = "No component is affected now."
        return Banner(look=State.OK, sentence=said_open.rstrip("."), rest=rest)
    details = [said_open, *(f"{part}." for part in parts[1:])]
    if total:
        details.append(f"{well} of {count(total, 'component')} have no open incident.")
    look = worst(look_of(level, protocol) for level in levels)
    return Banner(look=look, sentence=parts[0], rest=" ".join(details))


def _planned(book: Book) -> Iterator[Planned]:
    windows = [
        incident
        for incident in reversed(book.newest_first)
        if incident.is_maintenance and incident.status in ("scheduled", "in-progress")
    ]
    for incident in windows:
        start, end = incident.scheduled_start, incident.scheduled_end
        if start is None or (end is not None and end < book.now):
            continue
        begins, ends = book.local(start), book.local(end) if end else None
        ahead = f"In{NBSP}{length(begins - book.now)}." if begins > book.now else "Under way."
        names = listed(component_names(incident, book))
        summary = incident.section("Summary")
        told_users = incident.public_summary or (summary.text.split("\n\n")[0] if summary else "")
        window = (
            clocks(begins, ends, with_offset=True)
            if ends is not None
            else stamp(begins, f"{begins:%H:%M} {offset(begins)}")
        )
        yield Planned(
            day=stamp(begins, f"{WEEKDAYS[begins.weekday()]} {short_day(begins.date())}"),
            window=window,
            href=relative(PAGE, incident.path),
            title=incident.title or incident.id,
            words=" ".join(p for p in (f"{names}." if names else "", told_users, ahead) if p),
        )


def _legend(book: Book) -> Iterator[Legend]:
    labels = {
        look_of(name, book.protocol): word.label
        for name, word in book.protocol.component_levels.items()
    }
    for look in WORST_LAST:
        words = book.nothing if look is State.OK else labels.get(look, "")
        if words:
            yield Legend(bar=legend_bar(look), state=drawings.state(look, words))


def _past(book: Book) -> Iterator[Past]:
    """The last two weeks, newest first; runs of quiet days are one line."""
    by_day: dict[date, list[Incident]] = defaultdict(list)
    first = book.today - timedelta(days=PAST - 1)
    for incident in book.newest_first:
        on = book.day_of(incident)
        if on < first:
            break
        if on <= book.today:
            by_day[on].append(incident)
    quiet: list[date] = []
    for back in range(PAST):
        on = book.today - timedelta(days=back)
        if on not in by_day:
            quiet.append(on)
            continue
        if quiet:
            yield Past(words=days(quiet[-1], quiet[0]), rows=())
            quiet = []
        rows = tuple(row(incident, book, PAGE) for incident in by_day[on])
        yield Past(words=short_day(on), rows=rows)
    if quiet:
        yield Past(words=days(quiet[-1], quiet[0]), rows=())
