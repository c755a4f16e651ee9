"""Promises that several fuzzing targets make, as functions that raise where one is broken."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import markdown as markdown_package  # type: ignore[import-untyped] # ships no types

from incident_tracker.pages.allowed_html import clean as through_the_gate
from incident_tracker.pages.dialect import EXTENSION_CONFIGS, EXTENSIONS
from incident_tracker.text.characters import clean
from incident_tracker.text.document import Document
from incident_tracker.text.edit import apply
from incident_tracker.text.yaml_nodes import Mapping, Node, Scalar, Sequence

RUNS = ("javascript:", "vbscript:", "data:")


class BrokenPromiseError(AssertionError):
    """Something that is promised for any input is not so for this one."""


def promised(kept: bool, otherwise: str) -> None:  # noqa: FBT001 # reads as a sentence where it stands
    """Raise BrokenPromiseError with what was seen, unless the promise is kept."""
    if not kept:
        raise BrokenPromiseError(otherwise)


def places_lie_inside(document: Document) -> None:
    """Each fault stands at a line and column that the file has."""
    lines = document.text.removeprefix("\ufeff").split("\n")
    for fault in document.faults:
        line, column = fault.position.line, fault.position.column
        promised(1 <= line <= len(lines), f"{fault.code} at line {line} of {len(lines)}")
        promised(1 <= column <= len(lines[line - 1]) + 1, f"{fault.code} at column {column}")
        promised(clean(fault.message), f"a raw character in the message of {fault.code}")


def fixes_stay_inside(document: Document, data: bytes) -> None:
    """The fix of each fault can be made in the text that was read."""
    if document.text.encode("utf-8", "replace") == data:
        for fault in document.faults:
            apply(document.text, fault.fix)


def kept_but_for_the_field(before: Document, after: Document, key: str) -> None:
    """All but one field reads as before, and the body is the same, byte by byte."""
    promised(_others(before, key) == _others(after, key), "another field changed")
    old, new = (d.text.split("\n")[d.body_start :] for d in (before, after))
    promised(old == new, "the body changed")
    # The line that was taken away may have been the only one with an end of its own.
    promised("\r" in before.text or "\r" not in after.text, "the line ends changed")


def other_sections_stay(before: Document, after: Document, title: str) -> None:
    """All but one section is the same, front matter included, byte by byte."""
    old, new = _without(before, title), _without(after, title)
    made = after.section(title) if before.section(title) is None else None
    if made is not None:  # its heading is new, and it may be set apart by a blank line
        place = made.position.line - 1
        new = tuple(filter(None, new[:place] + new[place + 1 :]))
        old = tuple(filter(None, old))
    promised(old == new, "another section changed")


def harmless(text: str) -> None:
    """Nothing runs in the HTML that the site makes of Markdown."""
    for tag, attributes in _Elements.of(through_the_gate(_renderer().reset().convert(text))):
        promised(tag not in {"script", "style", "iframe", "object", "base", "meta"}, f"<{tag}>")
        for name, value in attributes:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            promised(not name.startswith("on"), f"an event handler on <{tag}>")
            promised(not address.startswith(RUNS), f"an address that runs on <{tag}>")


class _Elements(HTMLParser):
    """The elements of a text with their attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    @classmethod
    def of(cls, html: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
        parser = cls()
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def _without(document: Document, title: str) -> tuple[str, ...]:
    section = document.section(title)
    if section is None:
        return document.lines
    above, below = section.position.line, section.last_line
    return document.lines[:above] + document.lines[below:]


@cache
def _renderer() -> markdown_package.Markdown:
    return markdown_package.Markdown(
        extensions=list(EXTENSIONS), extension_configs=EXTENSION_CONFIGS
    )


def _others(document: Document, key: str) -> dict[str, object]:
    entries = document.front.entries if document.front else ()
    return {entry.key.text: _plain(entry.value) for entry in entries if entry.key.text != key}


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return [(entry.key.text, _plain(entry.value)) for entry in node.entries]
    raise TypeError(node)
