"""Who was trained in what, written into ``contacts.yml``: one line, every other byte stays."""

from __future__ import annotations

from datetime import date

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.contacts import person_in, text_of
from incident_tracker.lifecycle.refusal import Refusal, refuse_earlier
from incident_tracker.registers import Contacts, read_register
from incident_tracker.text.document import Document
from incident_tracker.text.edit import apply, insert_lines
from incident_tracker.text.yaml_reader import Mapping

STEP = "  "
BY_HAND = "write it by hand: trained: {topic: 2026-11-03}"


def with_training(document: Document, person: str, topic: str, day: date, today: date) -> str:
    """Return the text with the day on which a person was trained in a topic."""
    found = person_in(document, person)
    person = text_of(found, "id")
    entry = found.entry("trained")
    trained = entry.value if entry is not None else None
    if isinstance(trained, Mapping) and trained.entries:
        edits = _in(document, trained, topic, day, today)
    elif entry is None and not found.flow:
        last = found.entries[-1].value.end.line
        indent = " " * (found.entries[0].key.position.column - 1)
        lines = (f"{indent}trained:", f"{indent}{STEP}{topic}: {day}")
        edits = insert_lines(document, last, lines)
    else:
        message = f"the training of {person} is written in a way that is not changed here"
        raise Refusal(message, BY_HAND)
    text = apply(document.text, edits)
    table, _ = read_register(Contacts, text)
    people = table.people if table is not None else ()
    if not any(one.id == person and one.trained.get(topic) == day for one in people):
        message = f"{document.path} could not be changed so that it says this"
        raise Refusal(message, BY_HAND)
    return text


def _in(
    document: Document, trained: Mapping, topic: str, day: date, today: date
) -> tuple[Edit, ...]:
    known = trained.entry(topic)
    if known is not None:
        refuse_earlier(topic, text_of(trained, topic), day, today)
        start, end = document.offset(known.value.position), document.offset(known.value.end)
        return (Edit(start, end, day.isoformat()),)
    last = trained.entries[-1].value.end
    if trained.flow:
        at = document.offset(last)
        return (Edit(at, at, f", {topic}: {day}"),)
    column = trained.entries[0].key.position.column
    return insert_lines(
        document, Position(last.line, 1).line, (f"{' ' * (column - 1)}{topic}: {day}",)
    )
