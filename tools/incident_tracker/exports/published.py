"""The files that stand on a built site besides its pages: the one list of them.

The plugin adds them to the site, `incident export site` to the exported one, and a test holds the
page Subscribe against them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Export, Files, Settings, exports
from incident_tracker.exports.json_text import json_bytes
from incident_tracker.exports.offers import Offer, OnSite
from incident_tracker.model import Tracker
from incident_tracker.pages import Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternate:
    """What the head of every page says of a file: `<link rel="alternate">`."""

    path: str
    title: str
    type: str


def site_files(tracker: Tracker, site: Site, audience: Audience) -> Files:
    """Return the files of a site for an audience, by their places on it."""
    settings = Settings(audience=audience, home=site.home)
    found: dict[str, bytes] = {}
    for one, place in _standing():
        files = one.files(tracker, site.now, settings)
        found |= {place.folder + path: data for path, data in files.items()}
        if one.schema is not None and place.schema:
            found[place.folder + place.schema] = json_bytes(one.schema())
    return {path: found[path] for path in sorted(found)}


def site_offers(audience: Audience) -> Iterator[tuple[Offer, Sequence[str]]]:
    """Yield what a site offers to an audience, each with its places on the site."""
    for _, place in _standing():
        for offer in place.offers:
            team = offer.for_the_team if audience is Audience.INTERNAL else ()
            yield offer, [place.folder + path for path in (*offer.paths, *team)]


def alternates(audience: Audience) -> Sequence[Alternate]:
    """Return what the head of every page names, for programs that look there."""
    return [
        Alternate(path=places[0], title=offer.title, type=offer.media_type)
        for offer, places in site_offers(audience)
        if offer.media_type
    ]


def _standing() -> Iterator[tuple[Export, OnSite]]:
    for one in exports().values():
        if one.on_site is not None:
            yield one, one.on_site
