"""The front matter in three versions, field by field; lists and maps element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.merging.words import Sides, merged_lines
from incident_tracker.model import Incident, Milestone, Record
from incident_tracker.text import yaml_nodes
from incident_tracker.text.document import Document
from incident_tracker.text.edit import flow_list, flow_map


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
    after = ours
    for name in dict.fromkeys([*mine, *yours]):
        was, here, there = old.get(name), mine.get(name), yours.get(name)
        if there in (here, was):
            continue
        united = there if here == was else _united(name, base, ours.document, theirs)
        if united is not None or here == was:
            after = after.with_field(name, united)
        else:
            clashes.append(FieldClash(name, here or "", there or ""))
    if base is not None and not clashes:
        after = _by_line(base, ours, theirs, after)
    return after, tuple(clashes)


def follows_the_log(name: str, merged: Record, theirs: Record) -> bool:
    """Whether a field says what the merged log says, whatever the sides wrote into it."""
    if not (isinstance(merged, Incident) and isinstance(theirs, Incident)):
        return False
    log = merged.log
    if name in {milestone.value for milestone in Milestone}:
        return Milestone(name) in log.times
    roles = {*(merged.written.roles or {}), *(theirs.written.roles or {})}
    return {
        "status": bool(log.statuses),
        "severity": bool(log.severities) and log.severities[-1].entry is not None,
        "detected_by": bool(log.detected_by),
        "resolution": bool(log.resolution),
        "roles": roles <= set(log.roles),
    }.get(name, False)


def _by_line(base: Document, ours: Draft, theirs: Document, merged: Draft) -> Draft:
    """The fields merged by line, comments and order included, where that says the same."""
    fronts = [document.lines[: document.body_start] for document in (base, ours.document, theirs)]
    made = merged_lines(fronts[0], fronts[1], fronts[2], Sides())
    if made.clashes:
        return merged
    document = ours.document
    start = document.offset(Position(1, 1))
    end = document.offset(Position(document.body_start + 1, 1))
    text = "".join(line + document.newline for line in made.lines)
    candidate = ours.edited((Edit(start, end, text),))
    same = candidate.parsed.record is not None and not candidate.new_faults(merged)
    return candidate if same and _said(candidate) == _said(merged) else merged


def _said(draft: Draft) -> Mapping[str, object]:
    """What the fields say, however it is written."""
    front = draft.document.front
    return {entry.key.text: _plain(entry.value) for entry in (front.entries if front else ())}


def _plain(node: yaml_nodes.Node) -> object:
    if isinstance(node, yaml_nodes.Scalar):
        return (node.text, node.quoted and not node.text)
    if isinstance(node, yaml_nodes.Sequence):
        return [_plain(item) for item in node.items]
    return {entry.key.text: _plain(entry.value) for entry in node.entries}


def _values(document: Document) -> Mapping[str, str]:
    """The values as they are written, by field; those over several lines in brackets."""
    front = document.front
    return {e.key.text: _written(document, e.value) for e in (front.entries if front else ())}


def _written(document: Document, node: yaml_nodes.Node) -> str:
    if not isinstance(node, yaml_nodes.Scalar) and not node.flow:
        items, pairs = _list(node), _map(node)
        if items is not None:
            return flow_list(items)
        if pairs is not None:
            return flow_map(pairs)
        message = "a list in a list cannot be moved"
        raise ValueError(message)
    return document.text[document.offset(node.position) : document.offset(node.end)]


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
