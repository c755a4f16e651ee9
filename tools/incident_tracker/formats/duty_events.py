"""What is owed as entries of a calendar, one for each duty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from incident_tracker.due import Due
from incident_tracker.formats.events import Event, calendar, short_digest, uid
from incident_tracker.protocol import Protocol

ITS_WORDS_CHANGE = ("review",)
"""Clocks of which an incident has one, whose words say more from some time on."""

# Each person and party has one of these, whose words change with what of it is done.
ONE_EACH: Mapping[str, Callable[[Due], str]] = {
    "contact-test": lambda item: " ".join(item.command.split()[:4]),
    "training": lambda item: item.who,
}


def duty_calendar(owed: Iterable[Due], protocol: Protocol, now: datetime) -> str:
    """Return the calendar of what is owed at a moment; an entry for a day where a day is meant."""
    return calendar(duty_events(owed, protocol), now, f"{protocol.organisation}: what is owed")


def duty_events(owed: Iterable[Due], protocol: Protocol) -> Iterator[Event]:
    """Yield an entry for each duty."""
    for item in owed:
        late = "overdue: " if item.is_overdue else ""
        who = f" ({item.who})" if item.who else ""
        yield Event(
            uid=uid(protocol.organisation, item.id.replace("#", "."), *_identity(item)),
            start=item.day(protocol.tzinfo) or item.when,
            summary=f"{late}{item.id}: {item.what}{who}",
            description=item.command,
        )


def _identity(item: Due) -> tuple[str, ...]:
    if not item.clock:
        # Incident and review number their actions from one, and either may come to have more.
        return ("action", item.path.partition("/")[0])
    if item.clock in ITS_WORDS_CHANGE:
        return (item.clock,)
    if item.clock in ONE_EACH:
        return (item.clock, short_digest(ONE_EACH[item.clock](item)))
    return (item.clock, short_digest(item.what))
