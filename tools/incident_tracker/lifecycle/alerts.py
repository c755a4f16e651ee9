"""What a monitor delivers, read as the alerts that it names: the webhook of Alertmanager.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config describes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.lifecycle.draft import one_line
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.protocol import AlertTerms

LONGEST_TITLE = 120
MOST_ALERTS = 1_000
FINGERPRINT = re.compile(r"[0-9a-zA-Z]{1,64}")
STARTED = re.compile(
    r"(?P<second>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})(?:\.[0-9]+)?(?P<zone>Z|[+-][0-9:]{5})"
)
HOW = "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """One alert: what it is known by, whether it still fires, and what it says."""

    fingerprint: str
    fires: bool
    title: str
    severity: str
    component: str
    at: datetime | None


def read_alerts(text: str, terms: AlertTerms) -> tuple[Alert, ...]:
    """Return the alerts of a delivery; Refusal where it is none."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _no_delivery(f"it is no JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("alerts"), list):
        raise _no_delivery("it has no list of alerts")
    listed = found["alerts"]
    if not 0 < len(listed) <= MOST_ALERTS:
        raise _no_delivery(f"it has {len(listed):,} alerts")
    return tuple(_alert(number, item, terms) for number, item in enumerate(listed, start=1))


def _refuse_constant(name: str) -> object:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _no_delivery(why: str) -> Refusal:
    return Refusal(f"this is no delivery of Alertmanager: {why}", HOW)


def _alert(number: int, item: object, terms: AlertTerms) -> Alert:
    if not isinstance(item, dict):
        raise _no_delivery(f"alert {number} is no object")
    fingerprint = item.get("fingerprint")
    if not isinstance(fingerprint, str) or not FINGERPRINT.fullmatch(fingerprint):
        raise _no_delivery(f"alert {number} has no fingerprint of letters and digits")
    if item.get("status") not in ("firing", "resolved"):
        raise _no_delivery(f"the status of alert {number} is neither firing nor resolved")
    labels, notes = _texts(item.get("labels")), _texts(item.get("annotations"))
    title = notes.get("summary") or labels.get("alertname") or "An alert without a name"
    return Alert(
        fingerprint=fingerprint,
        fires=item["status"] == "firing",
        title=_cut(one_line(title)) or "An alert without a name",
        severity=labels.get(terms.severity_label, ""),
        component=labels.get(terms.component_label, ""),
        at=_moment(item.get("startsAt")),
    )


def _texts(found: object) -> Mapping[str, str]:
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1].rstrip()}…"


def _moment(found: object) -> datetime | None:
    match = STARTED.fullmatch(found) if isinstance(found, str) else None
    try:
        return datetime.fromisoformat(f"{match['second']}{match['zone']}") if match else None
    except ValueError:
        return None
