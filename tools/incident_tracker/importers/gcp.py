"""The incidents of Google Cloud, as ``incidents.json`` of its status page serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from incident_tracker.importers.captures import Feed, rows
from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.texts import LONGEST_TITLE

FEED = Feed(changed="modified", updates="updates", told=("created", "text"))
LOCATIONS = ("currently_affected_locations", "previously_affected_locations")


@importer("gcp", ".json")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """Google Cloud's incidents.json: a file, or a folder of captures over time."""
    for row in rows(files, FEED):
        if isinstance(row, Row) and isinstance(row.value, Mapping):
            yield replace(row, value=_filled(row.value))
        else:
            yield row


def _filled(value: Mapping[str, object]) -> Mapping[str, object]:
    """The incident with its ``summary``: all of a title that is too long for one, and where."""
    found = dict(value)
    title = found.get("external_desc")
    pieces = [title] if isinstance(title, str) and len(title) > LONGEST_TITLE else []
    places = dict.fromkeys(name for column in LOCATIONS for name in _names(found.pop(column, None)))
    if places:
        pieces.append(f"Locations: {', '.join(places)}.")
    found["summary"] = "\n".join(pieces)
    return found


def _names(places: object) -> Iterator[str]:
    if isinstance(places, Sequence) and not isinstance(places, str):
        for place in places:
            title = place.get("title") if isinstance(place, Mapping) else None
            if isinstance(title, str) and title:
                yield title
