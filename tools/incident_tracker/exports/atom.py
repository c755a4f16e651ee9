"""Feeds to be told by: one of everything, and one for each component."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from incident_tracker.audience import Audience
from incident_tracker.exports.atom_entries import entries
from incident_tracker.exports.atom_text import Entry, Feed, atom, urn
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.offers import Offer, OnSite, Use, file_name
from incident_tracker.model import Tracker

SITE = "feed.xml"
MOST = 100
"""The newest entries of a feed; the site and the other exports hold all."""


def feed_of(component: str) -> str:
    """Return the path of a component's feed."""
    return f"feeds/{file_name(component)}.xml"


OFFER = Offer(
    paths=(SITE,),
    title="All updates",
    about="Each update of each incident, and planned work.",
    readers="Feed readers (Atom), chats and mail programs that follow feeds",
    changes="with each update that is told",
    use=Use.FOLLOW,
    media_type="application/atom+xml",
)


@export("atom", on_site=OnSite(offers=(OFFER,)))
def atom_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """Feeds (Atom 1.0) with an entry for each update: of everything, and of each component."""
    told = entries(tracker, now)
    name = tracker.protocol.organisation or "Incidents"
    written = {SITE: _feed(SITE, f"{name}: incidents", told, tracker, now, settings)}
    for component in tracker.components:
        path = feed_of(component.id)
        about = [entry for entry in told if component.id in entry.components]
        written[path] = _feed(path, f"{name}: {component.name}", about, tracker, now, settings)
    return written


def _feed(
    path: str,
    title: str,
    told: Sequence[Entry],
    tracker: Tracker,
    now: datetime,
    settings: Settings,
) -> bytes:
    protocol = tracker.protocol
    internal = settings.audience is Audience.INTERNAL
    return atom(
        Feed(
            id=urn("feed", protocol.organisation, path),
            title=title,
            about="Updates of incidents and planned work" + (", internal" if internal else ""),
            author=protocol.organisation or "Incidents",
            updated=_last(told, now)
            or datetime.combine(protocol.released, time(), protocol.tzinfo),
            path=path,
        ),
        told[:MOST],
        settings.home,
    )


def _last(told: Iterable[Entry], now: datetime) -> datetime | None:
    """When something was told last; planned work to come bears the time of its beginning."""
    return max((entry.updated for entry in told if entry.updated <= now), default=None)
