"""A computed page as MkDocs knows pages: rendered by itself, or with all the others."""

from __future__ import annotations

import copy
import html
import logging
import posixpath
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mkdocs.structure import pages as mkdocs_pages

from incident_tracker.pages.allowed_html import clean, name_checkboxes, text_of
from incident_tracker.pages.dialect import EXTENSION_CONFIGS, EXTENSIONS, HIDEABLE
from incident_tracker.pages.directions import directed
from incident_tracker.pages.finished import set_aside
from incident_tracker.pages.wide_tables import boxed

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.toc import AnchorLink

    from incident_tracker import pages
    from incident_tracker.page_store import Store

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

# What it begins with is no look behind: that is tried at each letter of a page.
_RAW_LINK = re.compile(r'(\s(?:href|src)=")([^"#?:]+\.\w+)(#[^"]*)?(?=")')


class ComputedPage(mkdocs_pages.Page):
    """A page made from records: nothing of a record's front matter reaches the theme."""

    waiting: list[ComputedPage] | None = None
    """Where it waits for the others to be rendered with; None if it is rendered by itself."""

    store: Store | None = None

    @property
    def output(self) -> str:
        """The whole file of the page, once it is finished."""
        return self.store.text(self.computed.path) if self.store else ""

    def __init__(self, computed: pages.Page, file: File, config: MkDocsConfig) -> None:
        file.edit_uri = computed.source
        super().__init__(html.escape(computed.title), file, config)
        self.computed = computed

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 # MkDocs' signature
        """Take over what was computed; the file on disk is not read a second time."""
        self.markdown = self.computed.markdown
        self.meta = {
            "title": html.escape(self.computed.title),  # the theme escapes neither of the two
            "description": html.escape(self.computed.description),
            "hide": [part for part in self.computed.hide if part in HIDEABLE],
            "search": {"exclude": self.computed.search is None},
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the page, or let it wait."""
        if self.waiting is None:
            self.render_now(config, files)
        else:
            self.content = ""
            self.waiting.append(self)

    def render_now(self, config: MkDocsConfig, files: Files) -> None:
        """Markdown to HTML that holds only what `allowed_html` lets through."""
        own = copy.copy(config)
        own["markdown_extensions"] = list(EXTENSIONS)
        own["mdx_configs"] = EXTENSION_CONFIGS
        whole, page = self.markdown or "", set_aside(self.markdown or "")
        try:
            self.markdown = page.markdown
            super().render(own, files)
            content = page.whole(self.content or "")
            if content is None:
                self.markdown = whole
                super().render(own, files)
            else:
                self.content = content
                self.present_anchor_ids = (self.present_anchor_ids or set()) | page.anchors
        except Exception as problem:  # noqa: BLE001 # a record must not stop the whole site
            log.warning("%s is shown as plain text: %s", self.file.src_uri, problem)
            self.content = f"<h1>{self.title}</h1><pre>{html.escape(whole)}</pre>"
        self.markdown = whole
        self.content = self._linked(clean(self.content or ""), config, files)
        _clean_toc(self.toc)

    def _linked(self, content: str, config: MkDocsConfig, files: Files) -> str:
        """`content` with the links of its HTML led to pages; MkDocs does so in Markdown only."""
        folder = posixpath.dirname(self.file.src_uri)

        def address(found: re.Match[str]) -> str:
            path = posixpath.normpath(posixpath.join(folder, html.unescape(found[2])))
            file = files.get_file_from_path(path)
            if file is None and not path.endswith(".md"):
                return found[0]
            if file is None:
                level = config.validation.links.not_found
                log.log(level, "%s links to %s, which is no page", self.file.src_uri, path)
                return found[0]
            return found[1] + html.escape(file.url_relative_to(self.file)) + (found[3] or "")

        return _RAW_LINK.sub(address, content)


def completed(content: str) -> str:
    """HTML of any page with named checkboxes, tables to scroll, and directions kept apart."""
    return directed(boxed(name_checkboxes(content)))


def _clean_toc(entries: Iterable[AnchorLink]) -> None:
    """Titles in a table of contents reach the theme beside the content."""
    for entry in entries:
        entry.title = text_of(entry.title)
        _clean_toc(entry.children)
