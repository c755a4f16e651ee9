"""How ``incident new`` takes what a monitor delivers: once for each fingerprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incident_tracker.cli._declaring import declare
from incident_tracker.cli._input import bounded
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say, warn
from incident_tracker.lifecycle.alerting import Meaning, meaning, with_delivery
from incident_tracker.lifecycle.alerts import Alert, Delivery, read_delivery
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.model import Incident

LARGEST = 5_000_000
"""Bytes of a delivery that are read at most."""
MORE = "max_alerts of the receiver in Alertmanager's configuration"


def delivered(session: Session, source: str, given: Mapping[str, object]) -> None:
    """Declare an incident for alerts that no open one knows, else log what is new in it."""
    text = bounded(source, LARGEST, "delivery", "send one group of alerts")
    delivery = read_delivery(text, session.protocol.alerts)
    if delivery.truncated:
        warn(f"{delivery.truncated} alerts of the group were left out of the delivery", MORE)
    # Two deliveries at once see one another: the second finds the incident of the first.
    with session.workspace.lock("protocol"):
        open_ = [incident for incident in session.unfinished.incidents if incident.is_open]
        holders = {i.id: [a for a in delivery.alerts if a.fingerprint in i.alerts] for i in open_}
        known = {alert.fingerprint for alerts in holders.values() for alert in alerts}
        added = [alert for alert in delivery.firing if alert.fingerprint not in known]
        first = _holder(open_, delivery, holders)
        for incident in open_:
            mine = [*holders[incident.id], *(added if incident is first else ())]
            if mine:
                _logged(session, incident, mine, delivery)
                _tell_severer(session, incident, mine)
        if added and first is None:
            begun = declare(session, _options(session, added, delivery, given))
            if len(added) > 1:
                _logged(session, begun, added, delivery)
        elif not added and not known:
            say("nothing fires, and no open incident knows these alerts; nothing was written")


def _holder(
    open_: Sequence[Incident], delivery: Delivery, holders: Mapping[str, Sequence[Alert]]
) -> Incident | None:
    """The open incident that what is new belongs to: one of the group, else one of the alerts."""
    of_group = (i for i in open_ if delivery.group and delivery.group in i.alert_groups)
    return next(of_group, next((i for i in open_ if holders[i.id]), None))


def _logged(
    session: Session, incident: Incident, alerts: Sequence[Alert], delivery: Delivery
) -> None:
    def change(draft: Draft) -> Draft:
        return with_delivery(draft, alerts, delivery.group, session.now)

    draft = session.draft(incident.path)
    if change(draft).document.text == draft.document.text:
        say(Paint(incident.id, "cyan"), " knows these alerts; nothing was written")
        return
    session.change(incident.path, change)


def _tell_severer(session: Session, incident: Incident, alerts: Sequence[Alert]) -> None:
    """Say it where what is new is worse than what the incident is held for."""
    new = [alert for alert in alerts if alert.fires and alert.fingerprint not in incident.alerts]
    meant = _meant(session, new).severity if new else incident.severity
    if session.protocol.rank(meant) < session.protocol.rank(incident.severity):
        raised = f'incident set {session.short(incident.id)} severity={meant} --reason "…"'
        warn(f"the alerts say {meant}, the incident is {incident.severity}", raised)


def _options(
    session: Session, firing: Sequence[Alert], delivery: Delivery, given: Mapping[str, object]
) -> dict[str, object]:
    first = min(firing, key=lambda alert: (alert.at is None, alert.at or session.now))
    begun = min(first.at or session.now, session.now)
    meant = _meant(session, firing)
    options: dict[str, object] = {
        "title": first.title,
        "severity": meant.severity,
        "components": meant.components,
        "kinds": meant.kinds,
        "detected_by": f"{session.protocol.alerts.source}: {first.title}",
        "at": begun.astimezone(session.protocol.tzinfo).isoformat(timespec="seconds"),
        "alerts": (first.fingerprint,),
        "alert_groups": (delivery.group,) if delivery.group else (),
    }
    return {**options, **{key: value for key, value in given.items() if value}}


def _meant(session: Session, alerts: Sequence[Alert]) -> Meaning:
    """What the labels mean here; what means nothing is said."""
    found = meaning(alerts, session.protocol, [part.id for part in session.components])
    for doubt in found.doubts:
        warn(doubt, "alerts: in protocol/protocol.yml, and protocol/components.yml")
    return found
