"""What an incident's page says about the search: hypotheses, looks, deeds and evidence."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from markupsafe import Markup

from incident_tracker.lifecycle.investigation import (
    Hypothesis,
    deeds,
    evidence,
    hypotheses,
    looks,
    restores,
)
from incident_tracker.model import Incident, Said
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.tables import Cell, Table, code
from incident_tracker.pages.wording import length, moment, said, short_day, stamp

DEEDS = "Actions Taken"


def inquiry(incident: Incident, book: Book) -> Iterator[Table]:
    """The tables that hold something; what somebody wrote as a section stands there instead."""
    found = (
        _hypotheses(incident, book),
        _looks(incident, book),
        None if incident.section(DEEDS) else _deeds(incident, book),
        _evidence(incident, book),
    )
    yield from (table for table in found if table is not None)


def _hypotheses(incident: Incident, book: Book) -> Table | None:
    rows = [_hypothesis(one, incident, book) for one in hypotheses(incident)]
    head = ("Hypothesis", "State", "Raised", "Settled", "What showed it")
    return Table(title="Hypotheses", head=head, rows=rows) if rows else None


def _hypothesis(one: Hypothesis, incident: Incident, book: Book) -> Sequence[Cell]:
    raised, settled = (_at(at, incident, book) for at in (one.at, one.settled_at))
    return (_said(one.text, incident), one.state, raised, settled, _said(one.finding, incident))


def _looks(incident: Incident, book: Book) -> Table | None:
    checks = incident.protocol.checks
    rows = [
        (
            ", ".join(checks[name].about or name for name in entry.said.names if name in checks),
            _at(entry.at, incident, book),
            _said(entry.said.text, incident),
        )
        for entry in looks(incident)
        if entry.said is not None
    ]
    head = ("Where", "When", "Found")
    return Table(title="What was checked", head=head, rows=rows) if rows else None


def _deeds(incident: Incident, book: Book) -> Table | None:
    rows = [(_at(one.at, incident, book), _said(one.text, incident)) for one in deeds(incident)]
    if not rows:
        return None
    about = Markup(" ").join(
        filled(
            "Restored from the backup of {}{}.",
            moment(book.local(one.backup)),
            f", {length(one.lost)} before the impact began" if one.lost is not None else "",
        )
        for one in restores(incident)
    )
    return Table(title="Actions taken", head=("When", "What"), rows=rows, about=about)


def _evidence(incident: Incident, book: Book) -> Table | None:
    lines = ((entry.said, entry.at) for entry in evidence(incident))
    rows = [_kept(line, at, incident, book) for line, at in lines if line is not None]
    head = ("Evidence", "Kept", "What it is", "SHA-256")
    return Table(title="Evidence", head=head, rows=rows) if rows else None


def _kept(line: Said, at: datetime | None, incident: Incident, book: Book) -> Sequence[Cell]:
    where = next(iter(line.names), "")
    shown = said(where) if "://" in where else code(where)
    checksum = code(line.sha256) if line.sha256 else "none"
    return (shown, _at(at, incident, book), _said(line.text, incident), checksum)


def _said(text: str, incident: Incident) -> Markup:
    return said(text, page=incident.path, source=incident.path)


def _at(at: datetime | None, incident: Incident, book: Book) -> Cell:
    if at is None:
        return ""
    there = book.local(at)
    other = there.date() != book.day_of(incident)
    return stamp(there, f"{short_day(there.date())}, {there:%H:%M}" if other else f"{there:%H:%M}")
