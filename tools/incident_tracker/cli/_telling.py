"""How ``incident update`` turns what was typed into an update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from zoneinfo import ZoneInfo

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._options import pairs
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import program, say, warn
from incident_tracker.lifecycle.moments import moment_ahead
from incident_tracker.lifecycle.moves import statuses_of
from incident_tracker.lifecycle.public_texts import approvers, require_approver
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.model import Incident


def tell(session: Session, typed: str | None, given: Mapping[str, object]) -> None:
    """Write the update and say which notice goes with it."""
    incident = session.worked_on(typed)
    text = {key: value for key, value in given.items() if isinstance(value, str)}
    people = approvers(incident, session.contacts)
    require_approver(text["approved_by"], incident, people)
    at = session.at(text.get("at"), incident)
    ahead = text.get("next_update")
    telling = Telling(
        at=at,
        status=_status(incident, text.get("status")),
        message=text["message"],
        next_update=moment_ahead(ahead, at, ZoneInfo(incident.zone)) if ahead else None,
        keys={
            key.replace("_", "-"): value for key, value in text.items() if _is_key(incident, key)
        },
        components=_components(session, incident, cast("tuple[str, ...]", given["components"])),
    )
    gates = incident.protocol.gates.incident
    # What an update says in passing is no move: only a status that was typed stands at the gate.
    gate = telling.status if text.get("status") and telling.status in gates else ""
    after = session.change(
        incident.path, lambda draft: with_update(draft, telling), gate=gate
    ).incident
    session.doubt_early(after, at)
    last = telling.status in gates
    which = "resolution" if last else "update"
    say(f"notice: {program()} notify {session.short(after.id)} {which}")


def _status(incident: Incident, typed: str | None) -> str:
    known = statuses_of(incident)
    status = one_of(typed, known, "status") if typed else incident.status
    ranks = {name: rank for rank, name in enumerate(known)}
    if ranks.get(status, 0) < ranks.get(incident.status, 0):
        back = f'incident status {incident.id} {status} --reason "…"'
        warn(f"an update does not lead back from {incident.status} to {status}", back)
    return status


def _is_key(incident: Incident, option: str) -> bool:
    key = option.replace("_", "-")
    return key in incident.protocol.update_keys and key not in ("next-update", "components")


def _components(session: Session, incident: Incident, given: tuple[str, ...]) -> Mapping[str, str]:
    known = {part.id: part for part in session.components} or incident.components
    levels = incident.protocol.component_levels
    best = next(iter(levels))
    parts = pairs([part for text in given for part in text.split(",")])
    return {
        one_of(name, known, "component"): one_of(level, levels, "level") if level else best
        for name, level in parts.items()
    }
