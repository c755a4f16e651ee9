"""The page of one incident for everybody: what users were told, and the few facts behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.model import Incident, Update
from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import PUBLIC, Leaf, leaves
from incident_tracker.pages.filled import filled
from incident_tracker.pages.following import following
from incident_tracker.pages.levels import is_over
from incident_tracker.pages.promises import REPLACED, Told, told
from incident_tracker.pages.public_facts import facts, next_update
from incident_tracker.pages.record import Fact, Reference
from incident_tracker.pages.rows import component_names, levels_said, status_words
from incident_tracker.pages.wording import moment, month, paragraphs, relative, said, update_anchors


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One update."""

    anchor: str
    status: Markup
    at: Markup
    paragraphs: Sequence[Markup]
    facts: Sequence[Fact]
    promise: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of an incident's page."""

    id: str
    title: str
    month: Reference
    flags: Sequence[str]
    lede: Sequence[Markup]
    facts: Sequence[Fact]
    review: str
    links: Sequence[Reference]
    posts: Sequence[Post]
    no_post: str
    newer: Reference | None
    older: Reference | None


@leaves(
    "public incidents",
    template="public_incident.md.j2",
    section="History",
    order=11,
    audiences=PUBLIC,
)
def public_incidents(book: Book) -> Iterator[Leaf]:
    """One page for each published incident and maintenance window, newest first."""
    shown = book.newest_first
    for place, incident in enumerate(shown):
        newer = shown[place - 1] if place else None
        older = shown[place + 1] if place + 1 < len(shown) else None
        summary = " ".join(incident.public_summary.split())
        yield Leaf(
            path=incident.path,
            title=incident.title or incident.id,
            values=_values(incident, newer, older, book),
            search=_search(incident, summary, book),
            names=(incident.id,),
            description=summary[:300],
        )


def _search(incident: Incident, summary: str, book: Book) -> str:
    names = component_names(incident, book)
    parts = (incident.id, incident.severity, status_words(incident), *names, summary)
    return ". ".join(part for part in parts if part)


def _values(
    incident: Incident, newer: Incident | None, older: Incident | None, book: Book
) -> Values:
    path, on = incident.path, book.day_of(incident)
    review = book.path_of_review(incident)
    posts = tuple(_posts(incident, book))
    return Values(
        id=incident.id,
        title=incident.title or incident.id,
        month=Reference(
            label=month(on.year, on.month),
            href=relative(path, f"history/{on.year}.md#m{on.year}-{on.month:02d}"),
        ),
        flags=tuple(_flags(incident)),
        lede=paragraphs(incident.public_summary, page=path),
        facts=tuple(facts(incident, book)),
        review=relative(path, review) if review else "",
        links=tuple(following(incident, book)),
        posts=posts,
        no_post="" if posts else _no_post(incident),
        newer=_neighbour(incident, newer),
        older=_neighbour(incident, older),
    )


def _flags(incident: Incident) -> Iterator[str]:
    if incident.is_maintenance:
        yield "maintenance"
    if incident.is_cancelled:
        yield "cancelled"


def _no_post(incident: Incident) -> str:
    return "No update was published." if is_over(incident) else "No update yet."


def _neighbour(incident: Incident, other: Incident | None) -> Reference | None:
    if other is None:
        return None
    return Reference(label=other.title or other.id, href=relative(incident.path, other.path))


def _posts(incident: Incident, book: Book) -> Iterator[Post]:
    """The updates, newest first; each has an anchor of its own."""
    steps = [name for name in incident.protocol.statuses if name != "cancelled"]
    every = tuple(told(incident, book.now))
    anchors = update_anchors(book.local(item.at) for item in every)
    for item, anchor in reversed(tuple(zip(every, anchors, strict=True))):
        update = item.update
        word = incident.protocol.statuses.get(update.status)
        reached = steps.index(update.status) + 1 if update.status in steps else 0
        yield Post(
            anchor=anchor,
            status=drawings.status(reached, len(steps), word.label if word else update.status),
            at=moment(book.local(item.at)),
            paragraphs=paragraphs(update.text, page=incident.path),
            facts=tuple(_said(update, incident, book)),
            promise=_promise(item, incident, book, is_last=item is every[-1]),
        )


def _said(update: Update, incident: Incident, book: Book) -> Iterator[Fact]:
    for line in update.keys:
        word = incident.protocol.update_keys.get(line.key)
        name = word.label if word else line.key
        if line.key == "components" and update.components:
            yield Fact(name=name, value=levels_said(update, incident, book))
        elif line.key != "next-update":
            yield Fact(name=name, value=said(line.value, page=incident.path))


def _promise(item: Told, incident: Incident, book: Book, *, is_last: bool) -> Markup:
    if item.promised is None:
        return Markup("")
    if is_last and incident.is_open:
        return filled("Next update promised by {}", next_update(incident, book))
    more = filled(": {}", item.mark) if item.mark == REPLACED else "."
    return filled("Next update promised by {}{}", moment(book.local(item.promised)), more)
