"""The cells of a row: text, times and words, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from incident_tracker.importers.draft import Defect, Row
from incident_tracker.importers.mapping import RowMap, Words
from incident_tracker.importers.moments import NoMomentError, moment
from incident_tracker.importers.texts import Cleaned, one_line


class WrongRowError(Exception):
    """A value that cannot be read: its column, and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}" if column else reason)
        self.reason = reason


def placed(row: Row, reason: str) -> str:
    """The reason with the place in its file, where the row tells one."""
    return f"{row.at}: {reason}" if row.at else reason


def found_at(row: object, path: str) -> object:
    """The value at a path of a row, None where there is none; the whole path may be a key."""
    if not path or not isinstance(row, Mapping):
        return None
    if path in row:
        return row[path]
    head, dot, tail = path.partition(".")
    return found_at(row.get(head), tail) if dot else None


class Cells:
    """The cells of one row while it is read; counts what had to be removed or cut."""

    def __init__(self, row: Row, mapping: RowMap) -> None:
        self.where = row
        self.row = row.value
        self.mapping = mapping
        self.removed = 0
        self.cut = 0
        self.defects: list[Defect] = list(row.defects)
        self.fared: dict[str, str] = {}

    def word(self, listed: Words, name: str) -> str:
        """Our word for the one in a column; empty where there is none."""
        try:
            theirs = one_line(self.text(listed.column)).text
        except WrongRowError as error:
            self.amiss(listed.column, error.reason)
            return ""
        return self.ours(listed, theirs, listed.column, name)

    def ours(self, listed: Words, theirs: str, column: str, name: str) -> str:
        """Our word for theirs; one that the mapping does not know is left out and told."""
        if theirs in listed.same:
            return ""
        ours = ours_for(listed, theirs)
        if ours is None:
            hint = f"--map '{name}.{theirs[:60]}=OURS' gives it one"
            self.amiss(column, f'"{theirs[:60]}" has no {name} in the mapping; {hint}')
        return ours or ""

    def amiss(self, column: str, reason: str, *, is_kept: bool = False) -> None:
        """Note a value that is left out, or one that is kept though it cannot be right."""
        row = self.where
        line = row.lines.get(column, row.line)
        told = placed(row, f"{column}: {reason}")
        defect = Defect(path=row.path, line=line, reason=told, field=column, is_kept=is_kept)
        self.defects.append(defect)

    def optional_time(self, column: str) -> datetime | None:
        """The time in a column; one that cannot be read is left out and told."""
        try:
            return self.time(column)
        except WrongRowError as error:
            self.amiss(column, error.reason)
            return None

    def time(self, column: str, value: str | None = None) -> datetime | None:
        """The moment in a column, or in a text of it; None where it is empty."""
        text = self.text(column) if value is None else value
        if not text.strip():
            return None
        try:
            return moment(text, self.mapping.forms, self.mapping.zone or self.where.zone)
        except NoMomentError as error:
            raise WrongRowError(column, f"{error}") from error

    def text(self, column: str) -> str:
        """The text in a column, empty where there is none."""
        value = found_at(self.row, column)
        if isinstance(value, Mapping) or (
            isinstance(value, Sequence) and not isinstance(value, str)
        ):
            raise WrongRowError(column, "holds a list or an object, not a text")
        return as_text(value)

    def line(self, column: str, longest: int | None = None) -> str:
        """The text in a column as one line that a record may hold."""
        text = self.text(column)
        return self.take(one_line(text) if longest is None else one_line(text, longest))

    def take(self, found: Cleaned) -> str:
        """The text, whose losses are counted."""
        self.removed += found.removed
        self.cut += found.cut
        return found.text


def ours_for(listed: Words, theirs: str) -> str | None:
    """Our word for theirs: without a list it is the same; None where the list does not know it."""
    if not theirs:
        return listed.otherwise
    if not listed.words:
        return listed.otherwise or theirs
    folded = theirs.casefold()
    found = (ours for word, ours in listed.words.items() if word.casefold() == folded)
    return next(found, listed.otherwise or None)


def as_text(value: object) -> str:
    """A value of JSON as text; a list or an object is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""
