"""The numbered fixes of a runbook, which of them are dangerous, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from incident_tracker.fields import RUNBOOK
from incident_tracker.finding import Position
from incident_tracker.frozen import value
from incident_tracker.model import Entry, Incident, Runbook, Tracker
from incident_tracker.text import edit
from incident_tracker.text.document import Document, read_document

NUMBERED = re.compile(r" {0,3}(?P<number>[0-9]{1,3})[.)][ \t]+(?P<text>.*)")
WORD = re.compile(r"[^\W\d_]+")


@value
class Fix:
    """One numbered fix of a runbook, as timelines name it."""

    number: int
    text: str
    position: Position
    is_dangerous: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its text."""
        return tuple(word.casefold() for word in WORD.findall(self.text))


@value
class Use:
    """A line that says that a runbook was used."""

    incident: Incident
    entry: Entry
    fix: int | None
    outcome: str


def fixes(runbook: Runbook) -> tuple[Fix, ...]:
    """Return the fixes of its section of fixes: the first that has numbers besides the first steps.

    Timelines mean the numbers of "Common Fixes", or of "Response" where that is what there is.
    """
    for title in ("Common Fixes", "Response"):
        section = runbook.section(title)
        if section is not None:
            return tuple(_fixes(section.text, section.position.line + 1, runbook))
    return ()


def _fixes(text: str, first: int, runbook: Runbook) -> Iterator[Fix]:
    danger = re.compile(
        "|".join(rf"\b{re.escape(word)}\W*:" for word in runbook.protocol.words.danger) or "(?!)",
        re.IGNORECASE,
    )
    for offset, line in enumerate(text.split("\n")):
        match = NUMBERED.fullmatch(line.rstrip("\r"))
        if match is not None:
            yield Fix(
                number=int(match["number"]),
                text=match["text"],
                position=Position(first + offset, 1),
                is_dangerous=danger.search(match["text"]) is not None,
            )


def untried(document: Document, day: date) -> str:
    """Return the runbook of a new tracker: read through on a day, and never tried."""
    edits = edit.set_field(document, "last_reviewed", day.isoformat(), order=tuple(RUNBOOK))
    text = edit.apply(document.text, edits)
    read = read_document(document.path, text.encode())
    return edit.apply(text, edit.remove_field(read, "last_tested"))


def uses(runbook: Runbook, incidents: Sequence[Incident]) -> tuple[Use, ...]:
    """Return the lines that say that a runbook was used, in the order of the incidents."""
    return tuple(
        Use(incident=incident, entry=entry, fix=entry.said.fix, outcome=entry.said.outcome)
        for incident in incidents
        for entry in incident.log.of("runbook-used")
        if entry.said is not None and runbook.id in entry.said.names
    )


def tried_on(runbook: Runbook, tracker: Tracker) -> date | None:
    """Return the last day on which it was tried: as its file says, or as a timeline does."""
    days = [use.entry.at.date() for use in uses(runbook, tracker.incidents) if use.entry.at]
    days += [runbook.last_tested] if runbook.last_tested else []
    return max(days, default=None)
