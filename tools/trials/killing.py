"""A command in a process of its own, which dies in front of one of the points where it writes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from incident_tracker.cli import main as incident

TO_THE_END = -1
WRITES = {"open", "os.mkdir", "os.chmod", "os.link", "os.rename", "os.remove", "os.rmdir"}
POINTS = ("open", "half", "fsync", "link", "rename", "remove", "rmdir", "chmod", "mkdir")
"""The kinds of points, in the place of which a process tells of one by its number."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and in front of which kinds of points it stood on its way."""

    status: int
    points: tuple[str, ...]
    writing: float
    """The seconds from the first point to the end."""


class Writing:
    """Counts what a process does to files, and kills it in front of one of these points."""

    def __init__(self, folder: Path, at: int, tell: Callable[[int], None]) -> None:
        """Watch what happens below a folder; ``tell`` is given the kind of each point."""
        self.folder, self.at, self.tell, self.seen = str(folder), at, tell, 0

    def watch(self) -> None:
        """Begin: from here on the process is under observation for the rest of its life."""
        sys.addaudithook(self._event)
        fsync = os.fsync
        fdopen: Callable[..., IO[Any]] = os.fdopen

        def counted(descriptor: int) -> None:
            self._point("fsync")
            fsync(descriptor)

        def halved(descriptor: int, *mode: str, **more: Any) -> IO[Any]:  # noqa: ANN401 # as fdopen
            return _Halves.of(fdopen(descriptor, *mode, **more), lambda: self._point("half"))

        vars(os).update(fsync=counted, fdopen=halved)

    def _event(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in WRITES or not _writes(event, arguments):
            return
        if any(isinstance(one, (str, Path)) and self._is_ours(str(one)) for one in arguments):
            self._point(event.removeprefix("os."))

    def _is_ours(self, path: str) -> bool:
        return str(Path(path).absolute()).startswith(self.folder)

    def _point(self, kind: str) -> None:
        self.seen += 1
        self.tell(POINTS.index(kind))
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Halves:
    """A file whose text is written in two halves, with a point between them."""

    @staticmethod
    def of(file: IO[Any], point: Callable[[], None]) -> IO[Any]:
        if "b" not in getattr(file, "mode", "") or not file.writable():
            return file
        write = file.write

        class Halved:
            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # whatever the file has
                return getattr(file, name)

            def write(self, data: bytes) -> int:
                write(data[: len(data) // 2])
                file.flush()
                point()
                return len(data) // 2 + write(data[len(data) // 2 :])

        return Halved()  # type: ignore[return-value] # what its users use of it


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that runs, and what it tells of its points."""

    child: int
    told: int

    def ended(self, *, late: float | None = None) -> Ended:
        """Wait for it, or kill it from outside some seconds after it came to its first point."""
        told = os.read(self.told, 1)
        begin = time.monotonic()
        if late is not None:
            time.sleep(late)
            os.kill(self.child, signal.SIGKILL)
        while part := os.read(self.told, 65_536):
            told += part
        os.close(self.told)
        _, status = os.waitpid(self.child, 0)
        points = tuple(POINTS[kind] for kind in told)
        return Ended(os.waitstatus_to_exitcode(status), points, time.monotonic() - begin)


def typed(arguments: tuple[str, ...], place: Path, *, at: int = TO_THE_END) -> Typed:
    """Type a command that dies in front of a point, counted from 1, and do not wait for it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        tell = Writing(place, at, lambda kind: _tell(write, kind))
        _type(arguments, place, tell)
    os.close(write)
    return Typed(child, read)


def _tell(descriptor: int, kind: int) -> None:
    os.write(descriptor, bytes([kind]))


def _type(arguments: tuple[str, ...], place: Path, writing: Writing) -> None:
    os.chdir(place)
    rows = Path("rows.jsonl")
    os.dup2(os.open(rows if rows.exists() else os.devnull, os.O_RDONLY), 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    writing.watch()
    status = 99
    try:
        incident(list(arguments))
    except SystemExit as stopped:
        status = stopped.code if isinstance(stopped.code, int) else 98
    finally:
        os._exit(status)


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return True
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
