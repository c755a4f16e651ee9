"""All pages of a site, of which only those are made that may be others than in the build before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from incident_tracker import pages
from incident_tracker.asking.memo import Memo
from incident_tracker.due import Due
from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.pages.asked_book import WORKED_OUT, asked_book, name_of
from incident_tracker.pages.book import Book, Site
from incident_tracker.pages.declare import Declared, Leaf

KINDS = {kind.__name__: kind for kind in (Due, Finding, Edit, Level)}
FEW = 40
"""Of more pages that are made, what all of them need is worked out before they are shared out."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page before it is made: where what is known of it is kept, and how to make it."""

    path: str
    key: str | None
    leaf: Callable[[], tuple[Declared, Leaf]]

    @property
    def name(self) -> str:
        """What it is kept under."""
        return f"text {self.path}"

    def made(self) -> bytes:
        """Return the page, made."""
        return pages.as_bytes(pages.page_of(*self.leaf()))


def remembered(site: Site, spread: pages.Spread, memo: Memo) -> Sequence[bytes]:
    """Return every page as bytes."""
    book = asked_book(memo, site, KINDS)
    places = [
        place
        for declared in pages.shown_to(site.audience)
        for place in _places(declared, book, memo)
    ]
    known = [memo.known(place.name, place.key) for place in places]
    rest = [at for at, data in enumerate(known) if data is None]
    if len(rest) > FEW:
        for name in WORKED_OUT:
            getattr(book, name)
    for number, packed in spread(len(rest), lambda number: memo.made(places[rest[number]].made)):
        place = places[rest[number]]
        known[rest[number]] = memo.taken(place.name, place.key, packed)
    for name in WORKED_OUT:
        memo.keep_value(name_of(name), KINDS)
    return [data for data in known if data is not None]


def _places(declared: Declared, book: Book, memo: Memo) -> Iterator[Place]:
    """Yield the pages of a kind; which there are is known from before where that still holds."""
    leaves: dict[str, Leaf] = {}

    def leaf(path: str) -> tuple[Declared, Leaf]:
        if not leaves:
            leaves.update((each.path, each) for each in declared.make(book))
        return declared, leaves[path]

    def alone(path: str) -> tuple[Declared, Leaf]:
        if declared.one is None:
            raise LookupError(path)
        return declared, declared.one(memo.record(path), book)

    def listed() -> bytes:
        if declared.records is not None:
            rows = [[r.path, memo.key((declared.name, r.path))] for r in declared.records(book)]
        else:
            leaves.update((each.path, each) for each in declared.make(book))
            rows = [[path, memo.key((declared.name, each))] for path, each in leaves.items()]
        return json.dumps(rows, allow_nan=False).encode()

    name, key = f"kind {declared.name}", memo.key((declared.name, "kind"))
    data = memo.known(name, key) or memo.taken(name, key, memo.made(listed))
    for path, each in json.loads(data):
        yield Place(path, each, partial(alone if declared.one else leaf, path))
