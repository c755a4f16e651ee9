"""Where a site stands, and how the addresses of what is on it are made."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from incident_tracker.formats.declare import PLAIN_URLS, site_address


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """A site's address, empty where nobody knows it, and the form of its pages' addresses."""

    url: str = ""
    """Without a slash at its end."""
    folders: bool = True
    """Whether a page is a folder with an index, as MkDocs has it by default."""

    def page(self, path: str) -> str:
        """Return where on the site the page of a record stands."""
        # A file may be called anything; an address is one word.
        plain = quote(path, errors="replace")
        return plain.removesuffix(".md") + ("/" if self.folders else ".html")

    def at(self, place: str) -> str:
        """Return the whole address of a place on the site, empty where nobody knows the site."""
        return f"{self.url}/{place}" if self.url else ""


def home(url: str, *, folders: bool) -> Home:
    """Return the home of a site that is configured so."""
    return Home(url=url.rstrip("/"), folders=folders)


def home_of(mkdocs: str) -> Home:
    """Return what the text of an mkdocs.yml says of its site."""
    return home(site_address(mkdocs), folders=not PLAIN_URLS.search(mkdocs))
