"""Badges: how many incidents are open, of the whole site and of each component, with the moment.

Nothing here says that anything works: only what is recorded, and as of when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from incident_tracker.audience import Audience
from incident_tracker.exports.badge_svg import cut, endpoint, svg
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.offers import OnSite, file_name
from incident_tracker.model import Tracker
from incident_tracker.pages import Site
from incident_tracker.pages.book import Book
from incident_tracker.pages.calendar_bars import levels_now
from incident_tracker.pages.drawings import State
from incident_tracker.pages.levels import WORST_LAST, label_of, look_of, touched
from incident_tracker.pages.wording import count, day

SITE = "badges/incidents"
"""The path of the badge of the whole site, without its ending."""


def badge_of(component: str) -> str:
    """Return the path of a component's badge, without its ending."""
    return f"badges/components/{file_name(component)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """What a badge says, and the state that its colour and its glyph show."""

    path: str
    label: str
    message: str
    look: State


@export("badges", on_site=OnSite())
def badges_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """Badges (SVG), and their JSON for shields.io: what is open, as of when, by component."""
    written: dict[str, bytes] = {}
    for badge in badges(Book(tracker, Site(now=now, audience=settings.audience))):
        written[f"{badge.path}.svg"] = svg(badge.label, badge.message, badge.look)
        written[f"{badge.path}.json"] = endpoint(badge.label, badge.message, badge.look)
    return written


def badges(book: Book) -> Iterator[Badge]:
    """Yield the badge of the whole site, then those of its components."""
    now, protocol = levels_now(book), book.protocol
    looks = [look_of(level, protocol) for level in now.values()]
    open_ = [look for look in looks if look is not State.MAINTENANCE]
    whole = len(book.open_incidents)
    yield Badge(
        path=SITE,
        label=cut(protocol.organisation or "Incidents"),
        message=f"{_open(whole, book)} {_as_of(book)}",
        look=max(open_, key=WORST_LAST.index, default=State.OK) if whole else State.OK,
    )
    for component in book.tracker.components:
        level = now.get(component.id, "")
        hit = sum(component.id in touched(incident) for incident in book.open_incidents)
        said = label_of(level, protocol) if level else _open(hit, book)
        yield Badge(
            path=badge_of(component.id),
            label=cut(component.name),
            message=f"{cut(said)} {_as_of(book)}",
            look=look_of(level, protocol) if level else State.OK,
        )


def _open(number: int, book: Book) -> str:
    """How many are open; the public cannot know of those that nobody published."""
    if number:
        return count(number, "open incident")
    published = " published" if book.site.audience is Audience.PUBLIC else ""
    return f"No open incident{published}"


def _as_of(book: Book) -> str:
    """The moment in UTC: a badge is looked at from everywhere."""
    at = book.now.astimezone(UTC)
    return f"as of {day(at.date())}, {at:%H:%M} UTC"
