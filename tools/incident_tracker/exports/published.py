"""The files that stand on a built site besides its pages: the one list of them.

The plugin adds them to the site, `incident export site` to the exported one, and a test holds the
page Subscribe against them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from incident_tracker.asking.clock import AskedMoment
from incident_tracker.asking.memo import Memo
from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Export, Files, Settings, exports
from incident_tracker.exports.json_text import json_bytes
from incident_tracker.exports.offers import Offer, OnSite
from incident_tracker.exports.packing import packed, unpacked
from incident_tracker.model import Tracker
from incident_tracker.pages import Site

Beside: TypeAlias = Callable[[Callable[[], bytes]], Callable[[], bytes]]
"""Begins some work, and returns what waits for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternate:
    """What the head of every page says of a file: `<link rel="alternate">`."""

    path: str
    title: str
    type: str


def site_files(tracker: Tracker, site: Site, audience: Audience) -> Files:
    """Return the files of a site for an audience, by their places on it."""
    settings = Settings(audience=audience, home=site.home)
    return _placed(_files(one, place, tracker, site.now, settings) for one, place in _standing())


def begun_files(
    tracker: Tracker, site: Site, audience: Audience, memo: Memo | None, beside: Beside
) -> Callable[[], Files]:
    """Begin to make them ``beside`` other work; what is returned waits for them.

    With a ``memo``, only those are made that may be others now.
    """
    if memo is None:
        all_ = beside(lambda: packed(site_files(tracker, site, audience)))
        return lambda: unpacked(all_())
    plain = Settings(audience=audience, home=site.home)
    key = memo.key(("export", plain))
    settings = replace(plain, piece=partial(memo.piece, key))
    now = AskedMoment.of(site.now, memo.asking)
    every = {f"export {one.name}": (one, place) for one, place in _standing()}
    made = {name: data for name in every if (data := memo.known(name, key)) is not None}

    def work(name: str) -> bytes:
        one, place = every[name]
        return memo.made(lambda: packed(_files(one, place, memo.tracker, now, settings)))

    rest = [name for name in every if name not in made]
    begun = beside(lambda: packed({name: work(name) for name in rest})) if rest else None

    def files() -> Files:
        for name, packed_ in unpacked(begun()).items() if begun else ():
            made[name] = memo.taken(name, key, packed_)
        return _placed(unpacked(made[name]) for name in every)

    return files


def _files(
    one: Export, place: OnSite, tracker: Tracker, now: datetime, settings: Settings
) -> Files:
    files = one.files(tracker, now, settings)
    found = {place.folder + path: data for path, data in files.items()}
    if one.schema is not None and place.schema:
        found[place.folder + place.schema] = json_bytes(one.schema())
    return found


def _placed(several: Iterable[Files]) -> Files:
    found: dict[str, bytes] = {}
    for files in several:
        found |= files
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
