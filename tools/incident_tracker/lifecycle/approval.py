"""Who approved an update, and whether what it says is still what was approved.

A command that writes the name writes behind it a checksum of the text: ``erin (text 1a2b3c4d)``.
A name that a person wrote has none, and is enough.
"""

from __future__ import annotations

import hashlib
import re

from incident_tracker.model import Update

KEY = "approved-by"
APART = (KEY, "sent")
"""Keys that are no part of what is told."""
MARK = re.compile(r"[ ]*\(text ([0-9a-f]{8})\)")


def checksum(update: Update) -> str:
    """Return what the words of an update come to, however their lines are broken."""
    said = [update.status, update.text]
    said += sorted(f"{line.key}: {line.value}" for line in update.keys if line.key not in APART)
    told = "\n".join(" ".join(text.split()) for text in said)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def approved_by(update: Update) -> str:
    """Return who approved an update, as it was written but for the checksum; empty for nobody."""
    return MARK.sub("", update.value(KEY)).strip()


def is_another_text(update: Update) -> bool:
    """Whether an update says something else than what was approved, as far as that is known."""
    known = MARK.search(update.value(KEY))
    return known is not None and known[1] != checksum(update)


def approval(name: str, update: Update) -> str:
    """Return what stands in an update that somebody approves as it is."""
    return f"{name} (text {checksum(update)})"
