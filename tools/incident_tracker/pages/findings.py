"""What is wrong with a record, as its own page says it, and what it is excused from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from incident_tracker.finding import Finding, Level
from incident_tracker.model import Record
from incident_tracker.pages.book import Book
from incident_tracker.pages.filled import filled
from incident_tracker.pages.wording import count, link
from incident_tracker.registry import rules
from incident_tracker.text.characters import shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One finding: where, what, and what to type."""

    place: str
    code: Markup
    level: str
    message: str
    source: str
    help: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """The findings of one file and the sentence above them."""

    sentence: str
    faults: Sequence[Fault]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """A finding that the record accepts, with the reason."""

    code: Markup
    summary: str
    reason: str


def trouble(path: str, book: Book, *, is_read: bool) -> Trouble | None:
    """What is wrong with a file: errors always, the rest where the file could not be read whole."""
    found = [
        finding
        for finding in book.findings_by_path.get(path, ())
        if finding.level is Level.ERROR or not is_read
    ]
    if not found:
        return None
    number = count(len(found), "fault")
    sentence = (
        f"{number} by the rules of the protocol."
        if is_read
        else f"This record has {number} of form; below stands what could be read of it."
    )
    return Trouble(sentence=sentence, faults=tuple(fault(f, path) for f in found))


def fault(finding: Finding, page: str) -> Fault:
    """One finding as it stands on a page."""
    return Fault(
        place=f"{finding.path}:{finding.line}:{finding.column}",
        code=code_link(finding.code, page),
        level=finding.level.value,
        message=finding.message,
        source=shown((finding.source or "")[:200]),
        help=finding.help or "",
    )


def code_link(code: str, page: str) -> Markup:
    """A code as a link to its explanation."""
    if code not in rules():
        return filled("<code>{}</code>", code)
    return link(page, f"rules/{code[:3]}.md#{code}", code)


def waived(record: Record, book: Book) -> Iterator[Waived]:
    """The waivers of a record."""
    known = rules()
    for waiver in record.waivers:
        declared = known.get(waiver.code)
        yield Waived(
            code=code_link(waiver.code, record.path),
            summary=declared.summary if declared else "",
            reason=waiver.reason,
        )
