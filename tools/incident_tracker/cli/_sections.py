"""How ``incident section`` and ``incident tick`` find the record and the place that are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import say, warn
from incident_tracker.lifecycle.draft import SECTION_HEADING, Draft, one_line, paragraph
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.model import Incident
from incident_tracker.protocol import Protocol
from incident_tracker.text.edit import set_section_body
from incident_tracker.text.tables import nearest


@dataclass(frozen=True, slots=True)
class Place:
    """A section by its title, the file that has it, and what to write there (None: nothing)."""

    path: str
    title: str
    text: str | None

    @classmethod
    def of(cls, session: Session, words: Sequence[str], *, in_review: bool) -> Place:
        """Return the place that ``[ID] TITLE [TEXT]`` names; a known title is never an ID."""
        if not 1 <= len(words) <= MOST:
            raise click.UsageError("this takes [ID] TITLE [TEXT|-]", click.get_current_context())
        ours, theirs = titles(session.protocol)
        known = {title.casefold(): title for title in (*ours, *theirs)}
        rest = list(words)
        typed = None
        if len(words) == MOST or (len(words) > 1 and words[0].casefold() not in known):
            typed = rest.pop(0)
        title = known.get(rest[0].casefold())
        if title is None:
            near = nearest(rest[0], tuple(known.values()))
            hint = f'did you mean "{near}"?' if near else f"one of: {', '.join(known.values())}"
            raise Refusal(f'no section is called "{one_line(rest[0])}"', hint)
        if in_review and title not in theirs:
            alike = [other for other in theirs if title.casefold() in other.casefold()]
            hint = f'did you mean "{alike[0]}"?' if alike else f"one of: {', '.join(theirs)}"
            raise Refusal(f'a review has no section "{title}"', hint)
        record_id = session.id_of(typed)
        folder = "pir" if in_review or title not in ours else "incidents"
        return cls(path_of(record_id, folder), title, rest[1] if rest[1:] else None)


MOST = 3


def titles(protocol: Protocol) -> tuple[Iterable[str], Iterable[str]]:
    """Return the titles of an incident's sections, and of a review's."""
    return protocol.incident_sections, [s.text for s in protocol.review_sections.values()]


def write_section(session: Session, place: Place, text: str | None, *, append: bool) -> None:
    """Write a section, or print it where there is no text to write."""
    if text is None:
        section = session.draft(place.path).record.section(place.title)
        if section is None:
            raise NothingFound(f'{place.path} has no section "{place.title}"', None)
        say(section.text)
        return
    lines = paragraph(text.removeprefix(" "), heading=SECTION_HEADING)
    if not lines:
        raise Refusal("there is no text to write", None)

    def change(draft: Draft) -> Draft:
        if append:
            return draft.with_lines(place.title, lines)
        body = "\n".join(lines)
        return draft.edited(set_section_body(draft.document, place.title, body, draft.order))

    after = session.change(place.path, change, replaced="" if append else place.title)
    review = session.review(after.record.id) if isinstance(after.record, Incident) else None
    if review is not None and review.section(place.title) is not None:
        there = f'incident section {session.short(review.incident)} "{place.title}" - --pir'
        warn(f'the review has a section "{place.title}" as well', f"if that was meant: {there}")
