"""Status updates: the block that a command writes, and where it goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.approval import (
    KEY,
    MARK,
    approval,
    approved_by,
    is_another_text,
)
from incident_tracker.lifecycle.draft import Draft, one_line, paragraph
from incident_tracker.lifecycle.public_texts import is_among
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Person, Update
from incident_tracker.text import edit
from incident_tracker.text.stamps import written_stamp

UPDATES = "Updates"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What an update tells; a text is empty where nothing is said about it."""

    at: datetime
    status: str
    message: str
    next_update: datetime | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, str] = field(default_factory=dict)


def with_update(draft: Draft, telling: Telling) -> Draft:
    """Return the draft with one more update, in the order of time."""
    by = telling.keys.get(KEY, "")
    keys = {key: text for key, text in telling.keys.items() if key != KEY}
    draft, number = _with_block(draft, telling, _block(draft, replace(telling, keys=keys)))
    return with_approval(draft, draft.incident.log.updates[number], by) if one_line(by) else draft


def _with_block(draft: Draft, telling: Telling, lines: list[str]) -> tuple[Draft, int]:
    """The draft with the lines of an update in their place, and which update that is."""
    before = [u for u in draft.incident.log.updates if u.at is not None and u.at <= telling.at]
    following = draft.incident.log.updates[len(before) :]
    if draft.document.section(UPDATES) is None or not following:
        return draft.with_lines(UPDATES, lines), -1
    place = following[0].position.line - 1
    return draft.edited(edit.insert_lines(draft.document, place, [*lines, ""])), len(before)


def with_approval(draft: Draft, update: Update, by: str, people: Collection[Person] = ()) -> Draft:
    """Return the draft in which an update says who approved it as it is.

    Who did before stays, but for who may not, by ``people``, or approved another text.
    """
    name, label = MARK.sub("", one_line(by)), draft.protocol.update_keys[KEY].label
    if not name:
        raise Refusal("nobody is named", "--approved-by NAME")
    before = next((keyed for keyed in update.keys if keyed.key == KEY), None)
    former = approved_by(update)
    if former and is_among(former, people) and not is_another_text(update):
        name = former
    name = approval(name, update)
    if before is not None:
        at = Position(before.position.line, 1)
        start, was = draft.document.offset(at), draft.document.line_text(at.line)
        return draft.edited((Edit(start, start + len(was), f"- {label}: {name}"),))
    keys = [keyed.position.line for keyed in update.keys]
    filled = [
        n
        for n in range(update.lines[0], update.lines[1] + 1)
        if draft.document.line_text(n).strip()
    ]
    place = max(keys or filled or [update.position.line])
    return draft.edited(edit.insert_lines(draft.document, place, [f"- {label}: {name}"]))


def _block(draft: Draft, telling: Telling) -> list[str]:
    message = paragraph(telling.message)
    if not message:
        raise Refusal("an update needs words", '--message "what we know and what we do"')
    protocol, zone = draft.protocol, draft.zone
    statuses = {**protocol.maintenance_statuses, **protocol.statuses}
    stamp = written_stamp(telling.at, zone)
    values = {key: one_line(text) for key, text in telling.keys.items() if text.strip()}
    if telling.components:
        values["components"] = ", ".join(f"{c} {level}" for c, level in telling.components.items())
    if telling.next_update is not None:
        soon = telling.next_update - telling.at < A_DAY
        day = telling.next_update.astimezone(zone).date() if soon else None
        values["next-update"] = written_stamp(telling.next_update, zone, day=day)
    # The order in which people ask: who suffers, what happens next, until when.
    first = ("impact", "next-steps", "eta", "next-update")
    order = [*first, *(key for key in protocol.update_keys if key not in first)]
    keys = [f"- {protocol.update_keys[k].label}: {values[k]}" for k in order if values.get(k)]
    return [f"### {stamp} - {statuses[telling.status].label}", *message, *keys]
