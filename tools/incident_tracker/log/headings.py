"""The headings of a record's sections: one that nearly names a section would lose all below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.protocol import Protocol
from incident_tracker.text.alike import nearly
from incident_tracker.text.document import Document
from incident_tracker.text.sections import Section, iter_sections

NO_SECTION = "FMT020"
HIDDEN = "FMT021"
LEVEL = 2
TITLE_LEVEL = 1
# What is read line by line; other sections are text for readers.
CHECKLIST = "Checklist"
READ = ("Timeline", "Updates", CHECKLIST, "Action Items")
AROUND = re.compile(r"^(?:[0-9]{1,2}[.)][ \t]+)?[*_`]*|(?<![*_`:.\s])[*_`:.\s]+$")
BEHIND = re.compile(rf"({'|'.join(READ)})[ \t]*[(\[:,;–—-].*\w.*", re.IGNORECASE)


def heading_faults(document: Document, protocol: Protocol) -> tuple[Fault, ...]:
    """The headings that are nearly that of a known section, or stand at another level.

    Which sections are known follows from the top-level folder; any other heading is free.
    """
    folder = document.path.partition("/")[0]
    deep: tuple[str, ...] = READ
    if folder == "incidents":
        titles = protocol.incident_sections
    elif folder == "pir":
        titles = (*(section.text for section in protocol.review_sections.values()), CHECKLIST)
        deep = titles
    else:
        return ()
    found = _Headings(document, titles, deep, protocol.near_phrase).faults()
    return (*_hidden_faults(document, titles), *found)


def _hidden_faults(document: Document, titles: Sequence[str]) -> Iterator[Fault]:
    """The fences and comments that have a section's heading, or that of an update, in them."""
    body = document.body
    for across in body.across:
        yield _hiding(document, across.what, across.position, across.heading)
    if not (body.code or body.comments):
        return
    known = re.compile(rf"##[ \t]+(?:{'|'.join(map(re.escape, titles))})[ \t#]*$", re.IGNORECASE)
    spans = [("code fence", Position(block.start + 1, 1), block) for block in body.code]
    spans += [
        ("comment", comment.position, range(comment.position.line, comment.end.line))
        for comment in body.comments
    ]
    for what, place, lines in spans:
        inside = (n for n in lines if document.lines[n].startswith("##"))
        heading = next((n for n in inside if known.match(document.lines[n])), None)
        if heading is not None:
            yield _hiding(document, what, place, heading + 1)


def _hiding(document: Document, what: str, place: Position, line: int) -> Fault:
    heading = document.line_text(line).strip()
    return Fault(
        code=HIDDEN,
        message=f'a {what} hides a heading: "{heading}" on line {line}',
        help=f"end the {what} above that line; a heading meant as text is indented",
        position=place,
    )


class _Headings:
    """One pass over the headings of a record; ``deep`` are the titles missed at deeper levels."""

    def __init__(
        self, document: Document, titles: Sequence[str], deep: Sequence[str], near: float
    ) -> None:
        self.document = document
        self.known = {title.casefold(): title for title in titles}
        self.deep = [title for title in titles if title in deep]
        self.near = near
        self.there: dict[str, int] = {}
        self.likely: dict[tuple[str, bool], tuple[str, ...]] = {}

    def faults(self) -> Iterator[Fault]:
        """Every wrong heading, as they stand in the file."""
        for section in self.document.sections:
            title = self.known.get(section.title.casefold())
            if title is not None and section.level == LEVEL:
                self.there.setdefault(title, section.position.line)
        for section in iter_sections(self.document.sections):
            fault = self._at_level(section) if section.level == LEVEL else self._elsewhere(section)
            if fault is not None:
                yield fault

    def _at_level(self, section: Section) -> Fault | None:
        title = self.known.get(section.title.casefold())
        if title is None:
            return self._fault(section, self._meant(section.title, deep=False))
        if title in READ and self.there[title] < section.position.line:
            return self._fault(section, (title,))
        return None

    def _elsewhere(self, section: Section) -> Fault | None:
        deep = section.level > TITLE_LEVEL
        meant = self._meant(section.title, deep=deep)
        if deep and any(title in self.there for title in meant):
            return None
        return self._fault(section, meant)

    def _meant(self, written: str, *, deep: bool) -> tuple[str, ...]:
        """The titles that a heading may mean, the likeliest first."""
        if (written, deep) not in self.likely:
            plain = AROUND.sub("", written)
            behind = BEHIND.fullmatch(plain)
            least = partial(nearly, least=self.near)
            found = least(
                behind[1] if behind else plain, self.deep if deep else self.known.values()
            )
            self.likely[written, deep] = found
        return self.likely[written, deep]

    def _fault(self, section: Section, meant: tuple[str, ...]) -> Fault | None:
        if not meant:
            return None
        title, written = meant[0], f"{'#' * section.level} {section.title}"
        there = self.there.get(title)
        if there is not None:
            help_ = f"did you mean ## {title}? It stands on line {there}: put the lines below it"
        else:
            help_ = f"did you mean ## {title}?"
        clear = len(meant) == 1 and there is None and not BEHIND.fullmatch(section.title)
        if clear:
            self.there[title] = section.position.line
        start = self.document.offset(Position(section.position.line, 1))
        end = start + len(self.document.line_text(section.position.line))
        return Fault(
            code=NO_SECTION,
            message=f'"{written}" is no section of a record, so nothing below it is read',
            help=help_,
            position=section.position,
            field=title,
            fix=(Edit(start, end, f"## {title}"),) if clear else (),
        )
