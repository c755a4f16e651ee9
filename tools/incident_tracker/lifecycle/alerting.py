"""What a delivery of alerts changes in an incident that is open, and what it declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle.alerts import Alert
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.model import Incident
from incident_tracker.protocol import Protocol
from incident_tracker.text.edit import flow_list

MOST_LINES = 20  # of one delivery; a timeline is read by people
FIRES, AGAIN, OVER = "Alert", "Alert fires again", "Alert no longer fires"
LINE = re.compile(rf"(?P<what>{FIRES}|{AGAIN}|{OVER}): .*\((?P<fingerprint>[0-9a-zA-Z]+)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What the labels of alerts say under a protocol, and which of their words mean nothing."""

    severity: str
    components: tuple[str, ...]
    kinds: tuple[str, ...]
    doubts: tuple[str, ...]


def with_delivery(draft: Draft, alerts: Iterable[Alert], group: str, now: datetime) -> Draft:
    """Return the draft with a line for each alert that is new in it, over, or fires again.

    The status stays: that an alert is over does not mean that somebody has looked.
    """
    every = tuple(alerts)
    incident = draft.incident
    lines = [(alert, line) for alert in every if (line := _line(incident, alert, now))]
    for alert, (what, at) in lines[:MOST_LINES]:
        draft = with_entry(draft, at, f"{what}: {alert.title} ({alert.fingerprint})")
    if len(lines) > MOST_LINES:
        more = f"{FIRES}: {len(lines) - MOST_LINES} more began or ended"
        draft = with_entry(draft, _within(incident, now, now), more)
    names = [alert.fingerprint for alert in every if alert.fires]
    return with_alerts(draft, names, (group,) if group else ())


def with_alerts(draft: Draft, names: Iterable[str], groups: Iterable[str]) -> Draft:
    """Return the draft that knows these alerts and groups as well."""
    incident = draft.incident
    wanted = (("alerts", incident.alerts, names), ("alert_groups", incident.alert_groups, groups))
    for key, known, added in wanted:
        every = tuple(dict.fromkeys((*known, *added)))
        if every != known:
            draft = draft.with_field(key, flow_list(every))
    return draft


def meaning(alerts: Iterable[Alert], protocol: Protocol, components: Iterable[str]) -> Meaning:
    """Return what the labels say: the most severe severity, each component and each kind."""
    fired, parts = tuple(alerts), tuple(components)
    doubts: dict[str, None] = {}
    severities = [_severity(alert.severity, protocol, doubts) for alert in fired]
    found: dict[str, list[str]] = {"component": [], "kind": []}
    kinds = {w.casefold(): key for key, kind in protocol.kinds.items() for w in (key, kind.label)}
    known = {"component": {name.casefold(): name for name in parts}, "kind": kinds}
    for alert in fired:
        for what, word in (("component", alert.component), ("kind", alert.kind)):
            name = known[what].get(word.casefold())
            if name:
                found[what].append(name)
            elif word:
                doubts[f'no {what} "{word}"'] = None
    return Meaning(
        severity=min(severities, key=protocol.rank),
        components=tuple(dict.fromkeys(found["component"])),
        kinds=tuple(dict.fromkeys(found["kind"])),
        doubts=tuple(doubts),
    )


def _severity(word: str, protocol: Protocol, doubts: dict[str, None]) -> str:
    terms = protocol.alerts
    spelled = {name.casefold(): name for name in protocol.severities}
    spelled |= {name.casefold(): severity for name, severity in terms.severities.items()}
    severity = spelled.get(word.casefold())
    if severity:
        return severity
    usual = terms.severity_default or next(iter(protocol.severities))
    label = f'the label {terms.severity_label} is "{word}"' if word else "no severity label"
    doubts[f"{label}: taken as {usual}"] = None
    return usual


def _line(incident: Incident, alert: Alert, now: datetime) -> tuple[str, datetime] | None:
    """What is to be said of an alert, and when it was; None where it is said already."""
    last = next(_lines(incident, alert.fingerprint), None)
    is_known = alert.fingerprint in incident.alerts or last is not None
    is_over = last is not None and last[0] == OVER
    since = last[1] if last is not None else None
    if alert.fires and not is_known:
        return FIRES, _within(incident, alert.at, now)
    if alert.fires and is_over:
        late = alert.at is None or (since is not None and alert.at <= since)
        return None if late else (AGAIN, _within(incident, alert.at, now))
    if alert.fires or is_over or not is_known:
        return None
    late = alert.ended is not None and since is not None and alert.ended < since
    return None if late else (OVER, _within(incident, alert.ended, now))


def _lines(incident: Incident, fingerprint: str) -> Iterator[tuple[str, datetime]]:
    """What was said of an alert, the last first."""
    for entry in reversed(incident.log.entries):
        match = LINE.fullmatch(entry.text)
        if match is not None and match["fingerprint"] == fingerprint and entry.at is not None:
            yield match["what"], entry.at


def _within(incident: Incident, at: datetime | None, now: datetime) -> datetime:
    """A moment as far as the incident and the clock allow it."""
    begun = min(incident.times.values(), default=now)
    return max(begun, min(at or now, now)).astimezone(ZoneInfo(incident.zone))
