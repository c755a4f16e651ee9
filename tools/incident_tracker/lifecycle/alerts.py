"""What a monitor delivers, read as the alerts that it names: the webhook of Alertmanager.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config describes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from hashlib import sha256

from incident_tracker.lifecycle.draft import one_line
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.protocol import AlertTerms

LONGEST_TITLE = 120
LONGEST_LABEL = 60
EARLIEST_YEAR = 2012  # there was no such monitor before; Go's empty time is in the year 1
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
    kind: str
    at: datetime | None
    """When it began to fire; None where nothing plausible says so."""
    ended: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What was delivered at once: the alerts of a group, each once, and how many were left out."""

    alerts: tuple[Alert, ...]
    group: str
    """Stands for the key of the group, empty where it has none."""
    truncated: int

    @property
    def firing(self) -> tuple[Alert, ...]:
        """The alerts that fire."""
        return tuple(alert for alert in self.alerts if alert.fires)


def read_delivery(text: str, terms: AlertTerms) -> Delivery:
    """Return what a monitor delivers; Refusal where it is no such thing."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _no_delivery(f"it is no JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("alerts"), list):
        raise _no_delivery("it has no list of alerts")
    listed = found["alerts"]
    if not 0 < len(listed) <= MOST_ALERTS:
        raise _no_delivery(f"it has {len(listed):,} alerts")
    alerts = [_alert(number, item, terms) for number, item in enumerate(listed, start=1)]
    truncated = found.get("truncatedAlerts")
    return Delivery(
        # An alert that is named twice is what is said of it last.
        alerts=tuple({alert.fingerprint: alert for alert in alerts}.values()),
        group=_group(found.get("groupKey")),
        truncated=truncated if isinstance(truncated, int) and truncated > 0 else 0,
    )


def _group(key: object) -> str:
    """A short name of a group: its key is long, and holds whatever the labels hold."""
    if not isinstance(key, str) or not key:
        return ""
    return f"g{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


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
        title=_cut(one_line(title), LONGEST_TITLE) or "An alert without a name",
        severity=_label(labels, terms.severity_label),
        component=_label(labels, terms.component_label),
        kind=_label(labels, terms.kind_label),
        at=_moment(item.get("startsAt")),
        ended=_moment(item.get("endsAt")),
    )


def _label(labels: Mapping[str, str], name: str) -> str:
    return _cut(one_line(labels.get(name, "")), LONGEST_LABEL)


def _texts(found: object) -> Mapping[str, str]:
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _moment(found: object) -> datetime | None:
    match = STARTED.fullmatch(found) if isinstance(found, str) else None
    try:
        at = datetime.fromisoformat(f"{match['second']}{match['zone']}") if match else None
    except ValueError:
        return None
    # Go writes the year 1 where there is no time; the last year leaves no room for an offset.
    return at if at is not None and EARLIEST_YEAR <= at.year < MAXYEAR else None
