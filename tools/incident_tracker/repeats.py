"""Which incidents repeat an earlier one, which of them owe a review, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from incident_tracker.model import Incident, Milestone

Caused = Mapping[str, Sequence[tuple[datetime, Incident]]]


@dataclass(slots=True)
class _Last:
    """What was worked out of the last tuple of incidents: the metrics of each period ask again."""

    incidents: tuple[Incident, ...] = ()
    caused: Caused = field(default_factory=dict)
    repeated: Mapping[str, Incident] = field(default_factory=dict)


_last = _Last()


def by_cause(incidents: Iterable[Incident]) -> Caused:
    """Return the incidents that count by their root cause, each with its detection, oldest first.

    Those without a named cause or a time of detection are in none.
    """
    return _of(incidents).caused


def _by_cause(incidents: Iterable[Incident]) -> Caused:
    found: dict[str, list[tuple[datetime, Incident]]] = {}
    for incident in incidents:
        detected = incident.at(Milestone.DETECTED)
        if incident.root_cause and detected is not None and incident.counts:
            found.setdefault(incident.root_cause, []).append((detected, incident))
    for same in found.values():
        same.sort(key=lambda one: (one[0], one[1].id))
    return found


def repeats(incidents: Iterable[Incident]) -> Mapping[str, Incident]:
    """Return for each repeated incident, by id, the latest earlier one with the same root cause.

    It is a repeat when the earlier one, of whatever severity, was detected within the protocol's
    window before it (the window's end included).
    """
    return _of(incidents).repeated


def _of(incidents: Iterable[Incident]) -> _Last:
    global _last  # noqa: PLW0603 # one tracker is looked at for long
    if _last.incidents is not incidents:
        whole = tuple(incidents)
        caused = _by_cause(whole)
        _last = _Last(whole, caused, _repeats(caused))
    return _last


def _repeats(caused: Caused) -> Mapping[str, Incident]:
    found: dict[str, Incident] = {}
    for same in caused.values():
        for (before, earlier), (detected, incident) in pairwise(same):
            if detected - before <= incident.protocol.repeat_window:
                found[incident.id] = earlier
    return found


def owes_review(incident: Incident, repeated: Mapping[str, Incident]) -> bool:
    """Return whether the protocol of its day asks for a review of the incident.

    It does for the severities that have a time for it (the highest that was ever held counts),
    for some kinds at any severity, and for some severities when the root cause is a repeat.
    """
    if not incident.counts:
        return False
    protocol = incident.protocol
    terms = protocol.severities.get(incident.severest)
    return (
        (terms is not None and terms.review is not None)
        or any(kind in protocol.review.kinds for kind in incident.kinds)
        or (incident.severity in protocol.review.repeated and incident.id in repeated)
    )


def review_within(incident: Incident) -> timedelta:
    """Return how long after resolution the review is to be held at the latest."""
    severity = incident.protocol.severities.get(incident.severest)
    return (severity and severity.review) or incident.protocol.review.within
