"""Any value that pages are made of, as a short text that differs where the value differs."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import cache, partial
from hashlib import blake2b
from operator import attrgetter
from typing import Any, cast

from incident_tracker import lines
from incident_tracker.lines import Log
from incident_tracker.model import Record
from incident_tracker.protocol import Protocol
from incident_tracker.text.below import Below
from incident_tracker.text.document import Document

SIZE = 12
"""Bytes of a digest: nobody finds two values for one by chance."""
_AS_IT_IS = frozenset((str, int, float, bool, bytes, type(None)))
# Where a line stands in its file changes with each line above it, and no page says it: whatever
# reads a record by lines asks for its document, and so does the verdict.
_PLACES = frozenset(("position", "lines", "column", "part"))
_PLAIN = 2  # of marshal: later forms tell apart what is the same value, but not the same object


class UntoldError(TypeError):
    """A value of a kind that nobody can tell whether it is another one."""


def digest(value: object) -> str:
    """Return the digest of a value; UntoldError where it holds what has no plain form.

    An asked record stands for itself: what is asked of it is written down when it is asked.
    """
    try:
        data = marshal.dumps(cast("str", plain(value)), _PLAIN)  # or tuples of texts
    except (ValueError, RecursionError) as problem:
        raise UntoldError(str(problem)) from None
    return blake2b(data, digest_size=SIZE).hexdigest()


def combined(digests: Iterable[str]) -> str:
    """Return the digest of several, in their order."""
    return blake2b("\n".join(digests).encode(), digest_size=SIZE).hexdigest()


def plain(value: object) -> object:
    """Return the value made of texts, numbers and tuples alone."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is tuple or kind is list:
        return tuple(map(plain, value))  # type: ignore[call-overload] # is one of the two
    return _other(value, kind)


def _other(value: object, kind: type) -> object:
    for known, form in _FORMS:
        if isinstance(value, known):
            return form(value)
    if getattr(kind, "asks", False):
        return ("asks", kind.__name__)  # as a record does
    if is_dataclass(value) and not isinstance(value, type):
        return (kind.__name__, tuple(map(plain, _values(kind)(value))))
    name = getattr(value, "__qualname__", "<")
    if "<" not in name and (callable(value) or isinstance(value, type)):
        return ("code", getattr(value, "__module__", ""), name)  # our sources are in the common key
    raise UntoldError(f"{kind.__module__}.{kind.__qualname__}")


def _kind(value: object) -> str:
    return type(value).__name__


def _record(value: Record) -> object:
    """One that is asked by its path, for what is asked of it is written down; any other whole."""
    if getattr(type(value), "asks", False):
        return ("record", value.path)
    return (_kind(value), tuple(map(plain, _values(cast("type", type(value)))(value))))


def _log(value: Log) -> object:
    """One that is asked by the path of its record, as that is."""
    if getattr(type(value), "asks", False):
        return ("log", cast("Any", value).path)
    return ("Log", tuple(map(plain, _values(Log)(value))))


def _table(value: Mapping[object, object]) -> object:
    if getattr(type(value), "asks", False):
        return ("asks", _kind(value))
    return ("table", tuple((plain(key), plain(each)) for key, each in value.items()))


_FORMS: tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...] = (
    (Record, _record),
    (Log, _log),
    (Protocol, lambda it: ("protocol", it.version)),  # the texts of all are in the common key
    (Below, lambda it: ("below", plain(it.items), plain(it.prose))),
    (Document, lambda it: ("document", it.path, it.text, it.newline, it.readable)),
    (Enum, lambda it: (_kind(it), it.name)),
    ((str, int, float), lambda it: (_kind(it), str(it))),
    ((datetime, time), lambda it: (_kind(it), it.isoformat(), it.fold, str(it.tzinfo))),
    ((date, timedelta, tzinfo), lambda it: (_kind(it), str(it))),
    (Mapping, _table),
    (AbstractSet, lambda it: (_kind(it), tuple(sorted(map(_text, it))))),
    (tuple, lambda it: (_kind(it), tuple(map(plain, it)))),
    (partial, lambda it: ("partial", plain(it.func), plain(it.args), plain(it.keywords))),
)


def _text(value: object) -> str:
    return repr(plain(value))


@cache
def _values(kind: type) -> Callable[[object], tuple[object, ...]]:
    without = _PLACES if kind.__module__ == lines.__name__ else ()
    names = [row.name for row in fields(kind) if row.name not in without]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
