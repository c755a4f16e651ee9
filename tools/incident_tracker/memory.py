"""What a command remembers for the next one: a file for each tracker, in the user's cache folder.

Nothing in a repository can write there. What is no file of the user's own, is readable to change by
others, is damaged or was written by other code is as if it were not there: a memory makes a command
faster or does nothing, it never changes what is said. Each kind of thing has a file of its own:
the verdicts of a check, the rows of a list, what is over and owes nothing.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from zoneinfo import TZPATH

import yaml
from yaml import _yaml

FOLDER = "incident-tracker"
OFF = "INCIDENT_NO_CACHE"
MOST_BYTES = 100_000_000
MOST_TRACKERS = 32
UNFINISHED = ".unfinished-"
ABANDONED = 3600
"""Seconds after which what is unfinished will not be finished."""
DIGEST = 20
"""Bytes of a key: as many as nobody finds two texts for by chance."""
VERDICTS = ".verdicts"
ROWS = ".rows"
PASTS = ".pasts"
FORM = b"incident-tracker memory 2"
OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Memory:
    """The lines that were kept for a tracker, by key."""

    def __init__(self, root: Path, path: Path) -> None:
        """Read what was kept in a file for the tracker in a folder."""
        self.path = path
        self.name = b" ".join((FORM, os.fsencode(path.suffix), os.fsencode(root)))
        self.kept = dict(_lines(path, self.name))

    @classmethod
    def of(cls, root: Path, kind: str) -> Memory | None:
        """Return the memory of the tracker in a folder, None where nothing may be kept."""
        folder = cache_folder(root)
        if folder is None:
            return None
        name = blake2b(os.fsencode(root), digest_size=DIGEST).hexdigest()
        return cls(root, folder / f"{name}{kind}")

    def keep(self, lines: Mapping[bytes, bytes]) -> None:
        """Keep exactly these lines; where they cannot be written, nothing happens."""
        if lines == self.kept:
            return
        body = b"".join(b"%s %s\n" % pair for pair in lines.items())
        if len(body) > MOST_BYTES:
            return
        with suppress(OSError):
            self._write(self.path, _head(self.name, body) + body)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        if not is_ready(path.parent):
            return
        # A file of mkstemp is the user's alone.
        descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        written = path.stat().st_mtime
        found = [(one.stat().st_mtime, one) for one in path.parent.glob(f"*{path.suffix}")]
        for _, old in sorted(found)[:-MOST_TRACKERS]:
            old.unlink(missing_ok=True)
        for left in path.parent.glob(f"{UNFINISHED}*"):  # by a command that was killed
            if left.stat().st_mtime < written - ABANDONED:
                left.unlink(missing_ok=True)


def cache_folder(root: Path) -> Path | None:
    """Return the user's folder for what may be lost, None where it is off, or has no owners.

    None as well where it lies in the repository of the tracker in ``root``: what is checked out
    there belongs to the same user, and a stranger may have written it.
    """
    if os.environ.get(OFF) or os.name != "posix":
        return None
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(named) if named.startswith("/") else Path.home() / ".cache"
        folder = home / FOLDER
        root = root.resolve()
        above = (place for place in (root, *root.parents) if (place / ".git").exists())
        inside = (home.resolve() / FOLDER).is_relative_to(next(above, root))
    except (OSError, RuntimeError):
        return None
    return None if inside else folder


def is_ready(folder: Path) -> bool:
    """Whether something can be kept in the folder: made if it is not there, and the user's own."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return is_own(folder.lstat(), stat.S_ISDIR)
    except OSError:
        return False


def base(texts: Mapping[str, bytes], zones: Iterable[str]) -> bytes:
    """Return the digest of all that an answer depends on besides the files of their records.

    ``texts`` are the files of the protocol folder by path, ``zones`` the time zones they name.
    """
    total = blake2b(digest_size=DIGEST)
    parts = [FORM, sys.version.encode(), yaml.__version__.encode()]
    parts.append(_yaml.get_version_string().encode())
    for path, text in sorted(texts.items()):
        parts += [path.encode("utf-8", "surrogatepass"), text]
    for zone in sorted(set(zones)):
        parts += [zone.encode(), _zone(zone)]
    for path, data in sources((".py",)):
        parts += [path.encode(), data]
    for part in parts:
        total.update(b"%d:" % len(part))
        total.update(part)
    return total.digest()


def code_changed_since(moment: float) -> bool:
    """Whether a source of the package may be another one than what was loaded at a moment."""
    return any(path.stat().st_mtime >= moment for path in Path(__file__).parent.rglob("*.py"))


def sources(endings: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The package's own sources: their text, not their times, which an installer may set."""
    top = Path(__file__).parent
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            if name.endswith(endings):
                path = Path(folder, name)
                yield path.relative_to(top).as_posix(), path.read_bytes()


def _zone(name: str) -> bytes:
    for folder in TZPATH:
        with suppress(OSError):
            return Path(folder, name).read_bytes()
    from importlib.resources import files as package_files  # noqa: PLC0415 # rarely, and dear

    with suppress(ImportError, OSError):
        return (package_files("tzdata") / "zoneinfo").joinpath(*name.split("/")).read_bytes()
    return b""


def _lines(path: Path, name: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The lines of a file by key; none where it is not whole, or not the user's own."""
    try:
        data = _own(path)
    except OSError:
        return
    head, _, body = data.partition(b"\n")
    if head + b"\n" != _head(name, body):
        return
    for line in body.split(b"\n")[:-1]:
        key, _, text = line.partition(b" ")
        yield key, text


def _head(name: bytes, body: bytes) -> bytes:
    digest = blake2b(body, digest_size=DIGEST, person=b"incident-tracker")
    digest.update(name)
    return FORM + b" " + digest.hexdigest().encode() + b"\n"


def is_own(state: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Whether something is of a kind, the user's, and nobody else's to write to."""
    return is_kind(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & OTHERS


def _own(path: Path) -> bytes:
    """The bytes of a file that nobody else could have written; OSError where it is none such."""
    for_folder = path.parent.lstat()
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not (is_own(for_folder, stat.S_ISDIR) and is_own(found, stat.S_ISREG)):
            raise PermissionError(path)
        if found.st_size > MOST_BYTES + 1000:
            raise OSError(path)
        return file.read()
