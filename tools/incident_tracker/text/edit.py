"""Changes to a record file as edits of the few lines that must change; every other byte stays.

All functions but `apply` take the document as it was read and return edits of its text. What they
write is read back as it was asked for.
"""

import re
from collections.abc import Iterable, Sequence

from incident_tracker.finding import Edit, Position
from incident_tracker.text.document import Document
from incident_tracker.text.sections import Section
from incident_tracker.text.yaml_nodes import Entry, Mapping, Scalar
from incident_tracker.text.yaml_writer import flow_list, flow_map, scalar

__all__ = [
    "append_to_section",
    "apply",
    "flow_list",
    "flow_map",
    "insert_lines",
    "remove_field",
    "scalar",
    "set_field",
    "set_section_body",
    "tick_box",
]

_BOX = re.compile(r"(?P<head>[ \t]*[-*+][ \t]+\[)[ xX](?P<tail>\][ \t]+)(?P<text>.*)")
_NOTE = re.compile(r"[ \t]*\((?:[^()]|\([^()]*\))*\)$")
_TRAILING_COMMENT = re.compile(r"[ \t]*<!--.*-->[ \t]*$")


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits made; those at one place are made in the order given.

    Raises ValueError for edits that overlap or lie outside of the text.
    """
    pieces: list[str] = []
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not last <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit {edit.start}-{edit.end} overlaps another or leaves the text")
        pieces += [text[last : edit.start], edit.text]
        last = edit.end
    return "".join([*pieces, text[last:]])


def set_field(
    document: Document, key: str, value_yaml: str, *, order: Sequence[str] = ()
) -> tuple[Edit, ...]:
    """The edits that give a top-level field the value written as `value_yaml`.

    A new field goes in front of the first one that comes later in `order`, else behind the last.
    Raises ValueError if the document has no front matter that was read.
    """
    front = _front(document)
    value = value_yaml.replace("\r\n", "\n").replace("\n", document.newline)
    entry = front.entry(key)
    if entry is None:
        return (_new_field(document, front, key, value, order),)
    colon = document.text.index(":", document.offset(entry.key.end)) + 1
    start, end = document.offset(entry.value.position), document.offset(entry.value.end)
    if isinstance(entry.value, Scalar) and not entry.value.quoted and not entry.value.text:
        return (Edit(colon, colon, f" {value}"),)
    if isinstance(entry.value, Scalar) or entry.value.flow:
        return (Edit(start, end, value),)
    # A block begins on a later line; what stands behind the colon is a comment and stays.
    line = entry.key.end.line
    line_end = document.offset(Position(line, len(document.line_text(line)) + 1))
    last = entry.value.end.line
    block_end = document.offset(Position(last, len(document.line_text(last)) + 1))
    return (Edit(colon, colon, f" {value}"), Edit(line_end, block_end, ""))


def remove_field(document: Document, key: str) -> tuple[Edit, ...]:
    """The edits that take a top-level field away with its lines; none if it is not there.

    Of a field that stands twice it is the first one, which is the one that counts. Raises
    ValueError if the document has no front matter that was read.
    """
    front = _front(document)
    entry = front.entry(key)
    if entry is None:
        return ()
    if front.flow:
        return (_without_flow_entry(document, front, entry),)
    start = document.offset(Position(entry.key.position.line, 1))
    return (Edit(start, document.offset(Position(entry.value.end.line + 1, 1)), ""),)


def insert_lines(document: Document, after_line: int, lines: Sequence[str]) -> tuple[Edit, ...]:
    """The edit that puts lines behind a line counted from 1; behind line 0 is the file's start."""
    if not lines:
        return ()
    newline = document.newline
    count = len(document.lines)
    if after_line < count or (after_line == count and document.text.endswith("\n")):
        at = document.offset(Position(after_line + 1, 1))
        return (Edit(at, at, "".join(line + newline for line in lines)),)
    # The last line has no end of its own, and the file is left that way.
    at = len(document.text)
    return (Edit(at, at, "".join(newline + line for line in lines)),)


def append_to_section(
    document: Document, title: str, lines: Sequence[str], order_of_sections: Sequence[str] = ()
) -> tuple[Edit, ...]:
    """The edit that puts lines at the end of a section of level 2, which it makes if need be.

    A new section goes in front of the first one that comes later in the order, else to the end. A
    heading among the lines to add gets a blank line in front of it.
    """
    section = document.section(title)
    if section is None:
        return _new_section(document, title, lines, order_of_sections)
    last = _last_filled(document, section.first_line, section.last_line)
    apart = bool(lines) and lines[0].startswith("#") and last > section.first_line
    return insert_lines(document, last, ["", *lines] if apart else lines)


