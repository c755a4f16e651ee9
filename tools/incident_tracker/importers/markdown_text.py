"""A stranger's Markdown as headings and blocks, each with its line; its front matter as texts.

The bodies' reader is that of our own records; python-frontmatter reads the foreign front matter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from incident_tracker.importers.story import Block, Shape
from incident_tracker.text.characters import clean, scrubbed
from incident_tracker.text.sections import (
    Body,
    ListItem,
    Section,
    TextLine,
    iter_sections,
    read_body,
)

MOST_FRONT = 20_000
SETEXT = re.compile(r"[ ]{0,3}(=+|-{2,})[ \t]*$")
NO_TITLE = re.compile(r"\s*$|\s*(?:[-*+>|#]|[0-9]+[.)]\s|```|~~~|---)")
QUOTE = re.compile(r"^(?:>[ ]?)+")
DEFINED = re.compile(r"[ ]{0,3}\[([^\[\]]{1,200})\]:[ \t]+<?(https?://[^\s<>]{1,500})>?[ \t]*")
REFERENCE = re.compile(r"(?<![\]\\!])\[([^\[\]]{1,200})\](?:\[([^\[\]]{0,200})\])?(?![\[(:])")
LANGUAGE = re.compile(r"[\w+#.-]*")
# Lines of their own, as "Started 13:05 UTC" and "**Impact**: none".
TIMED = re.compile(r"[A-Z][^\d:|.]{1,40}[ ]~?[0-9][0-9T:./ -]{3,18}(?:[A-Z]{1,5})?")
FACT = re.compile(r"(?:\*\*|__)?[A-Z][\w /-]{1,40}(?:(?:\*\*|__):?|:(?:\*\*|__)?)(?:\s|$)")
RULE = re.compile(r"([-*_=])(?:[ \t]*\1)*$")


class _NoAliasLoader(yaml.BaseLoader):
    """Every scalar a text; an alias, with which a few lines fill a memory, is refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        found: yaml.Node | None = super().compose_node(parent, index)
        return found


class _Texts(YAMLHandler):
    """The handler that leaves every scalar the text that it is."""

    def load(self, fm: str, **_: Any) -> Any:  # noqa: ANN401 # its signature
        return yaml.load(fm, Loader=_NoAliasLoader)  # noqa: S506 # builds texts, lists, mappings


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading of the source."""

    line: int
    level: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What a file holds: front matter, headings and blocks in their order.

    ``wrong`` says why the front matter could not be read; ``comments`` are the lines on which
    hidden text begins; ``removed`` counts characters that no record may hold.
    """

    front: Mapping[str, str]
    wrong: str
    pieces: tuple[Heading | Block, ...]
    comments: tuple[int, ...]
    removed: int


def read_text(data: bytes) -> Text:
    """What a file holds; UnicodeDecodeError where it is not UTF-8."""
    whole = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    removed = 0
    if not clean(whole):
        removed = sum(not clean(character) for character in whole)
        whole = scrubbed(whole)
    lines = whole.split("\n")
    end = _front_end(lines)
    front, wrong = _front("\n".join(lines[:end])) if end else ({}, "")
    lines = _with_links(lines)
    # The reader of bodies gives what stands below a heading: this one stands for the file itself.
    body_lines = ("# ", *_with_headings(lines[end:]))
    body = read_body(body_lines, 0, landmarks=False)
    return Text(
        front=front,
        wrong=wrong,
        pieces=tuple(_pieces(body, body_lines, end - 1)),
        comments=tuple(comment.position.line + end - 1 for comment in body.comments),
        removed=removed,
    )


def _front_end(lines: list[str]) -> int:
    """How many lines the front matter takes, its fences included."""
    if not YAMLHandler.FM_BOUNDARY.match(lines[0]):
        return 0
    ends = (n for n in range(1, len(lines)) if YAMLHandler.FM_BOUNDARY.match(lines[n]))
    return next(ends, -1) + 1


def _front(text: str) -> tuple[dict[str, str], str]:
    if len(text) > MOST_FRONT:
        return {}, f"has more than {MOST_FRONT:,} characters"
    try:
        read = frontmatter.loads(text, handler=_Texts()).metadata
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:80] or type(error).__name__
        return {}, f"cannot be read: {reason}"
    return {str(key): _flat(value) for key, value in read.items()}, ""


def _flat(value: object) -> str:
    """A value as text: a list of texts with commas, nothing for what is nested."""
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _with_links(lines: list[str]) -> list[str]:
    """The lines with each link whose address stands further down as a link in full.

    A line that says an address is left out where the address is used.
    """
    found = {n: match for n, line in enumerate(lines) if (match := DEFINED.fullmatch(line))}
    known = {" ".join(match[1].casefold().split()): match[2] for match in found.values()}
    if not known:
        return lines
    used: set[str] = set()

    def full(match: re.Match[str]) -> str:
        name = " ".join((match[2] or match[1]).casefold().split())
        if name not in known:
            return match[0]
        used.add(name)
        return f"[{match[1]}]({known[name]})"

    made = [line if n in found else REFERENCE.sub(full, line) for n, line in enumerate(lines)]
    for number, match in found.items():
        if " ".join(match[1].casefold().split()) in used:
            made[number] = ""
    return made


