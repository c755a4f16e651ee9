"""Every page of the site as a real Markdown file, in a folder that plain MkDocs builds.

The pages are those that the plugin hands to MkDocs, made by the same functions.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from incident_tracker import pages
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.published import site_files
from incident_tracker.exports.site_config import as_yaml, configuration, one_line
from incident_tracker.exports.site_links import led
from incident_tracker.exports.site_proof import proven
from incident_tracker.formats.home import home
from incident_tracker.model import Tracker
from incident_tracker.pages.dialect import HIDEABLE
from incident_tracker.pages.redirects import redirects
from incident_tracker.site import look

DOCS, OVERRIDES = "docs", "overrides"


@export("site", of_pages=True)
def site_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """The site as Markdown files with its look: for MkDocs without the plugin, and what follows."""
    site = settings.site or pages.Site(now=now, home=settings.home, audience=settings.audience)
    # The pages that are exported have no folders, whatever the tracker's own have.
    site = replace(site, home=home(site.home.url, folders=False))
    made = pages.build(tracker, site)
    moved = {page.path: _moved(page) for page in made if page.serves_as}
    paths = {page.path: moved.get(page.path, page.path) for page in made}
    guide = sorted(path for path in settings.written if path.endswith(".md"))
    known = {*paths, *guide}
    written = {f"{DOCS}/{paths[page.path]}": _file(page, known, moved) for page in made}
    written |= {
        f"{DOCS}/{address}": _encoded(content)
        for address, content in redirects(tracker, folders=False)
    }
    published = site_files(tracker, site, settings.audience)
    written |= {f"{DOCS}/{place}": data for place, data in published.items()}
    written |= _look(len(tracker.protocol.severities))
    for path, data in settings.written.items():
        written.setdefault(f"{DOCS}/{path}", _hand_written(path, data, known, moved))
    text = configuration(tracker, made, paths, guide, settings)
    return {**written, "mkdocs.yml": _encoded(text)}


def _moved(page: pages.Page) -> str:
    """The path of the Markdown file that gets the page's own address."""
    return f"{(page.serves_as or '').removesuffix('.html')}.md"


def _file(page: pages.Page, known: Collection[str], moved: Mapping[str, str]) -> bytes:
    """The page with what the theme is to know of it; it escapes neither title nor description."""
    front: dict[str, object] = {"title": html.escape(one_line(page.title))}
    if page.description:
        front["description"] = html.escape(one_line(page.description))
    hidden = [part for part in page.hide if part in HIDEABLE]
    if hidden:
        front["hide"] = hidden
    if page.search is None:
        front["search"] = {"exclude": True}
    body = proven(led(page.markdown, page.path, known, moved))
    return _encoded(f"---\n{as_yaml(front)}---\n{body}")


def _hand_written(
    path: str, data: bytes, known: Collection[str], moved: Mapping[str, str]
) -> bytes:
    if not path.endswith(".md"):
        return data
    return _encoded(led(data.decode("utf-8", "replace"), path, known, moved))


def _look(severities: int) -> dict[str, bytes]:
    """The stylesheet, the script, the fonts, and the parts of the theme that are ours."""
    files = {f"{DOCS}/{look.STYLESHEET}": _encoded(look.stylesheet(severities))}
    files |= {f"{DOCS}/{name}": path.read_bytes() for name, path in look.plain_files().items()}
    parts = sorted(path for path in look.OVERRIDES.rglob("*") if path.is_file())
    return files | {
        f"{OVERRIDES}/{path.relative_to(look.OVERRIDES).as_posix()}": path.read_bytes()
        for path in parts
    }


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
