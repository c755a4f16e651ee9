"""How ``incident tick`` finds the record that has the box."""

from __future__ import annotations

from dataclasses import dataclass

from incident_tracker.cli._shared import Session
from incident_tracker.lifecycle.boxes import box_named, with_all_ticked, with_tick
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
    try:
        key = box_named(session.draft(path), box)
    except Refusal:
        path = path_of(record_id, "pir")
        if session.workspace.text(path) is None:
            raise
        key = box_named(session.draft(path), box)
    when = session.at(answer.at, session.draft(path).record) if answer.at else None

    def change(draft: Draft) -> Draft:
        stamp = written_stamp(when, draft.zone) if when else ""
        note = ", ".join(part for part in (stamp, answer.note) if part)
        return with_tick(draft, key, note=note, not_applicable=answer.not_applicable)

    session.change(path, change)
