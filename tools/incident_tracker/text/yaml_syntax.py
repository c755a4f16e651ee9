"""What libyaml could not read, said in words that help, at the place that has to change."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.text.characters import shown

_FIELD = re.compile(r"(?P<head>[ ]*(?:-[ ]+)?(?P<key>[^\s:#\[{][^:]*?)[ ]*:[ \t]+)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<head>(?P<key>[ ]*-)[ \t]+)(?P<value>\S.*)")
_TIGHT = re.compile(r"[ ]*[A-Za-z_][\w-]*:(?=[^\s:/])")
_COMMENT = re.compile(r"[ \t]+#.*$")
_UNUSUAL_START = "@`%*&!|>,[]{}?-"


@dataclass(frozen=True, slots=True)
class _Scene:
    """An error with the lines around it; line and column count from 0 here."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int
    lines: list[str]

    @property
    def text(self) -> str:
        return self.lines[self.line]

    def offset(self, line: int, column: int) -> int:
        return sum(len(text) + 1 for text in self.lines[:line]) + column


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why, where (from 0), and what to do about it."""

    message: str
    line: int
    column: int
    help: str | None = None
    fix: tuple[Edit, ...] = ()


def explained(error: yaml.MarkedYAMLError, text: str, first_line: int) -> Fault:
    """The FMT008 for a syntax error in `text`, whose first line is `first_line`."""
    scene = _scene(error, text)
    cause = next(filter(None, (find(scene) for find in _CAUSES)), None) or _unknown(scene)
    return _fault(cause, first_line)


def too_deep(error: yaml.MarkedYAMLError, text: str, depth: int) -> Position | None:
    """Where brackets go deeper than `depth`, None where the error is another one.

    libyaml, as PyYAML brings it from 6.0.4 on, gives up on its own far behind that place.
    """
    mark = error.problem_mark
    if mark is None or "nesting depth" not in (error.problem or ""):
        return None
    line = text.split("\n")[mark.line]
    opening = [column for column, sign in enumerate(line) if sign in "[{"]
    outside = bool(opening) and bool(line[: opening[0]].strip())
    column = opening[min(depth - outside, len(opening) - 1)] if opening else 0
    return Position(mark.line + 1, column + 1)


def too_large(what: str, line: int, column: int = 1) -> Fault:
    """The FMT012 for more than is read."""
    return Fault(
        code="FMT012",
        message=f"this is too large to read: {what}",
        position=Position(line, column),
        help="move what is long into the text below, or into a file of its own",
    )


def missing_space(text: str, first_line: int) -> Fault | None:
    """The FMT008 for a text that begins with `name:value`, which YAML takes for one word."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line and not line.startswith("#")), 0)
    cause = _tight(_Scene("", "", first, 0, first, 0, lines), first)
    return None if cause is None else _fault(cause, first_line)


def _fault(cause: _Cause, first_line: int) -> Fault:
    return Fault(
        code="FMT008",
        message=cause.message,
        position=Position(first_line + cause.line, cause.column + 1),
        help=cause.help,
        fix=cause.fix,
    )


def _scene(error: yaml.MarkedYAMLError, text: str) -> _Scene:
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    context = error.context_mark or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    # An error at the end of the text is marked one line behind the last.
    last = len(lines) - 1
    return _Scene(
        problem=error.problem or "",
        context=error.context or "",
        line=min(line, last),
        column=column if line <= last else len(lines[last]),
        context_line=min(context.line, last) if context else 0,
        context_column=context.column if context else 0,
        lines=lines,
    )


def _tab(scene: _Scene) -> _Cause | None:
    for line in (scene.line, scene.context_line):
        text = scene.lines[line]
        indent = text[: len(text) - len(text.lstrip())]
        if "\t" in indent and ("tab" in scene.problem or "cannot start" in scene.problem):
            start = scene.offset(line, 0)
            fix = Edit(start, start + len(indent), indent.replace("\t", "  "))
            column = indent.index("\t")
            return _Cause(
                "a tab indents this line, where only spaces may",
                line,
                column,
                "write two spaces for the tab",
                (fix,),
            )
    return None


def _open_quote(scene: _Scene) -> _Cause | None:
    if scene.context == "while scanning a quoted scalar":
        return _never_closed(scene, scene.context_line, scene.context_column)
    if "did not find expected" not in scene.problem or scene.column == 0:
        return None
    quote = scene.text[: scene.column].rstrip()[-1:]
    if quote not in {"'", '"'}:
        return None
    here = _FIELD.match(scene.text) or _ITEM.match(scene.text)
    if here and here["value"].startswith(quote) and here.start("value") < scene.column - 1:
        return _in_quotes(scene, scene.line, here, "text follows the closing quote")
    for line in range(scene.line - 1, -1, -1):
        found = _FIELD.match(scene.lines[line]) or _ITEM.match(scene.lines[line])
        if found and found["value"].startswith(quote) and found["value"].count(quote) % 2:
            return _never_closed(scene, line, found.start("value"))
    return None


def _never_closed(scene: _Scene, line: int, column: int) -> _Cause:
    text = scene.lines[line].rstrip()
    return _Cause(
        "the quote that opens here is never closed",
        line,
        column,
        f"write the closing quote: {shown(text)[:120].strip()}{text[column : column + 1]}",
    )


