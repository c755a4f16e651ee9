"""Which incidents owe a review, and how long after resolution it is to be held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from incident_tracker.model import Incident


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
