"""The site's pages: each is Markdown made from records, the same for every generator.

Which pages there are is declared by the modules of this folder (`declare.page`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from incident_tracker.audience import Audience
from incident_tracker.model import Tracker
from incident_tracker.pages.book import Book, Site
from incident_tracker.registry import load

if TYPE_CHECKING:
    from incident_tracker.asking.memo import Memo
    from incident_tracker.pages.declare import Declared, Leaf

Spread = Callable[[int, Callable[[int], bytes]], Iterator[tuple[int, bytes]]]
__all__ = ["Footer", "Link", "Page", "Site", "build", "footer"]

LONGEST_SEARCH_TEXT = 500  # characters; a thousand such entries still load in a reader's browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: where it lies, what it says, and which tab it belongs to.

    A link in it names a repository path relative to `path` and ends in `.md`, in Markdown and
    in HTML alike; the generator turns it into the address of the page.
    """

    path: str  # "incidents/2026/2026-11-03-site-down.md", "history/2026.md"
    title: str  # plain text, escaped where it is shown
    markdown: str
    section: str  # the tab; the first page of a section is what its tab opens
    source: str | None = None  # the repository path of the record, for the edit link
    search: str | None = None  # the one short entry of the index; None: search does not find it
    names: tuple[str, ...] = ()  # what search finds it by before all else: its id, its tickets
    hide: tuple[str, ...] = ("navigation", "toc")
    description: str = ""
    serves_as: str | None = None  # an address other than the one that follows from `path`

    @property
    def short_search(self) -> str:
        """What the search index holds of the page, cut between words."""
        text = self.search or ""
        if len(text) <= LONGEST_SEARCH_TEXT:
            return text
        return text[:LONGEST_SEARCH_TEXT].rsplit(None, 1)[0]

    @property
    def search_weight(self) -> float:
        """What parts pages that a typed name fits as well: little enough to part no others.

        A name that goes on where the typed one ends is longer; of an incident and its review, the
        incident comes first.
        """
        if not self.names:
            return 1
        return 1 + 1 / (2 * len(self.names[0]) + (not self.path.startswith("incidents/")) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A word and where it leads: a page's path in the repository, or an address."""

    label: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """The line at the foot of every page; nothing of today may stand in it."""

    note: str = ""
    zone: str = ""  # the team's, by which a script finds its offset
    links: tuple[Link, ...] = ()


def build(
    tracker: Tracker, site: Site, spread: Spread | None = None, memo: Memo | None = None
) -> Sequence[Page]:
    """Every page that the site's audience has, tabs in the order of their first page.

    The tracker is what that audience may see (``audience.seen_by``). ``spread`` shares the work
    out: it yields each number below the first value with what the function makes of it. With a
    ``memo``, which must be of the same tracker, only those pages are made that may be others now.
    """
    if spread is None:
        return tuple(each(tracker, site))
    if memo is not None:
        from incident_tracker.pages.remembered import remembered  # noqa: PLC0415 # as below

        return tuple(map(_from_bytes, remembered(site, spread, memo)))
    found = tuple(_leaves(Book(tracker, site)))
    made = dict(spread(len(found), lambda at: as_bytes(page_of(*found[at]))))
    return tuple(_from_bytes(made[at]) for at in range(len(found)))


def as_bytes(page: Page) -> bytes:
    """Return a page as another process, or the next build, reads it."""
    return json.dumps(
        [getattr(page, field.name) for field in fields(page)], allow_nan=False
    ).encode()


def _from_bytes(data: bytes) -> Page:
    values = dict(zip((field.name for field in fields(Page)), json.loads(data), strict=True))
    return Page(**{**values, "hide": tuple(values["hide"]), "names": tuple(values["names"])})


def footer(tracker: Tracker, audience: Audience = Audience.INTERNAL) -> Footer:
    """The foot of every page of an audience's site."""
    protocol = tracker.protocol
    if audience is Audience.PUBLIC:
        return Footer(
            note=f"Times are those of {protocol.zone}.",
            zone=protocol.zone,
            links=(
                Link(label="Subscribe", target="subscribe.md"),
                Link(label="About this page", target="about.md"),
            ),
        )
    return Footer(
        note=f"All times are local to the team ({protocol.zone}).",
        zone=protocol.zone,
        links=(
            Link(label="Subscribe", target="subscribe.md"),
            Link(label="Definitions", target="metrics.md#definitions"),
            Link(label=f"Protocol {protocol.version}", target="protocol.md"),
        ),
    )


def each(tracker: Tracker, site: Site) -> Iterator[Page]:
    """Yield the pages one by one, each made when it is asked for."""
    for declared, leaf in _leaves(Book(tracker, site)):
        yield page_of(declared, leaf)


def _leaves(book: Book) -> Iterator[tuple[Declared, Leaf]]:
    for declared in shown_to(book.site.audience):
        for leaf in declared.make(book):
            yield declared, leaf


def shown_to(audience: Audience) -> Sequence[Declared]:
    """The kinds of pages that an audience has, in their order."""
    # Templates are not needed to know what a page is.
    from incident_tracker.pages.declare import DECLARED  # noqa: PLC0415

    load(__name__)
    shown = [kind for kind in DECLARED.values() if audience in kind.audiences]
    return sorted(shown, key=lambda kind: (kind.order, kind.name))


def page_of(declared: Declared, leaf: Leaf) -> Page:
    """Return the page that a leaf becomes."""
    from incident_tracker.pages.rendering import render  # noqa: PLC0415 # as above

    return Page(
        path=leaf.path,
        title=leaf.title,
        markdown=render(declared.template, leaf.worked_out()),
        section=declared.section,
        source=leaf.source,
        search=leaf.search,
        names=leaf.names,
        hide=declared.hide,
        description=leaf.description,
        serves_as=leaf.serves_as,
    )
