"""The form of a record: its fields and the phrases of its timeline."""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK, Row
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page
from incident_tracker.pages.tables import Cell, Table, Tables, code, codes
from incident_tracker.protocol import Phrase

PAGE = "format.md"


@page(
    PAGE,
    template="tables.md.j2",
    title="The form of a record",
    section="Protocol",
    order=80,
    search="The form of a record: fields, phrases of the timeline, keys of updates",
)
def form(book: Book) -> Tables:
    """Fields, phrases and keys."""
    return Tables(
        title="The form of a record",
        lede="The timeline is the event log, the front matter its summary: what happened is "
        "written once, as one line, and commands derive the rest.",
        tables=(
            _fields("Fields of an incident", INCIDENT),
            _fields("Fields of a review", REVIEW),
            _fields("Fields of a runbook", RUNBOOK),
            Table(
                title="Phrases of the timeline",
                head=("Phrase", "Value", "Sets or proves"),
                rows=tuple(_phrases(book.protocol.phrases)),
                about="A line is: - 14:05 - PHRASE by NAME (FACT): VALUE. A line without a phrase "
                "is a note, always welcome.",
            ),
            _words(book),
            Table(
                title="Keys of an update",
                head=("Key", "Asked for"),
                rows=[
                    (
                        code(word.label),
                        "yes"
                        if name in book.protocol.update_needs
                        else "if there is something to say",
                    )
                    for name, word in book.protocol.update_keys.items()
                ],
                about="An update begins with: ### 2026-11-03 14:20 - Identified.",
            ),
            Table(
                title="Sections of an incident",
                head=("Section",),
                rows=[(name,) for name in book.protocol.incident_sections],
            ),
        ),
    )


def _fields(title: str, rows: Mapping[str, Row]) -> Table:
    return Table(
        title=title,
        head=("Field", "What it says", "Written by", "Needed from", "Example"),
        rows=[
            (code(row.key), row.about, row.source.value, row.needed, code(row.example))
            for row in rows.values()
        ],
    )


def _phrases(phrases: Mapping[str, Phrase]) -> Iterator[Sequence[Cell]]:
    for phrase in phrases.values():
        colon = ":" if phrase.colon else ""
        written = codes([f"{text}{colon}" for text in phrase.text])
        value = phrase.shape.replace("-", " ") + (" (needed)" if phrase.needs_value else "")
        if phrase.reason:
            value += " and a reason"
        proves = [phrase.sets, phrase.role.replace("_", " ")]
        if phrase.status:
            proves.append(f"status {phrase.status}")
        yield (written, value, ", ".join(part for part in proves if part) or "is shown as evidence")


def _words(book: Book) -> Table:
    words = book.protocol.words
    rows: list[Sequence[Cell]] = [
        (name.replace("_", " "), codes(getattr(words, name))) for name in words.__dataclass_fields__
    ]
    for title, several in (
        ("cancelled because", book.protocol.cancellations),
        ("what a runbook did", book.protocol.runbook_outcomes),
    ):
        rows += [(title, codes(word.words)) for word in several.values()]
    return Table(
        title="Connecting words",
        head=("Means", "Written"),
        rows=rows,
        about=Markup("They stand in the protocol's file, so a team can write in its own language."),
    )
