"""What a YAML text is made of, each with its place in the file, and how large it may be."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from incident_tracker.finding import Position


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How large a text may be: in characters, in levels of nesting, in nodes."""

    characters: int = 256_000
    depth: int = 20
    nodes: int = 20_000


DEFAULT = Limits()


class Scalar(NamedTuple):
    """A text; `position` to `end` (exclusive) is how it is written, quotes included."""

    # Numbers, and the places when somebody asks for them: of most texts nobody does.

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    quoted: bool

    @property
    def position(self) -> Position:
        """Where it begins."""
        return Position(self.line, self.column)

    @property
    def end(self) -> Position:
        """The first place behind it."""
        return Position(self.end_line, self.end_column)


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
