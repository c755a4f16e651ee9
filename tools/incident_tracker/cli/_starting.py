"""How ``incident init`` writes a new tracker."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from incident_tracker import starter
from incident_tracker.cli._schemas import files as schema_files
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.errors import PROTOCOL
from incident_tracker.history.beginning import begin_history
from incident_tracker.lifecycle.contacts import begun
from incident_tracker.lifecycle.moments import moment_now
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.runbooks import untried
from incident_tracker.registers import CONTACTS
from incident_tracker.schemas import paths
from incident_tracker.text.document import read_document
from incident_tracker.workspace import Workspace

SHOWN = 10
RUNBOOKS = "runbooks"


def start(folder: str, *, demo: bool) -> None:
    """Write every file of a new tracker, or none where one of them is there already."""
    root = Path(folder).resolve()
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = moment_now(None, epoch, datetime.now(UTC), ZoneInfo("UTC"))
    files = [
        (root / file.path, file.content if demo else _as_new(file, now))
        for file in starter.files(demo=demo)
    ]
    computed = [root / path for _, path in paths()]
    wanted = [*(path for path, _ in files), *computed]
    there = [path for path in wanted if path.exists() or path.is_symlink()]
    if there:
        names = [path.relative_to(root).as_posix() for path in there[:SHOWN]]
        more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
        message = f"{folder} holds {', '.join(names)}{more} already, so nothing was written"
        raise Refusal(message, "name another folder, or move them away")
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    for name in ("incidents", "pir"):
        (root / name).mkdir(exist_ok=True)
    workspace = Workspace(root)
    for name, text in schema_files(workspace):
        workspace.create(name, text)
    say("wrote ", Paint(folder, "green"), f": {len(wanted)} files")
    if begin_history(root):
        say("began a Git repository there; nothing is committed yet")
    say(f"yours to change: {PROTOCOL}, protocol/components.yml, protocol/contacts.yml")
    say(f'next: incident -C {folder} new "What is wrong" --severity P2')


def _as_new(file: starter.StarterFile, now: datetime) -> bytes:
    """The file as nobody has tried it yet: contacts without tests, runbooks that were only read."""
    path = file.path.as_posix()
    if path == CONTACTS:
        return begun(read_document(path, file.content), now.date()).encode()
    if file.path.parts[0] == RUNBOOKS and path.endswith(".md"):
        return untried(read_document(path, file.content), now.date()).encode()
    return file.content
