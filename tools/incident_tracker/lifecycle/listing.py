"""Which incidents somebody wants to see, and what programs are told about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.lifecycle.checklist import Checklist
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Action, ActionState, Incident, Milestone
from incident_tracker.text.stamps import day_of

VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means everything."""

    severities: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: str = ""
    is_open: bool = False

    def has(self, incident: Incident) -> bool:
        """Whether an incident is wanted."""
        return (
            (not self.severities or incident.severity in self.severities)
            and (not self.components or bool(set(self.components) & set(incident.components)))
            and (not self.kinds or bool(set(self.kinds) & set(incident.kinds)))
            and incident.id[:10] >= self.since
            and (incident.is_open or not self.is_open)
        )


def chosen(incidents: Iterable[Incident], wanted: Wanted) -> tuple[Incident, ...]:
    """Return the wanted incidents, the newest first."""
    if wanted.since and day_of(wanted.since) is None:
        raise Refusal(f'"{wanted.since}" is no date', "--since 2026-11-03")
    found = (incident for incident in incidents if wanted.has(incident))
    return tuple(sorted(found, key=lambda incident: incident.id, reverse=True))


def incidents_object(
    incidents: Iterable[Incident], now: datetime, unread: Iterable[str] = ()
) -> dict[str, object]:
    """Return what JSON says about incidents, and which files are in no list."""
    found = [_object(incident) for incident in incidents]
    return {
        "version": VERSION,
        "incidents": found,
        "summary": {
            "incidents": len(found),
            "unread": list(unread),
            "now": now.isoformat(timespec="seconds"),
        },
    }


def checklist_object(incident: Incident, lists: Iterable[Checklist]) -> dict[str, object]:
    """Return what JSON says about checklists; ``holds`` is null where a box does not apply."""
    boxes = [
        {
            "list": one.title,
            "box": line.box,
            "text": line.text,
            "holds": line.proof.holds,
            "late": line.proof.is_late,
            "evidence": line.proof.evidence,
        }
        for one in lists
        for line in one.lines
    ]
    held = sum(box["holds"] is True for box in boxes)
    return {
        "version": VERSION,
        "boxes": boxes,
        "summary": {"id": incident.id, "boxes": len(boxes), "hold": held},
    }


def _object(incident: Incident) -> dict[str, object]:
    times = {m.value: at.isoformat() for m in Milestone if (at := incident.at(m)) is not None}
    return {
        "id": incident.id,
        "path": incident.path,
        "title": incident.title,
        "severity": incident.severity or None,
        "status": incident.status,
        "kinds": list(incident.kinds),
        "components": dict(incident.components),
        "visibility": incident.visibility,
        "drill": incident.drill or None,
        **times,
        "roles": dict(incident.roles),
        "resolution": incident.resolution or None,
        "root_cause": incident.root_cause or None,
    }


def actions_object(actions: Iterable[Action]) -> dict[str, object]:
    """Return what JSON says about action items."""
    found = [
        {
            "id": action.id,
            "text": action.text,
            "state": action.state.value,
            "owner": action.owner or None,
            "due": action.due.isoformat() if action.due else None,
            "type": action.type or None,
            "ticket": action.ticket or None,
            "done": action.done.isoformat() if action.done else None,
            "dropped": action.dropped or None,
        }
        for action in actions
    ]
    still = sum(action["state"] == ActionState.OPEN for action in found)
    return {
        "version": VERSION,
        "actions": found,
        "summary": {"actions": len(found), "open": still},
    }
