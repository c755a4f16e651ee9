"""The facts beside an incident."""

from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup

from incident_tracker.cadence import by_now
from incident_tracker.lifecycle.deliveries import in_doubt, told
from incident_tracker.model import Incident, Milestone
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.levels import (
    is_over,
    label_of,
    look_of,
    looking_back,
    standing,
    touched,
)
from incident_tracker.pages.promises import resolved
from incident_tracker.pages.record import Fact, revised
from incident_tracker.pages.rows import cancelled_because, severity_tag, status_mark
from incident_tracker.pages.tables import codes
from incident_tracker.pages.wording import (
    clocks,
    day,
    length,
    link,
    moment,
    ordinal,
    said,
    timed,
)


def facts(incident: Incident, book: Book) -> Iterator[Fact]:
    """What there is to know in a few words, in the order of the questions."""
    if incident.severity:
        yield _severity(incident, book)
    yield Fact(
        name="Status",
        value=status_mark(incident),
        more=_cancelled(incident, book) if incident.is_cancelled else "",
    )
    yield from _window(incident, book)
    yield from _users(incident, book)
    if touched(incident):
        yield Fact(name="Components", value=_components(incident, book))
    yield from _kinds(incident)
    yield from _times(incident, book)
    yield from _cause(incident, book)
    yield from _people(incident, book)
    yield from _told(incident, book)
    yield from _names(incident, book)
    yield from revised(incident, book)


def _cancelled(incident: Incident, book: Book) -> Markup | str:
    """Why it was no incident; a duplicate leads to the record that tells it."""
    line = incident.cancelled_as
    reason = said(line.reason, page=incident.path) if line is not None else Markup("")
    if incident.is_withdrawn:
        return reason
    other = book.tracker.incident_by_id.get(incident.duplicate_of)
    words = filled("{}", cancelled_because(incident))
    if other is not None:
        shown = link(incident.path, other.path, other.title or other.id)
        words = filled("cancelled: duplicate of {}", shown)
    because = incident.protocol.words.because[0]
    return filled("{} {} {}", words, because, reason) if reason else words


def _names(incident: Incident, book: Book) -> Iterator[Fact]:
    """What it was called before, and which records say that this one tells what happened."""
    if incident.formerly:
        yield Fact(name="Formerly", value=codes(incident.formerly))
    others = book.duplicates.get(incident.id, ())
    if others:
        links = [link(incident.path, other.path, other.title or other.id) for other in others]
        yield Fact(name="Duplicates", value=Markup(", ").join(links))


def _severity(incident: Incident, book: Book) -> Fact:
    terms = incident.protocol.severities.get(incident.severity)
    changes = [change for change in incident.log.severities if change.entry]
    held = [change.value for change in incident.log.severities]
    return Fact(
        name="Severity",
        value=filled(
            '{} <span class="it-sevword">{}</span>',
            severity_tag(incident),
            terms.name if terms else "",
        ),
        more=f"before: {', '.join(held[:-1])}" if changes else "",
    )


def _window(incident: Incident, book: Book) -> Iterator[Fact]:
    start, end = incident.scheduled_start, incident.scheduled_end
    if start is None:
        return
    more = filled("until {}", moment(book.local(end))) if end else ""
    yield Fact(name="Planned for", value=moment(book.local(start)), more=more)


def _users(incident: Incident, book: Book) -> Iterator[Fact]:
    """Who was affected: as the review counted them, else as the timeline says last."""
    counted = _counted_users(incident, book)
    if counted:
        yield Fact(name="Users affected", value=said(counted, page=incident.path))
        return
    unchanged = incident.protocol.words.unchanged
    noted = [e.said.text for e in incident.log.of("impact") if e.said and e.said.text]
    noted = [text for text in noted if text.casefold() not in unchanged]
    if noted:
        yield Fact(name="Users affected", value=said(noted[-1], page=incident.path))


def _counted_users(incident: Incident, book: Book) -> str:
    review = book.tracker.review_by_incident.get(incident.id)
    terms = incident.protocol.review_sections.get("impact")
    section = review.section(terms.text) if review and terms else None
    if section is None or terms is None or not terms.keys:
        return ""
    key = f"{terms.keys[0]}:".casefold()
    found = (item for item in section.items if item.casefold().startswith(key))
    return next(found, "")[len(key) :].strip()


def _components(incident: Incident, book: Book) -> Markup:
    """The components as they are while it is open, without a colour as they were afterwards."""
    is_running = incident.is_open and not incident.is_maintenance
    shown = standing(incident, book.now) if is_running else touched(incident)
    marks = [_component(name, level, incident, book) for name, level in shown.items()]
    return filled('<ul role="list">{}</ul>', Markup("").join(marks))


