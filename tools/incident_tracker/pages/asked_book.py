"""A book that writes down what each page asks of it, and of the build besides the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cached_property, partial
from typing import Any

from incident_tracker.asking.clock import AskedMoment
from incident_tracker.asking.memo import Memo
from incident_tracker.asking.records import Asked, part
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

    def put(self: Any, value: object) -> None:  # noqa: ANN401 # as above
        self.__dict__[name] = value

    return property(get, put)


def _as_it_is(name: str) -> property:
    """What writes down itself what is asked of it."""

    def put(self: Any, value: object) -> None:  # noqa: ANN401 # as above
        self.__dict__[name] = value

    return property(lambda self: self.__dict__[name], put)


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


def _worked_out(name: str, work: Callable[[Book], object]) -> property:
    def get(self: Book) -> object:
        asking: Asking = self.__dict__["asking"]
        value = _worked(self, name, work)
        if isinstance(value, Mapping):
            return Asked(asking, _BOOK + name, value)
        asking.ask(_BOOK + name)
        return value

    return property(get)


def _verdict(book: Book) -> Report:
    """The verdict on the records, of which it reads every text."""
    asking: Asking = book.__dict__["asking"]
    asking.fields.update((record.path, "document") for record in book.tracker.records)
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
    setattr(AskedBook, _name, _worked_out(_name, _work))


def asked_site(site: Site, asking: Asking) -> AskedSite:
    """Return what the pages may know of the build, as what is asked."""
    made = object.__new__(AskedSite)
    known: dict[str, Any] = made.__dict__
    known["asking"] = asking
    for row in fields(Site):
        value = known[row.name] = getattr(site, row.name)
        asking.name(_SITE + row.name, lambda _, value=value: value)  # type: ignore[misc] # bound now
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
    made.__dict__.update({"asking": asking, "memo": memo, "kinds": kinds})
    for name, work in WORKED_OUT.items():
        asking.name(_BOOK + name, partial(_answer, made, name, work))
    return made


def _answer(book: Book, name: str, work: Callable[[Book], object], key: str | None) -> object:
    value = _worked(book, name, work)
    return part(value, key) if isinstance(value, Mapping) else value


def _worked(book: Book, name: str, work: Callable[[Book], object]) -> object:
    memo: Memo = book.__dict__["memo"]
    kept = partial(memo.value, _BOOK + name, book.__dict__["kinds"])
    return memo.asking.worked_out(_BOOK + name, lambda: _settled(work(book)), kept)


def _settled(value: object) -> object:
    """A table to which asking adds nothing."""
    return dict(value) if isinstance(value, Mapping) else value
