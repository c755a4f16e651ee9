"""Values that nothing changes once they are made, which the type checker holds and not the machine.

A dataclass that is frozen in fact takes three times as long to make, and a check makes thousands.
A dataclass also writes and compiles each of its methods anew, which was a third of the start: here
only the constructor is, what compares, hashes and shows a value is one function for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeVar, dataclass_transform

Value = TypeVar("Value")
_NAMES = "_names"
"""Of a class that is declared so, and of those made from it: the fields."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[Value]) -> type[Value]:
    """Return the class as a dataclass by keywords: compared and hashed by what it holds."""
    return _equipped(dataclass(kw_only=True, slots=True, eq=False, repr=False)(cls))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value_with_room(cls: type[Value]) -> type[Value]:
    """Return the same, with room for what it works out once, and open to subclasses."""
    return _equipped(dataclass(kw_only=True, eq=False, repr=False)(cls))


def _equipped(cls: type[Value]) -> type[Value]:
    names = tuple(one.name for one in fields(cls))  # type: ignore[arg-type] # it is one now
    setattr(cls, _NAMES, names)
    for method in (_eq, _hash, _repr):
        setattr(cls, f"_{method.__name__}__", method)
    return cls


def _held(one: object) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in getattr(one, _NAMES))


def _eq(one: object, other: object) -> bool:
    return _held(one) == _held(other) if one.__class__ is other.__class__ else NotImplemented


def _hash(one: object) -> int:
    return hash(_held(one))


def _repr(one: object) -> str:
    held = ", ".join(f"{name}={getattr(one, name)!r}" for name in getattr(one, _NAMES))
    return f"{type(one).__qualname__}({held})"
