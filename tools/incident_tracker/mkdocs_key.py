"""What a finished page depends on besides its own text, as one digest that two builds share."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import fields
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from mkdocs.structure import StructureItem
from mkdocs.structure import pages as mkdocs_pages
from mkdocs.theme import Theme

from incident_tracker.memory import sources
from incident_tracker.mkdocs_pages import ComputedPage
from incident_tracker.mkdocs_theme import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

MADE_WITH = (
    "mkdocs",
    "properdocs",
    "mkdocs-material",
    "markdown",
    "pymdown-extensions",
    "jinja2",
    "markupsafe",
    "nh3",
    "icalendar",
    "tzdata",
)
# The site's own folder is another one in each `mkdocs serve`; what it watches makes no page.
_LEFT_OUT = ("plugins", "watch", "site_dir", "hooks")
_OWN_NOW = "now"  # the moment is in the pages' text, where it is anywhere


def common_key(config: MkDocsConfig, nav: Navigation) -> str:
    """What every page depends on: programs, settings, templates, the navigation."""
    settings = {key: value for key, value in config.items() if key not in _LEFT_OUT}
    plugins = {
        name: {k: v for k, v in plugin.config.items() if k != _OWN_NOW}
        for name, plugin in config.plugins.items()
    }
    parts = (
        programs(),
        _plain(settings),
        _plain(plugins),
        _digest(templates(config.theme)),
        _plain([_entry(item) for item in nav.items]),
        _plain(nav.homepage and nav.homepage.url),
    )
    return blake2b(json.dumps(parts, allow_nan=False).encode(), digest_size=16).hexdigest()


def page_key(page: ComputedPage, common: str) -> str:
    """What one page depends on; only which of its links lead to pages is not in it."""
    computed = page.computed
    above = page.parent
    parts = (
        common,
        [getattr(computed, field.name) for field in fields(computed)],
        [page.title, page.url, page.canonical_url, page.edit_url, _plain(page.meta)],
        [_entry(page.previous_page), _entry(page.next_page)],
        [above.title, getattr(above, "url", None)] if above else None,
    )
    return blake2b(json.dumps(parts, allow_nan=False).encode(), digest_size=16).hexdigest()


def _entry(item: StructureItem | None) -> object:
    """What other pages show of a page, a section or a link of the navigation."""
    if item is None:
        return None
    about = [type(item).__name__, item.title, getattr(item, "url", None)]
    if isinstance(item, mkdocs_pages.Page):
        return [*about, item.canonical_url, _plain(item.meta)]
    return [*about, [_entry(child) for child in getattr(item, "children", None) or ()]]


def programs() -> list[str]:
    """The versions of what makes a page, and our own sources."""
    ours = sources((".py", ".j2", ".html"))
    return [platform.python_version(), *(_version(name) for name in MADE_WITH), _digest(ours)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _digest(files: Iterable[tuple[object, bytes]]) -> str:
    found = blake2b(digest_size=16)
    for path, data in files:
        found.update(f"{path}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def _plain(value: object) -> object:
    """A setting as JSON knows it. What has no name of its own differs in each process."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Theme):
        return [value.name, value.dirs, sorted(value.static_templates), _plain(dict(value))]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(_plain(item)) for item in value)
    if hasattr(value, "__qualname__"):
        return f"{getattr(value, '__module__', '')}.{value.__qualname__}"
    return f"{type(value).__qualname__} {value!r}"
