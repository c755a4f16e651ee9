"""Which incidents are not closed, and which of them is meant where none is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.cli._terminal import MOST_NAMED, warn
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident, Milestone
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

MARK = "<<<<<<<"
STATUS = re.compile(r"^status:[ \t]*([a-z-]+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfinished:
    """The incidents that are not closed, and the files of which nobody can tell."""

    incidents: Sequence[Incident]
    unread: Sequence[str]


def unfinished(workspace: Workspace, protocol: Protocol) -> Unfinished:
    """Return what is not closed; what the front matter calls closed is not read."""
    over = {*protocol.maintenance_statuses, protocol.gates.incident[-1]}
    found, unread = [], []
    for path in workspace.paths("incidents"):
        text = workspace.text(path) or ""
        # Between the marks of a conflict the first status is only one of two.
        if status_in(text) in over and MARK not in text:
            continue
        record = Draft(workspace.read(path), protocol).parsed.record
        if not isinstance(record, Incident):
            unread.append(path)
        elif not (record.is_maintenance or record.is_cancelled or record.status in over):
            found.append(record)
    return Unfinished(incidents=found, unread=unread)


def status_in(text: str) -> str:
    """Return the first status that a text names, as a look into it tells."""
    found = STATUS.search(text)
    return found[1] if found else ""


def only_open(among: Unfinished, protocol: Protocol, now: datetime) -> Incident:
    """Return the only one that is open, where it is young enough to be meant; else a refusal."""
    found = [incident for incident in among.incidents if incident.is_open] or among.incidents
    unread = among.unread[:MOST_NAMED]
    if found:
        for path in unread:
            warn(f"{path} cannot be read; it may be open as well", f"incident check {path}")
    elif unread:
        message = f"no other incident is open, but {', '.join(unread)} cannot be read"
        raise Refusal(message, f"incident check {unread[0]} says why")
    if len(found) != 1:
        names = ", ".join(incident.id for incident in found)
        message = f"{len(found)} incidents are open: {names}" if found else "no incident is open"
        raise Refusal(message, "name the one you mean; incident list names them")
    incident, detected = found[0], found[0].at(Milestone.DETECTED)
    if detected is None or now - detected > protocol.commands_omit_id_for:
        limit = spoken_duration(protocol.commands_omit_id_for)
        message = f"the only open incident is {incident.id}, which is older than {limit}"
        raise Refusal(message, "name it if you mean it")
    return incident
