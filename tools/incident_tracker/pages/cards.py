"""An open incident as a card: what was said, which clocks run, what is affected."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from incident_tracker.model import Incident, Milestone
from incident_tracker.pages import drawings
from incident_tracker.pages.at_hand import fitting
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.levels import WORST_LAST, label_of, look_of
from incident_tracker.pages.owed import Owed, owed_update, soonest
from incident_tracker.pages.promises import Told, acknowledged, resolved, told
from incident_tracker.pages.public_facts import next_update
from incident_tracker.pages.record import Fact
from incident_tracker.pages.rows import component_names, due_mark, severity_tag, status_mark
from incident_tracker.pages.wording import (
    clock,
    length,
    moment,
    on_clock,
    paragraphs,
    relative,
    said,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One promise on a card."""

    name: str
    line: Markup
    figures: Markup | str
    mark: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """Components that share a level."""

    state: Markup
    names: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One open incident."""

    tag: Markup
    href: str
    title: str
    status: Markup
    since: Markup
    age: str
    commander: str
    commander_role: str
    update_at: Markup | None
    paragraphs: Sequence[Markup]
    facts: Sequence[Fact]
    clocks: Sequence[Clock]
    affected: Sequence[Affected]
    updates: int
    has_timeline: bool
    runbooks: Sequence[Fact]
    owed: Owed | None


def card(incident: Incident, book: Book, page: str) -> Card:
    """The card of one open incident on a page."""
    start = incident.at(Milestone.DETECTED)
    begun = book.local(start) if start else None
    updates = tuple(told(incident, book.now))
    last = updates[-1] if updates else None
    since = Markup("")
    if begun:
        when = clock(begun) if begun.date() == book.today else moment(begun)
        since = filled("open since {}", when)
    role = incident.protocol.roles.get(incident.protocol.acknowledger_role)
    return Card(
        tag=severity_tag(incident),
        href=relative(page, incident.path),
        title=incident.title or incident.id,
        status=status_mark(incident),
        since=since,
        age=length(book.now - begun) if begun and begun <= book.now else "",
        commander=incident.roles.get(incident.protocol.acknowledger_role, ""),
        commander_role=role.name if role else "",
        update_at=_when(last.at, book) if last else None,
        paragraphs=paragraphs(_last_words(incident, last, book), page=page, source=incident.path),
        facts=tuple(_said(incident, book, page)),
        clocks=tuple(_clocks(incident, book)),
        affected=tuple(_affected(incident, book)),
        updates=len(updates),
        has_timeline=bool(incident.log.entries),
        runbooks=tuple(_runbooks(incident, book, page)),
        owed=None if book.is_public else soonest(incident, book),
    )


def _runbooks(incident: Incident, book: Book, page: str) -> Iterator[Fact]:
    """The runbooks that it used, else the first one that fits."""
    found = book.runbooks_of(incident) or fitting(incident, book)[:1]
    for runbook in () if book.is_public else found:
        yield Fact(name=runbook.title or runbook.id, value=relative(page, runbook.path))


def _last_words(incident: Incident, last: Told | None, book: Book) -> str:
    """What was told last; to everybody at least the summary that is written for them."""
    if last is not None:
        return last.update.text
    return incident.public_summary if book.is_public else ""


def _when(at: datetime, book: Book) -> Markup:
    local = book.local(at)
    return clock(local) if local.date() == book.today else moment(local)


def _said(incident: Incident, book: Book, page: str) -> Iterator[Fact]:
    """Impact, next steps and the expected end, as last told; what is not known is said to be so."""
    last: dict[str, str] = {}
    unchanged = {word.casefold() for word in book.protocol.words.unchanged}
    noted = [e.said.text for e in incident.log.of("impact") if e.said]
    if noted:
        last["impact"] = noted[-1]
    for item in told(incident, book.now):
        for key in ("impact", "next-steps", "eta"):
            value = item.update.value(key)
            if value and value.casefold() not in unchanged:
                last[key] = value
            elif key == "eta" and not value:
                last.pop(key, None)
    for key in ("impact", "next-steps", "eta"):
        word = book.protocol.update_keys.get(key)
        if book.is_public and key not in last:
            continue
        value = said(last[key], page=page, source=incident.path) if key in last else "unknown"
        yield Fact(name=word.label if word else key, value=value)
    if book.is_public:
        yield Fact(name="Next update", value=next_update(incident, book) or "no time was promised")


def _clocks(incident: Incident, book: Book) -> Iterator[Clock]:
    if book.is_public:
        return
    for promise in (acknowledged(incident, book.now), resolved(incident, book.now)):
        if promise is not None:
            yield Clock(
                name=promise.name, line=promise.line, figures=promise.figures, mark=promise.mark
            )
    terms = incident.protocol.severities.get(incident.severity)
    if incident.log.updates or (terms is not None and terms.update is not None):
        yield _next_update(incident, book)


def _next_update(incident: Incident, book: Book) -> Clock:
    """The clock of the update that is owed, whether it was promised or the protocol asks for it."""
    name = "Next update" if any(told(incident, book.now)) else "First update"
    owed = owed_update(incident, book)
    if owed is None or owed.start is None:
        empty = drawings.clock(drawings.Clock(allowed=1, used=0, verdict=Verdict.PENDING))
        return Clock(name=name, line=empty, figures="no update promised", mark=Markup(""))
    line = drawings.clock(
        drawings.Clock(
            allowed=(owed.when - owed.start).total_seconds(),
            used=(book.now - owed.start).total_seconds(),
            verdict=Verdict.MISSED if owed.is_overdue else Verdict.PENDING,
        )
    )
    figures = filled("due {}", on_clock(book.local(owed.when), book.today))
    return Clock(name=name, line=line, figures=figures, mark=due_mark(owed, book))


def _affected(incident: Incident, book: Book) -> Iterator[Affected]:
    by_level: dict[str, list[str]] = defaultdict(list)
    for spell in book.spells:
        if spell.incident is incident and spell.end is None:
            by_level[spell.level].append(book.component(spell.component))
    if not by_level:
        by_level["operational"] = list(component_names(incident, book))
    protocol = book.protocol
    for level in sorted(by_level, key=lambda name: -WORST_LAST.index(look_of(name, protocol))):
        if by_level[level]:
            state = drawings.state(look_of(level, protocol), label_of(level, protocol))
            yield Affected(state=state, names=", ".join(by_level[level]))
