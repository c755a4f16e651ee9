"""Two versions of a record and the one they came from → one record, by section.

Entries, updates, boxes, actions and fields are united one by one; what follows from the log is
folded anew; words are merged by line. Where both sides changed the same thing, both stand in
the file between markers, and only there.
"""

from __future__ import annotations

from incident_tracker.merging.records import Conflict, Merged, merge, merge_lines
from incident_tracker.merging.words import Sides

__all__ = ["Conflict", "Merged", "Sides", "merge", "merge_lines"]
