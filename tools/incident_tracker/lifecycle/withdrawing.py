"""A record that should not be there: marked, or emptied to what its place in the list needs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.declare import Declaration, new_incident, new_maintenance
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import folded
from incident_tracker.model import WITHDRAWN, Incident, Milestone
from incident_tracker.parse import stem
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import flow_list

SHORTEST = timedelta(hours=1)


def withdrawn(draft: Draft, reason: str, at: datetime) -> Draft:
    """Return the draft as withdrawn; its words stay."""
    if draft.incident.is_withdrawn:
        message = f"{draft.incident.id} is withdrawn already"
        raise Refusal(message, "--erase takes its words away")
    _word(draft.protocol, draft.current)
    line = phrasing.cancelled(draft.protocol, WITHDRAWN, "", one_line(reason))
    return with_entry(draft, at, line)


def erased(draft: Draft, reason: str, at: datetime) -> str:
    """Return the text that takes the record's place: that it was there, and why it is not.

    It needs a record that can be read as little as one that cannot. Of the old one stay the names
    that it had, so that links are led on, and what its kind of record cannot be without.
    """
    protocol, record = draft.current, draft.parsed.record
    word = _word(protocol, protocol)
    incident = record if isinstance(record, Incident) else None
    zone = ZoneInfo(incident.zone) if incident else protocol.tzinfo
    day = date.fromisoformat(stem(draft.document.path)[:10])
    midnight = datetime.combine(day, time(), zone)
    title = word[:1].upper() + word[1:]
    if incident is not None and incident.is_maintenance:
        start = incident.scheduled_start or midnight
        end = incident.scheduled_end
        end = end if end is not None and end > start else start + SHORTEST
        said = Declaration(title=title, at=at, kinds=incident.kinds, start=start, end=end)
        text = new_maintenance(protocol, said)
    else:
        said = _said(title, incident, midnight, protocol)
        text = new_incident(protocol, said, zone)
    empty = Draft(read_document(draft.document.path, text.encode()), protocol)
    if incident is not None and incident.zone != protocol.zone:
        empty = empty.with_field("zone", incident.zone)
    if incident is not None and incident.formerly:
        empty = empty.with_field("formerly", flow_list(incident.formerly))
    return folded(withdrawn(empty, reason, at)).document.text


def erased_review(protocol: Protocol) -> str:
    """Return the text that takes the place of a withdrawn incident's review."""
    word = _word(protocol, protocol)
    status = next(iter(protocol.review_statuses))
    return f"---\nstatus: {status}\nvisibility: internal\n---\n# {word[:1].upper()}{word[1:]}\n"


def _said(
    title: str, incident: Incident | None, midnight: datetime, protocol: Protocol
) -> Declaration:
    least = list(protocol.severities)[-1]
    if incident is None:
        return Declaration(title=title, at=midnight, severity=least, visibility="internal")
    return Declaration(
        title=title,
        at=incident.at(Milestone.DETECTED) or midnight,
        severity=incident.severity or least,
        kinds=incident.kinds,
        visibility="internal",
        detected_by=incident.detected_by,
        drill=incident.drill,
    )


def _word(protocol: Protocol, current: Protocol) -> str:
    """The protocol's word for it; an older version, or another team's, may have none."""
    known = protocol.cancellations.get(WITHDRAWN)
    if known is None or not known.words:
        message = f"version {protocol.version} of the protocol has no cancellation {WITHDRAWN}"
        is_old = protocol.version != current.version
        path = f"versions/{protocol.version}.yml" if is_old else "protocol.yml"
        remedy = f"add it below cancellations in protocol/{path}: {WITHDRAWN}: {{words: […]}}"
        raise Refusal(message, f"{'--erase, or ' if is_old else ''}{remedy}")
    return known.words[0]
