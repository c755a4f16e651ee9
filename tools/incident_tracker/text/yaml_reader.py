"""A strict subset of YAML, read from libyaml's events: plain text with positions, no surprises.

Events and not nodes or values: composing recurses and can be made to crash, and constructing turns
`10:20` into 620. Every scalar stays the text that stands in the file until a schema types it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NoReturn, Protocol, cast

import yaml

from incident_tracker.finding import Fault, Position
from incident_tracker.text.characters import character_faults, clean, shown
from incident_tracker.text.yaml_nodes import (
    DEFAULT,
    Entry,
    Limits,
    Mapping,
    Node,
    Scalar,
    Sequence,
)
from incident_tracker.text.yaml_plain import plain_fields
from incident_tracker.text.yaml_syntax import explained, missing_space, too_deep, too_large

__all__ = [
    "DEFAULT",
    "Entry",
    "Limits",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "parsed",
    "read_yaml",
]


MOST_FAULTS = 20
_REMEDIES = {
    "FMT010": 'write "name: value"',
    "FMT018": 'write "field: value", one on each line',
}


def read_yaml(
    text: str, *, first_line: int = 1, limits: Limits = DEFAULT
) -> tuple[Mapping | None, tuple[Fault, ...]]:
    """The mapping that `text` is, or None when it cannot be trusted, with all that is wrong in it.

    With duplicate keys the first of them stands. Lines count from `first_line`; the edits of a
    fault count characters from the start of `text`.
    """
    if len(text) > limits.characters:
        return None, (too_large(f"more than {limits.characters} characters", first_line),)
    if not clean(text):
        return None, character_faults(text, first_line)
    plain = plain_fields(text, first_line) if limits is DEFAULT else None
    return (plain, ()) if plain is not None else parsed(text, first_line, limits)


def parsed(text: str, first_line: int, limits: Limits) -> tuple[Mapping | None, tuple[Fault, ...]]:
    """The same for a text of clean characters, as libyaml reads it."""
    reader = _Reader(text, first_line, limits)
    root = reader.read()
    return root, tuple(reader.faults)


class _Mark(Protocol):
    """What libyaml tells about a place; all three count from 0."""

    line: int
    column: int
    index: int


# What libyaml's binding always has, its types leave open.
_start = cast("Callable[[yaml.Event], _Mark]", attrgetter("start_mark"))
_end = cast("Callable[[yaml.Event], _Mark]", attrgetter("end_mark"))


class _StopReadingError(Exception):
    """What follows could only repeat what has been said."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    position: Position
    flow: bool
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None
    repeated: bool = False

    @property
    def awaits_key(self) -> bool:
        """Whether the next node would be a key."""
        return self.mapping and self.key is None

    def closed(self, end: Position) -> Node:
        # libyaml ends a block where the next key begins, behind comments that are not its own.
        if self.mapping:
            if self.entries and not self.flow:
                end = self.entries[-1].value.end
            return Mapping(tuple(self.entries), self.position, end, self.flow)
        if self.items and not self.flow:
            end = self.items[-1].end
        return Sequence(tuple(self.items), self.position, end, self.flow)


