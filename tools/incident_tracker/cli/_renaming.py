"""How ``incident rename`` moves a record with all that belongs to it."""

from __future__ import annotations

from incident_tracker.cli._options import wrote
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import Refusal, Unreadable
from incident_tracker.lifecycle.renaming import new_id, renamed

FOLDERS = ("incidents", "pir")


def rename(session: Session, old: str, typed: str) -> None:
    """Write the new files first and take the old ones away last: a second run finishes a first."""
    new = new_id(old, typed)
    workspace = session.workspace
    with workspace.lock():
        draft = session.draft(path_of(old))
        if draft.parsed.record is None:
            message = f"{path_of(old)} cannot be read, so it was not moved"
            raise Unreadable(message, f"incident check {path_of(old)} says why")
        if new in session.ids and old not in session.draft(path_of(new)).incident.formerly:
            message = f"{new} is there already"
            raise Refusal(message, "choose another name")
        paths = [*workspace.paths("incidents"), *workspace.paths("pir")]
        texts = {path: workspace.text(path) or "" for path in paths}
        taken = {path_of(new, folder) for folder in FOLDERS}
        known = {path: text for path, text in texts.items() if path not in taken}
        for path, text in renamed(known, old, new, session.protocol).items():
            workspace.put_record(path, text)
            wrote(path)
            say("wrote ", Paint(path, "green"))
        for path in workspace.move_folder(f"evidence/{old}", f"evidence/{new}"):
            wrote(path)
        for folder in FOLDERS:
            if workspace.remove(path_of(old, folder)):
                wrote(path_of(old, folder))
                say("took away ", Paint(path_of(old, folder), "green"))
    say(f"{old} is {new} now; links to its old page are led there")
