"""Dates, clocks and offsets as records write them, and the moment that they mean in a zone.

Every moment is an aware datetime with the fixed offset that held then, so that differences are
right across a change of the clocks.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
OFFSET = r"[+](?:0[0-9]|1[0-4]):(?:00|15|30|45)|-(?:0[0-9]|1[0-2]):(?:00|15|30|45)"
ZONE = rf"(?:Z|{OFFSET})"
FULL_STAMP = re.compile(rf"({DATE})[T ]({CLOCK})[ ]?({ZONE})?", re.IGNORECASE)
YEARS = range(1970, 3000)
ONE_DAY = timedelta(days=1)
LAST_DAY = date(YEARS[-1], 12, 31)


def day_of(text: str) -> date | None:
    """The day that ``YYYY-MM-DD`` names, None where the calendar has no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def day_after(day: date) -> date | None:
    """The next day, None where records have none."""
    return day + ONE_DAY if day < LAST_DAY else None


@lru_cache(maxsize=256)
def offset_of(text: str) -> timezone:
    """The offset that ``Z`` or ``-06:00`` names."""
    if text in {"Z", "z"}:
        return UTC
    hours, minutes = text[1:].split(":")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-size if text[0] == "-" else size)


def offset_text(at: datetime) -> str:
    """The offset of a moment as a record writes it: ``-06:00``."""
    return at.isoformat()[-6:]


def readings(day: date, clock: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments that a clock of a day may mean in a zone, the earlier first.

    One as a rule, two in the hour that is repeated when the clocks go back, none in the hour that
    is skipped when they go forward.
    """
    hour, minute, second = _clock(clock)
    fixed = _offset_on(zone, day)
    if fixed is not None:
        return (datetime(day.year, day.month, day.day, hour, minute, second, 0, fixed),)
    local = datetime(day.year, day.month, day.day, hour, minute, second, 0, zone)
    first, second_ = (_fixed(local.replace(fold=fold)) for fold in (0, 1))
    if first.utcoffset() == second_.utcoffset():
        return (first,)
    return (first, second_) if first < second_ else ()


def moment(day: date, clock: str, zone: str) -> datetime:
    """The moment of a clock with its offset."""
    hour, minute, second = _clock(clock)
    return datetime(day.year, day.month, day.day, hour, minute, second, 0, offset_of(zone))


def moment_of(day: str, clock: str, zone: str) -> datetime | None:
    """The moment of a written date, clock and offset, None where one of them does not exist."""
    on = day_of(day)
    if on is None or not re.fullmatch(CLOCK, clock) or not re.fullmatch(ZONE, zone):
        return None
    return moment(on, clock, zone)


def parse_full_stamp(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment of ``DATE CLOCK[ZONE]``, the earlier in a repeated hour, None where it is none."""
    match = FULL_STAMP.fullmatch(text.strip())
    return stamp_of(match, zone) if match else None


def stamp_of(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    """The same of a match of the pattern, None where there is no such time."""
    day = day_of(match[1])
    if day is None:
        return None
    if match[3]:
        return moment(day, match[2], match[3])
    return next(iter(readings(day, match[2], zone)), None)


def written_stamp(at: datetime, zone: ZoneInfo, *, day: date | None = None) -> str:
    """A moment as a timeline writes it in a zone, with the date where it is not ``day``.

    The offset stands there where the clock alone would not say it: in a repeated hour.
    """
    local = at.astimezone(zone)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    doubtful = len(readings(local.date(), clock, zone)) > 1
    date_part = "" if local.date() == day else f"{local.date().isoformat()} "
    return f"{date_part}{clock}{offset_text(_fixed(local)) if doubtful else ''}"


def canonical_clock(clock: str) -> str:
    """The clock as ``HH:MM``, with seconds only where they say something."""
    hour, minute, *second = clock.split(":")
    seconds = f":{second[0]}" if second and second[0] != "00" else ""
    return f"{int(hour):02}:{minute}{seconds}"


@lru_cache(maxsize=2048)
def _clock(text: str) -> tuple[int, int, int]:
    """The hour, the minute and the second of a clock."""
    hour, minute, *second = text.split(":")
    return int(hour), int(minute), int(second[0]) if second else 0


def _fixed(local: datetime) -> datetime:
    """The same moment with the offset that the zone has then."""
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)


@lru_cache(maxsize=4096)
def _offset_on(zone: ZoneInfo, day: date) -> timezone | None:
    """The zone's offset during a day, None where the clocks change."""
    ends = (
        datetime(day.year, day.month, day.day, tzinfo=zone),
        datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone),
    )
    offsets = {end.replace(fold=fold).utcoffset() for end in ends for fold in (0, 1)}
    return timezone(offsets.pop() or timedelta()) if len(offsets) == 1 else None
