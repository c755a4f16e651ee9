"""Lengths of time as strangers state them: ``3h 23m``, ``1 hour, 10 minutes``, ``47``."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
LONGEST = timedelta(days=36_500)
NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
PART = re.compile(
    r"([0-9]{1,9}(?:\.[0-9]{1,6})?) *(d|h|m|s)[a-z]*(?: *(?:,|and\b|&) *| +|(?=[0-9])|$)",
    re.IGNORECASE,
)


class NoLengthError(Exception):
    """A text that is no length of time; the message is the reason."""


def length(text: str, unit: str = "") -> timedelta:
    """The length in whole seconds, the nearest; ``unit`` is that of a bare number."""
    given = " ".join(text.split())
    if NUMBER.fullmatch(given):
        if not unit:
            raise NoLengthError(f'"{given}" has no unit, and the mapping names no stated_unit')
        found = Decimal(given) * SECONDS[unit]
    else:
        found = _worded(given)
    if found > LONGEST.total_seconds():
        raise NoLengthError(f'"{given[:60]}" is longer than a hundred years')
    return timedelta(seconds=int(found.quantize(Decimal(1))))


def _worded(text: str) -> Decimal:
    units = {name[0]: seconds for name, seconds in SECONDS.items()}
    place, found = 0, Decimal(0)
    while place < len(text):
        match = PART.match(text, place)
        if match is None:
            break
        found += Decimal(match[1]) * units[match[2].lower()]
        place = match.end()
    if not text or place < len(text):
        raise NoLengthError(f'"{text[:60]}" is no length of time')
    return found
