"""The mkdocs.yml of an exported site: the theme, the look and the tabs, without our plugin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import yaml

from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings
from incident_tracker.exports.published import alternates
from incident_tracker.model import Tracker
from incident_tracker.pages import Page, footer
from incident_tracker.pages.dialect import EXTENSION_CONFIGS, EXTENSIONS
from incident_tracker.pages.tabs import GUIDE
from incident_tracker.site import look
from incident_tracker.text.characters import scrubbed

HEAD = """\
# Written by `incident export site`: a site of its own, for MkDocs with Material and no plugin.
# pip install mkdocs mkdocs-material; mkdocs build
"""
SITE_NAME = re.compile(r"""^site_name:[ ]*["']?([^"'#\n]+)""", re.MULTILINE)
WARN = "warn"


def configuration(
    tracker: Tracker,
    pages: Sequence[Page],
    paths: Mapping[str, str],
    guide: Sequence[str],
    settings: Settings,
) -> str:
    """Return the text of the file; ``paths`` says where each page stands, by its path."""
    named = SITE_NAME.search(settings.mkdocs)
    found: dict[str, Any] = {
        "site_name": one_line(named[1] if named else tracker.protocol.organisation) or "Incidents",
        **({"site_url": f"{settings.home.url}/"} if settings.home.url else {}),
        "docs_dir": "docs",
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "custom_dir": "overrides",
            "font": False,
            "palette": look.PALETTE,
            "features": list(look.FEATURES),
        },
        "extra_css": [look.STYLESHEET],
        "extra_javascript": [{"path": path, "defer": True} for path in look.SCRIPTS],
        "extra": {
            "generator": False,
            "incident_tracker": _extra(tracker, paths, settings.audience),
        },
        "plugins": ["search"],
        "markdown_extensions": [
            {name: dict(EXTENSION_CONFIGS[name])} if name in EXTENSION_CONFIGS else name
            for name in EXTENSIONS
        ],
        "nav": [
            *_tabs(pages, paths),
            *([{GUIDE[settings.audience]: list(guide)}] if guide else []),
        ],
        "validation": {
            "nav": {"omitted_files": "ignore", "not_found": WARN, "absolute_links": WARN},
            "links": {
                "not_found": WARN,
                "anchors": WARN,
                "absolute_links": WARN,
                "unrecognized_links": WARN,
            },
        },
    }
    return HEAD + as_yaml(found)


def as_yaml(value: object) -> str:
    """Return a value as YAML, one line for each text."""
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=True, width=float("inf")))


def one_line(text: str) -> str:
    """Return a text without line breaks and what no record may hold."""
    return " ".join(scrubbed(text).split())


def _tabs(pages: Sequence[Page], paths: Mapping[str, str]) -> list[dict[str, str]]:
    """A tab for each section, which opens its first page."""
    opens: dict[str, str] = {}
    for page in pages:
        opens.setdefault(page.section, paths[page.path])
    return [{section: path} for section, path in opens.items()]


def _extra(tracker: Tracker, paths: Mapping[str, str], audience: Audience) -> object:
    """What the overridden parts of the theme read."""
    foot = footer(tracker, audience)
    links = []
    for link in foot.links:
        path, mark, anchor = link.target.partition("#")
        if path in paths:
            address = paths[path].removesuffix(".md") + ".html"
            links.append({"label": one_line(link.label), "target": address + mark + anchor})
    header = {"light": look.HEADER.light, "dark": look.HEADER.dark}
    heads = [asdict(file) for file in alternates(audience)]
    return {
        "footer": {"note": one_line(foot.note), "zone": foot.zone, "links": links},
        "header": header,
        "alternates": heads,
    }
