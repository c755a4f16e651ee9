"""Front matter → values by field: unknown fields, lists, components, roles, waivers and origins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from incident_tracker.fields import Kind, Row, Source
from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.model import Milestone, Origin, Waiver
from incident_tracker.protocol import Protocol
from incident_tracker.text.alike import begun, misspelt
from incident_tracker.text.document import Document
from incident_tracker.text.lengths import parse_length
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, Sequence
from incident_tracker.values import NAME, SLUG, Scalars, WrongValueError, wrong

EMPTY = ("", "~", "null")
MOST_UNKNOWN = 20
# So alike is each word of a mistyped name: one or two letters off.
SLIP = 0.8


class Places(Mapping[str, Position]):
    """Where each field's value stands, or its name where it has none: worked out when asked."""

    def __init__(self) -> None:
        """Know of none."""
        self.nodes: dict[str, Node] = {}

    def __getitem__(self, key: str) -> Position:
        """Return the place of a field."""
        return self.nodes[key].position

    def __contains__(self, key: object) -> bool:
        """Whether a field was written."""
        return key in self.nodes

    def __iter__(self) -> Iterator[str]:
        """Iterate over the fields."""
        return iter(self.nodes)

    def __len__(self) -> int:
        """Return how many were written."""
        return len(self.nodes)


@dataclass(slots=True)
class FrontFields:
    """The values of one front matter, read by its rows, and the faults met on the way."""

    rows: Mapping[str, Row]
    protocol: Protocol
    document: Document
    faults: list[Fault] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    scalars: Scalars = field(init=False)

    def __post_init__(self) -> None:
        """Make the reader of single values."""
        self.scalars = Scalars(self.protocol, self.document)

    def read(self, front: MappingNode) -> None:
        """Read every entry; an unknown key or a wrong value is a fault, the others are kept."""
        unknown: list[Scalar] = []
        for entry in front.entries:
            key, node = entry.key.text, entry.value
            row = self.rows.get(key)
            if row is None:
                unknown.append(entry.key)
                continue
            self.places.nodes[key] = entry.key if _is_empty(node) else node
            try:
                self.values[key] = self._value(row, node, entry.key)
            except WrongValueError as error:
                self.faults.append(error.fault)
        faults = [self._unknown(key.text, key.position, front) for key in unknown[:MOST_UNKNOWN]]
        if len(unknown) > MOST_UNKNOWN:
            note = f"and {len(unknown) - MOST_UNKNOWN} more such lines"
            faults[-1] = replace(faults[-1], note=note)
        self.faults += faults

    def _value(self, row: Row, node: Node, key: Scalar) -> object:
        if _is_empty(node):
            help_ = f"write a value, such as {row.key}: {row.example}, or remove the line"
            raise wrong("FMT016", row, key.position, f'"{row.key}" has no value', help_)
        reader = self.readers.get(row.kind)
        if reader is not None:
            return reader(self, row, node)
        if not isinstance(node, Scalar):
            raise wrong("FMT016", row, node.position, f'"{row.key}" takes a single value')
        return self.scalars.read(row, node)

    def _unknown(self, key: str, position: Position, front: MappingNode) -> Fault:
        near, note = near_fields(key, self.rows), None
        there = front.entry(near[0]) if len(near) == 1 else None
        fix: tuple[Edit, ...] = ()
        if there is not None:
            note = f'"{near[0]}" already stands on line {there.key.position.line}'
        elif len(near) == 1 and misspelt(key, near, SLIP):
            note = f'"{near[0]} is missing" is not reported again'
            # What only a command writes says how a record came about: no guess may say that.
            if self.rows[near[0]].source is not Source.COMMAND:
                begin = self.document.offset(position)
                fix = (Edit(begin, begin + len(key), near[0]),)
        return Fault(
            code="FMT002",
            message=f'no field "{key}"',
            help=field_hint(near, self.rows),
            note=note,
            position=position,
            field=key,
            fix=fix,
        )

    def _items(self, row: Row, node: Node) -> Iterator[Scalar]:
        """Yield the texts of a list, or the one text that stands for a list of one."""
        for item in node.items if isinstance(node, Sequence) else (node,):
            if not isinstance(item, Scalar) or not item.text:
                raise wrong("FMT016", row, item.position, f'"{row.key}" takes a list of words')
            yield item

    def _words(self, row: Row, node: Node) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.scalars.word(row, item) for item in self._items(row, node)))

    def _names(self, row: Row, node: Node) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_name(row, item) for item in self._items(row, node)))

    def _components(self, row: Row, node: Node) -> Mapping[str, str]:
        if not isinstance(node, MappingNode):
            return {_component(row, item): "" for item in self._items(row, node)}
        found: dict[str, str] = {}
        for entry in node.entries:
            _spaced(row, entry.key)
            if not isinstance(entry.value, Scalar):
                raise wrong("FMT016", row, entry.value.position, "a component takes one level")
            found[_component(row, entry.key)] = self.scalars.word(row, entry.value)
        return found

    def _roles(self, row: Row, node: Node) -> Mapping[str, str]:
        if not isinstance(node, MappingNode):
            raise wrong("FMT016", row, node.position, '"roles" takes roles with names')
        found: dict[str, str] = {}
        for entry in node.entries:
            _spaced(row, entry.key)
            if not isinstance(entry.value, Scalar):
                raise wrong("FMT016", row, entry.value.position, "a role takes one name")
            found[self.scalars.word(row, entry.key)] = _name(row, entry.value)
        return found

    def _waivers(self, row: Row, node: Node) -> tuple[Waiver, ...]:
        if not isinstance(node, MappingNode):
            raise wrong("FMT016", row, node.position, '"waive" takes codes with reasons')
        return tuple(
            Waiver(
                code=entry.key.text,
                reason=entry.value.text.strip() if isinstance(entry.value, Scalar) else "",
                position=entry.key.position,
            )
            for entry in node.entries
        )

    def _origin(self, row: Row, node: Node) -> Origin:
        entries = node.entries if isinstance(node, MappingNode) else ()
        texts = {e.key.text: e.value.text for e in entries if isinstance(e.value, Scalar)}
        if not {"system", "id"} <= set(texts) <= {"system", "id", "url", "digest"}:
            raise wrong("FMT016", row, node.position, '"origin" takes system, id and url')
        return Origin(system=texts["system"], id=texts["id"], url=texts.get("url", ""))

    def _stated(self, row: Row, node: Node) -> Mapping[Milestone, timedelta]:
        found: dict[Milestone, timedelta] = {}
        for entry in node.entries if isinstance(node, MappingNode) else ():
            text = entry.value.text if isinstance(entry.value, Scalar) else ""
            length = parse_length(text)
            if entry.key.text not in set(Milestone) or length is None:
                help_ = f"write {row.key}: {row.example}"
                message = f'"{entry.key.text}: {text}" states no length of a milestone'
                raise wrong("FMT016", row, entry.key.position, message, help_)
            found[Milestone(entry.key.text)] = length
        if not found:
            raise wrong("FMT016", row, node.position, '"stated" takes milestones with lengths')
        return found

    readers: ClassVar[Mapping[Kind, Callable[[FrontFields, Row, Node], object]]] = MappingProxyType(
        {
            Kind.COMPONENTS: _components,
            Kind.ROLES: _roles,
            Kind.WAIVERS: _waivers,
            Kind.ORIGIN: _origin,
            Kind.STATED: _stated,
            Kind.WORDS: _words,
            Kind.NAMES: _names,
            Kind.PEOPLE: _names,
        }
    )


