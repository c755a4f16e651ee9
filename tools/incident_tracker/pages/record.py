"""What the pages of records share: facts, references and the links at their foot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.model import Action, Incident, Record, Review
from incident_tracker.pages.book import Book
from incident_tracker.pages.rows import is_published
from incident_tracker.pages.wording import day, relative, short_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A word and what is known about it; ``more`` is the second line."""

    name: str
    value: Markup | str
    more: Markup | str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A link with a word in a frame behind it."""

    label: str
    href: str
    flag: str = ""


def names_of(id_: str, ticket: str, actions: Iterable[Action]) -> tuple[str, ...]:
    """What a record is called: its id, its tickets; of a ticket's address the last part."""
    tickets = (ticket, *(action.ticket for action in actions))
    last = (each.rstrip("/").rpartition("/")[2] for each in tickets)
    return tuple(dict.fromkeys((id_, *filter(None, last))))


def revised(record: Record, book: Book) -> Iterator[Fact]:
    """How often the file was changed, and by whom last, where its history is known."""
    made = book.site.revisions.get(record.path, ())
    if made:
        last = f"last on {day(book.local(made[0].at).date())} by {made[0].author}"
        yield Fact(name="Revisions", value=f"{len(made):,}", more=last)


def edit_links(record: Record, review: Review | None, book: Book) -> Iterator[Reference]:
    """The review of an incident, and where the record is edited."""
    if review is not None and isinstance(record, Incident):
        flag = "draft"
        if is_published(review):
            at = review.published_at
            flag = f"published {short_day(book.local(at).date())}" if at else "published"
        yield Reference(
            label="Post-incident review", href=relative(record.path, review.path), flag=flag
        )
    if book.site.edit_url:
        yield Reference(label="Edit this record", href=book.site.edit_url + record.path)
