"""The files of a tracker → the tracker, wherever they lie: on disk, in a commit, in the index."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Protocol as Interface
from typing import TypeVar

from incident_tracker.assemble import (
    Registers,
    Source,
    assemble,
    findings_of,
    read_known_protocol,
)
from incident_tracker.errors import PROTOCOL, BrokenProtocolError
from incident_tracker.finding import Fault, Finding, Position
from incident_tracker.model import Contacts, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registers import COMPONENTS, CONTACTS, ComponentFile, read_register
from incident_tracker.text.document import read_document

Row = TypeVar("Row")
FIXED = (PROTOCOL, COMPONENTS, CONTACTS)


class Files(Interface):
    """Where a tracker's files are read from, by their paths in it."""

    def sources(self) -> Iterator[Source]:
        """Yield every file of the record folders: its bytes, or why they were not read."""

    def has(self, path: str) -> bool:
        """Whether something lies at a path of the protocol folder, whatever it is."""

    def data(self, path: str) -> bytes:
        """Return the bytes of a file of the protocol folder; OSError where they cannot be had."""

    def superseded(self) -> Sequence[str]:
        """Return the paths of the superseded versions of the protocol."""


def load(files: Files) -> Tracker:
    """Read everything; BrokenProtocolError where the protocol itself cannot be read."""
    protocol = load_protocol(files)
    registers = load_registers(files)
    with without_collection():
        return assemble(files.sources(), protocol, registers)


def load_protocol(files: Files) -> Protocol:
    """Read the protocol in force and its superseded versions."""
    current = _protocol(files, PROTOCOL)
    read = [_protocol(files, path) for path in files.superseded()]
    return replace(
        current, superseded={old.version: old for old in read if old.version != current.version}
    )


def load_registers(files: Files) -> Registers:
    """Read what stands in the protocol folder besides the protocol, and what is wrong with it."""
    components, found = _register(files, COMPONENTS, _components)
    contacts, more = _register(files, CONTACTS, _contacts)
    return Registers(
        components=components.components if components else (),
        contacts=contacts or Contacts(),
        findings=(*found, *more),
    )


def _protocol(files: Files, path: str) -> Protocol:
    text, faults = _text(files, path)
    protocol, found = read_known_protocol(text) if not faults else (None, ())
    if protocol is None:
        raise BrokenProtocolError(
            findings_of(path, (*faults, *found), read_document(path, text.encode()))
        )
    return protocol


def _register(
    files: Files, path: str, read: Callable[[str], tuple[Row | None, tuple[Fault, ...]]]
) -> tuple[Row | None, tuple[Finding, ...]]:
    if not files.has(path):
        return None, ()
    text, faults = _text(files, path)
    row, found = read(text) if not faults else (None, ())
    if not (faults or found):
        return row, ()
    return row, findings_of(path, (*faults, *found), read_document(path, text.encode()))


# Read once for the same text, as the protocol is: most commands look at a tracker more than once.
@lru_cache(maxsize=16)
def _components(text: str) -> tuple[ComponentFile | None, tuple[Fault, ...]]:
    return read_register(ComponentFile, text)


@lru_cache(maxsize=16)
def _contacts(text: str) -> tuple[Contacts | None, tuple[Fault, ...]]:
    return read_register(Contacts, text)


def _text(files: Files, path: str) -> tuple[str, tuple[Fault, ...]]:
    try:
        return files.data(path).decode(), ()
    except UnicodeDecodeError as error:
        code, message = "FMT005", f"byte {error.start} is not UTF-8"
    except OSError as error:
        code, message = "CFG002", f"cannot be read: {error.strerror or error}"
    return "", (Fault(code=code, message=message, position=Position(1, 1)),)


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the garbage collector: records make no cycles, and looking for them costs a third."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
