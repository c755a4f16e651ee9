"""What a declaration of an importer holds; adding one is one module with ``@importer``.

An importer is pure: the files of a source in, rows and what became none out, in the order of the
files. How a row becomes a draft is the mapping's: that of the same name in ``presets/``, if any,
and what the user gives on top.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from incident_tracker.importers.draft import Remark, Row, Skipped, SourceFile
from incident_tracker.importers.mapping import RowMap
from incident_tracker.registry import load

Read: TypeAlias = Callable[[Sequence[SourceFile], RowMap], Iterable[Row | Skipped | Remark]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Importer:
    """One format that can be imported; ``suffixes`` are the files that it takes from a folder.

    ``log`` is the folder of which it also takes the first lines of the commits, as ``LOG``.
    """

    name: str
    about: str
    read: Read
    suffixes: tuple[str, ...]
    log: str = ""


IMPORTERS: dict[str, Importer] = {}


def importer(name: str, *suffixes: str, log: str = "") -> Callable[[Read], Read]:
    """Declare the importer of a format; the first line of its docstring is its help."""

    def register(read: Read) -> Read:
        if name in IMPORTERS:
            raise ValueError(f"the importer {name} is declared twice")
        about = (inspect.getdoc(read) or "").partition("\n")[0]
        IMPORTERS[name] = Importer(name=name, about=about, read=read, suffixes=suffixes, log=log)
        return read

    return register


def importers() -> Mapping[str, Importer]:
    """The importers by name, loading their modules on first use."""
    load("incident_tracker.importers")
    return IMPORTERS
