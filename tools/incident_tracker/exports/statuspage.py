"""The files of Statuspage's public interface, so that its clients read a static site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.json_text import json_rows
from incident_tracker.exports.offers import Offer, OnSite, Use
from incident_tracker.exports.statuspage_components import Page
from incident_tracker.exports.statuspage_ids import incident_ids
from incident_tracker.exports.statuspage_incidents import begun_at, incident_object
from incident_tracker.exports.statuspage_schema import statuspage_schema
from incident_tracker.exports.statuspage_words import impact_of, page_status, stamp
from incident_tracker.model import Incident, Tracker

Json = Mapping[str, object]
FOLDER = "api/v2"
READERS = "Clients of Statuspage (JSON): bots, dashboards, aggregators"


def _at(*names: str) -> tuple[str, ...]:
    return tuple(f"{FOLDER}/{name}.json" for name in names)


ON_SITE = OnSite(
    schema=f"{FOLDER}/schema.json",
    offers=(
        Offer(
            paths=_at("summary", "status", "components"),
            title="How it stands",
            about="The one line of the page, all components, what is unresolved or planned.",
            readers=READERS,
            changes="when an incident opens, moves or ends",
            use=Use.CLIENTS,
        ),
        Offer(
            paths=_at("incidents", "incidents/unresolved", "history"),
            title="Incidents",
            about="The 50 newest with their updates, those that are open, and all there ever were.",
            readers=READERS,
            changes="with each update",
            use=Use.CLIENTS,
        ),
        Offer(
            paths=_at(
                "scheduled-maintenances",
                "scheduled-maintenances/upcoming",
                "scheduled-maintenances/active",
            ),
            title="Planned work",
            about="The 50 newest windows, those to come, and those under way.",
            readers=READERS,
            changes="when work is planned, begins or ends",
            use=Use.CLIENTS,
        ),
        Offer(
            paths=_at("schema"),
            title="Schema of these files",
            about="What every key of them means.",
            readers="Programs and editors (JSON Schema)",
            changes="with the version of the tracker",
            use=Use.CLIENTS,
        ),
    ),
)
MOST = 50
"""Statuspage's own limit of a list; `history.json` holds all."""


@export("statuspage", schema=statuspage_schema, on_site=ON_SITE)
def statuspage_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """The files /api/v2/… of a Statuspage: for bots, aggregators and dashboards that read one."""
    page = Page(tracker, now, tuple(i for i in tracker.incidents if _stands_there(i)))
    ids = incident_ids(tracker.incidents)
    newest = sorted(page.incidents, key=lambda i: (begun_at(i, page), i.id), reverse=True)
    objects = {
        incident.id: incident_object(
            incident, ids[incident.id], page, settings.page_of(incident.path)
        )
        for incident in newest
    }
    incidents = [objects[i.id] for i in newest if not i.is_maintenance]
    windows = [objects[i.id] for i in newest if i.is_maintenance]
    unresolved = [objects[i.id] for i in newest if i.is_open and not i.is_maintenance]
    upcoming = [one for one in windows if one["status"] == "scheduled"]
    active = [one for one in windows if one["status"] == "in_progress"]
    components = list(page.all_components())
    open_ = [i for i in newest if i.is_open and not i.is_maintenance]
    status = page_status(
        (str(one["status"]) for one in components), (impact_of(incident) for incident in open_)
    )
    parts: dict[str, Json] = {
        "summary": {
            "components": components,
            "incidents": unresolved,
            "scheduled_maintenances": [*active, *upcoming],
            "status": status,
        },
        "status": {"status": status},
        "components": {"components": components},
        "incidents": {"incidents": incidents[:MOST]},
        "incidents/unresolved": {"incidents": unresolved},
        "scheduled-maintenances": {"scheduled_maintenances": windows[:MOST]},
        "scheduled-maintenances/upcoming": {"scheduled_maintenances": upcoming},
        "scheduled-maintenances/active": {"scheduled_maintenances": active},
        "history": {"incidents": incidents, "scheduled_maintenances": windows},
    }
    head = _page(page, newest, settings)
    return {
        f"{FOLDER}/{name}.json": json_rows({"page": head, **part}) for name, part in parts.items()
    }


def _stands_there(incident: Incident) -> bool:
    """Practice and what was no incident stand on no status page."""
    return not (incident.is_drill or incident.is_cancelled)


def _page(page: Page, newest: Iterable[Incident], settings: Settings) -> Json:
    """The page; it was updated when something was told of it last."""
    told = (u.at for i in newest for u in i.log.updates if u.at is not None and u.at <= page.now)
    return {
        "id": page.id,
        "name": page.protocol.organisation,
        "url": settings.home.url,
        "time_zone": page.protocol.zone,
        "updated_at": stamp(max(told, default=page.now)),
    }
