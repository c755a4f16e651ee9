"""The files of a new tracker as they are on its first day."""

from __future__ import annotations

from datetime import date

from incident_tracker.lifecycle.contacts import begun
from incident_tracker.lifecycle.runbooks import untried
from incident_tracker.registers import CONTACTS
from incident_tracker.text.document import read_document
from incident_tracker.upgrading.pins import Pin, pinned

RUNBOOKS = "runbooks/"


def written(path: str, template: bytes, pin: Pin, day: date | None) -> bytes:
    """Return a file of the starter as a tracker gets it.

    Nobody has tried it yet: contacts are without tests, and runbooks were only read, on that day.
    Without a day they are examples, and stay as they are.
    """
    content = pinned(template, pin)
    if day is None:
        return content
    if path == CONTACTS:
        return begun(read_document(path, content), day).encode()
    if path.startswith(RUNBOOKS) and path.endswith(".md"):
        return untried(read_document(path, content), day).encode()
    return content
