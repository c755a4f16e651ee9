"""Values as the bytes of a JSON file that can also be put into a page."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.formats.machine import dump


class Row(str):
    """A line that is JSON already."""

    __slots__ = ()


def json_row(value: object) -> Row:
    """Return one line of a list."""
    return Row(dump(value, indent=None, sort_keys=True))


def json_bytes(value: object) -> bytes:
    """Return strict JSON in ASCII with sorted keys.

    No ``<`` stands in it, so that no text of a record ends a script that it is put into.
    """
    return _harmless(dump(value, sort_keys=True))


def json_rows(value: Mapping[str, object]) -> bytes:
    """Return the same JSON of an object that holds long lists: each of their items is a line.

    A line is one record to those who search or compare; to indent all of it takes Python longer
    than to compute it.
    """
    parts = (f'  "{key}": {_row_or_rows(item)}' for key, item in sorted(value.items()))
    return _harmless("{\n" + ",\n".join(parts) + "\n}")


def _row_or_rows(value: object) -> str:
    if not isinstance(value, list | tuple) or not value:
        return dump(value, indent=None, sort_keys=True)
    rows = ",\n    ".join(item if isinstance(item, Row) else json_row(item) for item in value)
    return f"[\n    {rows}\n  ]"


def _harmless(text: str) -> bytes:
    return f"{text}\n".replace("<", "\\u003c").encode("ascii")
