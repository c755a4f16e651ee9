"""The incidents before and after each one, so that a reader can leaf through the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from incident_tracker.model import Incident
from incident_tracker.pages.book import Book
from incident_tracker.pages.wording import relative


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """The incident before or after another."""

    word: str
    href: str
    title: str
    day: str


def neighbours(incident: Incident, book: Book) -> Sequence[Near]:
    """The incident before and the one after it in time."""
    found = zip(("Earlier", "Later"), book.beside[incident.id], strict=True)
    return [_near(word, incident, other, book) for word, other in found if other is not None]


def _near(word: str, incident: Incident, other: Incident, book: Book) -> Near:
    return Near(
        word=word,
        href=relative(incident.path, other.path),
        title=other.title or other.id,
        day=book.day_words(other),
    )
