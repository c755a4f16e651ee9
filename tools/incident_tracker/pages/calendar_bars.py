"""Ninety days of every component: what is recorded on each day, and how it stands now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import ceil

from markupsafe import Markup

from incident_tracker.model import Component, Incident
from incident_tracker.pages import drawings_days as bars
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import State, percent
from incident_tracker.pages.levels import WORST_LAST, Spell, label_of, look_of, touched, worst
from incident_tracker.pages.wording import MONTHS, count, relative, short_day

SHOWN, RECENT = 90, 30  # days on a wide and on a narrow screen
# The narrowest that the axis gets with so many days, and what its ends need for their labels: the
# first day, and a month before "today". CSS pixels.
NARROWEST = {SHOWN: 380, RECENT: 254}
FIRST_NEEDS, LAST_NEED = 52, 66
UNGROUPED = "Components"


@dataclass(frozen=True, kw_only=True, slots=True)
class Eventful:
    """The worst thing recorded of a component on one day."""

    look: State
    level: str
    incident: Incident


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One component: its bars and how it stands."""

    name: str
    note: str
    bars: Markup
    look: State
    level: str
    summary: str
    summary_recent: str
    open_words: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Components that belong together; open where something is wrong."""

    name: str
    lines: tuple[Line, ...]
    bars: Markup
    look: State
    level: str
    open_words: Markup

    @property
    def is_open(self) -> bool:
        """Whether one of its components is not well."""
        return self.look not in (State.OK, State.MAINTENANCE)


def levels_now(book: Book) -> Mapping[str, str]:
    """The worst level that each component has now; those that are well are left out."""
    found: dict[str, str] = {}
    for spell in book.spells:
        if spell.start <= book.now and (spell.end is None or spell.end > book.now):
            before = found.get(spell.component)
            looks = [look_of(level, book.protocol) for level in (before or "", spell.level)]
            if looks[1] is not State.OK and (before is None or worst(looks) is looks[1]):
                found[spell.component] = spell.level
    return found


def groups(book: Book, page: str) -> Sequence[Group]:
    """The components by group, in the order of their register."""
    eventful = _by_day(book)
    now = levels_now(book)
    members: dict[str, list[Component]] = defaultdict(list)
    for component in book.tracker.components:
        members[component.group or UNGROUPED].append(component)
    return tuple(
        _group(name, components, eventful, now, book, page) for name, components in members.items()
    )


def _group(
    name: str,
    components: Sequence[Component],
    eventful: Mapping[str, Mapping[int, Eventful]],
    now: Mapping[str, str],
    book: Book,
    page: str,
) -> Group:
    lines = tuple(
        _line(c, eventful.get(c.id, {}), now.get(c.id, ""), book, page) for c in components
    )
    worst_line = max(lines, key=lambda line: WORST_LAST.index(line.look))
    together: dict[int, Eventful] = {}
    for component in components:
        for position, event in eventful.get(component.id, {}).items():
            together[position] = _worse(together.get(position), event)
    begins = min((_begins(component, book) for component in components), default=0)
    return Group(
        name=name,
        lines=lines,
        bars=bars.bars(_days(name, together, begins, book, page), links=False),
        look=worst_line.look,
        level=worst_line.level,
        open_words=_open_words([component.id for component in components], book),
    )


def _line(
    component: Component, events: Mapping[int, Eventful], level: str, book: Book, page: str
) -> Line:
    begins = _begins(component, book)
    recent = sum(position >= SHOWN - RECENT for position in events)
    look = look_of(level, book.protocol) if level else State.OK
    return Line(
        name=component.name,
        note=f"new on {short_day(component.since)}" if component.since and begins > 0 else "",
        bars=bars.bars(_days(component.name, events, begins, book, page)),
        look=look,
        level=label_of(level, book.protocol) if look is not State.OK else "",
        open_words=_open_words([component.id], book),
        summary=f"Last {SHOWN} days: {_summary(len(events), book)}",
        summary_recent=f"Last {RECENT} days: {_summary(recent, book)}",
    )


def _open_words(names: Sequence[str], book: Book) -> Markup:
    """What is said of components that are well while somebody still works on their incident."""
    opened = sum(any(n in touched(i) for n in names) for i in book.open_incidents)
    best = next(iter(book.protocol.component_levels))
    label = label_of(best, book.protocol)
    if not opened:
        return Markup("")
    noun = "incident" if opened == 1 else "incidents"
    words = Markup('{}, {} open<span class="it-vh"> {}</span>')
    return words.format(label, opened, noun)


def _summary(number: int, book: Book) -> str:
    if not number:
        return book.nothing.lower()
    return count(number, "day with an entry", "days with entries")


def _begins(component: Component, book: Book) -> int:
    if component.since is None:
        return 0
    return min(max((component.since - first_day(book)).days, 0), SHOWN - 1)


def first_day(book: Book) -> date:
    """The oldest day shown."""
    return book.today - timedelta(days=SHOWN - 1)


def _days(
    name: str, events: Mapping[int, Eventful], begins: int, book: Book, page: str
) -> bars.Days:
    return bars.Days(
        component=name,
        count=SHOWN,
        recent=RECENT,
        begins=begins,
        eventful=tuple(
            bars.Day(
                position=position,
                look=event.look,
                label=_label(position, event, book),
                href=relative(page, event.incident.path),
            )
            for position, event in sorted(events.items())
        ),
    )


def _label(position: int, event: Eventful, book: Book) -> str:
    on = short_day(first_day(book) + timedelta(days=position))
    severity = f", {event.incident.severity}" if event.incident.severity else ""
    return f"{on}: {label_of(event.level, book.protocol)}{severity}"


def _by_day(book: Book) -> Mapping[str, Mapping[int, Eventful]]:
    """For each component the days shown on which something is recorded."""
    found: dict[str, dict[int, Eventful]] = defaultdict(dict)
    begin = first_day(book)
    for spell in book.spells:
        look = look_of(spell.level, book.protocol)
        if look is State.OK or spell.start > book.now:
            continue
        for position in _positions(spell, begin, book):
            event = Eventful(look=look, level=spell.level, incident=spell.incident)
            days = found[spell.component]
            days[position] = _worse(days.get(position), event)
    return found


def _positions(spell: Spell, begin: date, book: Book) -> Iterable[int]:
    end: datetime = min(spell.end or book.now, book.now)
    # A spell that ends at midnight does not touch the day that begins then.
    last = book.local(max(end - timedelta(microseconds=1), spell.start)).date()
    first = book.local(spell.start).date()
    return range(max((first - begin).days, 0), min((last - begin).days, SHOWN - 1) + 1)


def _worse(one: Eventful | None, other: Eventful) -> Eventful:
    return other if one is None or worst((one.look, other.look)) is not one.look else one


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """A label of the axis of days."""

    left: str
    words: str


def axis(book: Book, shown: int = SHOWN) -> Sequence[Tick]:
    """The first day and the months that begin among the days shown."""
    return tuple(_ticks(book.today, shown))


@cache
def _ticks(today: date, shown: int) -> tuple[Tick, ...]:
    return tuple(_each_tick(today, shown))


def _each_tick(today: date, shown: int) -> Iterator[Tick]:
    first = today - timedelta(days=shown - 1)
    yield Tick(left="0%", words=short_day(first))
    a_day = NARROWEST[shown] / shown
    for position in range(ceil(FIRST_NEEDS / a_day), shown - ceil(LAST_NEED / a_day) + 1):
        on = first + timedelta(days=position)
        if on.day == 1:
            yield Tick(left=percent(position / shown * 100), words=MONTHS[on.month - 1])
