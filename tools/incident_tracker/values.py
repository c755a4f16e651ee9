"""The text of a single front-matter value → a value, or the fault that it has.

Times need date, clock and offset and keep the offset as written. Every word is one of the
protocol's sets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from incident_tracker.fields import Kind, Row
from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document
from incident_tracker.text.stamps import FULL_STAMP, day_of, stamp_of
from incident_tracker.text.tables import nearest
from incident_tracker.text.yaml_reader import Scalar

LOOSE_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{1,2}:[0-9]{2}.*")
CLOCK_ONLY = re.compile(r"[0-9]{1,2}[:.][0-9]{2}(:[0-9]{2})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# In a class of characters, as both Python and JavaScript read it.
NOT_IN_NAMES = r""",;:|<>\[\](){}"`#"""
NAME = re.compile(rf"[^\s'{NOT_IN_NAMES}]([^\n{NOT_IN_NAMES}]{{0,78}}[^\s{NOT_IN_NAMES}])?")
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
PATTERNS = {Kind.SLUG: SLUG, Kind.NAME: NAME, Kind.VERSION: VERSION}
VISIBILITIES = ("internal", "public")
LONGEST_TEXT = 500


def words_for(name: str, protocol: Protocol) -> Mapping[str, object]:
    """Return a set of words by the name that a field's row gives it, each with its entry."""
    if name == "visibility":
        return dict.fromkeys(VISIBILITIES)
    if name == "statuses":
        planned = protocol.maintenance_statuses.items()
        return {**protocol.statuses, **{k: v for k, v in planned if k not in protocol.statuses}}
    words: Mapping[str, object] = getattr(protocol, name)
    return words


def _is_known(word: str, name: str, protocol: Protocol) -> bool:
    """Whether a set has a word, without making the set."""
    if name == "statuses":
        return word in protocol.statuses or word in protocol.maintenance_statuses
    return word in words_for(name, protocol)


class WrongValueError(Exception):
    """A value that cannot be read; it never leaves the reading of the front matter."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        super().__init__(fault.message)
        self.fault = fault


def wrong(
    code: str,
    row: Row,
    position: Position,
    message: str,
    help_: str | None = None,
    fix: tuple[Edit, ...] = (),
) -> WrongValueError:
    """Return the error of a field with its remedy; without one the row's example is the remedy."""
    remedy = help_ or f"write {row.key}: {row.example}"
    return WrongValueError(
        Fault(code=code, message=message, help=remedy, position=position, field=row.key, fix=fix)
    )


@dataclass(frozen=True, slots=True)
class Scalars:
    """Reads single values by the rows of the fields and the words of the protocol."""

    protocol: Protocol
    document: Document

    def read(self, row: Row, node: Scalar) -> object:
        """Return the value of a field that is one piece of text; else WrongValueError."""
        if row.kind is Kind.TIME:
            return self.time(row, node)
        if row.kind is Kind.WORD:
            return self.word(row, node)
        return self.date(row, node) if row.kind is Kind.DATE else self.text(row, node)

    def text(self, row: Row, node: Scalar) -> str:
        """Return free text in one line, or text of the field's pattern."""
        text = " ".join(node.text.split())
        if row.kind is Kind.ZONE and text not in available_timezones():
            near = nearest(text, tuple(available_timezones()))
            raise self._no(row, node, "time zone", near)
        pattern = PATTERNS.get(row.kind)
        if pattern is not None and not pattern.fullmatch(text):
            raise self._no(row, node, row.kind.value, None)
        if len(text) > LONGEST_TEXT:
            message = f'"{row.key}" has {len(text)} characters; at most {LONGEST_TEXT} fit'
            raise wrong("FMT017", row, node.position, message, "say it shorter")
        return text

    def word(self, row: Row, node: Scalar) -> str:
        """Return the word if its set knows it."""
        if _is_known(node.text, row.words, self.protocol):
            return node.text
        known = self.known(row)
        near = nearest(node.text, known)
        help_ = f'did you mean "{near}"?' if near else f"one of: {', '.join(known)}"
        same = near is not None and near.casefold() == node.text.casefold()
        fix = self.replacing(node, near) if near and same else ()
        message = f'"{node.text}" is no {row.key.replace("_", " ")}'
        raise wrong("FMT017", row, node.position, message, help_, fix)

    def known(self, row: Row) -> tuple[str, ...]:
        """Return the words that a field may hold."""
        return tuple(words_for(row.words, self.protocol))

    def time(self, row: Row, node: Scalar) -> datetime:
        """Return the moment with its offset."""
        match = FULL_STAMP.fullmatch(node.text)
        found = stamp_of(match, self.protocol.tzinfo) if match else None
        if match is None or found is None:
            alone = CLOCK_ONLY.fullmatch(node.text)
            loose = "does not exist" if LOOSE_STAMP.fullmatch(node.text) else "is no date with time"
            what = "has no date and no offset" if alone else loose
            help_ = f"write date, time, offset: {row.example}"
            message = f'"{row.key}: {node.text}" {what}'
            raise wrong("FMT011", row, node.position, message, help_)
        if match[3] is None:
            help_ = f"write the offset from UTC behind it: {found.isoformat(timespec='minutes')}"
            message = f'"{row.key}: {node.text}" has no offset'
            raise wrong("FMT011", row, node.position, message, help_)
        return found

    def date(self, row: Row, node: Scalar) -> date:
        """Return the day."""
        found = day_of(node.text) if DATE.fullmatch(node.text) else None
        if found is None:
            raise wrong("FMT011", row, node.position, f'"{row.key}: {node.text}" is no date')
        return found

    def replacing(self, node: Scalar, text: str) -> tuple[Edit, ...]:
        """Return the edit that writes another text in the place of a plain value."""
        if node.quoted:
            return ()
        begin = self.document.offset(node.position)
        return (Edit(begin, begin + len(node.text), text),)

    def _no(self, row: Row, node: Scalar, what: str, near: str | None) -> WrongValueError:
        help_ = f'did you mean "{near}"?' if near else None
        return wrong("FMT017", row, node.position, f'"{node.text}" is no {what}', help_)
