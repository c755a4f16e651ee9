"""What a duplicate knows, told in the record of which it is one."""

from __future__ import annotations

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.model import Incident


def united(draft: Draft, duplicate: Incident) -> Draft:
    """Return the draft with the lines of a duplicate's timeline, each with where it is from.

    They are notes here: what was reached there is not reached here. What is still to be done stays
    to be done. A line that is here already is not written again.
    """
    open_ = {entry.position for entry in duplicate.log.open_todos}
    told = {entry.text for entry in draft.incident.log.entries}
    for entry in duplicate.log.entries:
        if entry.at is None or (entry.said is not None and entry.said.phrase == "cancelled"):
            continue
        text = f"From {duplicate.id}: {entry.text}"
        if entry.position in open_:
            text = f"{entry.text} (from {duplicate.id})"
        if text not in told:
            draft = with_entry(draft, entry.at, text, estimated=entry.estimated)
    return draft
