"""Typed tables from strict YAML: a dataclass says what a file holds, mistakes have a place.

Understands ``str``, ``bool``, ``int``, ``float``, ``date``, ``datetime`` (without a zone),
``timedelta`` (``90s``, ``15m``, ``4h``, ``7d``), tuples, mappings with text keys, nested
dataclasses and ``X | None``. A YAML key is the field's name; a field whose name is a word of
Python ends with an underscore.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from incident_tracker.finding import Fault, Position
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, Sequence

Row = TypeVar("Row")
CODE = "CFG001"
DURATION = re.compile(r"([0-9]{1,6})([smhd])")
UNIT = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
FAILED = object()


@dataclass(slots=True)
class Reading:
    """The faults met so far while one file is read."""

    faults: list[Fault]

    def fault(self, position: Position, message: str, *, help_: str | None = None) -> object:
        """Note a fault and return the mark of a failed value."""
        self.faults.append(Fault(code=CODE, message=message, help=help_, position=position))
        return FAILED


def read_table(kind: type[Row], node: Node) -> tuple[Row | None, tuple[Fault, ...]]:
    """Return the table that the node holds, or every fault in it."""
    reading = Reading([])
    value = _value(kind, node, reading, "the file")
    return (None if value is FAILED or reading.faults else cast("Row", value)), tuple(
        reading.faults
    )


def nearest(word: str, known: Mapping[str, object] | tuple[str, ...] | list[str]) -> str | None:
    """Return the known word most like this one, None when none is near."""
    near = get_close_matches(word.casefold(), [name.casefold() for name in known], n=1, cutoff=0.6)
    return next((name for name in known if near and name.casefold() == near[0]), None)


def parse_duration(text: str) -> timedelta | None:
    """Return the duration of ``90s``, ``15m``, ``4h`` or ``7d``, None where it is none."""
    match = DURATION.fullmatch(text)
    return timedelta(**{UNIT[match[2]]: int(match[1])}) if match else None


@cache
def columns(kind: type) -> Mapping[str, tuple[Field[Any], Any]]:
    """Return the columns of a table by their keys in YAML, each with its type."""
    hints = get_type_hints(kind)
    written = (column for column in fields(kind) if column.metadata.get("written", True))
    return {column.name.rstrip("_"): (column, hints[column.name]) for column in written}


def _value(kind: object, node: Node, reading: Reading, name: str) -> object:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _value(next(a for a in arguments if a is not type(None)), node, reading, name)
    if is_dataclass(kind):
        return _row(cast("type", kind), node, reading, name)
    if origin is tuple:
        return _items(arguments[0], node, reading, name)
    if origin is not None:
        return _mapping(arguments[1], node, reading, name)
    if not isinstance(node, Scalar):
        return reading.fault(node.position, f'"{name}" must be a single value')
    return _scalar(cast("type", kind), node, reading, name)


def _row(kind: type, node: Node, reading: Reading, name: str) -> object:
    if not isinstance(node, MappingNode):
        return reading.fault(node.position, f'"{name}" must hold keys with values')
    known = columns(kind)
    values: dict[str, object] = {}
    for entry in node.entries:
        if entry.key.text not in known:
            near = nearest(entry.key.text, tuple(known))
            help_ = f'did you mean "{near}"?' if near else f"known: {', '.join(known)}"
            reading.fault(entry.key.position, f'no key "{entry.key.text}" in {name}', help_=help_)
            continue
        column, hint = known[entry.key.text]
        values[column.name] = _value(hint, entry.value, reading, entry.key.text)
    for key, (column, _) in known.items():
        if column.name in values:
            continue
        if column.default is MISSING and column.default_factory is MISSING:
            reading.fault(
                node.position, f'"{key}" is missing in {name}', help_=f"add the line: {key}: …"
            )
            values[column.name] = FAILED
    return FAILED if FAILED in values.values() else kind(**values)


def _items(kind: object, node: Node, reading: Reading, name: str) -> object:
    if not isinstance(node, Sequence):
        return reading.fault(node.position, f'"{name}" must be a list', help_=f"{name}: [one, two]")
    return tuple(_value(kind, item, reading, f"an item of {name}") for item in node.items)


def _mapping(kind: object, node: Node, reading: Reading, name: str) -> object:
    if not isinstance(node, MappingNode):
        return reading.fault(node.position, f'"{name}" must hold keys with values')
    return MappingProxyType(
        {
            entry.key.text: _value(kind, entry.value, reading, f"{name}.{entry.key.text}")
            for entry in node.entries
        }
    )


def _scalar(kind: type, node: Scalar, reading: Reading, name: str) -> object:
    if kind is str:
        return node.text
    readers = {
        bool: _bool,
        int: _int,
        float: _float,
        date: _date,
        datetime: _moment,
        timedelta: parse_duration,
    }
    forms = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        date: "a date such as 2026-11-03",
        datetime: "a date with a time such as 2026-11-03T09:00",
        timedelta: "a duration such as 90s, 15m, 4h or 7d",
    }
    value = readers[kind](node.text)
    if value is None:
        return reading.fault(
            node.position,
            f'"{name}: {node.text}" is not {forms[kind]}',
            help_=f"write {forms[kind]}",
        )
    if kind is timedelta and not value:
        help_ = "write a longer one, or remove the line where it may be missing"
        return reading.fault(node.position, f'"{name}" lasts no time', help_=help_)
    return value


def _bool(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _int(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


def _float(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text) else None


def _date(text: str) -> date | None:
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
