"""Changes to ``contacts.yml`` as edits of the few lines that must change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.refusal import NothingFound, Refusal, Unreadable, refuse_earlier
from incident_tracker.registers import Contacts, read_register
from incident_tracker.text.document import Document
from incident_tracker.text.edit import apply, insert_lines
from incident_tracker.text.tables import nearest
from incident_tracker.text.yaml_reader import Mapping, Node, Scalar, Sequence, read_yaml

EVERYBODY = ("people", "providers", "vendors")
CHECK = "incident check names every place"
NOT_UTF8 = "FMT005"


def with_tested(
    document: Document, name: str, method: str, day: date
) -> tuple[str, tuple[str, ...]]:
    """Return the text with a day on which somebody was reached, and the ways that it is about.

    ``name`` is an id or a name, ``method`` a kind or an address, empty for all.
    """
    found = _named(_root(document), name)
    methods = found.get("methods")
    if methods is None:
        if method:
            message = f"{name} is a party, which has no methods"
            raise Refusal(message, f"incident contacts tested {name}")
        return apply(document.text, _dated(document, found, day)), (text_of(found, "name"),)
    tried = [node for node in _rows(methods) if _is_meant(node, method)]
    if not tried:
        if not method:
            raise NothingFound(f"no way to reach {name} is written down", "add it to its methods")
        known = ", ".join(text_of(node, "kind") for node in _rows(methods))
        raise NothingFound(f'{name} has no method "{method}"', f"there are: {known}")
    edits = [edit for node in tried for edit in _dated(document, node, day)]
    return apply(document.text, edits), tuple(
        f"{text_of(n, 'kind')} {text_of(n, 'value')}" for n in tried
    )


def person_in(document: Document, name: str) -> Mapping:
    """Return the entry of a person with that id or name; a refusal where there is none."""
    return _named(_root(document), name, ("people",))


def with_confirmed(document: Document, day: date, today: date) -> str:
    """Return the text with the day on which the list was read through, never an earlier one."""
    root = _root(document)
    entry = root.entry("confirmed")
    if entry is None:
        line = root.entries[0].key.position.line
        return apply(document.text, insert_lines(document, line - 1, [f"confirmed: {day}"]))
    refuse_earlier("confirmed", text_of(root, "confirmed"), day, today)
    return apply(document.text, [_replaced(document, entry.value, f"{day}")])


def begun(document: Document, day: date) -> str:
    """Return the list of a new tracker: begun on a day, nothing tried or read, nobody trained."""
    root = _root(document)
    edits: list[Edit] = []
    entry = root.entry("confirmed")
    if entry is not None:
        start = document.offset(entry.key.position)
        edits.append(Edit(start, document.offset(entry.value.end), f"since: {day}"))
    for node in _everybody(root):
        rows = [node, *_rows(node.get("methods"))]
        tested = [row.get("tested") for row in rows]
        edits += [_replaced(document, value, "[]") for value in tested if value is not None]
        edits += _without(document, node, "trained")
    return apply(document.text, edits)


def _without(document: Document, node: Mapping, key: str) -> Iterator[Edit]:
    """Yield the edit that takes an entry away that stands in lines of its own."""
    entry = node.entry(key)
    if entry is None or node.flow or entry is node.entries[0]:
        return
    last = entry.value
    while isinstance(last, Mapping) and last.entries and not last.flow:
        last = last.entries[-1].value
    start = document.offset(Position(entry.key.position.line, 1))
    end = document.offset(Position(last.end.line + 1, 1))
    yield Edit(start, end, "")


def _root(document: Document) -> Mapping:
    node, faults = read_yaml(document.text)
    _, wrong = read_register(Contacts, document.text)
    faults = (*(f for f in document.faults if f.code == NOT_UTF8), *faults)
    if not isinstance(node, Mapping) or faults or wrong:
        fault = next(iter((*faults, *wrong)), None)
        place = f", line {fault.position.line}: {fault.message}" if fault else " is empty"
        raise Unreadable(f"protocol/contacts.yml{place}", CHECK)
    return node


def _everybody(root: Mapping, lists: tuple[str, ...] = EVERYBODY) -> Iterator[Mapping]:
    for key in lists:
        yield from _rows(root.get(key))


def _rows(node: Node | None) -> list[Mapping]:
    items = node.items if isinstance(node, Sequence) else ()
    return [item for item in items if isinstance(item, Mapping)]


def text_of(node: Mapping, key: str) -> str:
    """Return a value of an entry, empty where there is none."""
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _named(root: Mapping, name: str, lists: tuple[str, ...] = EVERYBODY) -> Mapping:
    plain = name.strip().casefold()
    everybody = list(_everybody(root, lists))
    for key in ("id", "name"):
        found = [node for node in everybody if text_of(node, key).casefold() == plain]
        if len(found) == 1:
            return found[0]
        if found:
            message = f'"{name}" is the {key} of {len(found)} in protocol/contacts.yml'
            raise Refusal(message, f"one of: {', '.join(text_of(node, 'id') for node in found)}")
    known = [text_of(node, "id") for node in everybody]
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
    raise NothingFound(f'nobody is called "{name}" in protocol/contacts.yml', hint)


def _is_meant(node: Mapping, method: str) -> bool:
    plain = method.strip().casefold()
    return plain in ("", text_of(node, "kind").casefold(), text_of(node, "value").casefold())


def _dated(document: Document, node: Mapping, day: date) -> Iterator[Edit]:
    """Yield the edit that adds a day to what was tried, in its order; none where it is there."""
    value = node.get("tested")
    if value is None:
        yield from _new_key(document, node, f"tested: [{day}]")
        return
    if not isinstance(value, Sequence):
        yield _replaced(document, value, f" [{day}]" if value.position == value.end else f"[{day}]")
        return
    days = [item for item in value.items if isinstance(item, Scalar)]
    if any(item.text == f"{day}" for item in days):
        return
    later = next((item for item in days if item.text > f"{day}"), None)
    if not days:
        yield _replaced(document, value, f"[{day}]")
    elif value.flow:
        at = document.offset(later.position if later else days[-1].end)
        yield Edit(at, at, f"{day}, " if later else f", {day}")
    else:
        last = later or days[-1]
        indent = " " * (value.position.column - 1)
        line = last.position.line - 1 if later else last.position.line
        yield from insert_lines(document, line, [f"{indent}- {day}"])


def _new_key(document: Document, node: Mapping, written: str) -> tuple[Edit, ...]:
    last = node.entries[-1].value
    if node.flow:
        at = document.offset(last.end)
        return (Edit(at, at, f", {written}"),)
    indent = " " * (node.position.column - 1)
    return insert_lines(document, last.end.line, [f"{indent}{written}"])


def _replaced(document: Document, value: Node, written: str) -> Edit:
    return Edit(document.offset(value.position), document.offset(value.end), written)
