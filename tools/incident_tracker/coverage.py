"""What the protocol asks for, requirement by requirement: ``coverage.yml`` as a typed table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from incident_tracker.finding import Fault
from incident_tracker.registers import read_register


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """The known-good records, changed, and what was done then.

    ``record``, ``set``, ``replace`` and ``beside`` are those of a rule's example; an empty value in
    ``set`` removes the field, an empty file in ``beside`` that file. ``protocol`` replaces text in
    ``protocol.yml``, ``run`` are commands, ``input`` is what commands read, ``now`` the present.
    """

    record: str = "incident"
    set: Mapping[str, str] = field(default_factory=dict)
    replace: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    protocol: Mapping[str, str] = field(default_factory=dict)
    run: tuple[str, ...] = ()
    input: str = ""
    now: str = "2026-03-20T12:00-05:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that the protocol asks for, what fulfils it, and how that is shown."""

    id: str
    source: tuple[str, ...]
    says: str
    how: str = ""
    see: str = ""
    expect: tuple[str, ...] = ()
    people: bool = False
    given: State = field(default_factory=State)
    without: State | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What ``coverage.yml`` holds."""

    rows: tuple[Requirement, ...] = ()


def read_coverage(text: str) -> tuple[Coverage | None, tuple[Fault, ...]]:
    """Return the table of a text, or every fault in it."""
    return read_register(Coverage, text)
