"""Files by their paths as bytes, and back: what a copy of this process hands over, and is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files by their paths as bytes."""
    head = json.dumps([[path, len(data)] for path, data in files.items()], allow_nan=False).encode()
    return b"".join((head, b"\n", *files.values()))


def unpacked(data: bytes) -> Mapping[str, bytes]:
    """Return such files."""
    at = data.index(b"\n") + 1
    files = {}
    for path, length in json.loads(data[:at]):
        files[path] = data[at : at + length]
        at += length
    return files
