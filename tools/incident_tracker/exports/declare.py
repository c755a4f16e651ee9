"""What a declaration of an export holds; adding one is one module with ``@export``.

An export is pure: a tracker, a moment and settings in, files out, as a path to its bytes. The same
records and the same moment give the same bytes. What the audience may not see is taken out before,
in one place, so no export can forget it; an export only leaves out what would then be wrong.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar

from incident_tracker.audience import Audience, seen_by
from incident_tracker.exports.offers import OnSite
from incident_tracker.formats.home import Home
from incident_tracker.model import Record, Tracker
from incident_tracker.pages import Site
from incident_tracker.registry import load

Piece: TypeAlias = Callable[[str, Record, Callable[[], str]], str]
"""Gives what is made of a record for a file: its kind, the record, and how to make it."""


def made_anew(_kind: str, _record: Record, work: Callable[[], str]) -> str:
    """Return what is made of a record, made for this file alone."""
    return work()


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What is wanted besides the records, and what they cannot know of the site they stand on."""

    audience: Audience = Audience.INTERNAL
    home: Home = field(default_factory=Home)
    """The site that the audience reads."""
    mkdocs: str = ""
    """The text of the audience's mkdocs.yml, empty where there is none; only for an export of
    pages, as what follows."""
    written: Mapping[str, bytes] = field(default_factory=dict)
    """The files that people wrote for the site, by their paths in the tracker."""
    site: Site | None = None
    """What the pages may know."""
    piece: Piece = made_anew
    """What is made of a record for a file may be known from the build before."""

    def page_of(self, path: str) -> str:
        """Return the address of a record's page, empty where nobody knows the site."""
        return self.home.at(self.home.page(path))


Files: TypeAlias = Mapping[str, bytes]
Write: TypeAlias = Callable[[Tracker, datetime, Settings], Files]
Writing = TypeVar("Writing", bound=Write)
Schema: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """One format that others read; ``schema`` gives its JSON Schema, where it has one.

    ``of_pages`` says whether it is made of the site's pages, ``on_site`` where on a built site its
    files stand, None where they do not.
    """

    name: str
    about: str
    write: Write
    schema: Callable[[], Schema] | None = None
    of_pages: bool = False
    on_site: OnSite | None = None

    def files(self, tracker: Tracker, now: datetime, settings: Settings) -> Files:
        """Return what the audience may read, by path."""
        written = self.write(seen_by(settings.audience, tracker), now, settings)
        return {path: written[path] for path in sorted(written)}


EXPORTS: dict[str, Export] = {}


def export(
    name: str,
    *,
    schema: Callable[[], Schema] | None = None,
    of_pages: bool = False,
    on_site: OnSite | None = None,
) -> Callable[[Writing], Writing]:
    """Declare an export; the first line of its docstring is its help."""

    def register(write: Writing) -> Writing:
        if name in EXPORTS:
            raise ValueError(f"the export {name} is declared twice")
        about = (inspect.getdoc(write) or "").partition("\n")[0]
        EXPORTS[name] = Export(
            name=name,
            about=about,
            write=write,
            schema=schema,
            of_pages=of_pages,
            on_site=on_site,
        )
        return write

    return register


def exports() -> Mapping[str, Export]:
    """Return the exports by name, loading their modules on first use."""
    load("incident_tracker.exports")
    return {name: EXPORTS[name] for name in sorted(EXPORTS)}