def _escape(scene: _Scene) -> _Cause | None:
    if "escape" not in scene.problem:
        return None
    return _Cause(
        "in double quotes a backslash begins an escape, and this is none",
        scene.line,
        scene.column,
        "write two backslashes, or use single quotes",
    )


def _missing_space(scene: _Scene) -> _Cause | None:
    if "mapping values" not in scene.problem and "expected ':'" not in scene.problem:
        return None
    lines = [scene.context_line] if scene.context else [scene.line - 1, scene.line]
    return next(filter(None, (_tight(scene, line) for line in lines if line >= 0)), None)


def _tight(scene: _Scene, line: int) -> _Cause | None:
    text = scene.lines[line]
    found = _TIGHT.match(text)
    if found is None:
        return None
    at = scene.offset(line, found.end())
    return _Cause(
        "a space is missing after the colon",
        line,
        found.end() - 1,
        f"write {shown(text.strip())[: found.end()]} {shown(text[found.end() :].strip())[:120]}",
        (Edit(at, at, " "),),
    )


def _plain_value(scene: _Scene) -> _Cause | None:
    found = _FIELD.match(scene.text) or _ITEM.match(scene.text)
    if found is None or scene.column < found.start("value"):
        return None
    value = found["value"]
    if value[0] in "'\"" or (value[0] in "[{" and scene.context.startswith("while parsing a flow")):
        return None
    if value[0] in _UNUSUAL_START and value[0] not in "[{":
        return _in_quotes(scene, scene.line, found, f'a plain value cannot begin with "{value[0]}"')
    if "mapping values" in scene.problem and value[0] not in "[{":
        message = 'the value holds ": ", which would begin another field'
        return _in_quotes(scene, scene.line, found, message)
    return None


def _strange_name(scene: _Scene) -> _Cause | None:
    name = scene.text.strip()
    if not name or name[0] not in _UNUSUAL_START or "while parsing a flow" in scene.context:
        return None
    indent = scene.text.index(name)
    if scene.column not in {indent, indent + 1, indent + 2}:
        return None
    return _Cause(
        f'a field\'s name cannot begin with "{name[0]}"',
        scene.line,
        indent,
        "delete the line, or put the name in quotes",
    )


def _directive(scene: _Scene) -> _Cause | None:
    if "document start" not in scene.problem:
        return None
    lines = scene.lines[: scene.line + 1]
    line = next((n for n, text in enumerate(lines) if text.startswith("%")), None)
    message = "a YAML directive (%) is not read"
    return None if line is None else _Cause(message, line, 0, "delete the line")


def _in_quotes(scene: _Scene, line: int, found: re.Match[str], message: str) -> _Cause:
    value = found["value"].rstrip(" \t\r")  # what else looks empty is text to YAML
    if value[0] not in "'\"":
        value = _COMMENT.sub("", value)
    quoted = json.dumps(value, ensure_ascii=False)
    start = scene.offset(line, found.start("value"))
    return _Cause(
        message,
        line,
        found.start("value"),
        f"put the value in quotes: {shown(found['head'])[:60].strip()} {shown(quoted)[:200]}",
        (Edit(start, start + len(value), quoted),),
    )


def _indented(scene: _Scene) -> _Cause | None:
    text = scene.text
    indent = len(text) - len(text.lstrip(" "))
    if indent == 0 or not text.strip():
        return None
    if "mapping values" in scene.problem or (
        scene.problem == "did not find expected key" and scene.column == indent
    ):
        return _Cause(
            "the indentation of this line fits none of the lines above it",
            scene.line,
            indent,
            "give it as many spaces as the field it stands beside",
        )
    return None


def _open_bracket(scene: _Scene) -> _Cause | None:
    if not scene.context.startswith("while parsing a flow"):
        return None
    bracket = scene.lines[scene.context_line][scene.context_column : scene.context_column + 1]
    if bracket not in {"[", "{"} or "' or '" not in scene.problem:
        return None
    closing = "]" if bracket == "[" else "}"
    return _Cause(
        f'the "{bracket}" that opens here is not closed, or a comma is missing behind it',
        scene.context_line,
        scene.context_column,
        f'write "{closing}" at its end, and quotes around a text with "{closing}" or a comma',
    )


def _no_colon(scene: _Scene) -> _Cause | None:
    if "could not find expected ':'" not in scene.problem:
        return None
    return _Cause(
        'this line is no field: it has no ": "',
        scene.context_line,
        scene.context_column,
        'write "name: value", or indent it if it goes on with the value above',
    )


def _unknown(scene: _Scene) -> _Cause:
    where = f" ({scene.context})" if scene.context else ""
    return _Cause(
        f"this is not readable: {scene.problem or 'no reason was given'}{where}",
        scene.line,
        scene.column,
        "put a value with special characters in quotes",
    )


_CAUSES: tuple[Callable[[_Scene], _Cause | None], ...] = (
    _tab,
    _open_quote,
    _escape,
    _missing_space,
    _plain_value,
    _indented,
    _open_bracket,
    _no_colon,
    _directive,
    _strange_name,
)
