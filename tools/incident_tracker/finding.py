"""What is wrong with a record, where it stands, and the edit that mends it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from incident_tracker.frozen import value_with_room


class Level(StrEnum):
    """How much a finding weighs: only errors (and warnings, if strict) change the exit status."""

    ERROR = "error"
    WARNING = "warning"
    FACT = "fact"


class Position(NamedTuple):
    """A place in a file: line and column count from 1, columns in characters."""

    # A named tuple because a file has hundreds of places: a dataclass takes twice the time to make.

    line: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Edit:
    """The characters [start, end) of a file's text, counted from 0, become `text`."""

    start: int
    end: int
    text: str

    def moved(self, offset: int) -> "Edit":
        """The same edit in a text that has `offset` more characters in front."""
        return Edit(self.start + offset, self.end + offset, self.text)


@value_with_room
class Finding:
    """One mistake in one file; findings sort by path, line, column and code."""

    path: str
    """Relative to the tracker's root, with forward slashes."""
    line: int
    column: int
    code: str
    end_column: int | None = None
    """The first column after the place, on the same line; None when it has no known end."""
    name: str
    level: Level
    message: str
    """One sentence, no line break at its end."""
    help: str | None = None
    """Something to type."""
    note: str | None = None
    source: str | None = None
    """The text of the line."""
    field: str | None = None
    """Dotted name of the field or section that it is about."""
    fix: tuple[Edit, ...] = ()

    @property
    def fixable(self) -> bool:
        """Whether `--fix` can mend it."""
        return bool(self.fix)

    @property
    def about(self) -> str:
        """What makes it the same mistake in another version of the file: words, never a line."""
        return " ".join((self.source or "").split()) or self.field or self.message

    def __lt__(self, other: object) -> bool:
        """Whether this one is reported first."""
        if not isinstance(other, Finding):
            return NotImplemented
        return self.sort_key < other.sort_key

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """Path, line, column and code."""
        return (self.path, self.line, self.column, self.code)


@value_with_room
class Fault:
    """A mistake as a reader sees it: before path, name and level are known."""

    code: str
    message: str
    position: Position
    help: str | None = None
    note: str | None = None
    end_column: int | None = None
    field: str | None = None
    fix: tuple[Edit, ...] = ()

    def finding(
        self, *, path: str, name: str, level: Level = Level.ERROR, source: str | None = None
    ) -> Finding:
        """The same mistake as a finding in the file at `path`."""
        return Finding(
            path=path,
            line=self.position.line,
            column=self.position.column,
            end_column=self.end_column,
            code=self.code,
            name=name,
            level=level,
            message=self.message,
            help=self.help,
            note=self.note,
            source=source,
            field=self.field,
            fix=self.fix,
        )
