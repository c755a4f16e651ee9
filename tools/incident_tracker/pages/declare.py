"""What makes a page: a function from the book to values, and a template that they fill.

A new page is one module here with ``@page`` and one template of the same name; nothing lists them.
``@leaves`` is for a page per record, per year or per family.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

from incident_tracker.audience import Audience
from incident_tracker.model import Record
from incident_tracker.pages.book import Book

Of = TypeVar("Of", bound=Record)
WIDE = ("navigation", "toc")  # what the theme leaves out beside the page
DOCUMENT = ("navigation",)
TEAM = (Audience.INTERNAL,)
PUBLIC = (Audience.PUBLIC,)
EVERYBODY = (Audience.INTERNAL, Audience.PUBLIC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One page before it is rendered: its path and title, and its template's values.

    Values that take long come as a function, so that the pages can be made at the same time.
    """

    path: str
    title: str
    values: object | Callable[[], object]
    source: str | None = None
    search: str | None = None
    names: tuple[str, ...] = ()
    description: str = ""
    serves_as: str | None = None

    def worked_out(self) -> object:
        """The values, computed now where that was put off."""
        return self.values() if callable(self.values) else self.values


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """A declared page or kind of pages; sections come in the order of their first page.

    ``audiences`` are those whose site has it: the team's only, unless the declaration says so.
    """

    name: str
    template: str
    section: str
    order: int
    make: Callable[[Book], Iterable[Leaf]]
    hide: tuple[str, ...] = field(default=WIDE)
    audiences: tuple[Audience, ...] = TEAM
    one: Callable[[Record, Book], Leaf] | None = None
    """The page of a record alone, where each page is that of a record and has its path."""
    records: Callable[[Book], Sequence[Record]] | None = None
    """Those records, in the order of their pages."""


DECLARED: dict[str, Declared] = {}


def page(
    path: str,
    *,
    template: str,
    title: str,
    section: str,
    order: int,
    search: str | None = None,
    serves_as: str | None = None,
    hide: tuple[str, ...] = WIDE,
    audiences: tuple[Audience, ...] = TEAM,
) -> Callable[[Callable[[Book], object]], Callable[[Book], object]]:
    """Declare one page; ``order`` places it among all pages, and its section among the tabs."""

    def register(function: Callable[[Book], object]) -> Callable[[Book], object]:
        def make(book: Book) -> Iterator[Leaf]:
            yield Leaf(
                path=path,
                title=title,
                values=partial(function, book),
                search=search,
                serves_as=serves_as,
            )

        _add(
            Declared(
                name=path,
                template=template,
                section=section,
                order=order,
                make=make,
                hide=hide,
                audiences=audiences,
            )
        )
        return function

    return register


def leaves(
    name: str,
    *,
    template: str,
    section: str,
    order: int,
    hide: tuple[str, ...] = WIDE,
    audiences: tuple[Audience, ...] = TEAM,
) -> Callable[[Callable[[Book], Iterable[Leaf]]], Callable[[Book], Iterable[Leaf]]]:
    """Declare a kind of pages that share a template."""

    def register(function: Callable[[Book], Iterable[Leaf]]) -> Callable[[Book], Iterable[Leaf]]:
        _add(
            Declared(
                name=name,
                template=template,
                section=section,
                order=order,
                make=function,
                hide=hide,
                audiences=audiences,
            )
        )
        return function

    return register


def leaf_of_each(
    name: str,
    records: Callable[[Book], Sequence[Of]],
    *,
    template: str,
    section: str,
    order: int,
    hide: tuple[str, ...] = WIDE,
    audiences: tuple[Audience, ...] = TEAM,
) -> Callable[[Callable[[Of, Book], Leaf]], Callable[[Of, Book], Leaf]]:
    """Declare the page of each of some records, which can be made without those of the others."""

    def register(function: Callable[[Of, Book], Leaf]) -> Callable[[Of, Book], Leaf]:
        def make(book: Book) -> Iterator[Leaf]:
            return (function(record, book) for record in records(book))

        _add(
            Declared(
                name=name,
                template=template,
                section=section,
                order=order,
                make=make,
                hide=hide,
                audiences=audiences,
                one=cast("Callable[[Record, Book], Leaf]", function),
                records=records,
            )
        )
        return function

    return register


def _add(new: Declared) -> None:
    if new.name in DECLARED:
        message = f"two pages are called {new.name}"
        raise ValueError(message)
    DECLARED[new.name] = new
