"""What a declaration of an importer holds; adding one is one module with ``@importer``.

An importer is pure: bytes and a mapping in, drafts and skipped rows out, in the order of the file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from incident_tracker.importers.draft import Draft, Skipped
from incident_tracker.importers.mapping import RowMap
from incident_tracker.registry import load

Read: TypeAlias = Callable[[bytes, RowMap], Iterable[Draft | Skipped]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Importer:
    """One format that can be imported."""

    name: str
    about: str
    read: Read


IMPORTERS: dict[str, Importer] = {}


def importer(name: str) -> Callable[[Read], Read]:
    """Declare the importer of a format; the first line of its docstring is its help."""

    def register(read: Read) -> Read:
        if name in IMPORTERS:
            raise ValueError(f"the importer {name} is declared twice")
        about = (inspect.getdoc(read) or "").partition("\n")[0]
        IMPORTERS[name] = Importer(name=name, about=about, read=read)
        return read

    return register


def importers() -> Mapping[str, Importer]:
    """The importers by name, loading their modules on first use."""
    load("incident_tracker.importers")
    return IMPORTERS
