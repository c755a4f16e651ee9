"""A table's dataclass → the schema of the file that holds it: the twin of ``text.tables``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import MISSING, is_dataclass
from datetime import date, datetime, timedelta
from types import UnionType
from typing import cast, get_args, get_origin

from incident_tracker.schemas.parts import TEXT, Schema, written
from incident_tracker.text.tables import DATE, DURATION, MOMENT, columns

Sets = Mapping[tuple[type, str], Schema]
NO_SETS: Sets = {}


def table(kind: type, sets: Sets = NO_SETS) -> Schema:
    """Return the schema of a file; ``sets`` are the words that some columns are limited to."""
    definitions: dict[str, Schema] = {}
    root = _row(kind, definitions, sets)
    return {**root, "definitions": dict(sorted(definitions.items()))} if definitions else root


def _row(kind: type, definitions: dict[str, Schema], sets: Sets) -> Schema:
    properties: dict[str, Schema] = {}
    for key, (column, hint) in columns(kind).items():
        words = sets.get((kind, column.name))
        properties[key] = _value(hint, definitions, sets, words)
    required = [
        key
        for key, (column, _) in columns(kind).items()
        if column.default is MISSING and column.default_factory is MISSING
    ]
    return {
        "description": (inspect.getdoc(kind) or "").replace("``", "`"),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _value(
    kind: object, definitions: dict[str, Schema], sets: Sets, words: Schema | None
) -> Schema:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        given = next(argument for argument in arguments if argument is not type(None))
        return _value(given, definitions, sets, words)
    if is_dataclass(kind):
        named = cast("type", kind)
        if named.__name__ not in definitions:
            definitions[named.__name__] = {}  # it may hold itself
            definitions[named.__name__] = _row(named, definitions, sets)
        return {"$ref": f"#/definitions/{named.__name__}"}
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0], definitions, sets, words)}
    if origin is not None:
        inner = _value(arguments[1], definitions, sets, words)
        return {"type": "object", "additionalProperties": inner}
    return words or dict(SCALARS[cast("type", kind)])


SCALARS: Mapping[type, Schema] = {
    # Here, unlike in front matter, an empty value is an empty text.
    str: {"type": [*TEXT, "null"]},
    bool: {"type": ["boolean", "string"], "pattern": "^(?:true|false)$"},
    int: {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"},
    float: {"type": ["number", "string"], "pattern": r"^-?[0-9]+(?:\.[0-9]+)?$"},
    date: written(f"^{DATE.pattern}$", "a date such as 2026-11-03"),
    datetime: written(f"^{MOMENT.pattern}$", "a date with a time such as 2026-11-03T09:00"),
    timedelta: written(f"^{DURATION.pattern}$", "a duration such as 90s, 15m, 4h or 7d"),
}
