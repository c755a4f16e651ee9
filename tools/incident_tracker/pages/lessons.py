"""The lessons of all published reviews, so that the next one who builds something finds them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from incident_tracker.model import Incident, Review
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page
from incident_tracker.pages.filters import Choice, Filters, filter_of, token
from incident_tracker.pages.rows import component_names, is_published, severity_tag
from incident_tracker.pages.wording import count, link, on_day, said

PAGE = "lessons.md"
REVIEWS = "reviews.md"
UNFOLDED = 3  # years whose lessons are shown at once


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """One lesson, and what it comes from."""

    text: Markup
    tag: Markup
    origin: Markup
    day: Markup
    about: str
    severity: str
    cause: str
    component_ids: str
    year: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """The lessons of the incidents of one year."""

    year: int
    lessons: Sequence[Lesson]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """The values of the page."""

    lede: str
    back: Markup
    filters: Filters
    years: Sequence[Year]
    unfolded: int = UNFOLDED


@page(PAGE, template="lessons.md.j2", title="Lessons learned", section="Reviews", order=22)
def lessons(book: Book) -> Lessons:
    """What published reviews taught, newest incident first."""
    found = [
        (review, incident)
        for review in book.tracker.reviews
        if (incident := book.tracker.incident_by_id.get(review.incident)) is not None
        and not book.tracker.is_withdrawn(review.incident)
    ]
    found.sort(key=lambda pair: (book.day_of(pair[1]), pair[0].id), reverse=True)
    published = [pair for pair in found if is_published(pair[0])]
    drafts = len(found) - len(published)
    every = [lesson for pair in published for lesson in _lessons(*pair, book)]
    left_out = f" {count(drafts, 'draft')} left out until the review is held." if drafts else ""
    return Lessons(
        lede=f"{count(len(every), 'lesson')} of {count(len(published), 'published review')}, "
        f"newest first.{left_out}",
        back=link(PAGE, REVIEWS, "Reviews"),
        filters=_filters(every, book),
        years=[
            Year(year=year, lessons=tuple(held))
            for year, held in groupby(every, key=lambda lesson: lesson.year)
        ],
    )


def _lessons(review: Review, incident: Incident, book: Book) -> Iterator[Lesson]:
    terms = review.protocol.review_sections.get("lessons")
    section = review.section(terms.text) if terms else None
    if section is None:
        return
    on = book.day_of(incident)
    names = ", ".join(component_names(incident, book))
    for text in section.items or tuple(filter(None, (section.text.strip(),))):
        yield Lesson(
            text=said(text, page=PAGE, source=review.path),
            tag=severity_tag(incident),
            origin=link(PAGE, review.path, incident.title or incident.id),
            day=on_day(on),
            about=" · ".join(part for part in (incident.root_cause, names) if part),
            severity=incident.severity or "none",
            cause=token(incident.root_cause),
            component_ids=" ".join(incident.components),
            year=on.year,
        )


def _filters(every: Sequence[Lesson], book: Book) -> Filters:
    components = {component.id: component.name for component in book.tracker.components}
    causes = {lesson.cause: lesson.cause.replace("_", " ") for lesson in every if lesson.cause}
    held = {lesson.severity for lesson in every}
    return Filters(
        noun="lesson",
        severities=[Choice(value=n, label=n) for n in book.protocol.severities if n in held],
        lists=(
            filter_of("cause", "Root cause", "All causes", causes, dict(sorted(causes.items()))),
            filter_of(
                "component",
                "Component",
                "All components",
                (lesson.component_ids for lesson in every),
                components,
            ),
        ),
    )
