"""Timeline lines that are no entries: what is wrong with each, and the entry that was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from incident_tracker.text.stamps import (
    CLOCK,
    DATE,
    ZONE,
    canonical_clock,
    day_of,
    offset_text,
    readings,
)

NOT_AN_ENTRY = "TML001"
HALF_DAY = "TML002"
CLOCK_FORM = "TML003"
NO_LIST = "TML004"
NO_SUCH_TIME = "TML005"
RANGE = "TML006"
ZONE_NAME = "TML007"

ENTRY = re.compile(
    rf"[ ]?[-*+][ \t]+(?:\*\*|`|\[)?(~)?(?:({DATE})[T ])?({CLOCK})[ ]?({ZONE})?(?:\*\*|`|\])?"
    r"[ \t]*(?:[-–—|:][ \t]+|[ \t])([^\s|:–—-].*)",
    re.IGNORECASE,
)
LOOSE = re.compile(
    r"(?P<lead>[ ]{0,3}(?:\#{1,6}[ \t]*|[-*+•][ \t]*|[0-9]{1,3}[.)][ \t]+|>[ \t]*)?"
    r"(?:\[[ xX]\][ ]+)?)"
    r"(?P<open>[*_`\[(]{0,3})(?P<about>~[ ]?)?"
    rf"(?:(?P<date>{DATE})(?:T|[ ,]+))?"
    r"(?P<clock>(?P<hour>[0-9]{1,2})(?:(?P<sign>[:.h])(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"|(?P<bare>[0-9]{2}(?=[*_`\])]{0,3}[ \t]*[-–—|:][ \t]))|(?=[ ]?[ap]\.?m\b)))"
    r"(?![0-9%]|[.,][0-9])(?:[ ]?(?P<half>[ap]\.?m\b\.?))?"
    rf"(?:[ ]?(?P<zone>{ZONE}))?(?P<tail>.*)",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"[:*_`\])]{0,4}(?P<between>[ \t]*(?:[-–—|:,]+(?:[ \t]+|$)|$)|[ \t]+)(?P<text>.*)"
)
UNTIL = re.compile(rf"[*_`\])]{{0,3}}[ ]?[-–—]+[ ]?[*_`\[(]{{0,3}}{CLOCK}(?![0-9:])")
UNTIL_TEXT = re.compile(rf"{CLOCK}[*_`\])]{{0,3}}[ \t]*(?:[-–—|:][ \t]|$)")
HALF_TEXT = re.compile(
    r"[ap]\.?m\b\.?[*_`\])]{0,3}(?=[ \t]*[-–—|:][ \t])|[AP]\.?M\b\.?[*_`\])]{0,3}(?=[ \t])"
)
# What each of those that a text may begin with begins with.
DOUBTFUL = re.compile(r"[0-9]|[aApP]\.?[mM]|[A-Z]{3}")
NAMED_ZONE = re.compile(
    r"(?P<name>[A-Z]{3,5})(?![\w])[*_`\])]{0,3}(?:[ \t]*[-–—|:][ \t]+|[ \t]+)(?P<text>.*)"
)
CELLS = re.compile(r"(?<!\\)\|")
DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
LATEST_HOUR, NOON = 23, 12
UTC_NAMES = frozenset({"UTC", "GMT"})
ZONE_NAMES = UTC_NAMES | {
    "AEDT",
    "AEST",
    "AKDT",
    "AKST",
    "BST",
    "CDT",
    "CEST",
    "CET",
    "CST",
    "EDT",
    "EEST",
    "EET",
    "EST",
    "HST",
    "IST",
    "JST",
    "MDT",
    "MSK",
    "MST",
    "NZDT",
    "NZST",
    "PDT",
    "PST",
    "SAST",
    "SGT",
    "WEST",
    "WET",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Why a line is no entry; ``column`` counts from 1, ``line`` is the entry that was meant."""

    code: str
    message: str
    help: str
    column: int
    end_column: int | None = None
    line: str | None = None


def refused(line: str, day: date, zone: ZoneInfo) -> Refused:
    """Why a line that is not blank is no entry, on a day in a zone."""
    match = LOOSE.match(line)
    if match is None or not (match["sign"] or match["half"] or match["bare"]):
        return _no_entry(line)
    start, end = match.start("clock") + 1, match.end("half" if match["half"] else "clock") + 1
    clock = _clock_of(match)
    if clock is None:
        written = line[start - 1 : end - 1]
        return Refused(
            code=NO_SUCH_TIME,
            message=f'there is no time "{written}"',
            help="write the time as 00:00 to 23:59",
            column=start,
            end_column=end,
        )
    if UNTIL.match(match["tail"]):
        return _range(start, end)
    zone_text, tail = match["zone"] or "", match["tail"]
    if named := _named_zone(tail, match["date"], clock, day, zone):
        name, zone_text, tail = named
        column = match.start("tail") + match["tail"].index(name) + 1
        return Refused(
            code=ZONE_NAME,
            message=f'"{name}" is not the same everywhere: the zone is written as an offset',
            help=f"write the offset: {clock}{zone_text or '-06:00'}",
            column=column,
            end_column=column + len(name),
            line=_entry_line(match, clock, zone_text, f" - {tail}") if zone_text else None,
        )
    rewritten = _entry_line(match, clock, zone_text, tail)
    return _by_form(line, match, clock, rewritten, (start, end))


