"""The summary of the log: which fields of the front matter follow it, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.model import Entry, Incident, Milestone
from incident_tracker.protocol import Protocol
from incident_tracker.text.edit import flow_map


def folded(draft: Draft, before: Draft | None = None, *, lowers: bool = False) -> Draft:
    """Return the draft whose derived fields say what its log says.

    With ``before``, the record as it was, only missing fields follow, and those of which the change
    says something new: what disagreed already is not for a command to settle that was asked for
    something else.

    A field for which the log has no line is evidence of its own and stays, unless the incident has
    since gone back to an earlier status. A status ahead of the log stays as well, unless a line
    says that it was left; ``lowers`` lets any line of the timeline take it back.
    """
    was = summary_of(before.incident, lowers=lowers) if before is not None else {}
    for key, value in summary_of(draft.incident, lowers=lowers).items():
        if key not in draft.incident.fields or (key, value) not in was.items():
            draft = draft.with_field(key, value)
    return draft


def summary_of(incident: Incident, *, lowers: bool = False) -> Mapping[str, str | None]:
    """Return the fields that the log changes, as YAML; None for one that holds no longer."""
    status = _status(incident, lowers=lowers)
    changed: dict[str, str | None] = {}
    if status and status != incident.written.status:
        changed["status"] = status
    severity = incident.log.severities[-1] if incident.log.severities else None
    if severity and severity.entry and severity.value != incident.written.severity:
        changed["severity"] = severity.value
    if incident.log.detected_by not in ("", incident.written.detected_by):
        changed["detected_by"] = incident.log.detected_by
    changed |= _times(incident)
    roles = _roles(incident)
    if roles != dict(incident.written.roles or {}):
        changed["roles"] = flow_map(roles)
    return {**changed, **_resolution(incident)}


def time_field(at: datetime) -> str:
    """Return a moment as the front matter has it."""
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def _status(incident: Incident, *, lowers: bool) -> str:
    """The status that the last event brought: a line, an update, or a time without its line.

    The one that is written stays where the log is merely behind it.
    """
    latest, status, by_line = _last_move(incident)
    brings = _brings(incident.protocol)
    for milestone, at in sorted(incident.written.times.items(), key=lambda item: item[1]):
        alone = milestone not in incident.log.times and milestone in brings
        if alone and not _lines(incident, milestone) and (latest is None or at > latest):
            latest, status, by_line = at, brings[milestone], False
    written, ranks = incident.written.status or "", incident.protocol.status_order
    is_lower = ranks.get(status, -1) < ranks.get(written, -1)
    if is_lower and not (lowers and by_line) and not _was_left(incident, written, status):
        return written
    return status


def _last_move(incident: Incident) -> tuple[datetime | None, str, bool]:
    """When the log last moved, to which status, and whether a line of the timeline did it."""
    found = [
        (c.at, c.value, c.entry is not None) for c in incident.log.statuses if c.at is not None
    ]
    last = found[-1] if found else None
    moves = _moves(incident)
    said = moves[-1].said if moves else None
    # A line may leave a status that only the field had, for the one that the log was in already.
    if moves and said and last and last[1] == said.new and moves[-1].at is not None:
        return max(last[0], moves[-1].at), said.new, True
    return last or (None, "", False)


def _was_left(incident: Incident, written: str, status: str) -> bool:
    """Whether the log itself says that the incident had the written status, and left it."""
    if any(change.value == written for change in incident.log.statuses[:-1]):
        return True
    moves = _moves(incident)
    said = moves[-1].said if moves else None
    return said is not None and (said.old, said.new) == (written, status)


def _moves(incident: Incident) -> Sequence[Entry]:
    """The lines that say from which status to which, by time."""
    phrases = incident.protocol.phrases.items()
    names = [name for name, phrase in phrases if phrase.shape == "status-change"]
    timed = ((entry.at, entry) for entry in incident.log.of(*names) if entry.at is not None)
    return [entry for _, entry in sorted(timed, key=lambda pair: pair[0])]


def _times(incident: Incident) -> Mapping[str, str | None]:
    changed: dict[str, str | None] = {}
    written = incident.written.times
    for milestone in Milestone:
        entry = incident.log.times.get(milestone)
        field = written.get(milestone)
        if entry is not None and entry.at is not None:
            if field is None or _minute(field) != _minute(entry.at):
                changed[milestone.value] = time_field(entry.at)
        elif field is not None and _is_untrue(incident, milestone, field):
            changed[milestone.value] = None
    return changed


def _is_untrue(incident: Incident, milestone: Milestone, field: datetime) -> bool:
    """Whether a step back of the status came after a time, which so holds no longer."""
    ranks, brought = incident.protocol.status_order, _brings(incident.protocol).get(milestone)
    steps = [(e.at, e.said.new) for e in _moves(incident) if e.said is not None]
    if _lines(incident, milestone):
        # They were dropped by the fold; a field at another time may be the one that holds.
        steps += [(c.at, c.value) for c in incident.log.statuses if c.entry is not None]
    if brought is None:
        return bool(_lines(incident, milestone))
    return any(
        at is not None and at > field and ranks.get(status, -1) < ranks[brought]
        for at, status in steps
    )


def _roles(incident: Incident) -> Mapping[str, str]:
    held = dict(incident.written.roles or {})
    held |= {role: changes[-1].value for role, changes in incident.log.roles.items() if changes}
    return {role: held[role] for role in incident.protocol.roles if role in held}


def _resolution(incident: Incident) -> Mapping[str, str | None]:
    option, written = incident.log.resolution, incident.written.resolution
    if option and option != written:
        return {"resolution": option}
    milestone = Milestone.RESOLVED
    at = incident.written.times.get(milestone)
    gone = written and milestone not in incident.log.times and _lines(incident, milestone)
    return (
        {"resolution": None} if gone and (at is None or _is_untrue(incident, milestone, at)) else {}
    )


def _brings(protocol: Protocol) -> Mapping[Milestone, str]:
    """The status that each milestone brings."""
    phrases = [p for p in protocol.phrases.values() if p.sets and p.status in protocol.statuses]
    return {Milestone(phrase.sets): phrase.status for phrase in phrases}


def _lines(incident: Incident, milestone: Milestone) -> bool:
    """Whether lines that prove something, because they have a time, set the milestone."""
    names = [n for n, p in incident.protocol.phrases.items() if p.sets == milestone.value]
    return any(entry.at is not None for entry in incident.log.of(*names)) if names else False


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
