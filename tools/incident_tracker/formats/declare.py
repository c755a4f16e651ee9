"""What a declaration of an output format holds; adding one is one module with ``@report_format``.

A format is pure: a report and a view in, text out. It is printed through the one way out, which
breaks what a terminal or a CI would obey, so a format that wants its bytes kept gives none such.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TypeAlias, TypeVar

from incident_tracker.check import Report
from incident_tracker.frozen import value
from incident_tracker.registry import load

DEFAULT = "text"
DEFAULT_MODULE = "incident_tracker.formats.terminal"
SITE_URL = re.compile(r"""^site_url:[ ]*["']?(https?://[^\s"'#]+)""", re.MULTILINE)
EDIT_URL = re.compile(r"""^edit_uri:[ ]*["']?(https?://[^\s"'#]+)""", re.MULTILINE)
PLAIN_URLS = re.compile(r"^use_directory_urls:[ ]*false\b", re.MULTILINE)


class Style(StrEnum):
    """What a piece of text is, for whoever paints it."""

    PLAIN = "plain"
    ERROR = "error"
    WARNING = "warning"
    FACT = "fact"
    QUIET = "quiet"
    COMMAND = "command"
    """Our own commands for the runner of a workflow: the only text that it may obey."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text without control characters, line breaks aside."""

    text: str
    style: Style = Style.PLAIN


@value
class View:
    """What is wanted of a report besides its findings, and what it cannot know of its reader."""

    facts: bool = False
    strict: bool = False
    complete: bool = True
    """False where the protocol is too broken to judge any record by."""
    prefix: str = ""
    """The tracker's folder in its repository, with a slash at its end; empty for the root."""
    rule_page: str = ""
    """The address of the page on a family of rules, ``{family}`` in its place; empty if unknown."""
    has_summary: bool = False
    """Whether a page with all findings is written besides, which a job on GitHub has."""

    def placed(self, path: str) -> str:
        """Return a path of the tracker as the host of the repository knows it."""
        return self.prefix + path

    def rule_url(self, code: str) -> str:
        """Return where the site explains a rule, empty where nobody knows the site."""
        return self.rule_page and f"{self.rule_page.replace('{family}', code[:3])}#{code}"

    def exit_status(self, report: Report) -> int:
        """Return the exit status that the check will have."""
        return report.exit_status(strict=self.strict) if self.complete else 2


PLAIN = View()
Write: TypeAlias = Callable[[Report, View], str | Iterable[Piece]]
Writing = TypeVar("Writing", bound=Write)


@value
class Format:
    """One format of the verdict."""

    name: str
    about: str
    write: Write


FORMATS: dict[str, Format] = {}


def report_format(name: str) -> Callable[[Writing], Writing]:
    """Declare a format of the verdict; the first line of its docstring is its help."""

    def register(write: Writing) -> Writing:
        if name in FORMATS:
            raise ValueError(f"the format {name} is declared twice")
        about = (inspect.getdoc(write) or "").partition("\n")[0]
        FORMATS[name] = Format(name=name, about=about, write=write)
        return write

    return register


def report_formats() -> Mapping[str, Format]:
    """Return the formats by name, the default first, loading their modules on first use."""
    load("incident_tracker.formats")
    return {name: FORMATS[name] for name in sorted(FORMATS, key=lambda n: (n != DEFAULT, n))}


def format_named(name: str) -> Format:
    """Return a format, for the default one without loading the modules of the others."""
    if name == DEFAULT:
        import_module(DEFAULT_MODULE)
        return FORMATS[DEFAULT]
    return report_formats()[name]


def site_address(mkdocs: str) -> str:
    """Return the address of the site of an mkdocs.yml; empty if it is silent."""
    found = SITE_URL.search(mkdocs)
    return found[1] if found else ""


def edit_address(mkdocs: str) -> str:
    """Return what a repository path is appended to for editing it; empty if none is written."""
    found = EDIT_URL.search(mkdocs)
    return found[1] if found else ""


def rule_page(mkdocs: str) -> str:
    """Return where the site of an mkdocs.yml explains a family of rules; empty if it is silent."""
    found = SITE_URL.search(mkdocs)
    if not found:
        return ""
    ending = ".html" if PLAIN_URLS.search(mkdocs) else "/"
    return f"{found[1].rstrip('/')}/rules/{{family}}{ending}"


def record_page(mkdocs: str, path: str) -> str:
    """Return where the site of an mkdocs.yml shows a record; its path if the file is silent."""
    found = SITE_URL.search(mkdocs)
    if not found:
        return path
    ending = ".html" if PLAIN_URLS.search(mkdocs) else "/"
    return f"{found[1].rstrip('/')}/{path.removesuffix('.md')}{ending}"