def _with_headings(lines: list[str]) -> Iterator[str]:
    """The lines, a heading that is underlined written with signs in front."""
    fence, last = "", len(lines) - 1
    for number, line in enumerate(lines):
        sign = line.strip()[:3]
        if sign in {"```", "~~~"} and fence in {"", sign}:
            fence = "" if fence else sign
        under = SETEXT.match(lines[number + 1]) if number < last else None
        over = SETEXT.match(line)
        before = lines[number - 1] if number else ""
        if fence or (under is None and over is None):
            yield line
        elif under is not None and not NO_TITLE.match(line) and (not number or not before.strip()):
            yield f"{'#' if under[1][0] == '=' else '##'} {line.strip()}"
        elif over is not None and not NO_TITLE.match(before):
            two_above = lines[number - 2] if number > 1 else ""
            yield "" if not two_above.strip() or over[1][0] == "=" else line
        else:
            yield line


def _pieces(body: Body, lines: tuple[str, ...], moved: int) -> Iterator[Heading | Block]:
    for section in iter_sections(body.sections):
        if section.position.line > 1:
            written = lines[section.position.line - 1].strip().lstrip("#")
            title = _plain(section.title or written)
            yield Heading(line=section.position.line + moved, level=section.level, title=title)
        yield from _blocks(section, lines, moved)


def _blocks(section: Section, lines: tuple[str, ...], moved: int) -> Iterator[Block]:
    """The blocks directly below a heading, lines that belong together joined."""
    parts: list[ListItem | TextLine] = [*section.items, *section.prose]
    made = _Blocks(lines, moved)
    for part in sorted(parts, key=lambda one: one.position.line):
        if isinstance(part, ListItem):
            made.item(part)
        else:
            made.line(part)
    return iter(made.finished())


class _Blocks:
    """The blocks so far; ``open`` is one whose text may go on in the next line."""

    def __init__(self, lines: tuple[str, ...], moved: int) -> None:
        self.lines = lines
        self.moved = moved
        self.done: list[Block] = []
        self.texts: list[str] = []
        self.open: Block | None = None
        self.last = 0
        self.indents: list[int] = []

    def item(self, item: ListItem) -> None:
        while self.indents and item.indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or item.indent > self.indents[-1]:
            self.indents.append(item.indent)
        depth = len(self.indents) - 1
        self._begin(Shape.ITEM, item.position.line, depth=depth, marker=item.marker)
        self.texts.append(item.text)
        for line in item.continuation:
            self.line(line, within=True)

    def line(self, line: TextLine, *, within: bool = False) -> None:
        number, text = line.position.line, line.text
        is_next = number == self.last + 1
        if line.code:
            self._code(number, text, within=within)
            return
        if not within and not (is_next and self.open and self.open.shape is Shape.ITEM):
            self.indents = []
        quoted, is_row = text.startswith(">"), text.startswith("|")
        if quoted:
            text = QUOTE.sub("", text).strip()
        if is_row:
            self._begin(Shape.ROW, number)
        elif RULE.match(text):
            self._close()
            return
        elif quoted or not (is_next and self._can_go_on() and not _is_fact(text)):
            depth = len(self.indents) - 1 if within else 0
            self._begin(Shape.PARAGRAPH, number, depth=max(depth, 0), goes_on=within)
        self.texts.append(text)
        self.last = number

    def _can_go_on(self) -> bool:
        before = self.lines[self.last - 1]
        is_text = self.open is not None and self.open.shape in (Shape.ITEM, Shape.PARAGRAPH)
        return is_text and not before.endswith("  ") and not before.lstrip().startswith(">")

    def _code(self, number: int, text: str, *, within: bool) -> None:
        is_next = number == self.last + 1
        if self.open is None or self.open.shape is not Shape.CODE or not is_next:
            self._begin(Shape.CODE, number, goes_on=within)
        self.texts.append(text)
        self.last = number

    def _begin(
        self, shape: Shape, line: int, *, depth: int = 0, marker: str = "-", goes_on: bool = False
    ) -> None:
        self._close()
        self.open = Block(
            line=line + self.moved,
            shape=shape,
            text="",
            depth=depth,
            marker=marker,
            goes_on=goes_on,
        )
        self.last = line

    def _close(self) -> None:
        block, texts, self.open, self.texts = self.open, self.texts, None, []
        if block is None:
            return
        is_code = block.shape is Shape.CODE
        text = "\n".join(_unfenced(texts)) if is_code else _plain(" ".join(texts))
        if text.strip():
            self.done.append(replace(block, text=text))

    def finished(self) -> list[Block]:
        self._close()
        return self.done


def _is_fact(text: str) -> bool:
    """Whether a line says one thing, and so stands for itself though it goes on below another."""
    return FACT.match(text) is not None or TIMED.fullmatch(text) is not None


def _unfenced(texts: list[str]) -> list[str]:
    """Code without its fences and the name of its language."""
    first = texts[0].strip().lstrip("`~").strip()
    first = "" if LANGUAGE.fullmatch(first) else first
    last = texts[-1].strip().strip("`~") if len(texts) > 1 else ""
    inner = texts[1:] if last else texts[1:-1]
    return [*([first] if first else []), *inner]


def _plain(text: str) -> str:
    """A text with its entities as the signs that they mean."""
    if "&" not in text:
        return " ".join(text.split())
    return " ".join(scrubbed(html.unescape(text)).split())
