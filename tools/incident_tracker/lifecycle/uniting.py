"""What a duplicate knows, told in the record of which it is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle.alerting import with_alerts
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Entry, Incident, Milestone, Update

# What the record would never have been made without says nothing in another one.
LEFT_OUT = ("cancelled",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that is told in the other record."""

    at: datetime
    text: str
    estimated: bool = False


def united(draft: Draft, duplicate: Incident) -> Draft:
    """Return the draft with what a duplicate's log says, each line with where it is from.

    They are notes here: what was reached there is not reached here, and what was promised there is
    no promise of this one. What is still to be done stays to be done, evidence stays evidence, and
    its alerts are known here from now on. A line that is here already is not written again.
    """
    told = {
        (entry.at, _plain(_whole(draft.incident, entry))) for entry in draft.incident.log.entries
    }
    for line in _lines(duplicate):
        if (line.at, _plain(line.text)) not in told:
            draft = with_entry(draft, line.at, line.text, estimated=line.estimated)
    return with_alerts(draft, duplicate.alerts, duplicate.alert_groups)


def differences(other: Incident, duplicate: Incident) -> Iterator[tuple[str, str]]:
    """Yield what a duplicate says beyond the record that tells it, which lines do not bring along.

    Each with what to type: whether it holds for the one incident that both were, a person knows.
    """
    ranks = other.protocol
    if duplicate.severity and ranks.rank(duplicate.severity) < ranks.rank(other.severity):
        yield (
            f"{duplicate.id} was {duplicate.severity}, {other.id} is {other.severity}",
            f'incident set {other.id} severity={duplicate.severity} --reason "…"',
        )
    first, second = (one.at(Milestone.DETECTED) for one in (duplicate, other))
    if first is not None and second is not None and first < second:
        zone = ZoneInfo(other.zone)
        early, late = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (first, second))
        entry = other.log.times.get(Milestone.DETECTED)
        line = f"line {entry.position.line}" if entry else "detected_at"
        yield (
            f"{duplicate.id} was detected at {early}, {other.id} at {late}",
            f"if it was found out then, correct {line} of {other.path}",
        )
    more = {k: v for k, v in duplicate.components.items() if k not in other.components}
    if more:
        both = ",".join(f"{key}={level}" for key, level in {**other.components, **more}.items())
        yield (
            f"{duplicate.id} affects {', '.join(more)}, {other.id} does not say so",
            f"incident set {other.id} components={both}",
        )


def told_by(duplicate: Incident, other: Incident, find: Callable[[str], Incident]) -> None:
    """Refuse to call an incident a duplicate of itself, or of one that tells nothing itself."""
    if other.id == duplicate.id:
        raise Refusal(f"{other.id} cannot be a duplicate of itself", "name the other incident")
    if other.is_withdrawn:
        raise Refusal(f"{other.id} is withdrawn, so it tells nothing", "name another incident")
    last, seen = other, {other.id}
    while last.duplicate_of and last.duplicate_of not in seen:
        seen.add(last.duplicate_of)
        last = find(last.duplicate_of)
    if last is other:
        return
    message = f"{other.id} is a duplicate as well, of {last.id}"
    if duplicate.id in seen:
        reopen = f'incident reopen {other.id} --because "it tells what happened"'
        raise Refusal(message, f"if it is the other way round, first: {reopen}")
    raise Refusal(message, f'--as "duplicate-of {last.id}"')


def _lines(duplicate: Incident) -> Iterator[Line]:
    open_ = {entry.position for entry in duplicate.log.open_todos}
    for entry in duplicate.log.entries:
        phrase = entry.said.phrase if entry.said is not None else ""
        if entry.at is None or phrase in LEFT_OUT:
            continue
        text = _whole(duplicate, entry)
        if entry.position in open_ or phrase == "evidence":
            first, _, more = text.partition("\n")
            text = "\n".join(filter(None, (f"{first} (from {duplicate.id})", more)))
        else:
            text = f"From {duplicate.id}: {text}"
        yield Line(at=entry.at, text=text, estimated=entry.estimated)
    for update in duplicate.log.updates:
        if update.at is not None:
            yield Line(at=update.at, text=f"From {duplicate.id}: {_update(duplicate, update)}")


def _whole(incident: Incident, entry: Entry) -> str:
    """An entry with the lines that continue it."""
    first, last = entry.lines
    more = (incident.document.line_text(number) for number in range(first + 1, last + 1))
    return "\n".join((entry.text.partition("\n")[0], *filter(None, map(str.strip, more))))


def _update(incident: Incident, update: Update) -> str:
    """An update as one note: its status, and its text and keys below it."""
    first, last = update.lines
    lines = (incident.document.line_text(number).strip() for number in range(first + 1, last + 1))
    word = incident.protocol.statuses.get(update.status)
    return "\n".join((f"update, {word.label if word else update.status}", *filter(None, lines)))


def _plain(text: str) -> str:
    """The words alone: what makes a text safe in a timeline adds signs to it, and no word."""
    return " ".join(re.findall(r"\w+", text))
