"""What an importer makes of a source: rows, drafts of records, and what could not be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incident_tracker.importers.story import Story
from incident_tracker.model import Milestone

LOG = "git log"
"""The path under which an importer finds the commits of a source that is a repository."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """One file of a source: its path below what was named, with forward slashes, and its bytes.

    ``name`` is the same whether the file was named or its folder.
    """

    path: str
    data: bytes
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What a source says of one incident, in its own words, and where.

    ``lines`` are those of single fields, where they are known; ``at`` says where in its file the
    row stands, for files that have no lines worth naming, as ``incidents[3]``. ``zone`` is that of
    its times without an offset where the mapping names none; ``defects`` are what the importer
    found amiss before any mapping.
    """

    path: str
    line: int
    value: object
    lines: Mapping[str, int] = field(default_factory=dict)
    at: str = ""
    zone: str = ""
    defects: tuple[Defect, ...] = ()
    story: Story | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What holds for the source as a whole: a default, a sum, what is passed over."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A row that cannot become a record; the reason names the field."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """A value that cannot be right: left out where it cannot be read, kept where it can.

    ``is_kept`` tells which; ``field`` is the source's, for counting.
    """

    path: str
    line: int
    reason: str
    field: str = ""
    is_kept: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One update of the source; ``status`` is ours, empty where it stays what it was.

    ``levels`` are how the components fared from then on, by our ids.
    """

    at: datetime
    status: str
    text: str
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One row in our words; what the source does not have is empty. ``line`` counts from 1.

    ``end`` is when the source calls it over; which of our times that is depends on the updates.
    ``watched`` is since when they watched their fix, where their updates do not say it.
    ``stated`` are the lengths from detection that the source itself states.
    ``components`` are names by our ids. ``removed`` counts characters that no record may hold,
    ``cut`` the texts that were too long. ``defects`` are its values that cannot be right,
    ``untaken`` its columns that hold something and that no mapping takes.
    """

    path: str = ""
    line: int
    system: str
    id: str
    url: str
    title: str
    text: str = ""
    times: Mapping[Milestone, datetime] = field(default_factory=dict)
    stated: Mapping[Milestone, timedelta] = field(default_factory=dict)
    end: datetime | None = None
    watched: datetime | None = None
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None
    severity: str = ""
    status: str = ""
    kinds: tuple[str, ...] = ()
    components: Mapping[str, str] = field(default_factory=dict)
    detected_by: str = ""
    visibility: str = ""
    public_summary: str = ""
    updates: tuple[Told, ...] = ()
    removed: int = 0
    cut: int = 0
    defects: tuple[Defect, ...] = ()
    untaken: tuple[str, ...] = ()
    story: Story | None = None

    @property
    def is_maintenance(self) -> bool:
        """Whether this is planned work."""
        return "maintenance" in self.kinds
