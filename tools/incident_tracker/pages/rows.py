"""An incident as one row of a list: the same words wherever it is listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from incident_tracker.due import Due
from incident_tracker.model import WITHDRAWN, Incident, Milestone, Review, Update
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.drawings import State, Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.levels import label_of
from incident_tracker.pages.promises import acknowledged, has_target, resolved
from incident_tracker.pages.wording import (
    length,
    link,
    listed,
    relative,
    short_day,
    week_day,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What a list says about one incident."""

    href: str
    title: str
    tag: Markup
    components: str
    took: str
    verdict: Markup
    review: Markup
    status: str
    flags: tuple[str, ...]
    is_off: bool
    severity: str
    component_ids: str
    kinds: str
    statuses: str
    quarter: str
    on: str


def severity_tag(incident: Incident) -> Markup:
    """The tag of its severity, the glyph of planned work, or nothing where neither is known."""
    if incident.is_maintenance:
        return filled(
            '<span class="it-c-maint">{}<span class="it-vh">Maintenance</span></span>',
            drawings.glyph(State.MAINTENANCE),
        )
    if incident.severity not in incident.protocol.severities:
        return Markup("")
    return drawings.severity(incident.protocol.rank(incident.severity), incident.severity)


def status_words(incident: Incident) -> str:
    """The word for its status."""
    protocol = incident.protocol
    if incident.is_withdrawn:
        return protocol.cancellations[WITHDRAWN].words[0].capitalize()
    names = protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses
    word = names.get(incident.status)
    return word.label if word else incident.status or "unknown"


def status_mark(incident: Incident) -> Markup:
    """How far it has come, as steps and a word."""
    protocol = incident.protocol
    names = protocol.maintenance_statuses if incident.is_maintenance else protocol.statuses
    steps = [name for name in names if name != "cancelled"]
    reached = steps.index(incident.status) + 1 if incident.status in steps else 0
    return drawings.status(reached, len(steps), status_words(incident))


def took(incident: Incident, book: Book) -> timedelta | None:
    """How long it took from detection to the fix, or how long it is open; None where unknown."""
    if incident.is_maintenance:
        start, end = incident.scheduled_start, incident.scheduled_end
    else:
        start, end = incident.at(Milestone.DETECTED), incident.at(Milestone.RESOLVED)
        if incident.is_open:
            end = book.now
    if start is None or end is None or end < start:
        return None
    return end - start


def flags_of(incident: Incident, book: Book) -> tuple[str, ...]:
    """Words that stand in a frame behind the title."""
    found = []
    if not incident.sound:
        found.append("has faults")
    if incident.drill:
        found.append("drill")
    if "security" in incident.kinds:
        found.append("security")
    if book.is_repeat(incident):
        found.append("repeat")
    return tuple(found)


def verdict_of(incident: Incident, book: Book) -> Markup:
    """What became of its targets, in a few words."""
    if incident.is_maintenance:
        return _muted(status_words(incident).lower())
    if incident.is_cancelled:
        return _muted(cancelled_because(incident))
    found = [acknowledged(incident, book.now), resolved(incident, book.now)]
    promises = [promise for promise in found if promise is not None]
    late = [p.name.lower() for p in promises if p.verdict is Verdict.MISSED]
    if late:
        return drawings.verdict(Verdict.MISSED, f"{' and '.join(late)} late")
    if incident.is_open:
        left = found[1].words if found[1] else status_words(incident).lower()
        return drawings.verdict(Verdict.PENDING, f"open, {left}")
    if promises and has_target(incident):
        known = "targets kept" if all(found) else f"{promises[0].name.lower()} kept"
        return drawings.verdict(Verdict.KEPT, known)
    return _muted("no times" if has_target(incident) else "no target")


def standing_of(incident: Incident) -> Markup:
    """How far it has come, in words; what became of the team's targets is not for everybody."""
    words = status_words(incident).lower()
    if incident.is_open and not incident.is_maintenance:
        return drawings.verdict(Verdict.PENDING, words)
    return _muted(words)


