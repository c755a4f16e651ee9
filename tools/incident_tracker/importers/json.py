"""A JSON array of objects, or an object with such arrays: any table of that form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.json_elements import elements
from incident_tracker.importers.mapping import RowMap

LISTS = ("incidents", "items", "data", "results", "rows")


@importer("json", ".json")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """A JSON array of objects, alone or as the incidents, items, data, results or rows of one."""
    for file in files:
        for one in elements(file.data, LISTS):
            if one.reason:
                reason = f"{one.at}: {one.reason}" if one.at else one.reason
                yield Skipped(path=file.path, line=one.line, reason=reason)
            else:
                yield Row(path=file.path, line=one.line, value=one.value, at=one.at)
