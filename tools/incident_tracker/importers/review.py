"""What a source says of causes, lessons and actions as the text of a review.

Only sections that it fills stand there; what it tells of the incident stands in the incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from incident_tracker.importers.narrated import told
from incident_tracker.importers.prose import heading, pieces
from incident_tracker.importers.record import signed
from incident_tracker.importers.settle import Settled
from incident_tracker.importers.story import ACTIONS, Story, Task
from incident_tracker.log.lists import DONE, DUE, KEYS, LABELS, OWNER, OWNER_KEY, TICKET
from incident_tracker.protocol import Protocol
from incident_tracker.text.yaml_writer import flow_list, flow_map

VALUE = re.compile(rf"\((?=[ \t]*(?:{KEYS})[ \t]*:)", re.IGNORECASE)
LINK = "[The incident](../../incidents/{year}/{id}.md) tells it."


def review_text(settled: Settled, protocol: Protocol, record_id: str) -> str:
    """The text of the review of an incident, empty where its source says nothing of that kind."""
    story = settled.draft.story
    if story is None or not story.is_reviewed:
        return ""
    lines = ["---", *_front(settled, story, protocol), "---"]
    for key, section in protocol.review_sections.items():
        if key in ("summary", "timeline", "impact"):
            text = [LINK.format(year=record_id[:4], id=record_id)] if key == "timeline" else []
        elif key == ACTIONS:
            others = told(story, key, section.text)
            text = [*_tasks(story), *(["", *others] if others else [])]
        else:
            text = told(story, key, section.text)
        if text:
            lines += [f"## {section.text}", *text, ""]
    while not lines[-1]:
        lines.pop()
    return signed("\n".join(lines) + "\n")


def _front(settled: Settled, story: Story, protocol: Protocol) -> Iterator[str]:
    draft = settled.draft
    yield f"status: {list(protocol.review_statuses)[-1]}"
    if story.attendees:
        yield f"attendees: {flow_list(story.attendees)}"
    origin = {"system": draft.system, "id": draft.id, "url": draft.url}
    yield f"origin: {flow_map({key: value for key, value in origin.items() if value})}"


def _tasks(story: Story) -> Iterator[str]:
    group = ""
    for number, task in enumerate(story.tasks):
        if task.group != group:
            group = task.group
            yield from ("",) if number else ()
            yield from (*heading(group), "") if group else ()
        yield from _task(task)


def _task(task: Task) -> Iterator[str]:
    """The lines of one action; its text can hold no value but those that were read."""
    first, *more = pieces(task.text)
    values = {OWNER_KEY: task.owner if OWNER.fullmatch(task.owner) else ""}
    values |= {DUE: str(task.due or ""), TICKET: task.ticket, DONE: str(task.done or "")}
    said = ", ".join(f"{LABELS[key]}: {value}" for key, value in values.items() if value)
    text = _without_values(first)
    yield f"- [{'x' if task.is_done else ' '}] {text}{f' ({said})' if said else ''}"
    for line in (*more, *(piece for text in task.more for piece in pieces(text))):
        yield f"    - {line}"


def _without_values(text: str) -> str:
    """A text whose own brackets are not read as the values of an action."""
    return VALUE.sub("&#40;", text)
