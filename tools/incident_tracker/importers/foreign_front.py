"""The front matter of strangers: each field as it is written, with its line, and the text below.

Read strictly where it can be. Where it cannot, each line is read for itself and what is wrong is
told: one broken line costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from incident_tracker.text.yaml_nodes import Mapping, Node, Scalar
from incident_tracker.text.yaml_reader import read_yaml

FENCE = "---"
FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+(.*))?")
ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOTHING = frozenset({"~", "null", "Null", "NULL"})
MOST_LINES = 2_000
FAR = 60
"""Lines within which front matter whose opening line is missing must be closed."""
OTHERS = {"+++": "TOML", ";;;": "JSON", "{": "JSON"}


class NoFrontError(Exception):
    """A file without front matter that can be read: the line, and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Front:
    """Fields by name, texts or lists of texts; ``lines`` also hold ``name[0]`` for list items.

    ``faults`` are what is wrong with the file: a line, the reason. ``body`` begins on
    ``body_line``.
    """

    fields: dict[str, object]
    lines: dict[str, int]
    body: str
    body_line: int
    faults: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Found:
    fields: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_front(data: bytes) -> Front:
    """The front matter of a file and its body; NoFrontError where there is none."""
    text, faults = _decoded(data)
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    opening = lines[first].rstrip()
    if opening == FENCE:
        begin = first + 1
    else:
        begin = first
        if not FIELD.fullmatch(opening) or FENCE not in _stripped(lines[first : first + FAR]):
            raise NoFrontError(first + 1, _no_front(opening))
        faults.append((first + 1, f"the line {FENCE} above the front matter is missing"))
    end = next((n for n in range(begin, len(lines)) if lines[n].rstrip() == FENCE), None)
    if end is None:
        raise NoFrontError(first + 1, f"the front matter is never closed by a line {FENCE}")
    node, wrong = read_yaml("\n".join(lines[begin:end]), first_line=begin + 1)
    faults += [(fault.position.line, fault.message) for fault in wrong]
    found = _by_lines(lines[begin:end], begin + 1) if node is None else _of(node)
    return Front(
        fields=found.fields,
        lines=found.lines,
        body="\n".join(lines[end + 1 :]),
        body_line=end + 2,
        faults=tuple(faults),
    )


def _decoded(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    if data.startswith(UTF_16):
        raise NoFrontError(1, "is UTF-16; save it as UTF-8")
    faults = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append((line, "is not UTF-8; what cannot be read is shown as U+FFFD"))
        text = data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), faults


def _stripped(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _no_front(opening: str) -> str:
    for sign, language in OTHERS.items():
        if opening == sign or (sign == "{" and opening.startswith(sign)):
            return f"its front matter is {language}; hugo convert toYAML makes it YAML"
    return f"no front matter: it does not begin with a line {FENCE}"


def _of(node: Mapping) -> _Found:
    found = _Found()
    for key, value in node.entries:
        name = key.text
        found.fields[name] = _plain(value)
        found.lines[name] = key.position.line
        if not isinstance(value, Scalar | Mapping):
            for number, item in enumerate(value.items):
                found.lines[f"{name}[{number}]"] = item.position.line
    return found


def _plain(node: Node) -> object:
    """The value that a node is; its depth is bounded by the reader."""
    if isinstance(node, Scalar):
        return "" if not node.quoted and node.text in NOTHING else node.text
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.entries}
    return [_plain(item) for item in node.items]


def _by_lines(lines: list[str], first_line: int) -> _Found:
    """What single lines say: ``name: value`` and ``- item``; the first of a name stands."""
    found = _Found()
    name = ""
    for number, line in enumerate(lines[:MOST_LINES], start=first_line):
        begun = FIELD.fullmatch(line)
        if begun:
            name = "" if begun[1] in found.fields else begun[1]
            if name:
                found.lines[name] = number
                found.fields[name] = _value(begun[2] or "")
                _place_items(found, name, number)
            continue
        item = ITEM.fullmatch(line)
        if item and name:
            _add(found, name, _unquoted(item[1]), number)
    return found


def _place_items(found: _Found, name: str, line: int) -> None:
    value = found.fields[name]
    for index in range(len(value) if isinstance(value, list) else 0):
        found.lines[f"{name}[{index}]"] = line


def _add(found: _Found, name: str, item: str, line: int) -> None:
    value = found.fields[name]
    if value == "":
        value = found.fields[name] = []
    if isinstance(value, list):
        found.lines[f"{name}[{len(value)}]"] = line
        value.append(item)


def _value(written: str) -> object:
    text = written.strip()
    if text.startswith("[") and text.endswith("]"):
        return list(_items(text[1:-1]))
    return _unquoted(text)


def _items(text: str) -> Iterator[str]:
    for item in text.split(","):
        if item.strip():
            yield _unquoted(item)


def _unquoted(written: str) -> str:
    text = written.strip()
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        return text[1:-1]
    text = text.partition(" #")[0].rstrip()
    return "" if text in NOTHING else text
