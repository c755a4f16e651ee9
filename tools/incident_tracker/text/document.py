"""A record file as text with positions: front matter, sections, lists; wrong bytes are faults."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.frozen import value_with_room
from incident_tracker.text.body_limits import limit_fault
from incident_tracker.text.characters import breaks_rendering, character_faults, clean_bytes
from incident_tracker.text.conflicts import conflict_faults
from incident_tracker.text.front_matter import Fence, closed_too_late, find_front_matter, offset_of
from incident_tracker.text.sections import Body, Comment, Section, read_body
from incident_tracker.text.yaml_reader import Mapping, read_yaml

MOST_BYTES = 256_000
_BOM = "\ufeff"


@value_with_room
class Document:
    """A file as it was read. Only what is `readable` is worth looking into."""

    path: str
    text: str
    """The whole file, line ends as they are; edits count characters in it."""
    newline: str
    """The line end of the first line, for lines that are added."""
    lines: tuple[str, ...]
    """Without line ends; behind the last line end there is no line."""
    front: Mapping | None
    body_start: int
    """The first line behind the front matter, counted from 0."""
    faults: tuple[Fault, ...]
    readable: bool
    """False when the faults come alone."""

    @cached_property
    def body(self) -> Body:
        """What stands behind the front matter."""
        # Only records have headings that must not get lost; a runbook may show some as code.
        record = self.path.startswith(("incidents/", "pir/"))
        return read_body(self.lines, self.body_start, landmarks=record)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the body, each with those below it."""
        return self.body.sections

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The HTML comments of the body, code left out."""
        return self.body.comments

    def section(self, title: str) -> Section | None:
        """The first section of level 2 with this title, upper and lower case being the same."""
        wanted = title.casefold()
        found = (s for s in self.sections if s.level == 2 and s.title.casefold() == wanted)  # noqa: PLR2004 - `##`
        return next(found, None)

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1; empty outside of the file."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def offset(self, position: Position) -> int:
        """The characters in front of a place; one outside of the file is moved to its edge."""
        if position.line > len(self.lines):
            return len(self.text)
        line = max(position.line, 1) - 1
        return self._starts[line] + min(max(position.column - 1, 0), len(self.lines[line]))

    @cached_property
    def _starts(self) -> list[int]:
        offset = 1 if self.text.startswith(_BOM) else 0
        starts = []
        for line in self.text[offset:].split("\n"):
            starts.append(offset)
            offset += len(line) + 1
        return starts


def read_document(path: str, data: bytes) -> Document:
    """The document that `data` is; whatever the bytes are, what is wrong with them is a fault."""
    if len(data) > MOST_BYTES:
        return _unreadable(path, "", _too_large(len(data)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unreadable(path, data.decode("utf-8", "replace"), _not_utf8(data, error))
    if not text.strip(f"{_BOM} \t\r\n"):
        return _unreadable(path, text, _empty())
    return _Reading(path, text).document(is_clean=clean_bytes(data[3 * text.startswith(_BOM) :]))


class _Reading:
    """One file on its way to a document; offsets inside do not count a byte order mark."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.begin = 1 if text.startswith(_BOM) else 0
        self.content = text[self.begin :]
        self.raw = self.content.split("\n")
        self.lines = _without_line_ends(self.raw, text)
        self.faults: list[Fault] = [_byte_order_mark()] if self.begin else []

    def document(self, *, is_clean: bool) -> Document:
        fence = find_front_matter(self.raw)
        front = None
        if (is_clean or self._hides_only(fence)) and not self._in_conflict(fence):
            self._add(fence.faults)
            front = self._front(fence) if fence.closing else None
            too_much = limit_fault(self.content, self.lines, fence.body_start)
            if too_much is not None:
                self._add([too_much])
                front = None
        return Document(
            path=self.path,
            text=self.text,
            newline="\r\n" if self.raw[0].endswith("\r") else "\n",
            lines=self.lines,
            front=front,
            body_start=fence.body_start,
            faults=tuple(self.faults),
            readable=front is not None,
        )

    def _hides_only(self, fence: Fence) -> bool:
        """Whether the forbidden characters, now said, leave the front matter and pages alone."""
        self._add(character_faults(self.content))
        if breaks_rendering(self.content):
            return False
        front = range(1, fence.body_start + 1)
        return not any(fault.position.line in front for fault in self.faults[self.begin :])

    def _in_conflict(self, fence: Fence) -> bool:
        faults = conflict_faults(self.content, self.lines, fence.body_start)
        self._add(faults)
        return bool(faults)

    def _front(self, fence: Fence) -> Mapping | None:
        start, end = len(self.raw[0]) + 1, offset_of(self.raw, fence.closing)
        front, faults = read_yaml(self.content[start:end], first_line=2)
        late = None if front is not None else closed_too_late(self.raw, fence.closing)
        if late is not None:
            self._add([late])
        else:
            self._add(_moved(fault, start) for fault in faults)
        return front

    def _add(self, faults: Iterable[Fault]) -> None:
        self.faults += [_moved(fault, self.begin) for fault in faults]


def _moved(fault: Fault, offset: int) -> Fault:
    if not offset or not fault.fix:
        return fault
    return replace(fault, fix=tuple(edit.moved(offset) for edit in fault.fix))


def _without_line_ends(raw: list[str], text: str) -> tuple[str, ...]:
    lines = raw if raw[-1] else raw[:-1]
    if "\r" not in text:
        return tuple(lines)
    return tuple(line.removesuffix("\r") for line in lines)


def _unreadable(path: str, text: str, fault: Fault) -> Document:
    raw = text.split("\n")
    return Document(
        path=path,
        text=text,
        newline="\r\n" if raw[0].endswith("\r") else "\n",
        lines=_without_line_ends(raw, text),
        front=None,
        body_start=0,
        faults=(fault,),
        readable=False,
    )


def _too_large(size: int) -> Fault:
    return Fault(
        code="FMT012",
        message=f"the file has {size:,} bytes, more than the {MOST_BYTES:,} that are read",
        position=Position(1, 1),
        help="move long output into a file of its own and link to it",
    )


def _empty() -> Fault:
    return Fault(
        code="FMT019",
        message="the file is empty",
        position=Position(1, 1),
        help="write the record, or delete the file",
    )


def _byte_order_mark() -> Fault:
    return Fault(
        code="FMT006",
        message="the file begins with a byte order mark (U+FEFF)",
        position=Position(1, 1),
        help='delete it: save as "UTF-8", not as "UTF-8 with BOM"',
        fix=(Edit(0, 1, ""),),
    )


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Fault:
    before = data[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    sixteen = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    guess = "UTF-16" if sixteen else "Windows-1252 or Latin-1"
    return Fault(
        code="FMT005",
        message=f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8; likely {guess}",
        position=Position(before.count(b"\n") + 1, column),
        help='save the file as "UTF-8"',
    )
