"""The templates that make a page, and whether those of the tracker's own show more than a page."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError
from mkdocs.theme import Theme

# What leads to other pages, to the clock or to chance; the key of a page holds none of it.
_BEYOND = frozenset(
    {"pages", "nav", "nav_item", "homepage", "parent", "ancestors", "children", "plugins", "attr"}
    | {"update_date", "build_date_utc", "random", "lipsum"}
    | {"site_dir", "src_dir", "watch", "dest_uri", "abs_dest_path"}
)
_NEIGHBOURS = frozenset({"next_page", "previous_page"})
_SHOWN_OF_NEIGHBOURS = frozenset({"title", "url", "canonical_url", "meta"})
_INSIDE = frozenset(
    {"content", "markdown", "toc", "file", "links_to_anchors", "present_anchor_ids"}
)
_NEITHER = frozenset({"whitespace", "data", "comment", "linecomment"})
Token = tuple[str, str, str]


def looks_beyond(theme: Theme) -> bool:
    """Whether a template of the tracker's own may show more than the keys hold.

    A link may lead anywhere, out of the tracker or in a circle: what is behind it is not read.
    """
    if not theme.custom_dir:
        return False
    own = Path(theme.custom_dir)
    others = [Path(folder) for folder in theme.dirs if folder != theme.custom_dir]
    if any(path.is_symlink() for path in _below(own)):
        return True
    return any(
        _asks_beyond(data) and not _is_copy(path.relative_to(own), data, others)
        for path, data in _files(own, is_installed=False)
    )


def templates(theme: Theme) -> Iterator[tuple[Path, bytes]]:
    """What templates may take in: of an installed theme the templates, else every file."""
    for name in theme.dirs:
        folder = Path(name)
        # Anybody may put such a file into a folder of their own.
        is_theme = name != theme.custom_dir and (folder / "mkdocs_theme.yml").is_file()
        yield from _files(folder, is_installed=is_theme)


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        yield from (Path(at, name) for name in (*folders, *names))


def _files(folder: Path, *, is_installed: bool) -> Iterator[tuple[Path, bytes]]:
    for at, folders, names in os.walk(folder):
        # Of ten thousand icons, and of scripts, the theme's version tells.
        folders[:] = sorted(set(folders) - ({".icons", "assets"} if is_installed else set()))
        for name in sorted(names):
            path = Path(at, name)
            if path.is_file() and not (is_installed and path.suffix in {".py", ".pyc"}):
                yield path, path.read_bytes()


def _is_copy(place: Path, data: bytes, folders: Sequence[Path]) -> bool:
    """Whether a template is the theme's own, which shows what the keys are made for."""
    there = (folder / place for folder in folders)
    return any(path.is_file() and path.read_bytes() == data for path in there)


def _asks_beyond(data: bytes) -> bool:
    try:
        tokens = _tokens(data.decode())
    except (UnicodeDecodeError, TemplateSyntaxError):
        return False  # of which no template can be made
    return any(_leads_beyond(tokens, at) for at in range(len(tokens)))


def _tokens(text: str) -> list[Token]:
    """What stands in the tags of a template, each with the first word of its tag."""
    if "{{" not in text and "{%" not in text:
        return []
    found: list[Token] = []
    tag: str | None = None
    for _, kind, word in Environment().lex(text):  # noqa: S701 # renders nothing
        if kind in _NEITHER:
            continue
        if kind.endswith("_begin"):
            tag = None
        else:
            tag = tag or word
            found.append((tag, kind, word))
    return found


def _leads_beyond(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word in a tag leads to what another page or the clock decides."""
    tag, kind, written = tokens[at]
    word = written.strip("\"'") if kind == "string" else written
    before = [text for _, _, text in tokens[max(0, at - 2) : at]]
    after = [text for _, _, text in tokens[at + 1 : at + 3]]
    if word in _NEIGHBOURS:
        is_asked_for = tag in {"if", "elif"} and after[:1] not in (["."], ["["])
        is_shown = after[:1] == ["."] and not _SHOWN_OF_NEIGHBOURS.isdisjoint(after[1:])
        return kind == "string" or not (is_asked_for or is_shown)
    if word in _INSIDE:
        return kind == "string" or (before[-1:] == ["."] and before != ["page", "."])
    return word in _BEYOND
