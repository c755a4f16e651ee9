"""The facts of an incident that everybody may know, each with what it means."""

from collections.abc import Iterator

from markupsafe import Markup

from incident_tracker.cadence import running_promise
from incident_tracker.model import Incident, Milestone
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.levels import (
    is_over,
    label_of,
    look_of,
    looking_back,
    standing,
    touched,
)
from incident_tracker.pages.promises import mark_of
from incident_tracker.pages.record import Fact
from incident_tracker.pages.rows import severity_tag, status_mark, took
from incident_tracker.pages.wording import first_letter_up, length, moment

MOMENTS = (
    (Milestone.STARTED, "Began"),
    (Milestone.DETECTED, "Detected"),
    (Milestone.MITIGATED, "Working again"),
    (Milestone.RESOLVED, "Resolved"),
)
"""The moments that matter to users; the others are the team's own."""


def facts(incident: Incident, book: Book) -> Iterator[Fact]:
    """What there is to know in a few words, in the order of the questions."""
    yield Fact(name="Status", value=status_mark(incident), more=_meaning(incident))
    if incident.is_open and not incident.is_maintenance:
        yield Fact(name="Next update", value=next_update(incident, book) or "no time was promised")
    if incident.is_maintenance:
        yield from _window(incident, book)
    if touched(incident):
        yield Fact(name="Components", value=_components(incident, book))
    if incident.severity:
        yield _severity(incident)
    if not incident.is_maintenance:
        yield from _moments(incident, book)
    yield from _duration(incident, book)


def next_update(incident: Incident, book: Book) -> Markup:
    """By when the next update of an open incident was promised, seen from now; nothing if not."""
    promise = running_promise(incident, book.now)
    if promise is None:
        return Markup("")
    return filled("{} {}", moment(book.local(promise.due)), mark_of(promise, book.now))


def _meaning(incident: Incident) -> str:
    names = (
        incident.protocol.maintenance_statuses
        if incident.is_maintenance
        else incident.protocol.statuses
    )
    word = names.get(incident.status)
    return word.about if word else ""


def _severity(incident: Incident) -> Fact:
    terms = incident.protocol.severities.get(incident.severity)
    return Fact(
        name="Severity",
        value=filled(
            '{} <span class="it-sevword">{}</span>',
            severity_tag(incident) or incident.severity,
            terms.name if terms else "",
        ),
    )


def _components(incident: Incident, book: Book) -> Markup:
    """Each component as it is while the incident is open, without a colour as it was afterwards."""
    worst = touched(incident)
    is_running = incident.is_open and not incident.is_maintenance
    now = standing(incident, book.now) if is_running else worst
    items = []
    for name, level in now.items():
        mark: Markup | str = book.component(name)
        if is_over(incident):
            more = looking_back(level, incident)
        else:
            mark = drawings.state(look_of(level, incident.protocol), mark)
            more = label_of(level, incident.protocol)
            if level != worst[name]:
                more += f" now; worst: {label_of(worst[name], incident.protocol).lower()}"
        items.append(filled('<li>{}<span class="it-sub">{}</span></li>', mark, more))
    return filled('<ul class="it-levels" role="list">{}</ul>', Markup("").join(items))


def _window(incident: Incident, book: Book) -> Iterator[Fact]:
    start, end = incident.scheduled_start, incident.scheduled_end
    if start is not None:
        more = filled("until {}", moment(book.local(end))) if end else ""
        yield Fact(name="Planned for", value=moment(book.local(start)), more=more)


def _moments(incident: Incident, book: Book) -> Iterator[Fact]:
    for milestone, name in MOMENTS:
        at = incident.at(milestone)
        if at is not None and at <= book.now:
            yield Fact(name=name, value=moment(book.local(at)))


def _duration(incident: Incident, book: Book) -> Iterator[Fact]:
    long = took(incident, book)
    if incident.is_cancelled or long is None:
        return
    if incident.is_maintenance:
        more = "as planned"
    elif incident.is_open:
        more = "so far, from detection"
    else:
        more = "from detection to the fix"
    yield Fact(name="Duration", value=first_letter_up(length(long)), more=more)
