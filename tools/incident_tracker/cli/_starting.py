"""How ``incident init`` writes a new tracker."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from incident_tracker import __version__, starter
from incident_tracker.cli._schemas import files as schema_files
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.errors import PROTOCOL
from incident_tracker.history.beginning import begin_history
from incident_tracker.history.tags import commit_of_tag
from incident_tracker.lifecycle.moments import moment_now
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.schemas import paths
from incident_tracker.upgrading import marker
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import ADDRESS, Pin
from incident_tracker.upgrading.versions import is_development
from incident_tracker.upgrading.written import written
from incident_tracker.workspace import Workspace

SHOWN = 10


def start(folder: str, *, demo: bool, address: str | None) -> None:
    """Write every file of a new tracker, or none where one of them is there already."""
    root = Path(folder).resolve()
    day = None if demo else today()
    files = _files(MadeBy(version=__version__, day=day), demo, pin_at(address))
    computed = [root / path for _, path in paths()]
    wanted = [*(root / path for path in files), *computed]
    there = [path for path in wanted if path.exists() or path.is_symlink()]
    if there:
        names = [path.relative_to(root).as_posix() for path in there[:SHOWN]]
        more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
        message = f"{folder} holds {', '.join(names)}{more} already, so nothing was written"
        raise Refusal(message, "name another folder, or move them away")
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    for name in ("incidents", "pir"):
        (root / name).mkdir(exist_ok=True)
    workspace = Workspace(root)
    for name, text in schema_files(workspace):
        workspace.create(name, text)
    say("wrote ", Paint(folder, "green"), f": {len(wanted)} files")
    if begin_history(root):
        say("began a Git repository there; nothing is committed yet")
    if is_development(__version__):
        say(
            f"{__version__} is no release, so the workflows cannot install it yet: requirements.txt"
        )
    say(f"yours to change: {PROTOCOL}, protocol/components.yml, protocol/contacts.yml")
    say(f'next: incident -C {folder} new "What is wrong" --severity P2')


def today() -> date:
    """Return the day on which the files of a tracker are written; its zone is not known yet."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return moment_now(None, epoch, datetime.now(UTC), ZoneInfo("UTC")).date()


def pin_at(address: str | None) -> Pin:
    """Return how this very version is asked for: by its number, or by its commit at an address."""
    if address is None:
        return Pin(__version__)
    if not ADDRESS.fullmatch(address):
        message = f'"{address}" is no address that pip takes from Git'
        raise Refusal(message, "begin it with https://, ssh:// or file://, without blanks")
    return Pin(__version__, address, commit_of_tag(address, f"v{__version__}"))


def _files(made_by: MadeBy, demo: bool, pin: Pin) -> dict[str, bytes]:
    """What is written as it is shipped or begun; schemas are computed from it."""
    shipped = {file.path.as_posix(): file.content for file in starter.files(demo=demo)}
    files = {path: written(path, text, pin, made_by.day) for path, text in shipped.items()}
    return {**files, marker.PATH: made_by.text.encode()}
