"""A book that writes down what each page asks of it, and of the build besides the records."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cached_property, partial
from typing import Any

from incident_tracker.asking.clock import AskedMoment
from incident_tracker.asking.memo import Memo
from incident_tracker.asking.records import RECALL, Asked, answer, part, worked_out
from incident_tracker.asking.trace import Asking
from incident_tracker.asking.values import Kinds
from incident_tracker.check import Report
from incident_tracker.model import Tracker
from incident_tracker.pages.book import Book, Site

_SITE, _BOOK = "site.", "book."


class AskedSite(Site):
    """What the pages may know of the build, each of it a question."""

    asks = True


def _about_the_site(name: str) -> property:
    def get(self: Any) -> object:  # noqa: ANN401 # the kind above
        known = self.__dict__
        known["asking"].ask(_SITE + name)
        return known[name]

    return property(get)


def _as_it_is(name: str) -> property:
    """What writes down itself what is asked of it."""
    return property(lambda self: self.__dict__[name])


_THEMSELVES = ("now", "revisions")
for _row in fields(Site):
    _made = _as_it_is if _row.name in _THEMSELVES else _about_the_site
    setattr(AskedSite, _row.name, _made(_row.name))


class AskedBook(Book):
    """A book of which each page's questions are known.

    What is worked out once for all pages is one question for each key of a table, and one for all
    of anything else. It need not be worked out where what it is made of is still the same.
    """

    asks = True


def _verdict(book: Book) -> Report:
    """The verdict on the records, of which it reads every text."""
    asking: Asking = book.__dict__["asking"]
    asking.fields["document"].update(record.path for record in book.tracker.records)
    tuple(getattr(book.tracker, row.name) for row in fields(Tracker))
    report: Report = book.__dict__["memo"].report()
    return replace(report, texts={})  # no page asks for them


_OWN = {"now": None, "zone": None}
WORKED_OUT = {
    name: value.func
    for name, value in vars(Book).items()
    if isinstance(value, cached_property) and name not in _OWN
} | {"report": _verdict}
for _name, _work in WORKED_OUT.items():
    setattr(AskedBook, _name, worked_out(_BOOK + _name, _work))


def asked_site(site: Site, asking: Asking) -> AskedSite:
    """Return what the pages may know of the build, as what is asked."""
    made = object.__new__(AskedSite)
    known: dict[str, Any] = made.__dict__
    known["asking"] = asking
    for row in fields(Site):
        value = known[row.name] = getattr(site, row.name)
        asking.name(_SITE + row.name, partial(part, value))
    known["now"] = AskedMoment.of(site.now, asking)
    known["revisions"] = Asked(asking, _SITE + "revisions", site.revisions)
    asking.name(_SITE + "revisions", partial(part, site.revisions))
    return made


def name_of(name: str) -> str:
    """Return the question that what is worked out answers."""
    return _BOOK + name


def asked_book(memo: Memo, site: Site, kinds: Kinds) -> Book:
    """Return the book of the tracker that is asked; ``kinds`` are those that can be kept."""
    asking = memo.asking
    made = AskedBook(memo.tracker, asked_site(site, asking))
    recall = partial(memo.value, kinds=kinds)
    made.__dict__.update({"asking": asking, "memo": memo, RECALL: recall})
    for name, work in WORKED_OUT.items():
        asking.name(_BOOK + name, partial(answer, made, _BOOK + name, work))
    return made
