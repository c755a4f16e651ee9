"""Plain fields, read without a parser: what libyaml would make of them, and None of all else.

Nearly every front matter is one `name: value` on each line, the value a text, a list in brackets or
a map in braces. Whatever is not certainly that is left to the parser, so nothing is found here.
"""

import re

from incident_tracker.finding import Position
from incident_tracker.text.yaml_nodes import Entry, Mapping, Node, Scalar, Sequence

MOST_CHARACTERS = 10_000
_WORD = r"[A-Za-z0-9][A-Za-z0-9_.@/+-]{0,80}+(?: [A-Za-z0-9][A-Za-z0-9_.@/+-]{0,80}+){0,8}+"
_FIELD = re.compile(
    r"([a-z_]{1,40}): {1,8}(?:"
    r"(?P<plain>[A-Za-z0-9][^#]*+)"
    r"|\"(?P<double>[^\"\\]*+)\""
    r"|'(?P<single>[^']*+)'"
    rf"|\[(?P<list>{_WORD}(?:, {_WORD})*+)\]"
    rf"|\{{(?P<map>{_WORD}: {_WORD}(?:, {_WORD}: {_WORD})*+)\}})"
)


def plain_fields(text: str, first_line: int) -> Mapping | None:
    """The mapping that a text is, None where only the parser knows."""
    if len(text) > MOST_CHARACTERS:
        return None
    entries: dict[str, Entry] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), first_line):
        found = _FIELD.fullmatch(line)
        # What is not printable may end a line, or not be YAML at all.
        if found is None or found[1] in entries or not line.isprintable():
            return None
        name, kind = found[1], found.lastgroup or ""
        value = _value(found, kind, number)
        if value is None:
            return None
        key = Scalar(name, number, 1, number, len(name) + 1, quoted=False)
        entries[name] = Entry(key, value)
    every = tuple(entries.values())
    return Mapping(every, Position(first_line, 1), every[-1].value.end, flow=False)


def _value(found: re.Match[str], kind: str, line: int) -> Node | None:
    written, column, end = found[kind], found.start(kind) + 1, found.end(kind) + 1
    if kind == "plain":
        if ": " in written or written[-1] in ": ":
            return None
        return Scalar(written, line, column, line, end, quoted=False)
    if kind in {"double", "single"}:
        return Scalar(written, line, column - 1, line, end + 1, quoted=True)
    begin, behind = Position(line, column - 1), Position(line, end + 1)
    if kind == "list":
        items: list[Node] = []
        for word in written.split(", "):
            items.append(_word(word, line, column))
            column += len(word) + 2
        return Sequence(tuple(items), begin, behind, flow=True)
    entries: dict[str, Entry] = {}
    for pair in written.split(", "):
        name, _, word = pair.partition(": ")
        if name in entries:
            return None
        entries[name] = Entry(_word(name, line, column), _word(word, line, column + len(name) + 2))
        column += len(pair) + 2
    return Mapping(tuple(entries.values()), begin, behind, flow=True)


def _word(text: str, line: int, column: int) -> Scalar:
    return Scalar(text, line, column, line, column + len(text), quoted=False)
