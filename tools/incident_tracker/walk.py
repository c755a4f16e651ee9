"""Which files lie in the record folders, and their bytes; never behind a link, none left out."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from incident_tracker.assemble import FOLDERS, Source, not_markdown, refused
from incident_tracker.evidence import A_FOLDER
from incident_tracker.finding import Fault, Position
from incident_tracker.text.document import MOST_BYTES

TEMPORARY = ".incident-"
UNFINISHED = ".tmp"
BESIDE_RECORDS = ("README.md", ".gitkeep", ".gitattributes")
REGULAR = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
"""How a file is opened that may be anything: no link is followed, no pipe is waited for."""
DEEPEST = 2  # a year's folder in a record folder
MOST_REGISTER_BYTES = 4_000_000
MOST_EVIDENCE_BYTES = 100_000_000
"""What GitHub takes as one file; larger ones are not read to verify their checksum."""


def walk(root: Path, folders: Sequence[str] = FOLDERS) -> Iterator[Source]:
    """Yield every file of the record folders, by path, with its bytes or why they were not read."""
    waiting = [folder for folder in reversed(folders) if os.path.lexists(root / folder)]
    while waiting:
        path = waiting.pop()
        folder = root / path
        wrong = _refusal(folder, path)
        if wrong is not None:
            yield wrong
            continue
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda found: found.name)
        except OSError as error:
            yield refused(path, f"cannot be read: {error.strerror}", "mend its permissions")
            continue
        inner: list[str] = []
        for entry in entries:
            name = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                inner.append(name)
            elif not belongs_beside(entry.name, path):
                yield _source(entry, name)
        waiting += reversed(inner)


def read_regular(path: Path | str, most: int = MOST_REGISTER_BYTES) -> bytes:
    """Return a file's bytes; OSError where it is no regular file or holds too many."""
    # Without a file object: a tracker has thousands of small files, and most of the time is spent
    # on what stands around the reading.
    descriptor = os.open(path, REGULAR)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            message = f"{Path(path).name} is no regular file"
            raise OSError(message)
        data = os.read(descriptor, min(found.st_size, most) + 1)
        while len(data) <= most and (more := os.read(descriptor, most + 1 - len(data))):
            data += more
    finally:
        os.close(descriptor)
    if len(data) > most:
        message = f"{Path(path).name} has more than {most:,} bytes"
        raise OSError(message)
    return data


def checksum(path: Path) -> str:
    """Return a file's SHA-256, ``A_FOLDER`` for a folder, empty for a file too large to be read.

    OSError where there is neither, or a link.
    """
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return A_FOLDER
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            message = f"{path.name} is no regular file"
            raise OSError(message)
        if found.st_size > MOST_EVIDENCE_BYTES:
            return ""
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(path: Path, top: Path, *, is_text: bool) -> str:
    """Why a file may not be read, empty if it may; a link could show what is not ours."""
    chain = [path, *path.parents]
    if any(part.is_symlink() for part in chain[: chain.index(top)]):
        return "is a symbolic link or lies behind one"
    if not path.is_file():
        return "is no regular file"
    if is_text:
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError as problem:
            return f"is not UTF-8 at byte {problem.start}"
    return ""


def _refusal(folder: Path, path: str) -> Source | None:
    """Return the finding about a folder that is not entered, None where it is."""
    if not is_text(path):
        return strange(path)
    if folder.is_symlink():
        return refused(path, "is a symbolic link", "put the files here themselves")
    if not folder.is_dir():
        return refused(path, "is no folder", f"move it, and make the folder {path}")
    if path.count("/") >= DEEPEST:
        return refused(path, "lies too deep for records", "records lie in incidents/2026/")
    try:
        bare = (folder / "HEAD").exists() and (folder / "objects").exists()
        repository = bare or (folder / ".git").exists()
    except OSError as error:
        return refused(path, f"cannot be read: {error.strerror}", "mend its permissions")
    if not repository:
        return None
    return refused(path, "is a Git repository of its own", f"remove it: git rm -r --cached {path}")


def belongs_beside(name: str, folder: str) -> bool:
    """Whether a file is none that should be a record: a folder's README, or a write in progress."""
    unfinished = name.startswith(TEMPORARY) and name.endswith(UNFINISHED)
    return unfinished or (name in BESIDE_RECORDS and "/" not in folder)


def _source(entry: os.DirEntry[str], name: str) -> Source:
    if not is_text(name):
        return strange(name)
    if entry.is_symlink():
        return refused(name, "is a symbolic link", "put a copy of the file here")
    if not entry.is_file(follow_symlinks=False):
        return refused(name, "is no regular file", "remove it")
    if not name.endswith(".md"):
        return not_markdown(name)
    try:
        size = entry.stat(follow_symlinks=False).st_size
        if size > MOST_BYTES:
            return too_large(name, size)
        return Source(path=name, data=read_regular(entry.path, MOST_BYTES))
    except OSError as error:
        return refused(name, f"cannot be read: {error.strerror or error}", "mend its permissions")


def too_large(name: str, size: int) -> Source:
    """Return a file that is not read because of its size in bytes."""
    fault = Fault(
        code="FMT012",
        message=f"the file has {size:,} bytes; a record has at most {MOST_BYTES:,}",
        help="move logs and pictures into evidence/ and link to them",
        position=Position(1, 1),
    )
    return Source(path=name, fault=fault)


def is_text(name: str) -> bool:
    """Whether a path can be shown as it is."""
    # A lone surrogate, which stands for a byte that is no text, is not printable.
    return name.isprintable()


def strange(name: str) -> Source:
    """Return a file or folder whose name cannot be shown as it is: it is never read."""
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    safe = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in shown)
    return refused(safe, "has a name with characters that no name may hold", "rename it")