class _Reader:
    """Builds the mapping on a stack of its own: depth costs memory only, and little."""

    def __init__(self, text: str, first_line: int, limits: Limits) -> None:
        self.text = text
        self.first_line = first_line
        self.limits = limits
        self.faults: list[Fault] = []
        self.open: list[_Open] = []
        self.root: Mapping | None = None
        self.nodes = 0
        self.documents = 0

    def read(self) -> Mapping | None:
        try:
            self._read_events()
        except _StopReadingError:
            return None
        except yaml.MarkedYAMLError as error:
            place = too_deep(error, self.text, self.limits.depth)
            if place is None:
                self.faults.append(explained(error, self.text, self.first_line))
            else:
                self.faults.append(self._nested(self.first_line + place.line - 1, place.column))
        except (yaml.YAMLError, UnicodeError, ValueError):
            self._say("FMT008", "this is no YAML that can be read", Position(self.first_line, 1))
        if any(fault.code != "FMT004" for fault in self.faults):
            return None
        start = Position(self.first_line, 1)
        return self.root or Mapping((), start, start, flow=False)

    def _read_events(self) -> None:
        # As `yaml.parse` does it, without asking before each event whether there is one.
        loader = yaml.CSafeLoader(self.text)
        while (event := loader.get_event()) is not None:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._add(self.open.pop().closed(self._at(_end(event))))
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)

    def _at(self, mark: _Mark) -> Position:
        return Position(self.first_line + mark.line, mark.column + 1)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, stop, first = _start(event), _end(event), self.first_line
        line, column = first + start.line, start.column + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_mark(event, Position(line, column))
        style = event.style
        if not style:
            end_line = first + stop.line
            self._add(Scalar(event.value, line, column, end_line, stop.column + 1, quoted=False))
            return
        position, end = Position(line, column), self._at(stop)
        if style in "|>":
            end = self._end_of_block(event)
            if self.open and self.open[-1].awaits_key:
                self._stop("FMT010", "a field's name stands on one line", position)
        if style == '"' and not clean(event.value):
            self._say(
                "FMT007",
                f"an escape stands for a character that cannot be seen: {shown(event.value)[:200]}",
                position,
                help="delete the escape",
            )
        self._add(Scalar(event.value, *position, *end, quoted=True))

    def _end_of_block(self, event: yaml.ScalarEvent) -> Position:
        start = _start(event)
        written = self.text[start.index : _end(event).index].rstrip(" \t\r\n")
        line = start.line + written.count("\n")
        if "\n" not in written:
            return Position(self.first_line + line, start.column + len(written) + 1)
        return Position(self.first_line + line, len(written) - written.rfind("\n"))

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        position = self._at(_start(event))
        mapping = isinstance(event, yaml.MappingStartEvent)
        if not self.open and not mapping:
            self._stop("FMT018", "a list stands where fields with values belong", position)
        if self.open and self.open[-1].awaits_key:
            self._stop("FMT010", "a field's name is plain text, no list or mapping", position)
        if event.anchor is not None or event.tag is not None:
            self._refuse_mark(event, position)
            # Behind a mark the collection's own column is unknown.
            raise _StopReadingError
        if len(self.open) >= self.limits.depth:
            self.faults.append(self._nested(position.line, position.column))
            raise _StopReadingError
        self.open.append(_Open(position, bool(event.flow_style), mapping))

    def _nested(self, line: int, column: int) -> Fault:
        return too_large(f"more than {self.limits.depth} levels of nesting", line, column)

    def _add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            at = node.position
            self.faults.append(
                too_large(f"more than {self.limits.nodes} values", at.line, at.column)
            )
            raise _StopReadingError
        if not self.open:
            self._take_root(node)
            return
        parent = self.open[-1]
        if not parent.mapping:
            parent.items.append(node)
        elif parent.key is None:
            self._take_key(parent, node)
        else:
            if not parent.repeated:
                parent.entries.append(Entry(parent.key, node))
            parent.key, parent.repeated = None, False

    def _take_root(self, node: Node) -> None:
        if isinstance(node, Mapping):
            self.root = node
            return
        fault = missing_space(self.text, self.first_line)
        if fault is not None:
            self.faults.append(fault)
            raise _StopReadingError
        self._stop("FMT018", "a text stands where fields with values belong", node.position)

    def _take_key(self, parent: _Open, key: Node) -> None:
        # A collection was refused as key when it began.
        if not isinstance(key, Scalar):
            raise _StopReadingError
        name, position = key.text, key.position
        parent.key = key
        if not parent.flow and position.column != parent.position.column:
            self._stop(
                "FMT010",
                'a field is written "name: value", without "?"',
                parent.position,
                f"write {shown(name)[:60].strip()}: and the value behind it",
            )
        if not name and not key.quoted:
            self._stop("FMT010", "a value has no field name in front of its colon", position)
        if name == "<<" and not key.quoted:
            self._stop(
                "FMT009", '"<<" (a YAML merge) is not read', position, "write the fields out here"
            )
        if name in parent.lines:
            self._repeat(parent, key)
        else:
            parent.lines[name] = position.line

    def _repeat(self, parent: _Open, key: Scalar) -> None:
        parent.repeated = True
        path = [outer.key.text for outer in self.open if outer.key is not None]
        self._say(
            "FMT004",
            f'field "{shown(key.text)[:200]}" stands twice, first on line {parent.lines[key.text]}',
            key.position,
            help="delete one of the two",
            end_column=key.end.column if key.end.line == key.position.line else None,
            field=".".join(path),
        )

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._say(
            "FMT009",
            f'"*{shown(event.anchor or "")[:60]}" (a YAML alias) is not read',
            self._at(_start(event)),
            help="write the value out, or put the text in quotes",
        )
        position = self._at(_start(event))
        if self.open and self.open[-1].awaits_key:
            raise _StopReadingError
        self._add(Scalar("", *position, *self._at(_end(event)), quoted=True))

    def _refuse_mark(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, position: Position
    ) -> None:
        written = self.text[_start(event).index :].split(None, 1)[0]
        kind = "an anchor" if written.startswith("&") else "a tag"
        self._say(
            "FMT009",
            f'"{shown(written)[:60]}" (a YAML {kind.split()[1]}) is not read',
            position,
            help="put the text in quotes, or delete the mark",
        )

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        position = self._at(_start(event))
        if event.version is not None or event.tags:
            self._stop("FMT009", "a YAML directive (%) is not read", position, "delete the line")
        if self.documents > 1:
            self._stop("FMT009", "a second YAML document is not read", position)

    def _stop(
        self, code: str, message: str, position: Position, help_text: str | None = None
    ) -> NoReturn:
        self._say(code, message, position, help=help_text)
        raise _StopReadingError

    def _say(
        self,
        code: str,
        message: str,
        position: Position,
        *,
        help: str | None = None,  # noqa: A002 - the word that is shown
        end_column: int | None = None,
        field: str | None = None,
    ) -> None:
        self.faults.append(
            Fault(
                code=code,
                message=message,
                position=self._inside(position),
                help=help or _REMEDIES.get(code),
                end_column=end_column,
                field=field,
            )
        )
        if len(self.faults) >= MOST_FAULTS:
            raise _StopReadingError

    def _inside(self, position: Position) -> Position:
        """The place, or the end of the text: libyaml marks that one line too far."""
        lines = self.text.split("\n")
        return min(position, Position(self.first_line + len(lines) - 1, len(lines[-1]) + 1))
