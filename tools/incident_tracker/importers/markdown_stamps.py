"""Dates, clocks, zones and durations as people write them in post-mortems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from incident_tracker.importers.moments import NoMomentError
from incident_tracker.text.stamps import CLOCK, YEARS, moment, readings

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = r"(?P<month>[A-Z][a-z]{2,8})\.?"
NUMBER = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
YEAR = r",?(?:[ ]+(?P<y>[0-9]{4})(?![0-9:]))?"
DATES = tuple(
    map(
        re.compile,
        (
            r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})(?![0-9])",
            r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})(?![0-9])",
            rf"{MONTH}[ ]+{NUMBER}(?![0-9:]){YEAR}",
            rf"{NUMBER}[ ]+{MONTH}(?![a-z]){YEAR}",
            r"(?P<m>[0-9]{2})-(?P<d>[0-9]{2})(?=[ ]+[0-9]{1,2}[:.][0-9]{2})",
        ),
    )
)
LEAD = re.compile(
    r"[\s*_`\[(]*(?P<about>(?:~|(?:ca\.?|circa|about|approx\.?|around)(?=\s))?)[ ]*"
    r"(?:(?:on[ ]+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?[ ]+)?"
)
BETWEEN = re.compile(r"(?:T(?=[0-9])|[\s,]*(?:(?:at|[-–—])[ ]+)?(?:~|ca\.?(?=\s))?[ ]*)")
CLOCKS = re.compile(
    r"(?P<h>[0-9]{1,2})(?:(?P<sign>[:.h])(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2}))?|(?=[ ]?[ap]\.?m\b))"
    r"(?![0-9%])(?:[ ]?(?P<half>[ap])\.?m\b\.?)?~?",
    re.IGNORECASE,
)
BARE = re.compile(r"(?P<h>[0-2][0-9])(?P<min>[0-5][0-9])(?=[ ]?(?:h|hrs?|hours|UTC|GMT|Z)\b)")
# A clock ends where a word does not go on; Z and the h of hours may stand close behind it.
ATTACHED = re.compile(r"(?!(?:Z|h|hrs?)\b)\w")
HOURS = re.compile(r"[ ]?(?:h|hrs?|hours)\b")
ZONE = re.compile(
    r"[ ]?\(?(?P<zone>(?:UTC|GMT)[ ]?[+-][0-9]{1,2}(?::?[0-9]{2})?(?![0-9])"
    r"|[+-][0-9]{2}:?[0-9]{2}(?![0-9])|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+|[A-Z]{1,5}(?![\w]))\)?"
)
UNTIL = re.compile(r"[*_`\])]*[ ]?(?:[-–—]+|to|until)[ ]?[*_`\[(]*")
CLOSING = re.compile(
    r"[*_`\])]*(?:[:,;.]+[*_`\])]+)?(?=\s|$|[-–—|:,;.])\s*(?:[-–—|:,;.]+(?=\s|$)\s*)*"
)
# Behind a clock with another sign than ":" something must show that it is one.
BEHIND = re.compile(r"[*_`\])]*\s*(?:$|[-–—|:,\])*])")
OFFSET = re.compile(r"(?:UTC|GMT)?[ ]?([+-])([0-9]{1,2}):?([0-9]{2})?")
LENGTH = re.compile(
    r"(?P<n>[0-9]{1,6}(?:\.[0-9]{1,3})?)[ ]?"
    r"(?P<unit>d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b\.?"
    r",?[ ]*(?:and[ ]+)?",
    re.IGNORECASE,
)
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
ABOUT = re.compile(
    r"[~≈<>]?[ ]*(?:(?:about|approx\.?|approximately|around|ca\.?)[ ]+)?", re.IGNORECASE
)
NOT_KNOWN = ("", "?", "??", "n/a", "na", "none", "unknown", "tbd", "-", "–", "—", "???")
NOON, LATEST_HOUR, LONGEST = 12, 23, 120


class NoZoneError(NoMomentError):
    """A time whose zone is said nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time at the beginning of a text: what of it is written, and what stands behind it."""

    day: date | None
    clock: str
    zone: str
    until: str
    is_estimated: bool
    rest: str


@dataclass(kw_only=True, slots=True)
class Calendar:
    """What a stamp is read against: the document's day, the last one seen, and its zone.

    ``first`` is the first day of a timeline, ``unzoned`` the lines of times without a zone.
    """

    zones: Mapping[str, str]
    base: date | None = None
    day: date | None = None
    first: date | None = None
    unzoned: list[int] = field(default_factory=list)
    zone: str = ""
    _known: dict[str, ZoneInfo | timezone | None] = field(default_factory=dict)

    def stamp(self, text: str) -> Stamp | None:
        """The time that a text begins with, None where it begins with none."""
        lead = LEAD.match(text[:LONGEST])
        assert lead is not None  # noqa: S101 # every part of it may be missing
        day, at = self._date(text, lead.end())
        if day is not None:
            between = BETWEEN.match(text, at)
            behind = between.end() if between else at
        else:
            behind = at
        clock, end, half = _clock(text, behind, is_dated=day is not None)
        if not clock:
            if day is None or not re.match(r"[\s*_`\])|:,;.–—-]|$", text[at:]):
                return None
            return Stamp(
                day=day, clock="", zone="", until="", is_estimated=False, rest=_behind(text, at)
            )
        zone, end = self._zone_at(text, end)
        until = ""
        later = UNTIL.match(text, end)
        if later is not None:
            until, last, _ = _clock(text, later.end(), is_dated=True, half=half)
            if until:
                end = last
                zone, end = (zone, end) if zone else self._zone_at(text, end)
        estimated = (
            bool(lead["about"]) or "~" in text[lead.end() : end] or bool(until and "~" in lead[0])
        )
        return Stamp(
            day=day,
            clock=clock,
            zone=zone,
            until=until,
            is_estimated=estimated,
            rest=_behind(text, end),
        )

    def zone_in(self, text: str) -> str:
        """The zone that a sentence about times names, empty where it names none that is known."""
        offset = re.search(r"\b(?:UTC|GMT)[ ]?[+-][0-9]{1,2}(?::?[0-9]{2})?", text)
        if offset is not None:
            return offset[0]
        words = re.findall(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+|[A-Z]{2,5}\b", text)
        return next((word for word in words if self.zone_of(word) is not None), "")

    def zone_of(self, name: str) -> ZoneInfo | timezone | None:
        """The zone of a name, an offset or a word of the mapping; None where it is none."""
        if name not in self._known:
            self._known[name] = _zone(self.zones.get(name.upper(), name))
        return self._known[name]

    def moment(self, stamp: Stamp, day: date) -> datetime:
        """The moment of a stamp on a day; NoMomentError with the reason where there is none."""
        name = stamp.zone or self.zone
        zone = self.zone_of(name) if name else None
        if zone is None:
            raise NoZoneError(stamp.clock)
        if isinstance(zone, timezone):
            offset = datetime(2000, 1, 1, tzinfo=zone).isoformat()[-6:]
            return moment(day, stamp.clock, offset)
        found = readings(day, stamp.clock, zone)
        if not found:
            raise NoMomentError(f"{day} {stamp.clock} did not happen in {name}")
        return found[0]

    def _date(self, text: str, at: int) -> tuple[date | None, int]:
        for pattern in DATES:
            match = pattern.match(text, at)
            if match is not None:
                found = self._day(match.groupdict())
                if found is not None:
                    return found, match.end()
        return None, at

    def _day(self, parts: Mapping[str, str | None]) -> date | None:
        name = parts.get("month")
        month = MONTHS.get(name.lower(), 0) if name else int(parts.get("m") or 0)
        number = int(parts.get("d") or 0)
        if parts.get("y"):
            return _date(int(parts["y"] or 0), month, number)
        if self.base is None:
            return None
        years = (self.base.year - 1, self.base.year, self.base.year + 1)
        near = [day for year in years if (day := _date(year, month, number)) is not None]
        base = self.base
        return min(near, key=lambda day: abs(day - base), default=None)

    def _zone_at(self, text: str, at: int) -> tuple[str, int]:
        hours = HOURS.match(text, at)
        at = hours.end() if hours else at
        match = ZONE.match(text, at)
        if match is None or self.zone_of(match["zone"]) is None:
            return "", at
        return match["zone"], match.end()


def length_of(text: str) -> timedelta | None:
    """The duration that a text begins with, as "1h 10m" or "84 minutes"; None where it is none."""
    about = ABOUT.match(text.strip())
    rest = text.strip()[about.end() if about else 0 :]
    found, at = timedelta(), 0
    while match := LENGTH.match(rest, at):
        found += timedelta(**{UNITS[match["unit"][0].lower()]: float(match["n"])})
        at = match.end()
    if not at or (rest[at:] and rest[at] not in "(,;.") or found > timedelta(days=3650):
        return None
    return timedelta(seconds=round(found.total_seconds()))


def _clock(text: str, at: int, *, is_dated: bool, half: str = "") -> tuple[str, int, str]:
    """The clock at a place as ``HH:MM[:SS]``, empty where none is, and the place behind it."""
    match = CLOCKS.match(text, at) or BARE.match(text, at)
    if match is None:
        return "", at, ""
    parts = match.groupdict()
    sign, said = parts.get("sign") or ":", (parts.get("half") or "").lower()
    hour, minute = int(parts["h"]), parts.get("min") or "00"
    if sign != ":" and not is_dated and not said and not BEHIND.match(text, match.end()):
        return "", at, ""
    if ATTACHED.match(text, match.end()) and not BARE.match(text, at):
        return "", at, ""
    if said and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if said == "p" else 0)
    clock = f"{hour:02}:{minute}" + (f":{parts['s']}" if parts.get("s") else "")
    if hour > LATEST_HOUR or not re.fullmatch(CLOCK, clock):
        return "", at, ""
    return clock, match.end(), said or half


def _behind(text: str, at: int) -> str:
    match = CLOSING.match(text, at)
    return text[match.end() if match else at :].strip()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | timezone | None:
    if name.upper() in {"UTC", "GMT", "Z"}:
        return timezone(timedelta())
    offset = OFFSET.fullmatch(name)
    if offset is not None:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if size > timedelta(hours=14):
            return None
        return timezone(-size if offset[1] == "-" else size)
    return ZoneInfo(name) if "/" in name and name in _names() else None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
