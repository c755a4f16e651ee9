"""What an importer makes of a row: a draft of a record, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from incident_tracker.model import Milestone


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One update of the source; ``status`` is ours, empty where it stays what it was."""

    at: datetime
    status: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One row in our words; what the source does not have is empty. ``line`` counts from 1.

    ``end`` is when the source calls it over; which of our times that is depends on the updates.
    ``components`` are names by our ids. ``removed`` counts characters that no record may hold,
    ``cut`` the texts that were too long.
    """

    line: int
    system: str
    id: str
    url: str
    title: str
    text: str = ""
    times: Mapping[Milestone, datetime] = field(default_factory=dict)
    end: datetime | None = None
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None
    severity: str = ""
    status: str = ""
    kinds: tuple[str, ...] = ()
    components: Mapping[str, str] = field(default_factory=dict)
    detected_by: str = ""
    updates: tuple[Told, ...] = ()
    removed: int = 0
    cut: int = 0

    @property
    def is_maintenance(self) -> bool:
        """Whether this is planned work."""
        return "maintenance" in self.kinds


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A row that cannot become a record; the reason names the field."""

    line: int
    reason: str
