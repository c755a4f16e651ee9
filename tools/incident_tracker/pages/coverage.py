"""What the protocol asks for, row by row, and how the tracker does it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from incident_tracker.coverage import Requirement
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import Leaf, leaves
from incident_tracker.pages.filled import filled
from incident_tracker.pages.tables import Cell, Table, Tables, code

PATH = "protocol/coverage.md"
TEXT = "protocol/incident-response.md"
TITLE = "Requirements of the protocol"
BY_PEOPLE = "people"


@leaves("coverage", template="tables.md.j2", section="Protocol", order=69)
def coverage(book: Book) -> Iterator[Leaf]:
    """One table for each chapter of the protocol; no page where a tracker keeps no rows."""
    rows = book.site.requirements
    if not rows:
        return
    by_people = [row.id for row in rows if row.people]
    chapters = _chapters(book.site.texts.get(TEXT, ""))
    grouped = groupby(rows, key=lambda row: chapters.get(row.source[0], row.source[0]))
    yield Leaf(
        path=PATH,
        title=TITLE,
        values=Tables(
            title=TITLE,
            lede=f"{len(rows)} requirements, each with what fulfils it and where that is seen. "
            f"A test looks there, with the cause and without it. {len(by_people)} can be met by "
            f"people only; their rows say where people are asked: {', '.join(by_people)}.",
            tables=[_table(title, members) for title, members in grouped],
        ),
        search=f"{TITLE}, and how the tracker meets them",
    )


def _table(title: str, rows: Iterable[Requirement]) -> Table:
    head = ("Id", "Asked", "How", "Seen in")
    return Table(title=title, head=head, rows=[_row(row) for row in rows])


def _row(row: Requirement) -> Sequence[Cell]:
    what, _, rest = row.see.partition(" ")
    seen = filled("{} {}", what, code(rest)) if what != "incident" else code(row.see)
    how = f"{row.how} ({BY_PEOPLE})" if row.people else row.how
    return filled('<span id="{}">{}</span>', row.id.lower(), row.id), row.says, how, seen


def _chapters(text: str) -> Mapping[str, str]:
    """The headings of the protocol's text, each with the chapter that it stands in."""
    found: dict[str, str] = {}
    chapter = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            continue
        title = line.lstrip("#").strip()
        chapter = title if line.startswith("## ") else chapter
        found.setdefault(title, chapter or title)
    return found
