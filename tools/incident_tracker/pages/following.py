"""Where the next update of an incident can be read without coming back to its page."""

from collections.abc import Iterator

from incident_tracker.exports.atom import SITE, feed_of
from incident_tracker.model import Incident
from incident_tracker.pages.book import Book
from incident_tracker.pages.levels import touched
from incident_tracker.pages.record import Reference
from incident_tracker.pages.subscribe import PAGE
from incident_tracker.pages.wording import relative

MOST_FEEDS = 3


def following(incident: Incident, book: Book) -> Iterator[Reference]:
    """The feeds of its components, or the one of everything, and the page of all that there is."""
    if incident.is_drill or incident.is_withdrawn:
        return  # no feed tells of it
    known = book.tracker.component_by_id
    feeds = {known[name].name: feed_of(name) for name in touched(incident) if name in known}
    if not 0 < len(feeds) <= MOST_FEEDS:
        feeds = {"all updates": SITE}
    for name, path in feeds.items():
        yield Reference(label=f"Feed: {name}", href=relative(incident.path, path))
    yield Reference(label="Subscribe", href=relative(incident.path, PAGE))
