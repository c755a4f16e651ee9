"""What `incident init` of each released version wrote: the texts from which an upgrade starts.

``templates/releases/VERSION.sha256`` lists a version's files as `sha256sum` does, and ``texts/``
beside it holds each text once, by the beginning of its digest. `tools/release.py` writes both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

from incident_tracker.upgrading.versions import order

SUFFIX = ".sha256"
DIGITS = 16
"""How much of a digest names a text: the list holds the whole of it."""


def released() -> tuple[str, ...]:
    """Return the released versions, oldest first."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted((n.removesuffix(SUFFIX) for n in names if n.endswith(SUFFIX)), key=order))


def files_of(version: str) -> Mapping[str, bytes]:
    """Return what `init` of a released version wrote, by path, with the marks for the pin in it."""
    listed = (_folder() / f"{version}{SUFFIX}").read_text("utf-8").splitlines()
    found = {}
    for line in listed:
        digest, _, path = line.partition("  ")
        content = (_folder() / "texts" / digest[:DIGITS]).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            message = f"{path} of {version} is not what was released"
            raise ValueError(message)
        found[path] = content
    return found


def _folder() -> Traversable:
    return package_files("incident_tracker") / "templates" / "releases"
