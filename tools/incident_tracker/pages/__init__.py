"""The site's pages: each is Markdown made from records, the same for every generator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A word and where it leads: a page's path in the repository, or an address."""

    label: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """The line at the foot of every page; nothing of today may stand in it."""

    note: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the pages may know about the build besides the records."""

    now: datetime
    edit_url: str = ""  # what a repository path is appended to; empty: no edit links
    commit: str = ""


def build(tracker: object, site: Site) -> Sequence[Page]:
    """Every page of the site, tabs in the order of their first page."""
    return (
        Page(
            path="status.md",
            title="Status",
            markdown=f"# No page is built yet\n\nAs of {site.now:%Y-%m-%d %H:%M %Z}.\n",
            section="Status",
            serves_as="index.html",
        ),
    )


def footer(tracker: object) -> Footer:
    """The foot of every page."""
    return Footer()
