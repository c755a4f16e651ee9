"""Incidents as their sources state them: the stated length in place of the times behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time

from incident_tracker.model import Incident, Milestone
from incident_tracker.text.stamps import day_of

STATED = "as their sources state them"


def as_stated(incidents: Iterable[Incident]) -> Iterator[Incident]:
    """Yield the incidents with the times that follow from the lengths that are stated.

    A milestone whose length no source states is unknown then: a mean of stated and of measured
    lengths would be neither.
    """
    for incident in incidents:
        detected = incident.at(Milestone.DETECTED)
        if detected is None and incident.stated:
            # A length needs no known begin: it is laid to the one that is nearest to it.
            detected = incident.at(Milestone.STARTED) or _day(incident)
        times = {Milestone.DETECTED: detected} if detected else {}
        if detected:
            times |= {m: detected + length for m, length in incident.stated.items()}
        yield replace(incident, times=times)


def _day(incident: Incident) -> datetime | None:
    day = day_of(incident.id[:10])
    return datetime.combine(day, time(), incident.protocol.tzinfo) if day else None
