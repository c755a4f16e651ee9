"""Names that were typed, and are nearly those of people whom the tracker knows."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.lifecycle.people import called, doubtful_names, named_in
from incident_tracker.model import Record, Tracker


def name_doubts(before: Record | None, after: Record, around: Tracker) -> Iterator[tuple[str, str]]:
    """Yield what is doubtful about the names that a change brought in, and what to do about it.

    Known are the contacts, and who stood in the record or its counterpart before.
    """
    there = named_in(before) if before is not None else ()
    others = (around.incident_by_id.get(after.id), around.review_by_incident.get(after.id))
    beside = (named_in(record) for record in others if record is not None and record is not after)
    known = (*called(around.contacts), *there, *(name for names in beside for name in names))
    typed = [name for name in named_in(after) if name not in there]
    for name, near in doubtful_names(typed, known, after.protocol):
        yield (
            f'nobody is known as "{name}"',
            f"did you mean {near}? then correct it in {after.path}",
        )
