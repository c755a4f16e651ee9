"""A page for each file that could not become a record: a broken record never stops the site."""

from collections.abc import Iterator
from dataclasses import dataclass

from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import Leaf, leaves
from incident_tracker.pages.findings import Trouble, fault
from incident_tracker.pages.wording import count
from incident_tracker.text.characters import shown

LONGEST_TEXT = 4000  # characters of the file that are shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """The values of a broken record's page."""

    path: str
    trouble: Trouble
    text: str
    is_cut: bool
    edit: str


@leaves("broken records", template="broken.md.j2", section="History", order=19)
def broken(book: Book) -> Iterator[Leaf]:
    """One page for each file of a record folder that could not be read."""
    for unread in book.tracker.unread:
        page = page_of_broken(unread.path)
        found = book.findings_by_path.get(unread.path, ())
        edit = book.site.edit_url
        yield Leaf(
            path=page,
            title=f"{unread.path} cannot be read",
            values=Broken(
                path=unread.path,
                trouble=Trouble(
                    sentence=f"{count(len(found), 'fault')}; nothing of it is shown elsewhere "
                    "until it is mended.",
                    faults=tuple(fault(finding, page) for finding in found),
                ),
                text=_visible(unread.text[:LONGEST_TEXT]),
                is_cut=len(unread.text) > LONGEST_TEXT,
                edit=edit + unread.path if edit else "",
            ),
        )


def _visible(text: str) -> str:
    """A file's text; what cannot be seen, and may be what is wrong with it, is written out."""
    return "\n".join(map(shown, text.replace("\r\n", "\n").split("\n")))


def page_of_broken(path: str) -> str:
    """The path of the page about a file that could not be read."""
    return f"broken/{path}" + ("" if path.endswith(".md") else ".md")
