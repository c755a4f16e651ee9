"""The registers beside the protocol, ``components.yml`` and ``contacts.yml``, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from incident_tracker.finding import Fault
from incident_tracker.model import Component
from incident_tracker.tables import CODE, read_table
from incident_tracker.yaml_reader import Mapping, Node, Scalar, Sequence, read_yaml

Table = TypeVar("Table")


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentFile:
    """What ``components.yml`` holds."""

    components: tuple[Component, ...] = ()


def read_register(kind: type[Table], text: str) -> tuple[Table | None, tuple[Fault, ...]]:
    """Return the register that the text holds; an id that stands twice in one list is a fault."""
    node, faults = read_yaml(text)
    if node is None or faults:
        return None, faults
    table, faults = read_table(kind, node)
    return table, (*faults, *_twice(node))


def _twice(node: Node) -> Iterable[Fault]:
    children = (
        [entry.value for entry in node.entries]
        if isinstance(node, Mapping)
        else getattr(node, "items", ())
    )
    if isinstance(node, Sequence):
        seen: set[str] = set()
        for item in node.items:
            name = item.get("id") if isinstance(item, Mapping) else None
            if not isinstance(name, Scalar):
                continue
            if name.text in seen:
                yield Fault(
                    code=CODE,
                    message=f'the id "{name.text}" stands twice',
                    help="give one of them another id",
                    position=name.position,
                )
            seen.add(name.text)
    for child in children:
        yield from _twice(child)
