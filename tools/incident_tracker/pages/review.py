"""Reviews: a document for each, and the list of those that are due, in draft and published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from markupsafe import Markup

from incident_tracker.model import ActionState, Box, Incident, Milestone, Review
from incident_tracker.owed_reviews import review_within
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import DOCUMENT, Leaf, leaf_of_each, page
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.findings import Trouble, Waived, trouble, waived
from incident_tracker.pages.items import Item, items
from incident_tracker.pages.promises import resolved
from incident_tracker.pages.prose import of_review, remarks
from incident_tracker.pages.record import Fact, Reference, edit_links, names_of, revised
from incident_tracker.pages.rows import due_mark, is_published, severity_tag
from incident_tracker.pages.wording import (
    clock,
    clocks,
    count,
    day,
    length,
    link,
    on_day,
    relative,
    said,
    timed,
    used_of,
)

LIST = "reviews.md"
LESSONS = "lessons.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A section of a review; actions and boxes are tables instead of text."""

    title: str
    markdown: Markup
    actions: Sequence[Item] = ()
    boxes: Sequence[Fact] = ()
    has_actions: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of a review's page."""

    id: str
    title: str
    back: str
    state: str
    strip: Sequence[Fact]
    parts: Sequence[Part]
    links: Sequence[Reference]
    revised: Sequence[Fact]
    waived: Sequence[Waived]
    trouble: Trouble | None


def _newest_first(book: Book) -> Sequence[Review]:
    return sorted(book.tracker.reviews, key=lambda found: found.id, reverse=True)


@leaf_of_each(
    "reviews", _newest_first, template="review.md.j2", section="Reviews", order=21, hide=DOCUMENT
)
def page_of_review(review: Review, book: Book) -> Leaf:
    """One page for each review, newest first."""
    incident = book.tracker.incident_by_id.get(review.incident)
    title = incident.title if incident else review.id
    return Leaf(
        path=review.path,
        title=f"Review: {title}",
        values=partial(_values, review, incident, book),
        source=review.path,
        search=_search(review, title),
        names=names_of(review.id, "", review.actions),
        description=f"Post-incident review of {title}",
    )


def _search(review: Review, title: str) -> str:
    summary = review.section("Incident Summary")
    text = " ".join(summary.text.split()) if summary else ""
    return f"Review {review.id}. {title}. {text}"


def _values(review: Review, incident: Incident | None, book: Book) -> Values:
    return Values(
        id=review.id,
        title=incident.title if incident else review.id,
        back=relative(review.path, LIST),
        state=_state(review, book),
        strip=tuple(_strip(review, incident, book)),
        parts=tuple(_parts(review, book)),
        links=tuple(edit_links(review, None, book)),
        revised=tuple(revised(review, book)),
        waived=tuple(waived(review, book)),
        trouble=trouble(review.path, book, is_read=review.sound),
    )


def _state(review: Review, book: Book) -> str:
    if book.tracker.is_withdrawn(review.incident):
        return "withdrawn"
    if not is_published(review):
        return "Draft, not yet reviewed"
    at = review.published_at
    return f"published {day(book.local(at).date())}" if at else "published"


def _strip(review: Review, incident: Incident | None, book: Book) -> Iterator[Fact]:
    if incident is None:
        yield Fact(name="Incident", value=review.incident, more="no such record")
    else:
        yield from _of_incident(incident, book, review.path)
    yield _held(review, incident, book)
    present = ", ".join(review.attendees) or "nobody named"
    more = f"apologies: {', '.join(review.apologies)}" if review.apologies else ""
    yield Fact(name="Present", value=present, more=more)
    if review.followed_up_at:
        yield Fact(name="Followed up", value=on_day(review.followed_up_at))


def _of_incident(incident: Incident, book: Book, path: str) -> Iterator[Fact]:
    terms = incident.protocol.severities.get(incident.severity)
    name = terms.name if terms else ""
    yield Fact(name="Severity", value=filled("{} {}", severity_tag(incident), name))
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    end = incident.at(Milestone.RESOLVED)
    when = filled("{}", day(book.day_of(incident)))
    if start and end:
        when = filled("{}, {}", when, clocks(book.local(start), book.local(end)))
    yield Fact(name="Incident", value=link(path, incident.path, when))
    yield Fact(name="Impact", value=_impact(incident, book))
    taken = incident.between(Milestone.DETECTED, Milestone.RESOLVED)
    if taken is not None and taken >= timedelta():
        value = filled("{}", length(taken))
        promise = resolved(incident, book.now)
        if promise is not None:
            kept = promise.verdict is Verdict.KEPT
            limit = length(promise.allowed)
            value += " " + drawings.verdict(
                promise.verdict, f"under {limit}" if kept else f"target {limit}"
            )
        yield Fact(name="Resolved in", value=value)


