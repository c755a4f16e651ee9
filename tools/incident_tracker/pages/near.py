"""The incidents before and after each one, so that a reader can leaf through the history."""

from collections.abc import Iterator, Sequence
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


def neighbours(book: Book) -> Iterator[tuple[Incident, Sequence[Near]]]:
    """Every incident, newest first, each with the one before and the one after it in time."""
    every = book.newest_first
    for place, incident in enumerate(every):
        earlier, later = every[place + 1 : place + 2], every[max(place - 1, 0) : place]
        found = (("Earlier", earlier), ("Later", later))
        yield incident, [_near(w, incident, other, book) for w, others in found for other in others]


def _near(word: str, incident: Incident, other: Incident, book: Book) -> Near:
    return Near(
        word=word,
        href=relative(incident.path, other.path),
        title=other.title or other.id,
        day=book.day_words(other),
    )
