"""Checklist boxes: ticked, answered or left open, and made where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Box, Incident
from incident_tracker.protocol import Protocol, Word
from incident_tracker.text import edit

CHECKLIST = "Checklist"


def own_boxes(draft: Draft) -> Mapping[str, Word]:
    """Return the boxes that are somebody's word in this record, by identifier."""
    protocol, record = draft.protocol, draft.record
    if not isinstance(record, Incident):
        return protocol.review_boxes
    security = set(record.kinds) & set(protocol.internal_kinds)
    return {**protocol.verification_boxes, **(protocol.security_boxes if security else {})}


def box_named(draft: Draft, text: str) -> str:
    """Return the box that a text names: its beginning, its identifier, or nearly its words."""
    boxes = own_boxes(draft)
    wanted = text.strip().casefold()
    spelled = {word.text.casefold(): key for key, word in boxes.items()}
    found = {key for said, key in spelled.items() if said.startswith(wanted) or key == wanted}
    if not found:
        found = {spelled[near] for near in get_close_matches(wanted, spelled, n=1)}
    if not found:
        found = {key for said, key in spelled.items() if wanted in said}
    if len(found) == 1:
        return found.pop()
    known = "; ".join(word.text for word in boxes.values())
    message = (
        f'"{one_line(text)}" is {"no box here" if not found else "the beginning of several boxes"}'
    )
    raise Refusal(message, f"one of: {known}")


def begun_with(draft: Draft, text: str) -> Mapping[str, str]:
    """Return the boxes of a record that a text is the beginning of, with their words."""
    boxes = own_boxes(draft).items()
    return {key: word.text for key, word in boxes if word.text.casefold().startswith(text)}


def with_boxes(draft: Draft) -> Draft:
    """Return the draft with all boxes that are somebody's word; new ones are open."""
    present = {box.box for box in _boxes(draft)}
    missing = [word for key, word in own_boxes(draft).items() if key not in present]
    lines = [f"- [ ] {word.text}" for word in missing]
    return draft.with_lines(CHECKLIST, lines) if lines else draft


def with_tick(draft: Draft, key: str, *, note: str = "", not_applicable: str = "") -> Draft:
    """Return the draft with a box ticked, with a note or with the reason why it does not apply."""
    draft = with_boxes(draft)
    said = one_line(note)
    if not_applicable:
        said = f"{_not_applicable(draft.protocol)}: {one_line(not_applicable)}"
    box = next(box for box in _boxes(draft) if box.box == key)
    text = own_boxes(draft)[key].text
    line = box.position.line
    return draft.edited(
        edit.tick_box(draft.document, line, ticked=True, note=said or None, box=text)
    )


def with_all_ticked(draft: Draft) -> Draft:
    """Return the draft with every box of the verification ticked that nobody answered before.

    What a security incident asks besides is said box by box, never in one word.
    """
    draft = with_boxes(draft)
    ours = draft.protocol.verification_boxes
    for key in [box.box for box in _boxes(draft) if box.box in ours and not box.answered]:
        draft = with_tick(draft, key)
    return draft


def newly_ticked(before: Draft, after: Draft) -> tuple[str, ...]:
    """Return the words of the boxes that are answered now and were not before."""
    old = {box.box for box in _boxes(before) if box.answered}
    words = own_boxes(after)
    found = (box.box for box in _boxes(after) if box.answered and box.box not in old)
    return tuple(words[key].text for key in found if key in words)


def _boxes(draft: Draft) -> Iterable[Box]:
    record = draft.record
    return record.boxes if isinstance(record, Incident) else draft.review.boxes


def _not_applicable(protocol: Protocol) -> str:
    return protocol.words.not_applicable[0]
