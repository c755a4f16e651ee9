"""A text that a command is handed in a file or on stdin, never more of it than it may be."""

from __future__ import annotations

import sys
from pathlib import Path

from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.text.document import MOST_BYTES


def bounded(source: str, most: int, what: str, remedy: str) -> str:
    """Return the text of a file, or of stdin for ``-``; Refusal where it has more bytes."""
    if source == "-":
        data = sys.stdin.buffer.read(most + 1)
    else:
        with Path(source).open("rb") as file:
            data = file.read(most + 1)
    if len(data) > most:
        message = f"more than {most:,} bytes are no {what}"
        raise Refusal(message, remedy)
    return data.decode("utf-8", "replace")


def piped(text: str) -> str:
    """Return a text, or what stdin holds for ``-``; Refusal where no record could hold it."""
    remedy = "a log, whole, is evidence: … | incident evidence --label log"
    return bounded("-", MOST_BYTES, "text of a record", remedy) if text == "-" else text
