"""One file of a tracker: as it was written, as it is, as a newer version would write it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from incident_tracker.merging import merge_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class There:
    """What lies at a path of the tracker: its bytes, nothing, or what cannot be read."""

    content: bytes | None = None
    wrong: str = ""


def digest(content: bytes) -> str:
    """Return what tells one content from another."""
    return hashlib.sha256(content).hexdigest()


class Kind(StrEnum):
    """What is done to a file."""

    ADD = "add"
    REPLACE = "replace"
    MERGE = "merge"
    KEEP = "keep"
    WRITE = "write"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One file that is written: what it holds afterwards, and why."""

    path: str
    kind: Kind
    why: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """A file that people must look at: why, and what the newer version would change in it."""

    path: str
    why: str
    before: bytes
    after: bytes


def united(path: str, base: bytes, there: bytes, new: bytes) -> Step | Clash | None:
    """Return what becomes of a file that came with an older version; None where nothing does.

    ``base`` is what that version wrote. Line ends are those of the file, whichever they are.
    """
    ours, newline = _unix(there)
    if new in (base, ours):
        return None
    if newline is None:
        return Clash(path=path, why="it mixes two kinds of line ends", before=base, after=new)
    if ours == base:
        return Step(
            path=path, kind=Kind.REPLACE, why="you left it as it came", content=_as(new, newline)
        )
    if b"\0" in ours:
        return Clash(path=path, why="it is no text", before=base, after=new)
    was, mine, yours = (part.decode("utf-8", "surrogateescape") for part in (base, ours, new))
    made = merge_lines(was, mine, yours)
    if made.conflicts:
        lines = _lines(len(made.conflicts))
        return Clash(path=path, why=f"you changed the same lines{lines}", before=base, after=new)
    content = made.text.encode("utf-8", "surrogateescape")
    if content == ours:
        return None
    return Step(path=path, kind=Kind.MERGE, why="your changes stay", content=_as(content, newline))


def _lines(places: int) -> str:
    return f" in {places} places" if places > 1 else ""


def _unix(content: bytes) -> tuple[bytes, bytes | None]:
    """The content with plain line ends, and what these were; None for two kinds of them."""
    windows, all_ = content.count(b"\r\n"), content.count(b"\n")
    if not windows:
        return content, b"\n"
    return content.replace(b"\r\n", b"\n"), b"\r\n" if windows == all_ else None


def _as(content: bytes, newline: bytes) -> bytes:
    return content.replace(b"\n", newline)
