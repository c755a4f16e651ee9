"""JSON Schemas for editors: what may stand in front matter and in the protocol's files.

They hold the form only, as the reader takes it: what is missing is judged by status, by the check.
Draft 7 is the newest that every YAML language server reads whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from incident_tracker.assemble import known_names
from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK
from incident_tracker.model import Contacts, Tracker
from incident_tracker.protocol import Phrase, Protocol, Severity
from incident_tracker.protocol_escalation import Security
from incident_tracker.registers import ComponentFile
from incident_tracker.registry import rules
from incident_tracker.schemas.front_matter import front_matter
from incident_tracker.schemas.parts import Schema, described
from incident_tracker.schemas.tables import Sets, table

DRAFT = "http://json-schema.org/draft-07/schema#"
FOLDER = "schema"
REMARK = (
    "Written by `incident schema --write`; edit protocol.yml or components.yml and run it again"
)


def schema_of(name: str, tracker: Tracker) -> Schema:
    """Return the schema of that name, with the words and components of the tracker."""
    title, make = SCHEMAS[name]
    return {"$schema": DRAFT, "$comment": REMARK, "title": title, **make(tracker)}


def paths() -> Iterator[tuple[str, str]]:
    """Yield each schema's name and where its file lies in a tracker."""
    for name in SCHEMAS:
        yield name, f"{FOLDER}/{name}.json"


def _protocol(_: Tracker) -> Schema:
    """Return the schema of protocol.yml, which its own words do not narrow.

    Else a new word would be wrong wherever it is used until the schema is written anew.
    """
    known = known_names()
    duties = {rule.duty: rule.summary for rule in rules().values() if rule.duty}
    sets: Sets = {
        (Severity, "owes"): described({name: duties[name] for name in known.duties}),
        (Security, "owes"): described({name: duties[name] for name in known.duties}),
        (Phrase, "shape"): described(dict.fromkeys(known.shapes, "")),
        # An empty text is the same as none.
        (Phrase, "sets"): described(dict.fromkeys(("", *known.milestones), "")),
    }
    return table(Protocol, sets)


SCHEMAS: Mapping[str, tuple[str, Callable[[Tracker], Schema]]] = MappingProxyType(
    {
        "incident": ("Front matter of an incident", lambda t: front_matter(INCIDENT, t)),
        "review": ("Front matter of a review", lambda t: front_matter(REVIEW, t)),
        "runbook": ("Front matter of a runbook", lambda t: front_matter(RUNBOOK, t)),
        "protocol": ("The response protocol as data", _protocol),
        "components": ("What can be broken", lambda _: table(ComponentFile)),
        "contacts": ("Who is reached how", lambda _: table(Contacts)),
    }
)
