"""Who is called, as tables: levels, terms of calling, who is on call, security steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incident_tracker.escalation import about_level, on_call_at
from incident_tracker.pages.book import Book
from incident_tracker.pages.tables import Cell, Table, code
from incident_tracker.pages.wording import length, moment
from incident_tracker.protocol import Protocol

SHIFTS = 5


def escalation(protocol: Protocol) -> Iterator[Table]:
    """The levels, when somebody is called again, and what a security incident asks for."""
    terms = protocol.escalation
    if terms.levels:
        rows = [
            (f"Level {number}: {level.name}", level.about, about_level(level, protocol))
            for number, level in enumerate(terms.levels, 1)
        ]
        yield Table(title="Escalation", head=("Level", "Does", "Called for"), rows=rows)
    if calling := tuple(_calling(protocol)):
        yield Table(title="Calling", head=("What", "Value"), rows=calling)
    security = protocol.security
    rows = [(step.name, step.about, code(step.proof)) for step in security.steps]
    rows += [(step.name, step.about, code(step.proof)) for step in security.responses]
    yield Table(title="Steps of a security incident", head=("Step", "What", "Proof"), rows=rows)
    if security.regulators:
        yield Table(
            title="Authorities that are told",
            head=("Authority", "Within", "From", "If"),
            rows=[(r.name, length(r.within), r.from_, r.when) for r in security.regulators],
        )


def _calling(protocol: Protocol) -> Iterator[Sequence[Cell]]:
    terms, hours = protocol.escalation, protocol.escalation.working_hours
    if hours is not None:
        yield "Working hours", f"{', '.join(hours.days)}, {hours.begin} to {hours.end}"
    if terms.emergency_for:
        yield "Emergency lines come first for", ", ".join(terms.emergency_for)
    for severity, limit in terms.silent_after.items():
        yield f"A silent party is asked again ({severity}) after", length(limit)


def rota(book: Book) -> Iterator[Table]:
    """Who is on call now and next; nothing where no rota is kept."""
    contacts, zone = book.tracker.contacts, book.protocol.tzinfo
    at = book.now
    rows: list[Sequence[Cell]] = []
    for _ in range(SHIFTS):
        held = on_call_at(contacts, at, zone)
        if held is None:
            break
        rows.append((held.person.name, "now" if not rows else moment(book.local(at))))
        if held.until is None:
            break
        at = held.until
    if rows:
        yield Table(title="On call", head=("Name", "From"), rows=rows)
