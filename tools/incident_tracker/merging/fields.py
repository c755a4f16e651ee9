"""The front matter in three versions, field by field; lists and maps element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK, Source
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.text import yaml_nodes
from incident_tracker.text.document import Document
from incident_tracker.text.edit import flow_list, flow_map

ROWS = {**RUNBOOK, **REVIEW, **INCIDENT}
FOLDED = (Source.DERIVED, Source.BOTH)


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that both sides changed otherwise: its name, and the two values as written."""

    name: str
    ours: str
    theirs: str


def merged_fields(
    base: Document | None, ours: Draft, theirs: Document
) -> tuple[Draft, tuple[FieldClash, ...]]:
    """Return our draft with what they changed in the front matter, and what clashes."""
    old = _values(base) if base else {}
    mine, yours = _values(ours.document), _values(theirs)
    clashes = []
    for name in dict.fromkeys([*mine, *yours]):
        was, here, there = old.get(name), mine.get(name), yours.get(name)
        if there in (here, was):
            continue
        if here == was:
            ours = ours.with_field(name, there)
            continue
        united = _united(name, base, ours.document, theirs)
        if united is not None:
            ours = ours.with_field(name, united)
        elif name not in ROWS or ROWS[name].source not in FOLDED:
            clashes.append(FieldClash(name, here or "", there or ""))
    return ours, tuple(clashes)


def _values(document: Document) -> Mapping[str, str]:
    """The values as they are written, by field."""
    front = document.front
    if front is None:
        return {}
    return {
        entry.key.text: document.text[
            document.offset(entry.value.position) : document.offset(entry.value.end)
        ]
        for entry in front.entries
    }


def _united(name: str, base: Document | None, ours: Document, theirs: Document) -> str | None:
    """A list or a map with what both sides added and took away, None where that cannot be."""
    nodes = [d.front.get(name) if d and d.front else None for d in (base, ours, theirs)]
    lists = [_list(node) for node in nodes]
    if lists[1] is not None and lists[2] is not None:
        was, here, there = lists[0] or [], lists[1], lists[2]
        kept = [item for item in here if item in there or item not in was]
        return flow_list([*kept, *(item for item in there if item not in here + was)])
    maps = [_map(node) for node in nodes]
    if maps[1] is None or maps[2] is None:
        return None
    return _united_map(maps[0] or {}, maps[1], maps[2])


def _united_map(
    was: Mapping[str, str], here: Mapping[str, str], there: Mapping[str, str]
) -> str | None:
    found = {}
    for key in dict.fromkeys([*here, *there]):
        old, mine, yours = was.get(key), here.get(key), there.get(key)
        if yours not in (mine, old) and mine != old:
            return None
        value = mine if yours == old else yours
        if value is not None:
            found[key] = value
    return flow_map(found)


def _list(node: yaml_nodes.Node | None) -> list[str] | None:
    if not isinstance(node, yaml_nodes.Sequence):
        return None
    texts = [item.text for item in node.items if isinstance(item, yaml_nodes.Scalar)]
    return texts if len(texts) == len(node.items) else None


def _map(node: yaml_nodes.Node | None) -> dict[str, str] | None:
    if not isinstance(node, yaml_nodes.Mapping):
        return None
    found = {
        e.key.text: e.value.text for e in node.entries if isinstance(e.value, yaml_nodes.Scalar)
    }
    return found if len(found) == len(node.entries) else None
