"""Which kept files the timelines name; what lies there comes as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incident_tracker.model import Entry, Incident

FOLDER = "evidence/"
A_FOLDER = "a folder"
"""What stands for the checksum of a path at which a folder lies."""
BEHIND = ",;:"
"""What a sentence may write behind a path."""


def folder_of(record_id: str) -> str:
    """Return where the kept files of an incident lie."""
    return f"{FOLDER}{record_id}"


def kept(incident: Incident) -> Iterator[tuple[str, Entry]]:
    """Yield the paths of the tracker's own files that an incident's lines name, with the line."""
    phrases = [name for name, p in incident.protocol.phrases.items() if p.shape == "evidence"]
    for entry in incident.log.of(*phrases):
        for name in entry.said.names if entry.said is not None else ():
            if name.startswith(FOLDER):
                yield name.rstrip(BEHIND), entry


def named(incidents: Iterable[Incident]) -> frozenset[str]:
    """Return the paths that incidents name as evidence; a withdrawn one keeps none."""
    return frozenset(
        path for incident in incidents if not incident.is_withdrawn for path, _ in kept(incident)
    )
