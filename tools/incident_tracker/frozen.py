"""Values that nothing changes once they are made, which the type checker holds and not the machine.

A dataclass that is frozen in fact takes three times as long to make, and reading a record makes
hundreds. Only what is made for every line is declared here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Value = TypeVar("Value")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[Value]) -> type[Value]:
    """Return the class as a dataclass by keywords: compared and hashed by what it holds."""
    return dataclass(kw_only=True, slots=True, unsafe_hash=True)(cls)
