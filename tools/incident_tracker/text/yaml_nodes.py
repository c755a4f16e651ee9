"""What a YAML text is made of: texts, lists and fields, each with its place in the file."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from incident_tracker.finding import Position


class Scalar(NamedTuple):
    """A text; `position` to `end` (exclusive) is how it is written, quotes included."""

    text: str
    position: Position
    end: Position
    quoted: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, in brackets (`flow`) or one item per line."""

    items: tuple["Node", ...]
    position: Position
    end: Position
    flow: bool


@dataclass(frozen=True)
class Mapping:
    """Keys with values in the order of the file, in braces (`flow`) or one per line."""

    entries: tuple["Entry", ...]
    position: Position
    end: Position
    flow: bool

    def entry(self, key: str) -> "Entry | None":
        """The entry whose key is exactly `key`."""
        return self._by_key.get(key)

    def get(self, key: str) -> "Node | None":
        """The value under `key`."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    @cached_property
    def _by_key(self) -> dict[str, "Entry"]:
        # The first of two that are called alike is the one that counts.
        return {entry.key.text: entry for entry in reversed(self.entries)}


class Entry(NamedTuple):
    """A key with its value."""

    key: Scalar
    value: "Node"


Node: TypeAlias = Scalar | Sequence | Mapping
