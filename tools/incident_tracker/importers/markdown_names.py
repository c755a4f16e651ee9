"""What names of files and titles of post-mortems say: a day, and what a record is called."""

from __future__ import annotations

import re
from datetime import date

from incident_tracker.importers.markdown_stamps import Calendar

LEADING_DAY = re.compile(
    r"(?:\[?[0-9]{4}-[0-9]{2}-[0-9]{2}\]?)(?:[ ]+[0-9:]+[ ]*(?:[AP]M)?(?:[ ]+[A-Z]{2,4})?)?"
    r"[ ]*[,:–—-]?[ ]+(?=\S)"
)


def without_day(title: str) -> str:
    """A title without the day that it begins with, where something stands behind it."""
    match = LEADING_DAY.match(title)
    return title[match.end() :] if match else title


def stem(name: str) -> str:
    """A file's name without its folders and endings."""
    return name.rpartition("/")[2].partition(".")[0]


def slug_in(name: str) -> str:
    """What stands behind the day that a file's name begins with."""
    match = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[-_ ]+(.*[A-Za-z].*)", stem(name))
    return match[1] if match else ""


def day_in(calendar: Calendar, text: str) -> date | None:
    """The first day that is written in full in a text, wherever it stands there."""
    for at in (match.start() for match in re.finditer(r"(?<![\w.-])(?=[A-Z0-9])", text[:300])):
        stamp = calendar.stamp(text[at:])
        if stamp is not None and stamp.day is not None:
            return stamp.day
    return None
