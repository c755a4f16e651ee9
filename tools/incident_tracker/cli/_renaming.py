"""How ``incident rename`` moves a record with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.cli._former import holders
from incident_tracker.cli._options import wrote
from incident_tracker.cli._outcome import tell_doubts
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say, warn
from incident_tracker.evidence import folder_of
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import Refusal, Unreadable
from incident_tracker.lifecycle.renaming import new_id, renamed
from incident_tracker.workspace import Workspace

# The incident goes last: as long as it is there, a second run finds what is left to do.
FOLDERS = ("pir", "incidents")


def rename(session: Session, old: str, typed: str, day: str) -> None:
    """Write the new files first and take the old ones away last: a second run finishes a first."""
    new = new_id(old, typed, day)
    workspace = session.workspace
    with workspace.lock():
        before = session.draft(path_of(old))
        if before.parsed.record is None:
            message = f"{path_of(old)} cannot be read, so it was not moved"
            raise Unreadable(message, f"incident check {path_of(old)} says why")
        files = {source.path: source.data for source in workspace.sources() if not source.fault}
        written = renamed(files, old, new, session.protocol)
        _refuse_taken(session, old, new, {p: written.get(p) for p in _places(new)})
        for path, text in written.items():
            if files.get(path) != text:
                workspace.put_record(path, text)
                wrote(path, files.get(path))
                say("wrote ", Paint(path, "green"))
        for path in workspace.move_folder(folder_of(old), folder_of(new)):
            wrote(path)
        for path in _places(old):
            if workspace.remove(path):
                wrote(path, files.get(path))
                say("took away ", Paint(path, "green"))
    say(f"{old} is now called {new}; links to its old page are led there")
    after = session.draft(path_of(new))
    tell_doubts(before, after, session.around(after.record))
    _tell_pages(workspace, old)


def _places(record_id: str) -> list[str]:
    return [path_of(record_id, folder) for folder in FOLDERS]


def _refuse_taken(
    session: Session, old: str, new: str, written: Mapping[str, bytes | None]
) -> None:
    """Refuse a name that is, or was, another record's; a renaming cut off is no other record."""
    workspace = session.workspace
    for path, text in written.items():
        begun = text is None and workspace.has(path_of(new))
        if not workspace.has(path) or begun or workspace.data(path) == text:
            continue
        message = f"{path} is there already"
        if old in workspace.data(path).decode("utf-8", "replace"):
            hint = f"if a renaming was cut off: remove it, or {path_of(old)}, whichever is older"
            raise Refusal(f"{message}, and says something else", hint)
        raise Refusal(message, "choose another name")
    held = holders(workspace, session.protocol).get(new, [])
    holder = next((name for name in held if name != old), "")
    if holder and holder != new:
        message = f"{new} was the name of {holder}, and its links are led there"
        raise Refusal(message, "choose another name")
    before, after = folder_of(old), folder_of(new)
    if workspace.has(before) and workspace.has(after):
        message = f"{after} is there already"
        raise Refusal(message, f"move what it holds into {before}, or choose another name")


def _tell_pages(workspace: Workspace, old: str) -> None:
    """Name the hand-written pages that still say the old name; a link in them is not led on."""
    pages = [path for path in workspace.pages() if old in (workspace.text(path) or "")]
    if pages:
        warn(f"still named in {', '.join(pages)}", "write the new name there")
