"""What of a tracker may be told to whom: the public sees what is named here, and nothing else.

This is an allow-list by construction: every public record is made anew, from the few values that
are named below. A field that is added to a record later is internal until somebody names it here.
The wording is that of the record; nobody can take a secret out of a sentence that was written to
be published. So a public title, summary or update is what people wrote there, and a review, which
is written for the team, loses the names that the tracker knows, its links and its comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, cast

from incident_tracker.model import (
    Component,
    Incident,
    Log,
    Origin,
    Record,
    Review,
    Section,
    Tracker,
    Written,
)
from incident_tracker.protocol import Protocol, ReviewSection, Severity
from incident_tracker.text.document import Document
from incident_tracker.text.names import Names
from incident_tracker.text.telling import impersonal, told
from incident_tracker.told_names import names_of
from incident_tracker.told_updates import NOWHERE, TOLD_IN_UPDATES, told_updates


class Audience(StrEnum):
    """Whom something is made for."""

    INTERNAL = "internal"
    PUBLIC = "public"


KNOWN_TO_THE_PUBLIC = "statuspage"
"""The system whose ids of incidents were public before they were imported."""
TOLD_OF_REVIEWS = (
    "summary",
    "impact",
    "root-cause",
    "went-well",
    "needs-improvement",
    "prevention",
    "lessons",
)
"""The sections of a public review: neither the timeline nor who owes which action."""
TOLD_OF_THE_PROTOCOL = (
    "version",
    "released",
    "organisation",
    "zone",
    "statuses",
    "maintenance_statuses",
    "review_statuses",
    "component_levels",
    "maintenance_level",
)


def seen_by(audience: Audience, tracker: Tracker) -> Tracker:
    """Return what an audience may see of a tracker."""
    return published(tracker) if audience is Audience.PUBLIC else tracker


def published(tracker: Tracker) -> Tracker:
    """Return what of a tracker is public."""
    protocols: dict[int, Protocol] = {}

    def words(protocol: Protocol) -> Protocol:
        return protocols.setdefault(id(protocol), _protocol(protocol))

    open_ = [incident for incident in tracker.incidents if is_public(incident)]
    ids = {incident.id for incident in open_}
    names = names_of(tracker)
    return Tracker(
        protocol=words(tracker.protocol),
        incidents=tuple(_incident(incident, words(incident.protocol)) for incident in open_),
        reviews=tuple(
            _review(review, words(review.protocol), names)
            for review in tracker.reviews
            if review.incident in ids and is_public_review(review)
        ),
        components=tuple(_component(component) for component in tracker.components),
    )


def is_public(incident: Incident) -> bool:
    """Whether an incident is told to everybody.

    It has to say so itself, a security incident as well, and to be well-formed: where headings are
    wrong, internal lines may have been read as part of an update. A drill is told to nobody.
    """
    return _says_public(incident) and incident.sound


def is_public_review(review: Review) -> bool:
    """Whether a review is told to everybody, provided that its incident is."""
    return review.visibility == "public" and review.status == "published" and review.sound


def withheld(tracker: Tracker) -> tuple[str, ...]:
    """Return the paths of the records that say they are public and are kept back for their form."""
    said = [i for i in tracker.incidents if _says_public(i)]
    reviews = [r for r in tracker.reviews if r.visibility == "public"]
    every: list[Record] = [*said, *reviews]
    return tuple(record.path for record in every if not record.sound)


def _says_public(incident: Incident) -> bool:
    return not (incident.is_internal or incident.is_withdrawn or incident.is_drill)


def _incident(incident: Incident, protocol: Protocol) -> Incident:
    return Incident(
        **_record(incident, protocol),
        title=told(incident.title),
        status=incident.status,
        severity=incident.severity,
        components=dict(incident.components),
        kinds=("maintenance",) if incident.is_maintenance else (),
        visibility=incident.visibility,
        public_summary=told(incident.public_summary),
        root_cause="",
        resolution="",
        detected_by="",
        times=dict(incident.times),
        roles={},
        drill="",
        scheduled_start=incident.scheduled_start,
        scheduled_end=incident.scheduled_end,
        ticket="",
        zone=incident.zone,
        origin=_origin(incident.origin),
        written=Written(),
        log=Log(updates=tuple(told_updates(incident))),
    )


def _record(record: Record, protocol: Protocol) -> dict[str, Any]:
    """What the reader left of a file, without a word of it."""
    nothing = Document(
        path=record.path,
        text="",
        newline="\n",
        lines=(),
        front=None,
        body_start=0,
        faults=(),
        readable=True,
    )
    return {
        "id": record.id,
        "path": record.path,
        "document": nothing,
        "protocol": protocol,
        "fields": {},
    }


def _origin(origin: Origin | None) -> Origin | None:
    if origin is None or origin.system != KNOWN_TO_THE_PUBLIC:
        return None
    return Origin(system=origin.system, id=origin.id)


def _review(review: Review, protocol: Protocol, names: Names) -> Review:
    titles = {section.text.casefold() for section in protocol.review_sections.values()}
    return Review(
        **_record(review, protocol),
        sections=tuple(_section(s, names) for s in review.sections if s.title.casefold() in titles),
        incident=review.incident,
        status=review.status,
        held_at=review.held_at,
        published_at=review.published_at,
        followed_up_at=None,
        attendees=(),
        apologies=(),
        facilitator="",
        visibility=review.visibility,
    )


def _section(section: Section, names: Names) -> Section:
    return Section(
        title=section.title,
        position=NOWHERE,
        text=impersonal(section.text, names),
        listed=tuple(impersonal(item, names) for item in section.items),
    )


def _component(component: Component) -> Component:
    return Component(
        id=component.id,
        name=component.name,
        group=component.group,
        description=component.description,
        since=component.since,
    )


def _protocol(protocol: Protocol) -> Protocol:
    """The words that public records are told in; no text of the protocol besides them."""
    told: dict[str, Any] = {
        row.name: getattr(protocol, row.name)
        if row.name in TOLD_OF_THE_PROTOCOL
        else _empty(getattr(protocol, row.name))
        for row in fields(protocol)
    }
    told["severities"] = {
        key: Severity(
            name=terms.name,
            meaning=terms.meaning,
            response=terms.response,
            component_level=terms.component_level,
        )
        for key, terms in protocol.severities.items()
    }
    told["kinds"] = {k: word for k, word in protocol.kinds.items() if k == "maintenance"}
    told["update_keys"] = {
        key: word for key, word in protocol.update_keys.items() if key in TOLD_IN_UPDATES
    }
    told["review_sections"] = {
        key: ReviewSection(text=section.text, hint="")
        for key, section in protocol.review_sections.items()
        if key in TOLD_OF_REVIEWS
    }
    told["words"] = replace(told["words"], unchanged=protocol.words.unchanged)
    return Protocol(**told)


def _empty(value: object) -> object:
    """Nothing of the same type; numbers, lengths and dates stay, they name nobody."""
    if is_dataclass(value) and not isinstance(value, type):
        emptied = {row.name: _empty(getattr(value, row.name)) for row in fields(value)}
        return replace(cast("Any", value), **emptied)
    if isinstance(value, str):
        return ""
    if isinstance(value, tuple):
        return ()
    return {} if isinstance(value, Mapping) else value
