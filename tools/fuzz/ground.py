"""What the fuzzing targets stand on: the good records, the protocol, and inputs put among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from incident_tracker.examples import PATHS, good_files
from incident_tracker.protocol import Protocol, read_protocol

Target: TypeAlias = Callable[[bytes], None]

ROOT = Path(__file__).parents[2]
PATH = PATHS["incident"]
RECORDS = tuple(PATHS.values())
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEAD = 3
"""Bytes that say which good record an input goes into, and where."""

OVER_LETTERS = 0x80
"""From this byte on a piece goes over letters, not lines."""


def placed(data: bytes) -> tuple[str, bytes]:
    """Return the path of a good record, and what its file holds with the input in it.

    What begins like a record, behind the bytes that choose or without them, is the whole file.
    """
    if data[:HEAD] == b"---":
        return PATH, data
    path, rest = RECORDS[data[0] % len(RECORDS) if data else 0], data[HEAD:]
    if rest[:HEAD] == b"---":
        return path, rest
    good = good_files()[path]
    at = int.from_bytes(data[1:HEAD], "big") % len(good)
    return path, good[:at] + rest + good[at:]


def respliced(good: bytes, pieces: Iterable[bytes]) -> bytes:
    """Return a good text with each piece put over some of it: three bytes say where, and what goes.

    The first one says whether it goes over letters or over whole lines, and over how many.
    """
    for piece in pieces:
        if len(piece) < HEAD:
            continue
        what, at, text = piece[0], int.from_bytes(piece[1:HEAD], "big"), piece[HEAD:]
        if what < OVER_LETTERS:
            lines = good.split(b"\n")
            first = at % len(lines)
            lines[first : first + what % 4] = text.split(b"\n")
            good = b"\n".join(lines)
        else:
            first = at % (len(good) + 1)
            good = good[:first] + text + good[first + what % 32 :]
    return good


@cache
def protocol_text() -> bytes:
    """Return what the protocol of this repository says."""
    return (ROOT / "protocol" / "protocol.yml").read_bytes()


@cache
def protocol() -> Protocol:
    """Return the protocol of this repository."""
    found, faults = read_protocol(protocol_text().decode())
    if found is None:
        raise ValueError(faults)
    return found
