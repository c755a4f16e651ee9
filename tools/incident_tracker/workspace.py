"""The only reader and writer of a tracker's files; which files there are is known to ``walk``.

Writing is atomic: a new file is created only where none is, a change replaces the whole file, and
both hold the tracker's lock, so that two commands at once cannot lose a line.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from incident_tracker.assemble import FOLDERS, Source, assemble
from incident_tracker.errors import PROTOCOL, BrokenProtocolError, NoTrackerError, TrackerError
from incident_tracker.evidence import named
from incident_tracker.loading import load, load_protocol, load_registers
from incident_tracker.model import Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document, read_document
from incident_tracker.walk import TEMPORARY, UNFINISHED, checksum, read_regular, walk

__all__ = ["BrokenProtocolError", "NoTrackerError", "TrackerError", "Workspace"]


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
        return load(self)

    def load_with_evidence(self) -> Tracker:
        """Read everything, and compute the checksums of the kept files that the records name."""
        return self.with_evidence(load(self))

    def with_evidence(self, tracker: Tracker) -> Tracker:
        """Return the tracker with the checksums of the kept files that its records name."""
        return replace(tracker, evidence=self.checksums(named(tracker.incidents)))

    def protocol(self) -> Protocol:
        """Read the protocol in force and its superseded versions."""
        return load_protocol(self)

    def sources(self, folders: Sequence[str] = FOLDERS) -> Iterator[Source]:
        """Yield every file of the record folders: its bytes, or why they were not read."""
        return walk(self.root, folders)

    def those(
        self, is_wanted: Callable[[Source], bool], protocol: Protocol, folders: Sequence[str]
    ) -> Tracker:
        """Read the records of some files of these folders alone."""
        wanted = (source for source in self.sources(folders) if is_wanted(source))
        return assemble(wanted, protocol, load_registers(self))

    def has(self, path: str) -> bool:
        """Whether something lies at a path, be it a dangling link."""
        return os.path.lexists(self.root / path)

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there or can be made: neither a file nor a link is in its place."""
        place = self.root / path
        return not os.path.lexists(place) or (place.is_dir() and not place.is_symlink())

    def data(self, path: str) -> bytes:
        """Return the bytes of a file that is no record; OSError where they cannot be had."""
        return read_regular(self._inside(path))

    def checksums(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of kept files by path; those that are not there are left out."""
        found = {}
        for path in sorted(paths):
            with suppress(OSError, TrackerError):
                found[path] = checksum(self._inside(path))
        return found

    def size(self, path: str) -> int:
        """Return how many bytes a file has, -1 where there is no regular one."""
        try:
            found = os.lstat(self.root / path)
        except OSError:
            return -1
        return found.st_size if stat.S_ISREG(found.st_mode) else -1

    def superseded(self) -> tuple[str, ...]:
        """Return the paths of the superseded versions of the protocol."""
        versions = self.root / "protocol" / "versions"
        if not versions.is_dir() or versions.is_symlink():
            return ()
        return tuple(
            path.relative_to(self.root).as_posix() for path in sorted(versions.glob("*.yml"))
        )

    def read(self, path: str) -> Document:
        """Read one file again, just before it is changed."""
        return read_document(path, self._inside(path).read_bytes())

    def paths(self, folder: str) -> tuple[str, ...]:
        """Return where the Markdown files of a record folder lie, by path, without reading them."""
        top = self.root / folder
        found = top.glob("*/*.md") if top.is_dir() and not top.is_symlink() else ()
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found))

    def pages(self) -> tuple[str, ...]:
        """Return the paths of the hand-written pages."""
        found = [*self.root.glob("*.md"), *self.root.glob("docs/**/*.md")]
        names = (path.relative_to(self.root) for path in found if path.is_file())
        return tuple(
            name.as_posix() for name in sorted(names) if not (self.root / name).is_symlink()
        )

    def part(self, paths: Iterable[str], protocol: Protocol) -> Tracker:
        """Read these records alone, with the protocol and its registers."""
        sources = [
            Source(path=path, data=self._inside(path).read_bytes())
            for path in paths
            if self._inside(path).is_file()
        ]
        return assemble(sources, protocol, load_registers(self))

    def text(self, path: str) -> str | None:
        """Return the text of a file of the tracker that is no record, None where there is none."""
        target = self._inside(path)
        return target.read_bytes().decode("utf-8", "replace") if target.is_file() else None

    def create(self, path: str, content: str | bytes) -> None:
        """Write a new file, whole or not at all; FileExistsError where there is one already."""
        data = content.encode() if isinstance(content, str) else content
        with _named(self.root / path), self.received(path.rpartition("/")[0], [data]) as name:
            self.place(name, path)

    @contextmanager
    def received(self, folder: str, chunks: Iterable[bytes]) -> Iterator[Path]:
        """Write what comes into a file of no name yet, which is gone afterwards.

        Nothing is left of it, nor of a new folder, where ``chunks`` raises.
        """
        top = self._inside(folder) if folder else self.root
        top.mkdir(parents=True, exist_ok=True)
        try:
            name = self._written_beside(top / UNFINISHED, chunks)
        except BaseException:
            with suppress(OSError):
                top.rmdir()
            raise
        try:
            yield name
        finally:
            name.unlink(missing_ok=True)

    def place(self, name: Path, path: str) -> None:
        """Give a file that was received its place; FileExistsError where there is one already."""
        target = self._inside(path)
        name.chmod(0o644)
        # Unlike renaming, linking never takes the place of a file that is there.
        try:
            os.link(name, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with target.open("xb") as file, name.open("rb") as source:
                shutil.copyfileobj(source, file)
        _sync_folder(target.parent)

    def change(self, path: str, edit: Callable[[Document], str]) -> Document:
        """Replace a file by what ``edit`` makes of it, under the lock; return the new document."""
        with self.lock():
            document = self.read(path)
            text = edit(document)
            if text != document.text:
                self.put(self._inside(path), text)
            return read_document(path, text.encode())

    def put(self, target: Path, text: str | bytes) -> None:
        """Write a file that is no record, wherever it is: the old one or the new one, whole."""
        data = text.encode() if isinstance(text, str) else text
        name = self._written_beside(target, [data])
        try:
            name.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644)
            name.replace(target)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def write(self, path: str, text: str) -> bool:
        """Put a file that is computed in the place of what is there; return whether it differs."""
        target = self._inside(path)
        with self.lock():
            if target.is_file() and target.read_bytes() == text.encode():
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            self.put(target, text)
        return True

    def put_record(self, path: str, text: bytes) -> None:
        """Write a record, new or in the place of an old one; the caller holds the lock."""
        target = self._inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.put(target, text)

    def remove(self, path: str) -> bool:
        """Take a record away; return whether it was there."""
        target = self._inside(path)
        there = target.is_file()
        target.unlink(missing_ok=True)
        if there:
            _sync_folder(target.parent)
        return there

    def move_folder(self, old: str, new: str) -> tuple[str, ...]:
        """Move a folder that is no record folder; return the paths of its files, old and new."""
        source, target = self._inside(old), self._inside(new)
        names = self._files_in(old)
        if not source.is_dir() or target.exists():
            return ()
        source.rename(target)
        return tuple(f"{folder}/{name}" for folder in (old, new) for name in names)

    def remove_folder(self, path: str) -> tuple[str, ...]:
        """Take away a folder that is no record folder; return the paths of its files."""
        names = self._files_in(path)
        if names:
            shutil.rmtree(self._inside(path))
        return tuple(f"{path}/{name}" for name in names)

    def _files_in(self, folder: str) -> tuple[str, ...]:
        top = self._inside(folder)
        found = (path for path in sorted(top.rglob("*")) if path.is_symlink() or path.is_file())
        return tuple(path.relative_to(top).as_posix() for path in found)

    @contextmanager
    def lock(self, folder: str = "") -> Iterator[None]:
        """Hold the tracker's lock, which leaves no file; wait while another command writes.

        A command that decides before it writes holds the lock of a ``folder`` around both.
        """
        try:
            import fcntl  # noqa: PLC0415  # not there on Windows, where the lock is left out
        except ImportError:
            yield
            return
        descriptor = os.open(self.root / folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _written_beside(self, target: Path, chunks: Iterable[bytes]) -> Path:
        """Return a new file with the data, safely on disk, in the folder of the target."""
        _tidy(target.parent)
        with _named(target.parent if target.name == UNFINISHED else target):
            descriptor, name = tempfile.mkstemp(
                prefix=f"{TEMPORARY}{os.getpid()}-", suffix=UNFINISHED, dir=target.parent
            )
            try:
                with os.fdopen(descriptor, "wb") as file:
                    for chunk in chunks:
                        file.write(chunk)
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


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """Let an error of the system name the file that people know, not the one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error


@cache
def _tidy(folder: Path) -> None:
    """Take away what commands that were killed left unfinished there, once for each folder."""
    for left in folder.glob(f"{TEMPORARY}*-*{UNFINISHED}"):
        writer = left.name.removeprefix(TEMPORARY).partition("-")[0]
        if writer.isdecimal() and not _is_running(int(writer)):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name != "posix":
        return True  # there is no way to ask that does not end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _sync_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
