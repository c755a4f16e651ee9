"""The only reader and writer of a tracker's files; which files there are is known to ``walk``.

Writing is atomic: a new file is created only where none is, a change replaces the whole file, and
both hold the tracker's lock, so that two commands at once cannot lose a line.
"""

from __future__ import annotations

import gc
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from incident_tracker.assemble import (
    Registers,
    Source,
    assemble,
    findings_of,
    read_known_protocol,
)
from incident_tracker.finding import Fault, Finding, Position
from incident_tracker.model import Contacts, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registers import ComponentFile, read_register
from incident_tracker.text.document import Document, read_document
from incident_tracker.walk import TEMPORARY, UNFINISHED, read_regular, walk

Row = TypeVar("Row")
PROTOCOL = "protocol/protocol.yml"


class TrackerError(Exception):
    """A wrong use, or a state that no command can work with; ``hint`` is the way out."""

    exit_status = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Keep the message and the hint."""
        super().__init__(message)
        self.hint = hint


class NoTrackerError(TrackerError):
    """There is no tracker here."""

    exit_status = 3


class BrokenProtocolError(TrackerError):
    """The protocol's files have faults; nothing can be judged until they are mended."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings about the protocol's files."""
        super().__init__(f"{PROTOCOL} has {len(findings)} fault{'s' if len(findings) > 1 else ''}")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tracker on disk, by its root folder."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """Return the workspace that a folder lies in; NoTrackerError where there is none."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / PROTOCOL).is_file():
                return cls(folder)
        left = next((f for f in (start, *start.parents) if (f / "incidents").is_dir()), None)
        if left is not None:
            message = f"{left} has incidents/, but its {PROTOCOL} is missing"
            raise NoTrackerError(message, f"bring it back: git checkout HEAD -- {PROTOCOL}")
        message = f"no tracker in {start} or above it: no {PROTOCOL}"
        raise NoTrackerError(message, f"incident init {start.name or 'my-tracker'} makes one")

    def load(self) -> Tracker:
        """Read everything; BrokenProtocolError where the protocol itself cannot be read."""
        protocol = self.protocol()
        registers = self._registers()
        with _without_collection():
            return assemble(self.sources(), protocol, registers)

    def protocol(self) -> Protocol:
        """Read the protocol in force and its superseded versions."""
        current = self._protocol(PROTOCOL)
        versions = self.root / "protocol" / "versions"
        older = (
            sorted(versions.glob("*.yml"))
            if versions.is_dir() and not versions.is_symlink()
            else []
        )
        read = [self._protocol(path.relative_to(self.root).as_posix()) for path in older]
        return replace(
            current, superseded={old.version: old for old in read if old.version != current.version}
        )

    def sources(self) -> Iterator[Source]:
        """Yield every file of the record folders: its bytes, or why they were not read."""
        return walk(self.root)

    def read(self, path: str) -> Document:
        """Read one file again, just before it is changed."""
        return read_document(path, self._inside(path).read_bytes())

    def paths(self, folder: str) -> tuple[str, ...]:
        """Return where the Markdown files of a record folder lie, by path, without reading them."""
        top = self.root / folder
        found = top.glob("*/*.md") if top.is_dir() and not top.is_symlink() else ()
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found))

    def part(self, paths: Iterable[str], protocol: Protocol) -> Tracker:
        """Read these records alone, with the protocol and its registers."""
        sources = [
            Source(path=path, data=self._inside(path).read_bytes())
            for path in paths
            if self._inside(path).is_file()
        ]
        return assemble(sources, protocol, self._registers())

    def text(self, path: str) -> str | None:
        """Return the text of a file of the tracker that is no record, None where there is none."""
        target = self._inside(path)
        return target.read_bytes().decode("utf-8", "replace") if target.is_file() else None

    def create(self, path: str, content: str | bytes) -> None:
        """Write a new file, whole or not at all; FileExistsError where there is one already."""
        target = self._inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        name = self._written_beside(
            target, content.encode() if isinstance(content, str) else content
        )
        try:
            name.chmod(0o644)
            # Unlike renaming, linking never takes the place of a file that is there.
            try:
                os.link(name, target)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                with target.open("xb") as file:
                    file.write(name.read_bytes())
        finally:
            name.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def change(self, path: str, edit: Callable[[Document], str]) -> Document:
        """Replace a file by what ``edit`` makes of it, under the lock; return the new document."""
        with self.lock():
            document = self.read(path)
            text = edit(document)
            if text != document.text:
                self._replace(self._inside(path), text.encode())
            return read_document(path, text.encode())

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the tracker's lock, which leaves no file; wait while another command writes."""
        try:
            import fcntl  # noqa: PLC0415  # not there on Windows, where the lock is left out
        except ImportError:
            yield
            return
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _replace(self, target: Path, data: bytes) -> None:
        mode = stat.S_IMODE(target.stat().st_mode)
        name = self._written_beside(target, data)
        try:
            name.chmod(mode)
            name.replace(target)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def _written_beside(self, target: Path, data: bytes) -> Path:
        """Return a new file with the data, safely on disk, in the folder of the target."""
        descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, suffix=UNFINISHED, dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _inside(self, path: str) -> Path:
        """Return the file's place, which is inside the tracker and behind no symbolic link."""
        target = self.root / path
        parents = [
            folder
            for folder in target.parents
            if folder.is_relative_to(self.root) and folder != self.root
        ]
        if (
            ".." in Path(path).parts
            or Path(path).is_absolute()
            or any(p.is_symlink() for p in (*parents, target))
        ):
            message = f"{path} leads out of the tracker"
            raise TrackerError(
                message, "use a plain path inside the tracker, without symbolic links"
            )
        return target

    def _protocol(self, path: str) -> Protocol:
        text, faults = self._text(path)
        protocol, found = read_known_protocol(text) if not faults else (None, ())
        if protocol is None:
            raise BrokenProtocolError(
                findings_of(path, (*faults, *found), read_document(path, text.encode()))
            )
        return protocol

    def _registers(self) -> Registers:
        components, found = self._register("protocol/components.yml", ComponentFile)
        contacts, more = self._register("protocol/contacts.yml", Contacts)
        return Registers(
            components=components.components if components else (),
            contacts=contacts or Contacts(),
            findings=(*found, *more),
        )

    def _register(self, path: str, kind: type[Row]) -> tuple[Row | None, tuple[Finding, ...]]:
        if not os.path.lexists(self.root / path):
            return None, ()
        text, faults = self._text(path)
        row, found = read_register(kind, text) if not faults else (None, ())
        return row, findings_of(path, (*faults, *found), read_document(path, text.encode()))

    def _text(self, path: str) -> tuple[str, tuple[Fault, ...]]:
        try:
            return read_regular(self._inside(path)).decode(), ()
        except UnicodeDecodeError as error:
            code, message = "FMT005", f"byte {error.start} is not UTF-8"
        except OSError as error:
            code, message = "CFG002", f"cannot be read: {error.strerror or error}"
        return "", (Fault(code=code, message=message, position=Position(1, 1)),)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the garbage collector: records make no cycles, and looking for them costs a third."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _sync_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
