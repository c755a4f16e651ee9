"""An issue form, and which field got which answer in an issue that was opened with it.

GitHub joins all answers to one Markdown text, each below its label as a heading. Whoever fills in a
text area can write such a heading too, so the form itself says which headings are looked for and
in which order: the first one counts, and no field of one line stands behind a text area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.text.fences import Hiding
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, read_yaml
from incident_tracker.text.yaml_reader import Sequence as SequenceNode

FORM = ".github/ISSUE_TEMPLATE/incident.yml"
NO_ANSWER = ("_No response_", "None", "")
ONE_LINE = ("input", "dropdown", "checkboxes")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field that answers something: ``options`` are what a list offers, empty for free text."""

    id: str
    label: str
    is_long: bool
    options: tuple[str, ...] = ()


def read_form(text: str) -> tuple[Field, ...]:
    """Return the fields of a form in their order; Refusal where answers to it could be forged."""
    root, faults = read_yaml(text)
    body = root.get("body") if root else None
    if faults or not isinstance(body, SequenceNode):
        place = f"line {faults[0].position.line}: {faults[0].message}" if faults else "no body"
        raise Refusal(f"{FORM} cannot be read: {place}", f"mend it, or bring it back: {FORM}")
    found = [field for item in body.items if (field := _field(item)) is not None]
    long = next((field for field in found if field.is_long), None)
    for field in found[found.index(long) :] if long else ():
        if not field.is_long:
            message = f'in {FORM} "{field.label}" stands behind "{long.label if long else ""}"'
            raise Refusal(
                f"{message}, whose text could forge its answer",
                "put the text areas behind all other fields",
            )
    return tuple(found)


def answers(form: Sequence[Field], body: str) -> Mapping[str, str]:
    """Return the answers by field id, without those that were not given."""
    lines = body.replace("\r\n", "\n").split("\n")
    places = _headings(form, lines)
    ends = [*(place for _, place in places[1:]), len(lines)]
    found = {}
    for (field, place), end in zip(places, ends, strict=False):
        answer = "\n".join(lines[place + 1 : end]).strip()
        if not field.is_long:
            answer = answer.partition("\n")[0].strip()
        if answer in field.options or answer not in NO_ANSWER:
            found[field.id] = _chosen(field, answer)
    return found


def _headings(form: Sequence[Field], lines: Sequence[str]) -> list[tuple[Field, int]]:
    """The fields that have a heading, each the first behind that of the field before."""
    fenced = _fenced(lines)
    found: list[tuple[Field, int]] = []
    start = 0
    for field in form:
        wanted = f"### {field.label}"
        places = [n for n in range(start, len(lines)) if lines[n].rstrip() == wanted]
        # A heading in code is text, unless the code is two answers with an open fence each.
        place = next((n for n in places if n not in fenced), places[0] if places else None)
        if place is not None:
            found.append((field, place))
            start = place + 1
    return found


def _fenced(lines: Sequence[str]) -> frozenset[int]:
    hiding = Hiding(lines, 0, landmarks=False)
    inside: set[int] = set()
    index = 0
    while index < len(lines):
        end = hiding.fence_end(index)
        inside.update(range(index, end or index))
        index = end or index + 1
    return frozenset(inside)


def _chosen(field: Field, answer: str) -> str:
    """The answer; of a list's option the key in front of its explanation."""
    if not field.options:
        return answer
    if answer not in field.options:
        message = f'"{answer}" is no answer that the form offers for "{field.label}"'
        raise Refusal(message, f"one of: {'; '.join(field.options)}")
    return answer.partition(":")[0].strip()


def _field(item: Node) -> Field | None:
    if not isinstance(item, MappingNode):
        return None
    kind, attributes = _text(item.get("type")), item.get("attributes")
    if kind == "markdown" or not isinstance(attributes, MappingNode):
        return None
    options = attributes.get("options") if kind == "dropdown" else None
    return Field(
        id=_text(item.get("id")),
        label=_text(attributes.get("label")),
        is_long=kind not in ONE_LINE,
        options=tuple(_text(option) for option in options.items)
        if isinstance(options, SequenceNode)
        else (),
    )


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