def set_section_body(
    document: Document, title: str, text: str, order_of_sections: Sequence[str] = ()
) -> tuple[Edit, ...]:
    """The edit that makes `text` the body of a section of level 2; blank lines around it stay."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n") if text.strip() else []
    section = document.section(title)
    if section is None:
        return _new_section(document, title, lines, order_of_sections)
    last = _last_filled(document, section.first_line, section.last_line)
    if last == section.first_line:
        return insert_lines(document, last, lines)
    first = section.first_line
    while not document.lines[first].strip():
        first += 1
    start = document.offset(Position(first + 1, 1))
    if not lines:
        return (Edit(start, document.offset(Position(last + 1, 1)), ""),)
    end = document.offset(Position(last, len(document.lines[last - 1]) + 1))
    return (Edit(start, end, document.newline.join(lines)),)


def tick_box(
    document: Document, line: int, *, ticked: bool, note: str | None = None, box: str | None = None
) -> tuple[Edit, ...]:
    """The edit that ticks or clears the box on a line counted from 1.

    A note takes the place of the one in parentheses at the end; None leaves it, an empty one takes
    it away. `box` is the text of the box, for one that itself ends in parentheses.
    Raises ValueError if there is no box.
    """
    text = document.line_text(line)
    found = _BOX.match(text)
    if found is None:
        raise ValueError(f"line {line} is no box")
    head = f"{found['head']}{'x' if ticked else ' '}{found['tail']}"
    rest = found["text"]
    if note is not None:
        comment = _TRAILING_COMMENT.search(rest)
        behind = comment[0].rstrip() if comment else ""
        said = rest[: comment.start()] if comment else rest.rstrip()
        if box is not None and said.casefold().startswith(box.casefold()):
            said = said[: len(box)]
        else:
            said = _NOTE.sub("", said)
        words = " ".join(note.split())
        rest = f"{said} ({words}){behind}" if words else f"{said}{behind}"
    changed = head + rest
    if changed == text:
        return ()
    start = document.offset(Position(line, 1))
    return (Edit(start, start + len(text), changed),)


def _front(document: Document) -> Mapping:
    if document.front is None:
        raise ValueError(f"{document.path} has no front matter that can be read")
    return document.front


def _new_field(
    document: Document, front: Mapping, key: str, value: str, order: Sequence[str]
) -> Edit:
    name = scalar(key, flow=True)
    if front.flow:
        at = document.offset(front.position) + 1
        return Edit(at, at, f"{name}: {value}{', ' if front.entries else ''}")
    indent = " " * (front.position.column - 1) if front.entries else ""
    later = set(order[order.index(key) + 1 :]) if key in order else set()
    line = document.body_start
    previous = 1
    for entry in front.entries:
        if entry.key.text in later:
            line = entry.key.position.line
            break
        previous = entry.value.end.line
    else:
        previous = line
    # Comments directly above a field speak about it.
    while line - 1 > previous and document.line_text(line - 1).lstrip().startswith("#"):
        line -= 1
    at = document.offset(Position(line, 1))
    return Edit(at, at, f"{indent}{name}: {value}{document.newline}")


def _without_flow_entry(document: Document, front: Mapping, entry: Entry) -> Edit:
    index = front.entries.index(entry)
    start, end = document.offset(entry.key.position), document.offset(entry.value.end)
    if index + 1 < len(front.entries):
        end = document.offset(front.entries[index + 1].key.position)
    elif index:
        start = document.offset(front.entries[index - 1].value.end)
    return Edit(start, end, "")


def _last_filled(document: Document, first: int, last: int) -> int:
    """The number of lines up to the last that is not blank, `first` if all from there on are."""
    while last > first and not document.lines[last - 1].strip():
        last -= 1
    return last


def _new_section(
    document: Document, title: str, lines: Sequence[str], order: Sequence[str]
) -> tuple[Edit, ...]:
    before = _first_later(document, title, order)
    if before is not None:
        at = before.position.line - 1
        apart = at > document.body_start and bool(document.lines[at - 1].strip())
        new = [*([""] if apart else []), f"## {title}", *lines, ""]
        return insert_lines(document, at, new)
    last = _last_filled(document, document.body_start, len(document.lines))
    apart = last > document.body_start
    return insert_lines(document, last, [*([""] if apart else []), f"## {title}", *lines])


def _first_later(document: Document, title: str, order: Sequence[str]) -> Section | None:
    names = [name.casefold() for name in order]
    if title.casefold() not in names:
        return None
    later = set(names[names.index(title.casefold()) + 1 :])
    return next(
        (section for section in document.sections if section.title.casefold() in later), None
    )
