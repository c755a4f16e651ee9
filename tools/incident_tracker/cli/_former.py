"""Records that are called otherwise by now, found by the names that they had."""

from __future__ import annotations

from collections.abc import Collection

from incident_tracker.lifecycle.ids import PATH, SLUG_FROM, AmbiguousId, UnknownId, find_id
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

FIELD = "formerly"


def is_whole(typed: str, known: Collection[str]) -> bool:
    """Whether what was typed is the whole id, or the whole slug, of one that is known."""
    part = _part(typed)
    return any(part in (name, name[SLUG_FROM:]) for name in known)


def holder_of(
    typed: str, workspace: Workspace, protocol: Protocol, *, whole: bool = False
) -> tuple[str, str] | None:
    """Return the former name that was typed and the record that had it, None where none had.

    With ``whole`` it is a whole id or slug, else any part; a refusal where that is of several.
    """
    held = holders(workspace, protocol)
    if whole and not is_whole(typed, held):
        return None
    try:
        name = find_id(typed, held)
    except UnknownId:
        return None
    if len(held[name]) > 1:
        message = f"{name} was the name of several records"
        raise AmbiguousId(message, f"write one of: {', '.join(sorted(held[name]))}")
    return name, held[name][0]


def holders(workspace: Workspace, protocol: Protocol) -> dict[str, list[str]]:
    """Return the records by the names that they had."""
    held: dict[str, list[str]] = {}
    there = workspace.those(lambda source: source.may_hold(FIELD), protocol, ("incidents",))
    for incident in there.incidents:
        for name in incident.formerly:
            held.setdefault(name, []).append(incident.id)
    return held


def _part(typed: str) -> str:
    path = PATH.fullmatch(typed)
    return (path[1] if path else typed).lower()
