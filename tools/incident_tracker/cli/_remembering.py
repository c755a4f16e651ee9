"""What commands remember for the next one."""

from __future__ import annotations

from incident_tracker.cli import STARTED
from incident_tracker.memory import Memory, code_changed_since
from incident_tracker.workspace import Workspace


def memory_of(workspace: Workspace, kind: str) -> Memory | None:
    """Return what is remembered; nothing where the code may be newer than what runs here."""
    memory = Memory.of(workspace.root, kind)
    return None if memory is None or code_changed_since(STARTED) else memory
