"""How to be told: every file that stands on the site, its address, its readers, its changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from incident_tracker.audience import Audience
from incident_tracker.exports.atom import feed_of
from incident_tracker.exports.badges import Badge, badges
from incident_tracker.exports.offers import Offer, Use
from incident_tracker.exports.published import site_offers
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import EVERYBODY, page

PAGE = "subscribe.md"
SHIELDS = "https://img.shields.io/endpoint?url="
LEDES = {
    Audience.INTERNAL: "Files for whoever may read this site, with what its pages hold. A program "
    "reads them only if it gets past whatever guards the site.",
    Audience.PUBLIC: "Files with what the pages of this site hold. Everybody may read them, "
    "and no account is needed.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a file stands: a link from this page, and what is copied elsewhere."""

    href: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One offer."""

    title: str
    about: str
    readers: str
    changes: str
    addresses: Sequence[Address]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The offers for one use."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A badge, and what it is embedded by."""

    name: str
    picture: Address
    alt: str
    endpoint: Address
    feed: Address | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe:
    """The values of the page."""

    lede: str
    needs_address: bool
    follow: Section
    components: Sequence[Shown]
    badge: Shown
    snippet: str
    shields: str
    sections: Sequence[Section]


@page(
    PAGE,
    template="subscribe.md.j2",
    title="Subscribe",
    section="Status",
    order=1,
    search="Subscribe to feeds and the calendar; badges; data for programs: Statuspage, JSON, CSV",
    audiences=EVERYBODY,
)
def subscribe(book: Book) -> Subscribe:
    """What stands on the site besides its pages."""
    home = book.site.home
    whole, *parts = badges(book)
    feeds = [feed_of(component.id) for component in book.tracker.components]
    picture, endpoint = (home.at(f"{whole.path}.{kind}") for kind in ("svg", "json"))
    return Subscribe(
        lede=LEDES[book.site.audience],
        needs_address=not home.url and book.site.audience is Audience.INTERNAL,
        follow=_section(Use.FOLLOW, book),
        components=[
            replace(_shown(part, book, feed), name=component.name)
            for part, feed, component in zip(parts, feeds, book.tracker.components, strict=True)
        ],
        badge=_shown(whole, book),
        snippet=f"[![{whole.label}]({picture})]({home.at('')})" if picture else "",
        shields=f"![{whole.label}]({SHIELDS}{quote(endpoint, safe='')})" if endpoint else "",
        sections=[_section(use, book) for use in (Use.CLIENTS, Use.DATA)],
    )


def _section(use: Use, book: Book) -> Section:
    return Section(title=use.value, rows=tuple(_rows(use, book)))


def _rows(use: Use, book: Book) -> Iterator[Row]:
    audience = book.site.audience
    for offer, places in site_offers(audience):
        if offer.use is use:
            yield Row(
                title=offer.title,
                about=_about(offer, audience),
                readers=offer.readers,
                changes=offer.changes,
                addresses=[_address(place, book) for place in places],
            )


def _about(offer: Offer, audience: Audience) -> str:
    if offer.also and audience is Audience.INTERNAL:
        return f"{offer.about} {offer.also}"
    return offer.about


def _address(place: str, book: Book) -> Address:
    return Address(href=place, words=book.site.home.at(place) or place)


def _shown(badge: Badge, book: Book, feed: str = "") -> Shown:
    return Shown(
        name=badge.label,
        picture=_address(f"{badge.path}.svg", book),
        alt=f"{badge.label}: what is open, and as of when",
        endpoint=_address(f"{badge.path}.json", book),
        feed=_address(feed, book) if feed else None,
    )
