"""A record while a command changes it: each step edits the text and reads it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK
from incident_tracker.finding import Edit, Fault
from incident_tracker.lifecycle.refusal import Unreadable
from incident_tracker.model import Incident, Record, Review
from incident_tracker.parse import Parsed, parse
from incident_tracker.protocol import Protocol
from incident_tracker.text import edit
from incident_tracker.text.characters import scrubbed
from incident_tracker.text.comments import unopened
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.fences import closed

# What is left of a merge would cut a text off as a heading does.
LEFT_OF_MERGE = r"([<>|])\1{6}(?: |$)"
ANY_HEADING = re.compile(rf"##|#\s|{LEFT_OF_MERGE}")
SECTION_HEADING = re.compile(rf"##(?!#)|#\s|{LEFT_OF_MERGE}")


@dataclass(frozen=True)
class Draft:
    """A document and what it says under the tracker's protocol."""

    document: Document
    current: Protocol

    @cached_property
    def parsed(self) -> Parsed:
        """The record with the faults of its form."""
        return parse(self.document, self.current)

    @property
    def record(self) -> Record:
        """The record; Unreadable where nothing could be made of the file."""
        if self.parsed.record is None:
            message = f"{self.document.path} cannot be read, so nothing was changed in it"
            raise Unreadable(message, f"incident check {self.document.path} says why")
        return self.parsed.record

    @property
    def incident(self) -> Incident:
        """The record as an incident."""
        assert isinstance(self.record, Incident)  # noqa: S101 # the path decides
        return self.record

    @property
    def review(self) -> Review:
        """The record as a review."""
        assert isinstance(self.record, Review)  # noqa: S101 # the path decides
        return self.record

    @property
    def protocol(self) -> Protocol:
        """The protocol version that judges the record."""
        return self.record.protocol

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the record's clock times."""
        record = self.record
        return ZoneInfo(record.zone) if isinstance(record, Incident) else record.protocol.tzinfo

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """Return the draft with the edits made."""
        text = edit.apply(self.document.text, edits)
        if text == self.document.text:
            return self
        return Draft(read_document(self.document.path, text.encode()), self.current)

    def with_field(self, key: str, value: str | None) -> Draft:
        """Return the draft with a field set to its YAML text, or taken away."""
        self.record  # noqa: B018 # an unreadable record is refused before it is touched
        if value is None:
            after = self
            # Of a field that stands twice, the second one would take the place of the first.
            while after.document.front is not None and after.document.front.entry(key):
                after = after.edited(edit.remove_field(after.document, key))
            return after
        by_folder = {"incidents": INCIDENT, "runbooks": RUNBOOK}
        rows = by_folder.get(self.document.path.partition("/")[0], REVIEW)
        return self.edited(edit.set_field(self.document, key, value, order=tuple(rows)))

    def with_lines(self, section: str, lines: Iterable[str]) -> Draft:
        """Return the draft with lines at the end of a section, which is made if need be."""
        return self.edited(edit.append_to_section(self.document, section, tuple(lines), self.order))

    @property
    def order(self) -> tuple[str, ...]:
        """The titles of the sections in their order."""
        if self.document.path.startswith("incidents/"):
            return self.protocol.incident_sections
        return tuple(section.text for section in self.protocol.review_sections.values())

    def new_faults(self, before: Draft) -> tuple[Fault, ...]:
        """Return the faults of form that were not there before; of alike ones the last are new."""
        faults = self.parsed.faults
        more = Counter((fault.code, fault.message) for fault in faults)
        more.subtract((fault.code, fault.message) for fault in before.parsed.faults)
        found = []
        for fault in reversed(faults):
            more[fault.code, fault.message] -= 1
            if more[fault.code, fault.message] >= 0:
                found.append(fault)
        return tuple(reversed(found))


def one_line(text: str) -> str:
    """Return text for one line of a record: no controls, no open comment, single blanks."""
    plain = " ".join(scrubbed(text).split())
    return unopened(plain)


def paragraph(text: str, *, heading: re.Pattern[str] = ANY_HEADING) -> list[str]:
    """Return the lines of a text that ends each fence and comment it opens.

    What would be a heading or a mark of a merge stands there as text.
    """
    lines = [line.rstrip() for line in scrubbed(text).replace("\r\n", "\n").split("\n")]
    safe = [f"\\{line}" if heading.match(line) else line for line in map(unopened, lines)]
    while safe and not safe[0]:
        del safe[0]
    while safe and not safe[-1]:
        del safe[-1]
    return closed(safe)
