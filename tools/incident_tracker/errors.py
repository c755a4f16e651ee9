"""A wrong use, or a state that no command can work with: what is wrong, and the way out."""

from __future__ import annotations

from incident_tracker.finding import Finding

# The same as protocol.PATH: telling an error does not wait for the import of all tables.
PROTOCOL = "protocol/protocol.yml"


class TrackerError(Exception):
    """A wrong use, or a state that no command can work with; ``hint`` is the way out."""

    exit_status = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Keep the message and the hint."""
        super().__init__(message)
        self.hint = hint


class NoTrackerError(TrackerError):
    """There is no tracker here."""

    exit_status = 3


class BrokenProtocolError(TrackerError):
    """The protocol's files have faults; nothing can be judged until they are mended."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings about the protocol's files."""
        super().__init__(f"{PROTOCOL} has {len(findings)} fault{'s' if len(findings) > 1 else ''}")
        self.findings = findings
