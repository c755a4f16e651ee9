"""The characters that no record may hold: they hide text from a reviewer or break what shows it."""

import re
import unicodedata
from collections.abc import Iterator

from incident_tracker.finding import Edit, Fault, Position

MOST_FAULTS = 20
MOST_EDITS = 1_000

# Controls, all that starts a new line for some programs only, surrogates and noncharacters.
_BREAKING = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
)
# What shows as nothing, or turns the direction of what follows.
_HIDING = (
    "\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f"
)
_SUSPECT = re.compile(f"[{_BREAKING}{_HIDING}]")
_RUN = re.compile(f"[{_BREAKING}{_HIDING}]+|\r(?!\n)")
_BREAKS = re.compile(f"[{_BREAKING}]|\r(?!\n)")
_LINE = re.compile("[^\n]*\n|[^\n]+")
_LINE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"

# A zero-width joiner makes one picture of two: nothing is hidden between these.
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINED = re.compile(f"(?<=[{_PICTURE}])\u200d(?=[{_PICTURE}])")

_CLEAN_BYTES = bytes(set(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D})
_UNNAMED = {
    "\x00": "NUL",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\x1b": "ESCAPE",
    "\r": "CARRIAGE RETURN",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def clean_bytes(data: bytes) -> bool:
    """Whether UTF-8 text is free of forbidden characters; fast, for the many files that are."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    rest = data.translate(None, _CLEAN_BYTES)
    if not rest or _SUSPECT.search(rest.decode("utf-8", "surrogatepass")) is None:
        return True
    # Only now all of the text: a joiner is judged by what stands beside it.
    return next(_runs(data.decode("utf-8", "surrogatepass")), None) is None


def clean(text: str) -> bool:
    """Whether `text` is free of forbidden characters."""
    return clean_bytes(text.encode("utf-8", "surrogatepass"))


def breaks_rendering(text: str) -> bool:
    """Whether `text` holds one of those that confuse a parser or a terminal, not only a reader."""
    return _BREAKS.search(text) is not None


def scrubbed(text: str) -> str:
    """`text` without forbidden characters; odd line breaks become plain ones or spaces."""
    pieces, last = [], 0
    for start, end in _runs(text):
        pieces += [text[last:start], _substitute(text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def shown(text: str) -> str:
    """`text` with every forbidden character written as U+XXXX, on one line."""
    one_line = text.replace("\r\n", " ").replace("\n", " ")
    return _RUN.sub(lambda run: "".join(f"<U+{ord(c):04X}>" for c in run[0]), one_line)


def character_faults(text: str, first_line: int = 1) -> tuple[Fault, ...]:
    """One FMT007 per line with forbidden characters; the last speaks for those past the cap."""
    faults: list[Fault] = []
    more: list[Edit] = []
    lines_more, offset = 0, 0
    # Not `splitlines`: that breaks at the very characters that are looked for.
    for number, whole in enumerate(_LINE.findall(text), first_line):
        runs = list(_runs(whole)) if _RUN.search(whole) else []
        if runs and len(faults) < MOST_FAULTS:
            faults.append(_fault(whole, runs, number, offset))
        elif runs:
            lines_more += 1
            more += _edits(whole, runs, offset)
        offset += len(whole)
    if lines_more:
        faults[-1] = _speaking_for(faults[-1], more, lines_more)
    return tuple(faults)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        start, end = run.span()
        # A joiner never stands beside another forbidden character, so it is a run of its own.
        if end - start != 1 or not _JOINED.match(text, start):
            yield start, end


def _substitute(run: str) -> str:
    if run == "\r":
        return "\n"
    return " " if any(character in _LINE_BREAKS for character in run) else ""


def _edits(line: str, runs: list[tuple[int, int]], offset: int) -> list[Edit]:
    return [Edit(offset + start, offset + end, _substitute(line[start:end])) for start, end in runs]


def _fault(line: str, runs: list[tuple[int, int]], number: int, offset: int) -> Fault:
    start, end = runs[0]
    character = line[start]
    name = unicodedata.name(character, _UNNAMED.get(character, "a control character"))
    count = sum(end - start for start, end in runs)
    others = f", and {count - 1} more on this line" if count > 1 else ""
    edits = _edits(line, runs, offset) if len(runs) <= MOST_EDITS else []
    return Fault(
        code="FMT007",
        message=f"the line holds U+{ord(character):04X} ({name}), which cannot be seen{others}",
        position=Position(number, start + 1),
        end_column=end + 1,
        help="delete the character; incident check --fix does it",
        fix=tuple(edits),
    )


def _speaking_for(last: Fault, more: list[Edit], lines: int) -> Fault:
    fix = (*last.fix, *more) if last.fix and len(more) <= MOST_EDITS else last.fix
    return Fault(
        code=last.code,
        message=last.message,
        position=last.position,
        end_column=last.end_column,
        help=last.help,
        note=f"and {lines} more lines with such characters",
        fix=fix,
    )
