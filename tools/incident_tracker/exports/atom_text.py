"""A feed as Atom 1.0 (RFC 4287), in which nothing that a record holds is markup of ours or theirs.

A text of a record becomes HTML of paragraphs, emphasis, code and links to other sites, and leaves
through an allow-list besides: a reader shows it inside a page of its own.
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import nh3
from markupsafe import Markup

from incident_tracker.exports.statuspage_ids import made_id
from incident_tracker.formats.home import Home
from incident_tracker.pages.wording import paragraphs, said
from incident_tracker.text.characters import scrubbed

NAMESPACE = "http://www.w3.org/2005/Atom"
OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:incident-tracker:feed")
LONGEST = 10_000
"""Characters of one text; the page of the record holds all."""
OUTWARD = ("http://", "https://", "mailto:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that is told. ``said`` is somebody's Markdown, ``lines`` stand below it."""

    id: str
    title: str
    published: datetime
    updated: datetime
    page: str
    """The path of the record."""
    anchor: str
    said: str
    lines: Sequence[tuple[str, str]]
    terms: Mapping[str, str]
    """The categories: their words by their identifiers."""
    components: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What stands at the head of a feed; ``path`` is its own place on the site."""

    id: str
    title: str
    about: str
    author: str
    updated: datetime
    path: str


def urn(*parts: str) -> str:
    """Return the id of what these texts name, the same wherever the site stands."""
    return f"urn:uuid:{uuid.uuid5(OURS, made_id(*parts))}"


def atom(feed: Feed, entries: Iterable[Entry], home: Home) -> bytes:
    """Return the feed; its links are whole addresses where the site's is known, else relative."""
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.about)
    _text(root, "updated", _stamp(feed.updated))
    _text(SubElement(root, "author"), "name", feed.author)
    if home.url:
        SubElement(root, "link", {"rel": "self", "href": home.at(feed.path)})
    SubElement(root, "link", {"rel": "alternate", "href": _link("", feed.path, home)})
    for entry in entries:
        _entry(SubElement(root, "entry"), entry, feed.path, home)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8")
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + written + b"\n"


def _entry(element: Element, entry: Entry, feed: str, home: Home) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _stamp(entry.published))
    _text(element, "updated", _stamp(entry.updated))
    href = _link(home.page(entry.page), feed, home) + (f"#{entry.anchor}" if entry.anchor else "")
    SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": href})
    for term, label in entry.terms.items():
        SubElement(element, "category", {"term": _one_line(term), "label": _one_line(label)})
    content = _text(element, "content", _html(entry))
    content.set("type", "html")


def _link(place: str, feed: str, home: Home) -> str:
    return home.at(place) or posixpath.relpath(place or ".", posixpath.dirname(feed) or ".") + (
        "/" if not place or place.endswith("/") else ""
    )


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text if name == "content" else _one_line(text)
    return element


def _one_line(text: str) -> str:
    return " ".join(scrubbed(text).split())


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _html(entry: Entry) -> str:
    parts = [Markup("<p>{}</p>").format(part) for part in paragraphs(_cut(entry.said))]
    if entry.lines:
        lines = (
            Markup("<strong>{}:</strong> {}").format(name, said(_cut(value)))
            for name, value in entry.lines
        )
        parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(lines)))
    return nh3.clean(
        scrubbed(str(Markup("\n").join(parts))),
        tags={"a", "br", "code", "p", "strong"},
        attributes={"a": {"href"}},
        attribute_filter=_outward,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _outward(_element: str, _name: str, value: str) -> str | None:
    """An address of another site; what is relative led somewhere from the record, not from here."""
    return value if value.casefold().startswith(OUTWARD) else None
