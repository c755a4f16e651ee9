"""How ``incident evidence`` keeps a file."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from incident_tracker.cli._options import wrote
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.evidence import folder_of
from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.draft import one_line
from incident_tracker.lifecycle.ids import slug_of
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident


def keep(
    session: Session, incident: Incident, label: str, text: str, at: datetime, source: BinaryIO
) -> None:
    """Write the file first, so that the timeline never names one that is not there."""
    data = source.read()
    if not data:
        raise Refusal(
            "there is nothing on stdin to keep", "tail -100 error.log | incident evidence …"
        )
    stamp = f"{at.astimezone(ZoneInfo(incident.zone)):%Y%m%d-%H%M}"
    path = _kept(
        session, f"{folder_of(incident.id)}/{slug_of(label, otherwise='file')}-{stamp}", data
    )
    say("wrote ", Paint(path, "green"))
    checksum = hashlib.sha256(data).hexdigest()
    line = phrasing.evidence(incident.protocol, path, checksum, one_line(text))
    session.change(incident.path, lambda draft: with_entry(draft, at, line))


def _kept(session: Session, start: str, data: bytes) -> str:
    number = 1
    while True:
        path = f"{start}{'' if number == 1 else f'-{number}'}.txt"
        try:
            session.workspace.create(path, data)
        except FileExistsError:
            number += 1
        else:
            wrote(path)
            return path
