"""What is worked out once for all, as lines that are kept, and back: records by their paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from zoneinfo import ZoneInfo

from incident_tracker.asking.digests import UntoldError
from incident_tracker.model import Record

Kinds = Mapping[str, type]
_AS_IT_IS = frozenset((str, int, float, bool, type(None)))


def written(value: object, kinds: Kinds) -> object:
    """Return a value as JSON knows it; UntoldError where it is made of other than these kinds."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if isinstance(value, Record) and getattr(kind, "asks", False):
        return {"record": value.path}
    if kind is tuple or kind is list:
        rows = [written(each, kinds) for each in value]  # type: ignore[attr-defined] # one of two
        return {"tuple": rows} if kind is tuple else rows
    if isinstance(value, dict):
        return {"table": [[_key(key), written(each, kinds)] for key, each in value.items()]}
    if kind is date:
        return {"day": value.isoformat()}  # type: ignore[attr-defined] # is a date
    if kind is datetime:
        return _moment(value)  # type: ignore[arg-type] # is one
    if kinds.get(kind.__name__) is kind:
        if isinstance(value, Enum):
            return {"one": [kind.__name__, value.name]}
        if is_dataclass(value) and not isinstance(value, type):
            rows = [written(getattr(value, row.name), kinds) for row in fields(value)]
            return {"made": [kind.__name__, rows]}
    raise UntoldError(kind.__qualname__)


def read(line: Any, kinds: Kinds, records: Mapping[str, object]) -> object:  # noqa: ANN401 # JSON
    """Return the value; LookupError, TypeError or ValueError where the line is none."""
    if isinstance(line, list):
        return [read(each, kinds, records) for each in line]
    if not isinstance(line, dict):
        return line
    ((form, rest),) = line.items()
    if form == "record":
        return records[rest]
    if form in ("tuple", "table"):
        rows = read(list(rest), kinds, records) if form == "tuple" else ()
        return (
            tuple(cast("list[object]", rows))
            if form == "tuple"
            else {key: read(each, kinds, records) for key, each in rest}
        )
    return _single(form, rest, kinds)(records)


def _single(form: str, rest: Any, kinds: Kinds) -> Any:  # noqa: ANN401 # as above
    if form == "day":
        return lambda _: date.fromisoformat(rest)
    if form == "moment":
        at = datetime.fromisoformat(rest[0])
        zoned = at.replace(tzinfo=ZoneInfo(rest[1]), fold=rest[2]) if rest[1] else at
        return lambda _: zoned
    kind: Any = kinds[rest[0]]
    if form == "one":
        return lambda _: kind[rest[1]]
    if form == "made":
        names = [row.name for row in fields(kind)]
        return lambda records: kind(
            **dict(zip(names, (read(each, kinds, records) for each in rest[1]), strict=True))
        )
    raise ValueError(form)


def _key(key: object) -> str:
    if type(key) is not str:
        raise UntoldError(type(key).__qualname__)
    return key


def _moment(at: datetime) -> object:
    zone = at.tzinfo
    if isinstance(zone, ZoneInfo):
        return {"moment": [at.replace(tzinfo=None).isoformat(), zone.key, at.fold]}
    return {"moment": [at.isoformat(), None, 0]}
