"""How ``incident tick`` finds the record that has the box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incident_tracker.cli._shared import Session
from incident_tracker.lifecycle.boxes import begun_with, box_named, with_all_ticked, with_tick
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.text.stamps import written_stamp


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is said about a box."""

    note: str = ""
    not_applicable: str = ""
    at: str | None = None


def tick(session: Session, record_id: str, box: str, answer: Answer) -> None:
    """Tick a box of the incident or, where it has none of that name, of its review."""
    path = path_of(record_id)
    if box.casefold() == "all":
        session.change(path, with_all_ticked)
        return
    review = path_of(record_id, "pir")
    paths = [p for p in (path, review) if p == path or session.workspace.text(p) is not None]
    begun = [begun_with(session.draft(p), box.strip().casefold()) for p in paths]
    _refuse_two(box, begun)
    path = path if begun[0] else paths[-1] if begun[-1] else path
    try:
        key = box_named(session.draft(path), box)
    except Refusal:
        path = paths[-1]
        key = box_named(session.draft(path), box)
    when = session.at(answer.at, session.draft(path).record) if answer.at else None

    def change(draft: Draft) -> Draft:
        stamp = written_stamp(when, draft.zone) if when else ""
        note = ", ".join(part for part in (stamp, answer.note) if part)
        return with_tick(draft, key, note=note, not_applicable=answer.not_applicable)

    session.change(path, change)


def _refuse_two(typed: str, begun: Sequence[Mapping[str, str]]) -> None:
    """Refuse the beginning of a box of the incident that is one of its review as well."""
    names = {name.casefold() for words in begun for pair in words.items() for name in pair}
    if len(begun) > 1 and all(begun) and typed.strip().casefold() not in names:
        both = "; ".join(word for words in begun for word in words.values())
        raise Refusal(
            f'"{typed}" begins boxes of the incident and of its review', f"one of: {both}"
        )
