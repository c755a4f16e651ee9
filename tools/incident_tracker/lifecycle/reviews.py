"""A review: its scaffold, its meeting, its publication, and the facts that nobody has to type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.lifecycle.summary import time_field
from incident_tracker.model import Incident, Milestone
from incident_tracker.owed_reviews import owes_review, review_within
from incident_tracker.protocol import ReviewSection
from incident_tracker.text.edit import flow_list

NOTHING_REPEATED: Mapping[str, Incident] = MappingProxyType({})
LINK = "Taken from [the incident](../../incidents/{year}/{id}.md#timeline). Learned afterwards:"
SCAFFOLD = re.compile(r"(Taken from \[[^\]\n]{0,99}\]\([^)\n]{0,199}\)\.) Learned afterwards:")
"""The line of LINK, as it stands in a review; its first group does not speak of what follows."""


def new_review(incident: Incident) -> str:
    """Return the text of a new review: the sections with their hints, and the boxes."""
    protocol = incident.protocol
    front = ["---", f"status: {next(iter(protocol.review_statuses))}"]
    body: list[str] = []
    for key, section in protocol.review_sections.items():
        body += [f"## {section.text}", *_scaffold(key, section, incident), ""]
    boxes = [f"- [ ] {word.text}" for word in protocol.review_boxes.values()]
    return "\n".join([*front, "---", *body, "## Checklist", *boxes]) + "\n"


def invited(incident: Incident) -> tuple[str, ...]:
    """Return who responded and should be asked to the meeting; who came is known after it."""
    held = (change.value for changes in incident.log.roles.values() for change in changes)
    return tuple(dict.fromkeys((*incident.roles.values(), *held)))


def scheduled(draft: Draft, at: datetime, attendees: Iterable[str] = ()) -> Draft:
    """Return the review with the time of its meeting."""
    names = tuple(attendees)
    draft = draft.with_field("held_at", time_field(at))
    return draft.with_field("attendees", flow_list(names)) if names else draft


def published(draft: Draft, at: datetime) -> Draft:
    """Return the review as published; whether it may be is not decided here."""
    last = list(draft.protocol.review_statuses)[-1]
    return draft.with_field("status", last).with_field("published_at", time_field(at))


def facts(
    incident: Incident, repeated: Mapping[str, Incident] = NOTHING_REPEATED
) -> Mapping[str, str]:
    """Return what the page of the review computes from the incident: nothing of it is typed."""
    zone = ZoneInfo(incident.zone)
    detected = incident.at(Milestone.DETECTED)
    started = incident.at(Milestone.STARTED) or detected
    resolved = incident.at(Milestone.RESOLVED)
    due = review_due(incident, repeated)
    return {
        "Incident": incident.title,
        "Date": f"{detected.astimezone(zone):%Y-%m-%d}" if detected else "unknown",
        "Severity": incident.severity,
        "Duration": spoken_duration(resolved - started) if resolved and started else "unknown",
        "Systems affected": ", ".join(incident.components) or "unknown",
        "Review due": f"{due:%Y-%m-%d %H:%M}" if due else "not owed",
    }


def review_due(
    incident: Incident, repeated: Mapping[str, Incident] = NOTHING_REPEATED
) -> datetime | None:
    """Return by when a review is owed, None where severity, kind and root cause want none.

    Whether a root cause is a repeat is known to the whole tracker only: ``repeated``.
    """
    resolved = incident.at(Milestone.RESOLVED)
    if resolved is None or not owes_review(incident, repeated):
        return None
    return (resolved + review_within(incident)).astimezone(ZoneInfo(incident.zone))


def _scaffold(key: str, section: ReviewSection, incident: Incident) -> list[str]:
    hint = f"<!-- {section.hint}{_writer(section, incident)} -->"
    if key == "timeline":
        return [LINK.format(year=incident.id[:4], id=incident.id), hint]
    return [hint, *(f"- {name}:" for name in section.keys)]


def _writer(section: ReviewSection, incident: Incident) -> str:
    """Who writes a section, where it is somebody else than who leads the review."""
    role = incident.protocol.roles.get(section.role)
    holder = incident.roles.get(section.role, "")
    return f"; by the {role.name}{f', {holder}' if holder else ''}" if role else ""
