"""Ids as Statuspage gives them: twelve letters and digits, the same for the same thing.

A record that came from a Statuspage keeps the id that it had there, so that links and bots go on.
Every other id is made from what never changes about the thing: the first id that a record bore,
the id of a component, the name of a group, the moment of an update.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from incident_tracker.audience import KNOWN_TO_THE_PUBLIC
from incident_tracker.model import Incident

LENGTH = 12
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
FOREIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def made_id(*parts: str) -> str:
    """Return the id that belongs to these texts."""
    joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(joined).digest())
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(LETTERS))
        digits.append(LETTERS[digit])
    return "".join(digits)


def incident_ids(incidents: Sequence[Incident]) -> Mapping[str, str]:
    """Return the id of each incident, by its own; one that two lay claim to is nobody's."""
    wishes = {incident.id: _wishes(incident) for incident in incidents}
    claims = Counter(wish for several in wishes.values() for wish in dict.fromkeys(several))
    return {
        own: next((wish for wish in several if claims[wish] == 1), several[-1])
        for own, several in wishes.items()
    }


def _wishes(incident: Incident) -> list[str]:
    """The ids that it would like to have, the dearest first; nobody else has the last."""
    origin, names = incident.origin, [*incident.formerly[:1], incident.id]
    wishes = [made_id("incident", name) for name in names]
    if origin and origin.system == KNOWN_TO_THE_PUBLIC and FOREIGN.fullmatch(origin.id):
        wishes.insert(0, origin.id)
    return wishes
