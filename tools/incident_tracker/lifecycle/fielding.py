"""Fields set by hand: what was typed as the YAML of the field, refused where it cannot be read."""

from __future__ import annotations

from datetime import datetime

from incident_tracker.fields import INCIDENT, REVIEW, Kind, Row
from incident_tracker.front_fields import field_hint, near_fields
from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.moments import full_moment
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import time_field
from incident_tracker.text.edit import flow_list, flow_map, scalar

LISTS = frozenset({Kind.WORDS, Kind.NAMES, Kind.PEOPLE})
MAPS = frozenset({Kind.ROLES, Kind.WAIVERS, Kind.ORIGIN, Kind.STATED})


def with_value(draft: Draft, key: str, typed: str) -> Draft:
    """Return the draft with a field set to what was typed, or without it for an empty text."""
    rows = INCIDENT if draft.document.path.startswith("incidents/") else REVIEW
    row = rows.get(key)
    if row is None:
        raise Refusal(f'no field "{one_line(key)}"', field_hint(near_fields(key, rows), rows))
    after = draft.with_field(key, _yaml(draft, row, typed) if typed else None)
    wrong = next(
        (f for f in after.new_faults(draft) if f.field == key or after.parsed.record is None), None
    )
    if wrong is not None:
        raise Refusal(wrong.message, wrong.help)
    return after


def with_severity(draft: Draft, at: datetime, severity: str, reason: str) -> Draft:
    """Return the draft in which the severity changed, with the line that says why."""
    known, old = draft.protocol.severities, draft.incident.severity
    new = next((name for name in known if name.casefold() == severity.casefold()), "")
    if not new:
        raise Refusal(f'"{one_line(severity)}" is no severity', f"one of: {', '.join(known)}")
    if new == old:
        if one_line(reason):
            was = phrasing.before(draft.incident.log.severities, new)
            line = phrasing.severity_changed(draft.protocol, was, new, one_line(reason))
            message = f"{draft.record.id} is {new} already, so nothing was written"
            raise Refusal(message, f'incident log {draft.record.id} "{line}"')
        return draft
    if not reason:
        raise Refusal(f"why is it {new} and no longer {old}?", '--reason "donations fail as well"')
    return with_entry(
        draft, at, phrasing.severity_changed(draft.protocol, old, new, one_line(reason))
    )


def with_waiver(draft: Draft, code: str, reason: str) -> Draft:
    """Return the draft that accepts one more finding, with the reason."""
    if not one_line(reason):
        raise Refusal("a waiver needs its reason", f'incident waive {draft.record.id} {code} "…"')
    held = {w.code: w.reason for w in draft.record.waivers if w.line is None}
    return draft.with_field("waive", flow_map({**held, code: one_line(reason)}))


def _yaml(draft: Draft, row: Row, typed: str) -> str:
    plain = one_line(typed)
    if row.kind in MAPS or plain[:1] in "[{":
        return plain
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    if row.kind is Kind.COMPONENTS:
        levels = {
            name.strip(): level.strip() for name, _, level in (p.partition("=") for p in parts)
        }
        return flow_map(levels) if all(levels.values()) else flow_list(levels)
    if row.kind in LISTS:
        return scalar(parts[0]) if len(parts) == 1 and row.kind is Kind.WORDS else flow_list(parts)
    if row.kind is Kind.TIME:
        return time_field(full_moment(plain, draft.zone))
    return scalar(plain)