def _muted(words: str) -> Markup:
    return filled('<span class="it-mute">{}</span>', words)


def cancelled_because(incident: Incident) -> str:
    """Why it was no incident: "cancelled: false alarm"."""
    said = incident.cancelled_as
    word = incident.protocol.cancellations.get(said.option) if said else None
    words = word.words[0] if word and word.words else ""
    if said and word and word.takes_id and said.names:
        words = f"{words} {said.names[0]}"
    return f"cancelled: {words}" if words else "cancelled"


def review_of(incident: Incident, book: Book, page: str) -> Markup:
    """Where its review stands: a link, or when it is due."""
    review = book.tracker.review_by_incident.get(incident.id)
    if review is not None:
        label = "Review" if is_published(review) else "Review in draft"
        at = link(page, review.path, label)
        owed = book.owed_reviews.get(incident.id)
        return filled("{} {}", at, due_mark(owed, book)) if owed and owed.is_overdue else at
    owed = book.owed_reviews.get(incident.id)
    if owed is None:
        return Markup("")
    if owed.is_overdue:
        return drawings.verdict(Verdict.MISSED, f"review {length(book.now - owed.when)} late")
    return filled("Review due {}", short_day(book.local(owed.when).date()))


def _published_review(incident: Incident, book: Book, page: str) -> Markup:
    review = book.path_of_review(incident)
    return link(page, review, "Review") if review else Markup("")


def due_mark(owed: Due, book: Book) -> Markup:
    """By when it is owed, seen from now."""
    if owed.is_overdue:
        return drawings.verdict(Verdict.MISSED, f"{length(book.now - owed.when)} late")
    if owed.is_possible and owed.when <= book.now:
        return drawings.verdict(Verdict.PENDING, f"since {length(book.now - owed.when)}")
    return drawings.verdict(Verdict.PENDING, f"in {length(owed.when - book.now)}")


def is_published(review: Review) -> bool:
    """Whether the review has passed its gate."""
    return review.status in review.protocol.gates.review


def component_names(incident: Incident, book: Book) -> Sequence[str]:
    """The names of its components, as the record lists them."""
    return [book.component(name) for name in incident.components]


def levels_said(update: Update, incident: Incident, book: Book) -> str:
    """The components of an update, each with its level, in the words of the pages."""
    return ", ".join(
        f"{book.component(component)}: {label_of(level, incident.protocol).lower()}"
        for component, level in update.components.items()
    )


def kinds_of(incident: Incident) -> Sequence[str]:
    """Its kinds by id, and what it is besides an incident: a drill or planned work."""
    if incident.is_maintenance:
        return ("maintenance",)
    return (*incident.kinds, *(("drill",) if incident.is_drill else ()))


def row(incident: Incident, book: Book, page: str) -> Row:
    """The row of one incident on a page."""
    long = took(incident, book)
    is_running = incident.is_open and not incident.is_maintenance
    open_for = "open for " if is_running else ""
    names = listed(component_names(incident, book))
    kind = "Maintenance" if incident.is_maintenance else ""
    on = book.day_of(incident)
    state = "cancelled" if incident.is_cancelled else "open" if incident.is_open else "closed"
    return Row(
        href=relative(page, incident.path),
        title=incident.title or incident.id,
        tag=severity_tag(incident),
        components=", ".join(part for part in (kind, names) if part),
        took="" if incident.is_cancelled or long is None else open_for + length(long),
        verdict=standing_of(incident) if book.is_public else verdict_of(incident, book),
        review=_published_review(incident, book, page)
        if book.is_public
        else review_of(incident, book, page),
        status=status_words(incident).lower(),
        flags=flags_of(incident, book),
        is_off=incident.is_cancelled,
        severity=incident.severity or "none",
        component_ids=" ".join(incident.components),
        kinds=" ".join(kinds_of(incident)),
        statuses=" ".join(dict.fromkeys((state, incident.status))),
        quarter=f"Q{(on.month + 2) // 3}",
        on=week_day(on),
    )
