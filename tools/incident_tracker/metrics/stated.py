"""Incidents as their sources state them: the stated length in place of the times behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from incident_tracker.model import Incident, Milestone

STATED = "as their sources state them"


def as_stated(incidents: Iterable[Incident]) -> Iterator[Incident]:
    """Yield the incidents with the times that follow from the lengths that are stated.

    A milestone whose length no source states is unknown then: a mean of stated and of measured
    lengths would be neither.
    """
    for incident in incidents:
        detected = incident.at(Milestone.DETECTED)
        times = {Milestone.DETECTED: detected} if detected else {}
        if detected:
            times |= {m: detected + length for m, length in incident.stated.items()}
        yield replace(incident, times=times)
