"""The texts of an incident that people outside the team read, and who approves which of them."""

from __future__ import annotations

import re
from collections.abc import Collection

from incident_tracker.escalation import people_of
from incident_tracker.lifecycle.deliveries import State
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Contacts, Incident, Person, Update

LATER = ("update ", "resolution ")


def is_kept_in(incident: Incident) -> bool:
    """Whether nobody outside the team reads of it: it is internal, or practice."""
    return incident.is_internal or incident.is_drill


def public_texts(incident: Incident) -> tuple[Update | None, ...]:
    """Return what the outside was told, in its order: each update is one text.

    None stands for the first notice, where somebody outside had it before any update was written:
    later it tells the first update, and is no text of its own.
    """
    if is_kept_in(incident):
        return ()
    updates = tuple(update for update in incident.log.updates if update.at is not None)
    outside = set(incident.protocol.telling.outside)
    first = min((update.at for update in updates if update.at is not None), default=None)
    # What is going out may have arrived. A line that names an update is about that one.
    early = (
        entry.said is not None
        and outside & set(entry.said.names)
        and not entry.said.text.startswith(LATER)
        and entry.at is not None
        and (first is None or entry.at < first)
        for entry in incident.log.of(State.SENT, State.UNKNOWN)
    )
    return (None, *updates) if any(early) else updates


def number_of(incident: Incident, which: str, update: Update | None) -> int:
    """Return which public text a notice is, from 1; ``update`` is what it tells.

    Without one the first notice is the first text, and any other one comes behind those that are.
    """
    texts = public_texts(incident)
    if update is not None and update in texts:
        return texts.index(update) + 1
    return 1 if which == "initial" else len(texts) + 1


def approver(incident: Incident, number: int) -> str:
    """Return who has to approve that text of an incident for the outside, nobody where empty."""
    terms = incident.protocol.telling.approval
    asked = 0 < terms.from_ <= number and incident.severity in terms.severities
    return terms.by if asked and not is_kept_in(incident) else ""


def approvers(incident: Incident, contacts: Contacts) -> tuple[Person, ...]:
    """Return who of the contacts approves texts of such an incident; of nobody, anybody may."""
    terms = incident.protocol.telling.approval
    asked = terms.from_ and incident.severity in terms.severities
    return people_of((terms.by,), contacts, incident.protocol) if asked else ()


def is_among(said: str, people: Collection[Person]) -> bool:
    """Whether what stands as the approving name is one of these people; without any, it is."""
    names = {name for person in people for name in (person.id, person.name) if name}
    pattern = "|".join(re.escape(name) for name in sorted(names))
    return not names or re.search(rf"(?<!\w)(?:{pattern})(?!\w)", said, re.IGNORECASE) is not None


def require_approver(name: str, incident: Incident, people: Collection[Person]) -> None:
    """Refuse a name of which the contacts say that it is not theirs to approve."""
    if name and not is_among(name, people):
        by = incident.protocol.telling.approval.by
        raise Refusal(f"{name} is not the {by}, who approves this", named(people))


def named(people: Collection[Person]) -> str:
    """Return in words who may approve."""
    return f"who may, by protocol/contacts.yml: {', '.join(person.id for person in people)}"
