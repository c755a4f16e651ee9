"""A page's Markdown that holds only what a page may hold, whichever generator reads it.

In our own build the HTML of each page passes an allow-list. A generator without our plugin has no
such gate, so each page is read here as it will be read there: what the allow-list would change
leaves as the HTML that it lets through.
"""

from __future__ import annotations

import html
from html.parser import HTMLParser

import markdown as python_markdown  # type: ignore[import-untyped] # ships no types

from incident_tracker.pages.allowed_html import clean
from incident_tracker.pages.dialect import EXTENSION_CONFIGS, EXTENSIONS

Piece = tuple[object, ...]
EMPTY = frozenset({"br", "col", "hr", "img", "input"})
LANGUAGE = "language-"
"""The class of a code block's language, which the allow-list takes out and nothing starts on."""


def proven(markdown: str) -> str:
    """Return the Markdown if it becomes nothing but allowed HTML, else Markdown that does."""
    try:
        made = _rendered(markdown)
        allowed = clean(made)
        if _pieces(made) == _pieces(allowed):
            return markdown
        block = f"<div>\n{allowed}\n</div>\n"
        if _pieces(_rendered(block)) == _pieces(clean(block)):
            return block
    except Exception:  # noqa: BLE001 # a record must not stop the whole export
        return _as_text(markdown)
    return _as_text(markdown)


def _as_text(markdown: str) -> str:
    """The Markdown to be read as it is: each sign of it an entity, which means nothing else."""
    signs = "".join(c if c.isalnum() or c in " \n" else f"&#{ord(c)};" for c in markdown)
    lines = (line or "&#32;" for line in signs.split("\n"))
    return f"<pre>{chr(10).join(lines)}</pre>\n"


def _rendered(markdown: str) -> str:
    reader = python_markdown.Markdown(
        extensions=list(EXTENSIONS), extension_configs=EXTENSION_CONFIGS
    )
    return str(reader.convert(markdown))


class _Reader(HTMLParser):
    """HTML as its elements and texts, in whatever order their attributes stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: html.unescape(value or "") for name, value in attrs}
        words = [word for word in kept.get("class", "").split() if not word.startswith(LANGUAGE)]
        kept["class"] = " ".join(words)
        self.found.append((tag, *sorted((name, value) for name, value in kept.items() if value)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:  # it may be written with an end or without
            self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "#":
            data = f"{self.found.pop()[1]}{data}"
        self.found.append(("#", data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", decl))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", data))


def _pieces(content: str) -> list[Piece]:
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader.found