def doubtful_text(line: str, match: re.Match[str], day: date, zone: ZoneInfo) -> Refused | None:
    """Why a line is no entry although it has the form of one: a range, or the name of a zone."""
    text = match[5]
    if DOUBTFUL.match(text) is None:
        return None
    if text[0].isdigit():
        start, end = match.start(3) + 1, match.end(3) + 1
        return _range(start, end) if UNTIL_TEXT.match(text) else None
    if text[0] in "aApP" and HALF_TEXT.match(text):
        return refused(line, day, zone)
    if text[0].isupper() and not match[4]:
        named = NAMED_ZONE.match(text)
        if named and named["name"] in ZONE_NAMES:
            return refused(line, day, zone)
    return None


def table_lines(rows: list[str], day: date, zone: ZoneInfo) -> list[str | None]:
    """For each row of a table the entry that it means, None where it has no time."""
    return [None if DELIMITER.fullmatch(row) else _row_line(row, day, zone) for row in rows]


def _row_line(row: str, day: date, zone: ZoneInfo) -> str | None:
    cells = [cell.strip().replace("\\|", "|") for cell in CELLS.split(row.strip())]
    cells = [cell for cell in cells if cell]
    if cells and day_of(cells[0]):
        cells[:2] = [" ".join(cells[:2])]
    line = f"- {cells[0]} - {'; '.join(cells[1:])}" if cells else ""
    match = ENTRY.fullmatch(line)
    if match is not None and doubtful_text(line, match, day, zone) is None:
        return canonical(line)
    return refused(line, day, zone).line


def canonical(line: str) -> str:
    """An entry's line as commands write it; a line that is none comes back as it is."""
    match = ENTRY.fullmatch(line)
    if match is None:
        return line
    about, day, clock, zone, text = match.groups("")
    stamp = f"{day}{' ' if day else ''}{canonical_clock(clock)}{zone.upper()}"
    return f"- {about}{stamp} - {text.rstrip()}"


def _by_form(
    line: str, match: re.Match[str], clock: str, rewritten: str | None, place: tuple[int, int]
) -> Refused:
    """What is wrong with the form of a line whose time is certain."""
    start, end = place
    lead = match["lead"].strip()
    help_ = f"write: {rewritten}" if rewritten else f"write: - {clock} - what happened"
    if match["half"]:
        code, message = HALF_DAY, "the clock has 24 hours"
    elif lead.startswith("#"):
        code, message, start = (
            NO_LIST,
            "an entry is a list item, not a heading",
            len(line) - len(line.lstrip()) + 1,
        )
    elif match["sign"] != ":":
        code, message = CLOCK_FORM, "a time is written HH:MM"
    elif rewritten is None:
        code, message = NOT_AN_ENTRY, "this entry does not say what happened"
    else:
        code, message, start = NOT_AN_ENTRY, "this is not the form of an entry", 1
    return Refused(
        code=code,
        message=message,
        help=help_,
        column=start,
        line=rewritten,
        end_column=end if start == place[0] else None,
    )


def _no_entry(line: str) -> Refused:
    column = len(line) - len(line.lstrip()) + 1
    if line.lstrip().startswith("#"):
        return Refused(
            code=NOT_AN_ENTRY,
            message="only a day may be a heading here",
            column=column,
            help="write the day as ### 2026-11-04; an entry as - 14:05 - what happened",
        )
    return Refused(
        code=NOT_AN_ENTRY,
        message="this line is not an entry",
        column=column,
        help="write: - 14:05 - what happened; what belongs to it begins with two spaces",
    )


def _range(start: int, end: int) -> Refused:
    return Refused(
        code=RANGE,
        message="an entry is a moment, not a range",
        column=start,
        end_column=end,
        help="write two entries, one for the beginning and one for the end",
    )


def _clock_of(match: re.Match[str]) -> str | None:
    """The time as ``HH:MM[:SS]``, None where no day has it."""
    hour, minute, second = (
        int(match["hour"]),
        match["minute"] or match["bare"] or "00",
        match["second"],
    )
    if match["half"]:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if match["half"][0] in "pP" else 0)
    clock = f"{hour:02}:{minute}" + (f":{second}" if second else "")
    return canonical_clock(clock) if hour <= LATEST_HOUR and re.fullmatch(CLOCK, clock) else None


def _named_zone(
    tail: str,
    written_day: str | None,
    clock: str,
    day: date,
    zone: ZoneInfo,
) -> tuple[str, str, str] | None:
    """The name of a zone in front of the text, its offset where that is certain, and the text."""
    match = NAMED_ZONE.match(tail.lstrip(" *_`])-–—"))
    if match is None:
        return None
    name = match["name"]
    if name in UTC_NAMES:
        return name, "Z", match["text"]
    on = day_of(written_day) if written_day else day
    moments = readings(on, clock, zone) if on else ()
    for at in moments:
        if at.astimezone(zone).tzname() == name:
            return name, offset_text(at), match["text"]
    return (name, "", match["text"]) if name in ZONE_NAMES else None


def _entry_line(match: re.Match[str], clock: str, zone: str, tail: str) -> str | None:
    """The canonical entry with this clock, None where nothing is left for its text."""
    behind = TAIL.fullmatch(tail)
    text = behind["text"].lstrip(" \t|:–—-") if behind else ""
    if not text:
        return None
    day = f"{match['date']} " if match["date"] else ""
    line = f"- {'~' if match['about'] else ''}{day}{clock}{zone.upper()} - {text.rstrip()}"
    return line if ENTRY.fullmatch(line) else None
