"""A published review for everybody: its sections, without names, links, actions and boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.model import Incident, Review
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import DOCUMENT, PUBLIC, Leaf, leaves
from incident_tracker.pages.filled import filled
from incident_tracker.pages.prose import of_review
from incident_tracker.pages.record import Fact
from incident_tracker.pages.rows import severity_tag, took
from incident_tracker.pages.wording import length, link, on_day, relative


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A section of a review."""

    title: str
    markdown: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of a review's page."""

    id: str
    title: str
    back: str
    published: Markup
    strip: Sequence[Fact]
    parts: Sequence[Part]


@leaves(
    "public reviews",
    template="public_review.md.j2",
    section="History",
    order=12,
    hide=DOCUMENT,
    audiences=PUBLIC,
)
def public_reviews(book: Book) -> Iterator[Leaf]:
    """One page for each published review of a published incident, newest first."""
    for review in sorted(book.tracker.reviews, key=lambda found: found.id, reverse=True):
        incident = book.tracker.incident_by_id.get(review.incident)
        if incident is None:
            continue
        title = incident.title or incident.id
        yield Leaf(
            path=review.path,
            title=f"Review: {title}",
            values=_values(review, incident, book),
            search=_search(review, title),
            names=(review.id,),
            description=f"Post-incident review of {title}",
        )


def _search(review: Review, title: str) -> str:
    first = " ".join(review.sections[0].text.split()) if review.sections else ""
    return f"Review {review.id}. {title}. {first}"


def _values(review: Review, incident: Incident, book: Book) -> Values:
    at = review.published_at
    return Values(
        id=review.id,
        title=incident.title or incident.id,
        back=relative(review.path, incident.path),
        published=on_day(book.local(at).date()) if at else Markup(""),
        strip=tuple(_strip(review, incident, book)),
        parts=[
            Part(title=section.title, markdown=of_review(section.text, page=review.path))
            for section in review.sections
            if section.text
        ],
    )


def _strip(review: Review, incident: Incident, book: Book) -> Iterator[Fact]:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is not None:
        value = filled("{} {}", severity_tag(incident), terms.name)
        yield Fact(name="Severity", value=value)
    day = on_day(book.day_of(incident))
    yield Fact(name="Incident", value=link(review.path, incident.path, day))
    long = took(incident, book)
    if long is not None:
        yield Fact(name="Duration", value=length(long), more="from detection to the fix")
