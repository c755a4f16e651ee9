"""Lengths of time as a record states them: ``2h49m``, ``117d13h23m30s``."""

from __future__ import annotations

import re
from datetime import timedelta

LENGTH = re.compile(
    r"(?=[0-9])(?:([0-9]{1,5})d)?(?:([0-9]{1,2})h)?(?:([0-9]{1,2})m)?(?:([0-9]{1,2})s)?"
)


def parse_length(text: str) -> timedelta | None:
    """Return the length that a text states, None where it states none."""
    match = LENGTH.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def length_text(length: timedelta) -> str:
    """Return a length, in whole seconds and not negative, as :func:`parse_length` reads it."""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((length.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
