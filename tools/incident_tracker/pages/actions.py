"""The action board: who owes what by when."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from incident_tracker.model import Action
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page
from incident_tracker.pages.drawings import OpenActions
from incident_tracker.pages.filled import filled
from incident_tracker.pages.filters import Filters, filter_of, token
from incident_tracker.pages.items import NO_OWNER, SOON, Item, Urgency, items, urgency
from incident_tracker.pages.metric_words import share
from incident_tracker.pages.rows import due_mark
from incident_tracker.pages.wording import (
    first_letter_up,
    length,
    link,
    near_day,
    stamp,
    timed,
)
from incident_tracker.spread import wilson

PAGE = "actions.md"
DONE_DAYS = 90
OF_REVIEW = (
    "report",
    "learnings",
    "review",
    "publish",
    "documentation",
    "follow-up",
)  # clocks that a review answers
SHOWN, LATER_SHOWN = 30, 10  # rows before the rest is folded


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Open actions of one urgency."""

    title: str
    anchor: str
    number: int
    shown: Sequence[Item]
    folded: Sequence[Item]


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """Actions that are over."""

    title: str
    items: Sequence[Item]


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """What one person owes."""

    name: str
    drawing: Markup
    late: int
    soon: int
    later: int
    longest: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """What the protocol asks for besides action items, and of whom."""

    what: Markup
    record: Markup
    owner: str
    owner_token: str
    by: Markup
    state: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The values of the board."""

    lede: Markup
    duties: Sequence[Duty]
    parts: Sequence[Part]
    over: Sequence[Folded]
    owners: Sequence[Owner]
    soon_days: int
    most: int
    filters: Filters
    is_empty: bool


@page(PAGE, template="actions.md.j2", title="Actions", section="Actions", order=30)
def board(book: Book) -> Board:
    """Open actions by urgency and by owner, then those that are over."""
    by_urgency: dict[Urgency, list[Action]] = defaultdict(list)
    for action in book.actions:
        by_urgency[urgency(action, book.today)].append(action)
    for actions in by_urgency.values():
        actions.sort(key=lambda action: (action.due or date.max, action.id))
    return Board(
        lede=_lede(by_urgency, book),
        duties=tuple(_duties(book)),
        parts=tuple(_parts(by_urgency, book)),
        over=tuple(_over(by_urgency, book)),
        owners=tuple(_owners(by_urgency, book.today)),
        soon_days=SOON,
        most=SHOWN,
        filters=_filters(book),
        is_empty=not book.actions,
    )


def _lede(by_urgency: dict[Urgency, list[Action]], book: Book) -> Markup:
    if not book.actions:
        return Markup("What reviews ask for, by whom and by when.")
    late, soon = len(by_urgency[Urgency.LATE]), len(by_urgency[Urgency.SOON])
    open_ = late + soon + len(by_urgency[Urgency.LATER])
    done, dropped = len(by_urgency[Urgency.DONE]), len(by_urgency[Urgency.DROPPED])
    counted = open_ + done
    interval = wilson(done, counted, book.protocol.metrics.interval_confidence)
    ever = f"{done} of {counted} ever written are done{f' ({share(interval)})' if interval else ''}"
    were = "was" if dropped == 1 else "were"
    left_out = f"; {dropped} more {were} dropped with a reason" if dropped else ""
    return filled(
        "What reviews asked for: {} open, of them <strong>{} late</strong> and {} due within "
        "{} days. {}{}.",
        open_,
        late,
        soon,
        SOON,
        ever,
        left_out,
    )


def _duties(book: Book) -> Iterator[Duty]:
    """Updates, verifications, reports and reviews that are owed, in the order of `due`."""
    for item in book.due:
        incident = book.tracker.incident_by_id.get(item.record)
        if not item.clock or incident is None:
            continue
        review = book.path_of_review(incident) if item.clock in OF_REVIEW else ""
        at = book.local(item.when)
        yield Duty(
            what=timed(first_letter_up(item.what), book.zone),
            record=link(PAGE, review or incident.path, incident.title or incident.id),
            owner=item.who or NO_OWNER,
            owner_token=token(item.who or NO_OWNER),
            by=stamp(at, _by(at, book.today)),
            state=due_mark(item, book),
        )


def _by(at: datetime, today: date) -> str:
    """Day and time of this year; of another one the day says enough."""
    words = near_day(at.date(), today)
    return f"{words}, {at:%H:%M}" if at.year == today.year else words


def _parts(by_urgency: dict[Urgency, list[Action]], book: Book) -> Iterator[Part]:
    for where, title in (
        (Urgency.LATE, "Late"),
        (Urgency.SOON, f"Within {SOON} days"),
        (Urgency.LATER, "Later"),
    ):
        found = items(by_urgency[where], book, PAGE)
        most = LATER_SHOWN if where is Urgency.LATER else SHOWN
        yield Part(
            title=title,
            anchor=where.value,
            number=len(found),
            shown=found[:most],
            folded=found[most:],
        )


def _over(by_urgency: dict[Urgency, list[Action]], book: Book) -> Iterator[Folded]:
    since = book.today - timedelta(days=DONE_DAYS)
    done = [a for a in by_urgency[Urgency.DONE] if a.done is None or a.done >= since]
    done.sort(key=lambda action: (action.done or date.min, action.id), reverse=True)
    if done:
        title = f"Done in the last {DONE_DAYS} days: {len(done)}"
        yield Folded(title=title, items=items(done, book, PAGE))
    dropped = by_urgency[Urgency.DROPPED]
    if dropped:
        title = f"Dropped, with the reason: {len(dropped)}"
        yield Folded(title=title, items=items(dropped, book, PAGE))


def _owners(by_urgency: dict[Urgency, list[Action]], today: date) -> Iterator[Owner]:
    """By owner, who owes most first; actions that nobody owns stand last."""
    open_kinds = (Urgency.LATE, Urgency.SOON, Urgency.LATER)
    owed: dict[str, Counter[Urgency]] = defaultdict(Counter)
    oldest: dict[str, date] = {}
    for where in open_kinds:
        for action in by_urgency[where]:
            name = action.owner or NO_OWNER
            owed[name][where] += 1
            if where is Urgency.LATE and action.due:
                oldest[name] = min(action.due, oldest.get(name, action.due))

    def place(name: str) -> tuple[bool, int, int, str]:
        return (name == NO_OWNER, -owed[name][Urgency.LATE], -owed[name].total(), name)

    for name in sorted(owed, key=place):
        late, soon, later = (owed[name][where] for where in open_kinds)
        yield Owner(
            name=name,
            drawing=drawings.actions(OpenActions(late=late, soon=soon, later=later)),
            late=late,
            soon=soon,
            later=later,
            longest=length(today - oldest[name]) if name in oldest else "",
            href=f"?{urlencode({'owner': token(name)})}",
        )


def _filters(book: Book) -> Filters:
    """By owner, of whatever state: names in their order, nobody last."""
    names = {action.owner for action in book.actions} | {item.who for item in book.due}
    words = {token(name): name for name in sorted(filter(None, names))}
    words[token(NO_OWNER)] = NO_OWNER
    held = [token(name or NO_OWNER) for name in names]
    lists = (filter_of("owner", "Owner", "Everybody", held, words),)
    return Filters(noun="item", severities=(), lists=lists)
