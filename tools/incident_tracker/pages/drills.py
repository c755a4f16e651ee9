"""Practice: which scenario is next, what drills found, who lacks which training."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from incident_tracker.lifecycle.gaps import Gap, gaps
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.model import ActionState, Incident, Milestone
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page
from incident_tracker.pages.filled import filled
from incident_tracker.pages.rows import severity_tag, status_words
from incident_tracker.pages.runbooks import DRILLS, LIST
from incident_tracker.pages.tables import Cell, Table, Tables
from incident_tracker.pages.wording import count, link, on_day, said
from incident_tracker.periods import By, label_of
from incident_tracker.practice import (
    drills,
    missed,
    owed_from,
    practice,
    rotation,
    untrained,
)

MOST_DRILLS = 20  # as many as are held in five years


@page(
    DRILLS,
    template="tables.md.j2",
    title="Drills and training",
    section="Runbooks",
    order=55,
    search="Drills: scenarios in rotation, gaps found, results; training of the team",
)
def practice_page(book: Book) -> Tables:
    """Scenarios in rotation, the drills with their results, the gaps, and the training."""
    every = book.protocol.drill_every
    return Tables(
        title="Drills and training",
        lede=f"One drill in each {every}, on the same clocks as an incident and in no metric. "
        "The scenario that was drilled longest ago comes next.",
        links=(link(DRILLS, LIST, "Runbooks"),),
        tables=(*_owed(book), _rotation(book), *_results(book), *_gaps(book), *_training(book)),
    )


def _owed(book: Book) -> Iterator[Table]:
    rows = [
        (item.id, item.what, on_day(book.local(item.when - timedelta(seconds=1)).date()), item.who)
        for item in sorted(practice(book.tracker, book.site.now), key=lambda duty: duty.when)
    ]
    if rows:
        yield Table(title="Owed now", head=("What", "Why", "By, or since", "Who"), rows=rows)


def _rotation(book: Book) -> Table:
    protocol, turns = book.protocol, rotation(book.tracker, book.site.now)
    rows = [
        (
            protocol.drill_scenarios[turn.scenario].label or turn.scenario,
            on_day(book.day_of(turn.drills[0])) if turn.drills else "never",
            count(len(turn.drills), "drill"),
            "next" if number == 0 else "",
        )
        for number, turn in enumerate(turns)
    ]
    return Table(
        title="Rotation",
        head=("Scenario", "Last drilled", "So far", "Turn"),
        rows=rows,
        about=_missed(book),
    )


def _missed(book: Book) -> str:
    every, begun = By(book.protocol.drill_every), owed_from(book.tracker)
    names = [label_of(first, every) for first in missed(book.tracker, book.site.now)]
    if begun is None or book.today < begun:
        return "Nothing is owed in the period in which the first record was written."
    return f"Without a drill: {', '.join(names)}." if names else f"A drill in every {every} so far."


def _results(book: Book) -> Iterator[Table]:
    held = drills(book.tracker, book.site.now)
    rows = [_result(drill, book) for drill in held[:MOST_DRILLS]]
    head = ("Drill", "Severity", "Held", "Acknowledged after", "Resolved after", "Gaps", "Status")
    if rows:
        yield Table(title="Drills held", head=head, rows=rows, about=_earlier(held, book))


def _earlier(held: Sequence[Incident], book: Book) -> Cell:
    """Where those stand that are too long ago for this page."""
    more = len(held) - MOST_DRILLS
    if more <= 0:
        return ""
    year = book.day_of(held[MOST_DRILLS]).year
    there = link(DRILLS, f"history/{year}.md", f"history of {year}")
    earlier = count(more, "earlier one")
    return filled("The latest {}; {} stand in the {} and before.", MOST_DRILLS, earlier, there)


def _result(drill: Incident, book: Book) -> Sequence[Cell]:
    return (
        link(DRILLS, drill.path, drill.title or drill.id),
        severity_tag(drill),
        on_day(book.day_of(drill)),
        _took(drill, Milestone.ACKNOWLEDGED),
        _took(drill, Milestone.RESOLVED),
        count(len(gaps(drill)), "gap"),
        status_words(drill),
    )


def _took(drill: Incident, milestone: Milestone) -> str:
    length = drill.between(Milestone.DETECTED, milestone)
    return "" if length is None else spoken_duration(length)


def _gaps(book: Book) -> Iterator[Table]:
    rows = [
        (said(gap.text, page=DRILLS, source=drill.path), _became(gap, drill), _of(drill, book))
        for number, drill in enumerate(drills(book.tracker, book.site.now))
        for gap in gaps(drill)
        if number < MOST_DRILLS or _is_unanswered(gap, drill)
    ]
    if rows:
        yield Table(title="Gaps found", head=("Gap", "What became of it", "Drill"), rows=rows)


def _is_unanswered(gap: Gap, drill: Incident) -> bool:
    return not gap.accepted and gap.answered_by(drill) is None


def _of(drill: Incident, book: Book) -> Cell:
    return link(DRILLS, drill.path, book.day_words(drill))


def _became(gap: Gap, drill: Incident) -> Cell:
    action = gap.answered_by(drill)
    if gap.accepted:
        return f"accepted: {gap.accepted}"
    if action is None:
        return "not answered"
    state = {ActionState.DONE: f"done {action.done or ''}", ActionState.DROPPED: "dropped"}
    return f"{state.get(action.state, f'open, due {action.due}').strip()}: {action.text}"


def _training(book: Book) -> Iterator[Table]:
    topics = book.protocol.training
    rows = []
    for person in book.tracker.contacts.people:
        lacks = untrained(person, book.tracker)
        had = sorted(day for name, day in person.trained.items() if name in topics)
        rows.append(
            (
                person.name,
                person.role,
                count(len(had), "topic"),
                on_day(had[-1]) if had else "never",
                ", ".join(topics[name].about for name in lacks) or "nothing",
            )
        )
    if rows and topics:
        head = ("Name", "Role", "Trained in", "Last", "Lacks")
        yield Table(title="Training", head=head, rows=rows)
