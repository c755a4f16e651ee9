"""Records that are called otherwise by now, found by the names that they had."""

from __future__ import annotations

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import PATH, AmbiguousId, UnknownId, find_id
from incident_tracker.model import Incident
from incident_tracker.parse import ID
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

FIELD = "formerly"


def whole_id(typed: str) -> str:
    """Return the whole id that was typed, alone or in a path, empty where it is a part of one."""
    path = PATH.fullmatch(typed)
    name = (path[1] if path else typed).lower()
    return name if ID.fullmatch(name) else ""


def holder_of(typed: str, workspace: Workspace, protocol: Protocol) -> tuple[str, str] | None:
    """Return the former name that was typed and the record that had it, None where none had.

    What is not a whole id is found as a part of one; a refusal where it is a part of several.
    """
    held = _held(workspace, protocol)
    try:
        name = find_id(typed, held)
    except UnknownId:
        return None
    if len(held[name]) > 1:
        message = f"{name} was the name of several records"
        raise AmbiguousId(message, f"write one of: {', '.join(sorted(held[name]))}")
    return name, held[name][0]


def _held(workspace: Workspace, protocol: Protocol) -> dict[str, list[str]]:
    """The records by the names that they had."""
    held: dict[str, list[str]] = {}
    for path in workspace.paths("incidents"):
        if FIELD not in (workspace.text(path) or ""):
            continue
        record = Draft(workspace.read(path), protocol).parsed.record
        if isinstance(record, Incident):
            for name in record.formerly:
                held.setdefault(name, []).append(record.id)
    return held