def _component(name: str, level: str, incident: Incident, book: Book) -> Markup:
    if is_over(incident):
        was = looking_back(level, incident)
        return filled('<li>{}<span class="it-sub">{}</span></li>', book.component(name), was)
    look, label = look_of(level, incident.protocol), label_of(level, incident.protocol)
    worst = touched(incident)[name]
    if look is look_of(worst, incident.protocol):
        words = filled('{}<span class="it-vh">, {}</span>', book.component(name), label)
        return filled("<li>{}</li>", drawings.state(look, words))
    before = label_of(worst, incident.protocol).lower()
    return filled(
        '<li>{}<span class="it-sub">{} now; worst: {}</span></li>',
        drawings.state(look, book.component(name)),
        label.lower(),
        before,
    )


def _kinds(incident: Incident) -> Iterator[Fact]:
    words = [incident.protocol.kinds.get(name) for name in incident.kinds]
    labels = [word.label for word in words if word and not incident.is_maintenance]
    if labels:
        yield Fact(name="Kind", value=", ".join(labels))


def _times(incident: Incident, book: Book) -> Iterator[Fact]:
    detected = incident.at(Milestone.DETECTED)
    if detected:
        source = incident.protocol.detection_sources.get(incident.detected_by)
        yield Fact(
            name="Detected",
            value=moment(book.local(detected)),
            more=f"by {source.label.lower()}" if source else "",
        )
    yield from _impact(incident, book)
    yield from _resolved(incident, book)


def _impact(incident: Incident, book: Book) -> Iterator[Fact]:
    start = incident.at(Milestone.STARTED)
    if start is None:
        return
    for milestone, word in ((Milestone.MITIGATED, "mitigated"), (Milestone.RESOLVED, "resolved")):
        end = by_now(incident.at(milestone), book.now)
        if end is not None and end >= start:
            yield Fact(
                name="Impact",
                value=length(end - start),
                more=filled("started to {}, {}", word, clocks(book.local(start), book.local(end))),
            )
            return


def _resolved(incident: Incident, book: Book) -> Iterator[Fact]:
    fixed = incident.at(Milestone.RESOLVED)
    taken = incident.between(Milestone.DETECTED, Milestone.RESOLVED)
    if taken is None or taken < timedelta() or by_now(fixed, book.now) is None:
        return
    value = filled("{}", length(taken))
    promise = resolved(incident, book.now)
    if promise is not None:
        kept = promise.verdict is Verdict.KEPT
        words = f"under {length(promise.allowed)}" if kept else f"target {length(promise.allowed)}"
        value += " " + drawings.verdict(promise.verdict, words)
    yield Fact(name="Resolved in", value=value)
    option = incident.protocol.resolution_options.get(incident.resolution)
    if option:
        yield Fact(name="Resolution", value=option.label.lower())


def _cause(incident: Incident, book: Book) -> Iterator[Fact]:
    if not incident.root_cause:
        return
    last = book.last_of_same_cause(incident)
    more: Markup | str = ""
    if last is not None:
        window = book.protocol.repeat_window.days
        repeat = f", a repeat within {window} days" if book.is_repeat(incident) else ""
        more = filled(
            "{} time; before on {}{}",
            ordinal(book.times_before(incident) + 1),
            link(incident.path, last.path, day(book.day_of(last))),
            repeat,
        )
    yield Fact(name="Root cause", value=incident.root_cause, more=more)


def _told(incident: Incident, book: Book) -> Iterator[Fact]:
    """Who was told when, and which notice may not have arrived."""
    for name, lines in (("Told", told(incident)), ("In doubt", in_doubt(incident))):
        if lines:
            shown = (timed(line, book.zone) for line in lines)
            items = Markup("").join(filled("<li>{}</li>", line) for line in shown)
            yield Fact(name=name, value=filled('<ul role="list">{}</ul>', items))


def _people(incident: Incident, book: Book) -> Iterator[Fact]:
    roles = [
        filled("<li><span>{}</span>{}</li>", role.short, incident.roles[key])
        for key, role in incident.protocol.roles.items()
        if incident.roles.get(key)
    ]
    if roles:
        value = filled('<ul class="it-roles" role="list">{}</ul>', Markup("").join(roles))
        yield Fact(name="Roles", value=value)
    used = book.runbooks_of(incident)
    if used:
        links = Markup(", ").join(link(incident.path, r.path, r.title) for r in used)
        yield Fact(name="Runbook used", value=links)
    if incident.ticket:
        yield Fact(name="Ticket", value=said(incident.ticket))
    if incident.origin:
        origin = f"{incident.origin.system} {incident.origin.id}"
        where = filled('<a href="{}">{}</a>', incident.origin.url, origin)
        yield Fact(name="Imported from", value=where if incident.origin.url else origin)
