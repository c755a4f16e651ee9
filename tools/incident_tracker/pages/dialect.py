"""The Markdown that computed pages are written in, for every generator that reads it.

A record's page is not read with whatever the site's configuration adds to Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

EXTENSIONS: Sequence[str] = (
    "admonition",
    "attr_list",
    "md_in_html",
    "sane_lists",
    "tables",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "toc",
)
EXTENSION_CONFIGS: Mapping[str, Mapping[str, object]] = {
    "toc": {"permalink": "#", "permalink_title": "Link to this section"},
    "pymdownx.highlight": {"use_pygments": False},
    "pymdownx.tasklist": {"custom_checkbox": True},
}
HIDEABLE = frozenset({"navigation", "toc", "footer"})
"""The parts of the theme that a page may leave out."""
