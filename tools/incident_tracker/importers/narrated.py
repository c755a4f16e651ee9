"""The sections of a record that a story fills: text where its heading says, entries as notes."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from incident_tracker.importers.prose import heading, pieces, prose
from incident_tracker.importers.story import INCIDENT, NOTES, Noted, Part, Story
from incident_tracker.log.entries import entry_line
from incident_tracker.log.phrases import Phrasebook, phrasebook
from incident_tracker.log.refused import ENTRY, doubtful_text
from incident_tracker.model import Said
from incident_tracker.protocol import Protocol
from incident_tracker.text.stamps import day_of

LONGEST_LINE = 1_800
"""Characters of a line below a timeline; 2,000 are read."""
LETTERS = 4


def sections(story: Story, *keys: str) -> list[str]:
    """The sections of an incident that these parts fill, with their headings."""
    made: list[str] = []
    for key in keys:
        text = told(story, key, INCIDENT[key])
        if text:
            made += [f"## {INCIDENT[key]}", *text, ""]
    return made


def told(story: Story, key: str, title: str) -> list[str]:
    """The text of all parts that go into one section; what they were called stands above each.

    Only the first goes without, where the section's name says the same.
    """
    made: list[str] = []
    for part in story.parts:
        if part.key != key:
            continue
        lines = prose(part.blocks)
        if part.title and _differs(part, title, is_first=not made):
            lines = [*heading(part.title), "", *lines]
        made += ["", *lines] if made else lines
    return made


def _differs(part: Part, title: str, *, is_first: bool) -> bool:
    return not is_first or part.key == NOTES or part.title.casefold() != title.casefold()


def entries(story: Story, protocol: Protocol, zone: ZoneInfo) -> Iterator[tuple[Noted, list[str]]]:
    """The entries with the texts of their lines, by time; none says what only a fact may say."""
    book = phrasebook(protocol)
    for entry in sorted(story.entries, key=lambda one: (one.at, one.line)):
        first, *more = (
            piece for text in (entry.text, *entry.more) for piece in pieces(text, LONGEST_LINE)
        )
        yield entry, [_note(first, entry, book, zone), *(f"  {text}" for text in more)]


def _note(text: str, entry: Noted, book: Phrasebook, zone: ZoneInfo) -> str:
    """An entry's text that is read as an entry and, but for harmless phrases, as a note.

    Where its first letters would make more of it, they are written as entities: the same letters on
    a page.
    """
    text = text.lstrip(" –—|:-") or "(nothing is written here)"
    for count in range(LETTERS):
        made = "".join(f"&#{ord(sign)};" for sign in text[:count]) + text[count:]
        if _is_plain(made, entry, book, zone):
            return made
    return f"“{text}”"


def _is_plain(text: str, entry: Noted, book: Phrasebook, zone: ZoneInfo) -> bool:
    line = entry_line(entry.at, text, zone)
    match = ENTRY.fullmatch(line)
    day = day_of(match[2] or "") if match else None
    if match is None or match[5].rstrip() != text.rstrip() or day is None:
        return False
    if doubtful_text(line, match, day, zone) is not None or book.nearest(text) is not None:
        return False
    said = book.read(text)
    if said is None:
        return True
    if not isinstance(said, Said):
        return False
    phrase = book.protocol.phrases[said.phrase]
    return phrase.shape == "text" and not (phrase.sets or phrase.status or phrase.role)
