"""The text of a time in a table, and the moment that it means."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from incident_tracker.text.stamps import YEARS, day_of, readings

ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"((?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)(?:[.,][0-9]{1,9})?"
    r"[ ]?(Z|UTC|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?",
    re.IGNORECASE,
)
EPOCH = re.compile(r"[0-9]{1,14}(?:\.[0-9]{1,9})?")
UNITS = {"epoch": 1, "epoch-ms": 1000}
LONGEST = 40


class NoMomentError(Exception):
    """A text that is no time; the message is the reason."""


def form_problem(form: str) -> str | None:
    """What is wrong with an accepted form of times, None where it is right."""
    if form == "iso" or form in UNITS:
        return None
    if not {"%Y", "%H", "%M"} <= set(re.findall(r"%[A-Za-z]", form)):
        return f'the form "{form}" does not say year (%Y), hour (%H) and minute (%M)'
    try:
        datetime.strptime(datetime(2026, 11, 3, tzinfo=UTC).strftime(form), form)  # noqa: DTZ007 # a trial
    except (ValueError, re.error):
        return f'the form "{form}" cannot be read back'
    return None


def moment(text: str, forms: tuple[str, ...], zone: str) -> datetime:
    """The moment with its offset, whole seconds; NoMomentError with the reason."""
    given = text.strip()
    if len(given) > LONGEST:
        raise NoMomentError(f'"{given[:LONGEST]}…" is no time')
    for form in forms:
        found = _iso(given, zone) if form == "iso" else _other(given, form, zone)
        if found is not None:
            if found.year not in YEARS:
                break
            return found
    raise NoMomentError(f'"{given}" is no time')


def _iso(text: str, zone: str) -> datetime | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    day, clock, offset = match.groups()
    if day_of(day) is None:
        raise NoMomentError(f'"{text}" names a day that does not exist')
    if offset is None:
        return _in_zone(day, clock, text, zone)
    seconds = clock if clock.count(":") > 1 else f"{clock}:00"
    return datetime.fromisoformat(f"{day}T{seconds}").replace(tzinfo=_offset(offset))


def _offset(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-size if text[0] == "-" else size)


def _in_zone(day: str, clock: str, text: str, zone: str) -> datetime:
    if not zone:
        raise NoMomentError(f'"{text}" has no offset, and the mapping names no zone')
    on = day_of(day)
    found = readings(on, clock, ZoneInfo(zone)) if on else ()
    if not found:
        raise NoMomentError(f'"{text}" did not happen in {zone}: the clocks went over it')
    return found[0]


def _other(text: str, form: str, zone: str) -> datetime | None:
    if form in UNITS:
        if not EPOCH.fullmatch(text):
            return None
        seconds = int(float(text)) // UNITS[form]
        last = datetime(YEARS[-1], 1, 1, tzinfo=UTC).timestamp()
        return datetime.fromtimestamp(seconds, UTC) if seconds < last else None
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 # the zone follows
    except ValueError:
        return None
    found = found.replace(microsecond=0)
    if found.tzinfo is not None:
        return found
    return _in_zone(found.date().isoformat(), f"{found:%H:%M:%S}", text, zone)