def near_fields(key: str, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """Return the fields that may be meant by a name that is none: a slip, or one cut short."""
    return misspelt(key, rows, SLIP) or begun(key, rows)


def field_hint(near: tuple[str, ...], rows: Mapping[str, Row]) -> str:
    """Return what to write instead of a field that is none."""
    said = " or ".join(f'"{name}"' for name in near)
    return f"did you mean {said}?" if near else f"known: {', '.join(rows)}"


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.quoted and node.text.strip() in EMPTY


def _spaced(row: Row, key: Scalar) -> None:
    """Refuse a key that took its value with it."""
    name, colon, value = key.text.partition(":")
    if colon and value and not key.quoted:
        help_ = f"write a space behind the colon: {row.key}: {{{name}: {value}}}"
        raise wrong("FMT016", row, key.position, f'"{key.text}" lacks a space', help_)


def _name(row: Row, node: Scalar) -> str:
    if _is_empty(node) or not NAME.fullmatch(node.text):
        raise wrong("FMT017", row, node.position, f'"{node.text}" is no name')
    return node.text


def _component(row: Row, node: Scalar) -> str:
    if not SLUG.fullmatch(node.text):
        message = f'"{node.text}" is no component id'
        raise wrong("FMT017", row, node.position, message, "small letters, digits and dashes")
    return node.text
