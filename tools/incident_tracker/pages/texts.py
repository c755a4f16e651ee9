"""The protocol's hand-written texts as pages, under the tab of the protocol."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.pages.book import Book
from incident_tracker.pages.clock_table import clocks
from incident_tracker.pages.declare import DOCUMENT, Leaf, leaves
from incident_tracker.pages.prose import prose
from incident_tracker.pages.record import Reference
from incident_tracker.pages.tables import Table
from incident_tracker.pages.wording import relative

SEVERITIES = "protocol/severities.md"
OVERVIEW = "protocol.md"
_HEADING = re.compile(r"(#{1,4})[ \t]+(.+?)[ \t]*#*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A heading and the text below it, to the next heading of any depth."""

    marks: str
    title: str
    markdown: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """The values of a text page."""

    title: str
    back: str
    passages: Sequence[Passage]
    clocks: Table | None
    links: Sequence[Reference]


@leaves("protocol texts", template="text.md.j2", section="Protocol", order=61, hide=DOCUMENT)
def texts(book: Book) -> Iterator[Leaf]:
    """One page for each text of the protocol."""
    for path, text in book.site.texts.items():
        passages = tuple(_passages(text, path))
        named = [passage for passage in passages if passage.title]
        title = named[0].title if named else path
        edit = book.site.edit_url
        yield Leaf(
            path=path,
            title=title,
            values=Text(
                title=title,
                back=relative(path, OVERVIEW),
                passages=[p for p in passages if p.marks != "#" or p.markdown],
                clocks=clocks(book) if path == SEVERITIES else None,
                links=[Reference(label="Edit this text", href=edit + path)] if edit else [],
            ),
            source=path,
            search=f"{title}. {'. '.join(passage.title for passage in named[1:])}",
            description=title,
        )


def _passages(text: str, path: str) -> Iterator[Passage]:
    marks, title, lines = "#", "", []
    fence = ""
    for line in text.replace("<br>", "  ").splitlines():
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        found = None if fence or mark else _HEADING.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        yield Passage(marks=marks, title=title, markdown=prose("\n".join(lines), page=path))
        marks, title, lines = found[1], found[2], []
    yield Passage(marks=marks, title=title, markdown=prose("\n".join(lines), page=path))
