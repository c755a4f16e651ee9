"""All records as one JSON file; `json_schema` says what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.json_schema import VERSION, json_schema
from incident_tracker.exports.json_text import Row, json_row, json_rows
from incident_tracker.exports.offers import Offer, OnSite, Use
from incident_tracker.model import (
    Action,
    Box,
    Component,
    Entry,
    Incident,
    Milestone,
    Origin,
    Record,
    Review,
    Runbook,
    Said,
    Tracker,
    Update,
)

Of = TypeVar("Of", bound=Record)
Json = Mapping[str, object]
FILE = "tracker.json"


SCHEMA = "tracker.schema.json"
ON_SITE = OnSite(
    folder=f"data/v{VERSION}/",
    schema=SCHEMA,
    offers=(
        Offer(
            paths=(FILE, SCHEMA),
            title="All records",
            about="Incidents, reviews and components in one file, and its JSON Schema. A version "
            "only ever gains keys; another version gets another address.",
            readers="Programs (JSON)",
            changes="at every build",
            use=Use.DATA,
            media_type="application/json",
        ),
    ),
)


@export("json", schema=json_schema, on_site=ON_SITE)
def json_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """Everything but contacts in one file, under a version and a JSON Schema: for programs."""
    return {FILE: json_rows(_tracker(tracker, now, settings))}


def _tracker(tracker: Tracker, now: datetime, settings: Settings) -> Json:
    protocol = tracker.protocol
    return {
        "version": VERSION,
        "audience": settings.audience.value,
        "made_for": now.isoformat(timespec="seconds"),
        "organisation": protocol.organisation,
        "zone": protocol.zone,
        "protocol": protocol.version,
        "components": [_component(component) for component in tracker.components],
        "incidents": _rows(tracker.incidents, _incident, settings),
        "reviews": _rows(tracker.reviews, _review, settings),
        "runbooks": _rows(tracker.runbooks, _runbook, settings),
        "unread": [unread.path for unread in tracker.unread],
        "summary": {
            "incidents": len(tracker.incidents),
            "reviews": len(tracker.reviews),
            "runbooks": len(tracker.runbooks),
            "unread": len(tracker.unread),
        },
    }


def _rows(
    records: Iterable[Of], told: Callable[[Of, Settings], Json], settings: Settings
) -> Sequence[Row]:
    return [
        Row(settings.piece("json", record, partial(_row, record, told, settings)))
        for record in records
    ]


def _row(record: Of, told: Callable[[Of, Settings], Json], settings: Settings) -> str:
    return json_row(told(record, settings))


def _component(component: Component) -> Json:
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group or None,
        "description": component.description or None,
        "since": _when(component.since),
        "hosted_by": component.hosted_by or None,
        "backup": component.backup or None,
    }


def _record(record: Record, settings: Settings) -> Json:
    return {
        "id": record.id,
        "path": record.path,
        "url": settings.page_of(record.path) or None,
        "protocol": record.protocol.version,
        "well_formed": record.sound,
        "waivers": [
            {"code": waiver.code, "reason": waiver.reason, "line": waiver.line}
            for waiver in record.waivers
        ],
        "sections": [{"title": each.title, "text": each.text} for each in record.sections],
    }


def _incident(incident: Incident, settings: Settings) -> Json:
    return {
        **_record(incident, settings),
        "title": incident.title,
        "severity": incident.severity or None,
        "status": incident.status,
        "kind": list(incident.kinds),
        "components": dict(incident.components),
        "visibility": incident.visibility,
        "public_summary": incident.public_summary or None,
        "drill": incident.drill or None,
        "scheduled_start": _when(incident.scheduled_start),
        "scheduled_end": _when(incident.scheduled_end),
        "detected_by": incident.detected_by or None,
        **{milestone.value: _when(incident.at(milestone)) for milestone in Milestone},
        "roles": dict(incident.roles),
        "resolution": incident.resolution or None,
        "root_cause": incident.root_cause or None,
        "ticket": incident.ticket or None,
        "zone": incident.zone,
        "origin": _origin(incident.origin),
        "stated": {m.value: int(s.total_seconds()) for m, s in incident.stated.items()},
        "formerly": list(incident.formerly),
        "alerts": list(incident.alerts),
        "alert_groups": list(incident.alert_groups),
        "timeline": [_entry(entry) for entry in incident.log.entries],
        "updates": [_update(update) for update in incident.log.updates],
        "boxes": _boxes(incident.boxes),
        "actions": _actions(incident.actions),
    }


def _origin(origin: Origin | None) -> Json | None:
    if origin is None:
        return None
    return {"system": origin.system, "id": origin.id, "url": origin.url or None}


def _entry(entry: Entry) -> Json:
    return {
        "at": _when(entry.at),
        "estimated": entry.estimated,
        "text": entry.text,
        "said": _said(entry.said) if entry.said else None,
    }


def _said(said: Said) -> Json:
    """The parts of what a phrase says that are there."""
    parts = {row.name: getattr(said, row.name) for row in fields(said)}
    return {
        name: dict(part)
        if isinstance(part, Mapping)
        else list(part)
        if isinstance(part, tuple)
        else part
        for name, part in parts.items()
        if part or (name == "fix" and part is not None)
    }


def _update(update: Update) -> Json:
    return {
        "at": _when(update.at),
        "status": update.status or None,
        "text": update.text,
        "keys": {keyed.key: keyed.value for keyed in reversed(update.keys)},
        "next_update_at": _when(update.next_update_at),
        "components": dict(update.components),
    }


def _boxes(boxes: Iterable[Box]) -> list[Json]:
    return [
        {
            "box": box.box or None,
            "text": box.text,
            "ticked": box.ticked,
            "note": box.note or None,
            "not_applicable": box.not_applicable or None,
            "at": _when(box.at or box.on),
        }
        for box in boxes
    ]


def _actions(actions: Iterable[Action]) -> list[Json]:
    return [
        {
            "id": action.id,
            "text": action.text,
            "state": action.state.value,
            "owner": action.owner or None,
            "due": _when(action.due),
            "type": action.type or None,
            "ticket": action.ticket or None,
            "done": _when(action.done),
            "dropped": action.dropped or None,
        }
        for action in actions
    ]


def _review(review: Review, settings: Settings) -> Json:
    return {
        **_record(review, settings),
        "incident": review.incident,
        "status": review.status,
        "visibility": review.visibility,
        "held_at": _when(review.held_at),
        "published_at": _when(review.published_at),
        "followed_up_at": _when(review.followed_up_at),
        "facilitator": review.facilitator or None,
        "attendees": list(review.attendees),
        "apologies": list(review.apologies),
        "boxes": _boxes(review.boxes),
        "actions": _actions(review.actions),
    }


def _runbook(runbook: Runbook, settings: Settings) -> Json:
    return {
        **_record(runbook, settings),
        "title": runbook.title,
        "covers": list(runbook.covers),
        "owner": runbook.owner or None,
        "last_reviewed": _when(runbook.last_reviewed),
        "last_tested": _when(runbook.last_tested),
    }


def _when(at: date | None) -> str | None:
    return at.isoformat() if at is not None else None