def _impact(incident: Incident, book: Book) -> Markup | str:
    start = incident.at(Milestone.STARTED)
    end = incident.at(Milestone.MITIGATED) or incident.at(Milestone.RESOLVED)
    if start is None or end is None or end < start:
        return "not known"
    return length(end - start)


def _held(review: Review, incident: Incident | None, book: Book) -> Fact:
    held = review.held_at
    if held is None:
        return Fact(name="Review held", value="no date")
    at = book.local(held)
    if held > book.now:
        return Fact(name="Review planned", value=filled("{}, {}", on_day(at.date()), clock(at)))
    value = on_day(at.date())
    fixed = incident.at(Milestone.RESOLVED) if incident else None
    if incident is not None and fixed is not None and held >= fixed:
        allowed, used = review_within(incident), held - fixed
        days = timedelta(days=used.days)
        late = used > allowed
        words = f"{length(used - allowed)} late" if late else used_of(days, allowed)
        value += " " + drawings.verdict(Verdict.MISSED if late else Verdict.KEPT, words)
    return Fact(name="Review held", value=value)


def _parts(review: Review, book: Book) -> Iterator[Part]:
    for section in review.sections:
        name = section.title.casefold()
        if name == "action items":
            yield Part(
                title=section.title,
                markdown=remarks(section, page=review.path),
                actions=items(review.actions, book, review.path),
                has_actions=True,
            )
        elif name == "checklist":
            yield Part(
                title=section.title,
                markdown=remarks(section, page=review.path),
                boxes=[_box(box, review, book.zone) for box in review.boxes],
            )
        elif section.text.strip():
            text = of_review(section.text, page=review.path)
            yield Part(title=section.title, markdown=text)


def _box(box: Box, review: Review, zone: ZoneInfo) -> Fact:
    word = review.protocol.review_boxes.get(box.box)
    text = word.text if word else box.text
    if box.not_applicable:
        more = filled("not applicable: {}", said(box.not_applicable, page=review.path))
        return Fact(name="", value=text, more=timed(more, zone))
    mark = (
        drawings.verdict(Verdict.KEPT, "done")
        if box.ticked
        else drawings.verdict(Verdict.PENDING, "open")
    )
    note = said(box.note, page=review.path)
    return Fact(name=mark, value=text, more=timed(note, zone))


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A review, or one that is owed, as a row of the list."""

    tag: Markup
    title: Markup
    day: Markup
    state: Markup
    owner: str
    actions: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The values of the list of reviews."""

    lede: str
    owed: Sequence[Listed]
    drafts: Sequence[Listed]
    published: Sequence[Listed]
    lessons: Markup


@page(LIST, template="reviews.md.j2", title="Reviews", section="Reviews", order=20)
def overview(book: Book) -> Overview:
    """The reviews that are owed, those in draft, and the published ones."""
    owed = tuple(_owed(book))
    found = sorted(book.tracker.reviews, key=lambda review: review.id, reverse=True)
    drafts = [_listed(review, book) for review in found if not is_published(review)]
    published = [_listed(review, book) for review in found if is_published(review)]
    standing = [is_published(r) for r in found if not book.tracker.is_withdrawn(r.incident)]
    done, begun = standing.count(True), standing.count(False)
    return Overview(
        lede=f"{count(done, 'review')} published, {count(begun, 'draft')}, "
        f"{len(owed)} owed and not begun.",
        owed=owed,
        drafts=drafts,
        published=published,
        lessons=link(LIST, LESSONS, "Lessons learned, from all of them"),
    )


def _owed(book: Book) -> Iterator[Listed]:
    for incident in book.newest_first:
        owed = book.owed_reviews.get(incident.id)
        if owed is None or incident.id in book.tracker.review_by_incident:
            continue
        yield Listed(
            tag=severity_tag(incident),
            title=link(LIST, incident.path, incident.title or incident.id),
            day=on_day(book.day_of(incident)),
            state=due_mark(owed, book),
            owner=owed.who,
            actions="",
        )


def _listed(review: Review, book: Book) -> Listed:
    incident = book.tracker.incident_by_id.get(review.incident)
    open_ = sum(action.state is ActionState.OPEN for action in review.actions)
    held = review.held_at
    state = Markup("no date")
    if held is not None:
        word = "held" if held <= book.now else "planned for"
        state = filled("{} {}", word, on_day(book.local(held).date()))
    if book.tracker.is_withdrawn(review.incident):
        state = Markup("withdrawn")
    owed = book.owed_reviews.get(review.incident)
    if owed is not None and not is_published(review):
        what = "meeting" if owed.clock == "review" else "publication"
        state = filled("{}, {} {}", state, what, due_mark(owed, book))
    return Listed(
        tag=severity_tag(incident) if incident else Markup(""),
        title=link(LIST, review.path, incident.title if incident else review.id),
        day=on_day(book.day_of(incident)) if incident else Markup(""),
        state=state,
        owner=owed.who if owed is not None else "",
        actions=f"{open_} of {count(len(review.actions), 'action')} open"
        if open_
        else "no action open",
    )
