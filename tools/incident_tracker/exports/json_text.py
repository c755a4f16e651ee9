"""Values as the bytes of a JSON file that can also be put into a page."""

from __future__ import annotations

from incident_tracker.formats.machine import dump


def json_bytes(value: object) -> bytes:
    """Return strict JSON in ASCII with sorted keys.

    No ``<`` stands in it, so that no text of a record ends a script that it is put into.
    """
    return f"{dump(value, sort_keys=True)}\n".replace("<", "\\u003c").encode("ascii")
