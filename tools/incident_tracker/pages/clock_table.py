"""The clocks of all severities side by side, as the protocol's file holds them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from markupsafe import Markup

from incident_tracker.pages import drawings
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.levels import label_of
from incident_tracker.pages.tables import Cell, Table
from incident_tracker.pages.wording import length
from incident_tracker.protocol import Cadence, Severity


def clocks(book: Book) -> Table:
    """Every time limit by severity, in force now."""
    severities = book.protocol.severities
    watch = book.protocol.watch
    rows: list[Sequence[Cell]] = [
        ("Meaning", *(terms.meaning for terms in severities.values())),
        _limits("Response", severities.values(), lambda s: s.response),
        _limits("Triage, from acknowledging", severities.values(), lambda s: s.triage),
        _limits("First notifications", severities.values(), lambda s: s.notify),
        ("Told", *(", ".join(s.audiences) or "nobody" for s in severities.values())),
        _updates("Next update due", severities.values(), lambda c: c.remind),
        _updates("Update late after", severities.values(), lambda c: c.late),
        _limits(
            "Target to acknowledge",
            severities.values(),
            lambda s: s.acknowledge_target,
            before="under ",
        ),
        _limits(
            "Target to resolve", severities.values(), lambda s: s.resolve_target, before="under "
        ),
        (
            "Watch after the fix",
            *(f"{length(watch.least)} to {length(watch.most)}",) * len(severities),
        ),
        _limits("Initial report, from the fix", severities.values(), lambda s: s.report),
        _limits("Review held, from the fix", severities.values(), lambda s: s.review),
        (
            "Component is taken to be",
            *(label_of(s.component_level, book.protocol) for s in severities.values()),
        ),
        ("Component needed from", *(s.component_needed for s in severities.values())),
    ]
    head = [
        "Clock",
        *(
            filled("{} {}", drawings.severity(rank, name), terms.name)
            for rank, (name, terms) in enumerate(severities.items())
        ),
    ]
    about = (
        "Worked out from protocol.yml. Response, notifications and targets run from detection. "
        "A target is missed at its value, a deadline is met at its value."
    )
    return Table(title="The clocks in force", head=head, rows=rows, about=about)


def _limits(
    name: str,
    severities: Iterable[Severity],
    limit: Callable[[Severity], timedelta | None],
    before: str = "",
) -> Sequence[Cell]:
    return (name, *(_limit(limit(terms), before) for terms in severities))


def _updates(
    name: str, severities: Iterable[Severity], limit: Callable[[Cadence], timedelta]
) -> Sequence[Cell]:
    return _limits(name, severities, lambda s: limit(s.update) if s.update else None)


def _limit(of: timedelta | None, before: str) -> Cell:
    return f"{before}{length(of)}" if of else Markup('<span class="it-mute">none</span>')
