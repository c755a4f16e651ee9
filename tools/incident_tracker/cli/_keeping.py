"""How ``incident evidence`` keeps a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
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
from incident_tracker.walk import MOST_EVIDENCE_BYTES

CHUNK = 1 << 20
ELSEWHERE = 'incident log "Evidence: https://… sha256:… the whole log"'


def keep(
    session: Session, incident: Incident, label: str, text: str, at: datetime, source: BinaryIO
) -> None:
    """Write the file first, so that the timeline never names one that is not there."""
    folder, digest = folder_of(incident.id), hashlib.sha256()
    stamp = f"{at.astimezone(ZoneInfo(incident.zone)):%Y%m%d-%H%M}"
    with session.workspace.received(folder, _chunks(source, digest)) as name:
        path = _kept(session, f"{folder}/{slug_of(label, otherwise='file')}-{stamp}", name)
    say("wrote ", Paint(path, "green"))
    line = phrasing.evidence(incident.protocol, path, digest.hexdigest(), one_line(text))
    session.change(incident.path, lambda draft: with_entry(draft, at, line))


def _chunks(source: BinaryIO, digest: hashlib._Hash) -> Iterator[bytes]:
    """What comes, piece by piece, into the checksum too; Refusal where it is nothing or too much.

    What is larger than that is in no check: nobody would see that it was changed.
    """
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > MOST_EVIDENCE_BYTES:
            message = f"more than {MOST_EVIDENCE_BYTES:,} bytes are too much to be kept here"
            raise Refusal(message, f"keep it elsewhere, and log where: {ELSEWHERE}")
        digest.update(chunk)
        yield chunk
    if not size:
        raise Refusal(
            "there is nothing on stdin to keep", "tail -100 error.log | incident evidence …"
        )


def _kept(session: Session, start: str, name: Path) -> str:
    number = 1
    while True:
        path = f"{start}{'' if number == 1 else f'-{number}'}.txt"
        try:
            session.workspace.place(name, path)
        except FileExistsError:
            number += 1
        else:
            wrote(path)
            return path
