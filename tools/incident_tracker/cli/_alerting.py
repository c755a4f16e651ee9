"""How ``incident new`` takes what a monitor delivers: once for each fingerprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from incident_tracker.cli._declaring import declare
from incident_tracker.cli._input import bounded
from incident_tracker.cli._shared import Session, warn
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.lifecycle.alerts import Alert, read_alerts
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.model import Incident
from incident_tracker.text.edit import flow_list

LARGEST = 5_000_000
"""Bytes of a delivery that are read at most."""


def delivered(session: Session, source: str, given: Mapping[str, object]) -> None:
    """Declare an incident for alerts that no open one knows, else log what is new in it."""
    alerts = read_alerts(
        bounded(source, LARGEST, "delivery", "send one group of alerts"), session.protocol.alerts
    )
    # Two deliveries at once see one another: the second finds the incident of the first.
    with session.workspace.lock("protocol"):
        holder = _holder(session, alerts)
        firing = tuple(alert for alert in alerts if alert.fires)
        if holder is not None:
            _logged(session, holder, alerts)
        elif firing:
            declare(session, _options(session, firing, given))
        else:
            say("nothing fires, and no open incident knows these alerts")


def _holder(session: Session, alerts: Sequence[Alert]) -> Incident | None:
    names = {alert.fingerprint for alert in alerts}
    return next((i for i in session.unfinished if i.is_open and names & set(i.alerts)), None)


def _logged(session: Session, incident: Incident, alerts: Sequence[Alert]) -> None:
    said = {entry.text for entry in incident.log.entries}
    added = [a for a in alerts if a.fires and a.fingerprint not in incident.alerts]
    over = [a for a in alerts if not a.fires and a.fingerprint in incident.alerts]
    over = [alert for alert in over if _over(alert) not in said]
    if not added and not over:
        say(Paint(incident.id, "cyan"), " knows these alerts; nothing was written")
        return

    def change(draft: Draft) -> Draft:
        for alert in added:
            draft = with_entry(draft, _at(session, alert, incident), f"Alert: {alert.title}")
        for alert in over:
            draft = with_entry(draft, session.now, _over(alert))
        names = [*incident.alerts, *(alert.fingerprint for alert in added)]
        return draft.with_field("alerts", flow_list(names))

    session.change(incident.path, change)


def _over(alert: Alert) -> str:
    return f"Alert no longer fires: {alert.title} ({alert.fingerprint})"


def _at(session: Session, alert: Alert, incident: Incident) -> datetime:
    """When an alert began, as far as the incident and the clock allow."""
    begun = min(incident.times.values(), default=session.now)
    return max(begun, min(alert.at or session.now, session.now)).astimezone(session.protocol.tzinfo)


def _options(
    session: Session, firing: Sequence[Alert], given: Mapping[str, object]
) -> dict[str, object]:
    first = min(firing, key=lambda alert: (alert.at is None, alert.at or session.now))
    begun = min(first.at or session.now, session.now)
    options: dict[str, object] = {
        "title": first.title,
        "severity": _severity(session, firing),
        "components": tuple(dict.fromkeys(_components(session, firing))),
        "detected_by": f"monitoring: {first.title}",
        "at": begun.astimezone(session.protocol.tzinfo).isoformat(timespec="seconds"),
        "alerts": tuple(dict.fromkeys(alert.fingerprint for alert in firing)),
    }
    return {**options, **{key: value for key, value in given.items() if value}}


def _severity(session: Session, firing: Sequence[Alert]) -> str:
    """The most severe one that an alert's label means; what means none is said."""
    terms, known = session.protocol.alerts, session.protocol.severities
    meant = []
    for word in dict.fromkeys(alert.severity for alert in firing):
        severity = terms.severities.get(word, word)
        if severity in known:
            meant.append(severity)
        else:
            label = f'the label {terms.severity_label} is "{word}"' if word else "no severity label"
            warn(f"{label}: taken as {terms.severity_default}", "alerts: in protocol/protocol.yml")
            meant.append(terms.severity_default)
    return min(meant, key=session.protocol.rank)


def _components(session: Session, firing: Sequence[Alert]) -> Sequence[str]:
    known = {component.id for component in session.components}
    for alert in firing:
        if alert.component and alert.component not in known:
            warn(f'no component "{alert.component}"', "protocol/components.yml lists them")
    return [alert.component for alert in firing if alert.component in known]
