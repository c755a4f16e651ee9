"""How ``incident withdraw --erase`` empties a record and what belongs to it."""

from __future__ import annotations

from incident_tracker.cli._options import wrote
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say, warn
from incident_tracker.evidence import folder_of
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.withdrawing import erased, erased_review

GUIDE = "docs/guide/responder.md, Something secret was pushed"


def erase(session: Session, record_id: str, because: str, at: str | None) -> None:
    """Write what takes the place of a record and its review, and take its evidence away."""
    workspace, path, review = session.workspace, path_of(record_id), path_of(record_id, "pir")
    draft = session.draft(path)
    written = {path: erased(draft, because, session.at(at, draft.parsed.record))}
    if workspace.has(review):
        written[review] = erased_review(session.protocol)
    for place, text in written.items():
        before = workspace.data(place)
        workspace.write(place, text)
        wrote(place, before)
        say("wrote ", Paint(place, "green"))
    for place in workspace.remove_folder(folder_of(record_id)):
        wrote(place)
        say("took away ", Paint(place, "green"))
    named = [
        source.path
        for source in workspace.sources()
        if source.path not in written and record_id.encode() in source.data
    ]
    if named:
        warn(f"it is named in {', '.join(named)}", "look there for its words, too")
    warn("the history of Git still has every word, and so has its id", GUIDE)
