"""Times, lengths and sentences as readers see them; the same for every page and every machine."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from incident_tracker.measure import in_words
from incident_tracker.pages.filled import filled
from incident_tracker.text.stamps import offset_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NBSP = "\u00a0"
MOST_MINUTES = 600  # what is longer is said in hours and days
LONGEST_WORD = 32  # letters; longer ones may be broken anywhere
MOST_NAMES = 3  # components named in a row; all of them stand on the incident's page

_INLINE = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<target>[^\s()]+)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|<?(?P<url>https?://[^\s<>\"'`)\]]*[^\s<>\"'`)\].,;:!?])>?"
)
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b(?![^<>]*>)")
_SAFE_SCHEMES = ("", "http", "https", "mailto")


def length(of: timedelta) -> str:
    """A length of time in its largest two units, not to be broken: "45 min", "1 d 2 h"."""
    return in_words(of.total_seconds()).replace(" ", NBSP)


def used_of(used: timedelta, allowed: timedelta) -> str:
    """What was used of what was allowed, in one unit where both are whole: "45 of 60 min"."""
    for unit, seconds, most in (("d", 86_400, 100), ("min", 60, MOST_MINUTES)):
        whole, part = allowed.total_seconds() / seconds, used.total_seconds() / seconds
        fits = max(whole, part) < most and whole.is_integer()
        if fits and whole > 1 and part.is_integer():
            return f"{int(part)} of {int(whole)}{NBSP}{unit}"
    return f"{length(used)} of {length(allowed)}"


def day(of: date) -> str:
    """A day with its year: "3 Nov 2026"."""
    return f"{of.day} {MONTHS[of.month - 1]} {of.year}"


def short_day(of: date) -> str:
    """A day where the year is clear: "3 Nov"."""
    return f"{of.day} {MONTHS[of.month - 1]}"


def near_day(of: date, today: date) -> str:
    """A day as it is said on another: its year only where that is not this one."""
    return short_day(of) if of.year == today.year else day(of)


def week_day(of: date) -> str:
    """A day inside its month: "Tue 3"."""
    return f"{WEEKDAYS[of.weekday()]} {of.day}"


def days(first: date, last: date) -> str:
    """A run of days: "15–16 Nov", "31 Oct – 2 Nov"."""
    if first == last:
        return short_day(first)
    if first.month == last.month:
        return f"{first.day}–{short_day(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def month(year: int, number: int) -> str:
    """A month's name with its year: "November 2026"."""
    return f"{LONG_MONTHS[number - 1]} {year}"


def offset(of: datetime) -> str:
    """The offset of a time with a real minus: "−06:00"."""
    return offset_text(of).replace("-", "−").replace("Z", "+00:00")


def stamp(of: datetime, text: str) -> Markup:
    """A time as an element that carries it whole, offset included."""
    return filled('<time datetime="{}">{}</time>', of.isoformat(timespec="minutes"), text)


def clock(of: datetime) -> Markup:
    """The time of day."""
    return stamp(of, f"{of:%H:%M}")


def on_clock(of: datetime, today: date) -> Markup:
    """The time of day, with its day where that is another than the one it is seen from."""
    on = "" if of.date() == today else f"{short_day(of.date())}, "
    return stamp(of, f"{on}{of:%H:%M}")


def clocks(first: datetime, last: datetime, *, with_offset: bool = False) -> Markup:
    """Two times of day; each with its offset where the clocks changed between them."""
    if first.utcoffset() == last.utcoffset():
        end = stamp(last, f"{last:%H:%M} {offset(last)}") if with_offset else clock(last)
        return filled("{}–{}", clock(first), end)
    return filled("{} – {}", *(stamp(at, f"{at:%H:%M}{NBSP}{offset(at)}") for at in (first, last)))


def moment(of: datetime) -> Markup:
    """Day, time and offset."""
    return stamp(of, f"{day(of.date())}, {of:%H:%M} {offset(of)}")


def update_anchors(moments: Iterable[datetime]) -> Sequence[str]:
    """What updates are called on the page of their incident, in their order.

    The moments are local to the tracker. Of one minute, the first keeps its name when more follow.
    """
    seen: Counter[str] = Counter()
    made = []
    for at in moments:
        anchor = f"update-{at:%Y%m%d-%H%M}"
        seen[anchor] += 1
        made.append(anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}")
    return made


def on_day(of: date, said: str = "") -> Markup:
    """A day as an element that carries it, said with its year if not otherwise."""
    return filled('<time datetime="{}">{}</time>', of.isoformat(), said or day(of))


def timed(text: str, zone: ZoneInfo) -> Markup:
    """A text, its moments ("2026-11-03 14:05", of this zone) as elements that carry the offset."""
    made: list[Markup] = []
    at = 0
    source = escape(text)
    for found in _MOMENT.finditer(source):
        try:
            moment = datetime.fromisoformat(found[0]).replace(tzinfo=zone)
        except ValueError:
            continue
        made += [Markup(source[at : found.start()]), stamp(moment, found[0])]  # noqa: S704 # escaped
        at = found.end()
    return Markup("").join((*made, Markup(source[at:])))  # noqa: S704 # escaped above


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 incident", "3 incidents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names in a row: all, or the first ones and how many more."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def has_long_word(text: str) -> bool:
    """Whether a word in it is wider than a column of a table should be."""
    words = text.striptags() if isinstance(text, Markup) else text
    return any(len(word) > LONGEST_WORD for word in words.split())


def ordinal(number: int) -> str:
    """A place in a row: "1st", "2nd", "11th"."""
    tail = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")  # noqa: PLR2004 # English
    return f"{number}{tail}"


def first_letter_up(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def link(page: str, target: str, label: str) -> Markup:
    """A link from one page to another, both by their repository path."""
    return filled('<a href="{}">{}</a>', relative(page, target), label)


def relative(page: str, target: str) -> str:
    """Where a repository path (with or without an anchor) lies, seen from a page."""
    path, mark, anchor = target.partition("#")
    if not path or path == page:
        return f"#{anchor}"
    return posixpath.relpath(path, posixpath.dirname(page) or ".") + mark + anchor


def said(text: str, *, page: str = "", source: str = "") -> Markup:
    """One line that somebody wrote, as HTML: code, bold and links are read, all else is text."""
    made: list[Markup] = []
    at = 0
    line = " ".join(text.split())
    for found in _INLINE.finditer(line):
        made += [escape(line[at : found.start()]), _inline(found, page, source or page)]
        at = found.end()
    return Markup("").join((*made, escape(line[at:])))


def paragraphs(text: str, *, page: str = "", source: str = "") -> tuple[Markup, ...]:
    """A text of several paragraphs, each as :func:`said`."""
    return tuple(
        said(part, page=page, source=source) for part in re.split(r"\n\s*\n", text) if part.strip()
    )


def _inline(found: re.Match[str], page: str, source: str) -> Markup:
    if found["code"]:
        return filled("<code>{}</code>", found["code"])
    if found["strong"]:
        return filled("<strong>{}</strong>", found["strong"])
    if found["url"]:
        return _outward(found["url"], found["url"])
    return _labelled(found, page, source)


def _labelled(found: re.Match[str], page: str, source: str) -> Markup:
    label, target = found["label"], found["target"]
    try:
        parts = urlsplit(target)
    except ValueError:
        return escape(found[0])
    if parts.scheme.lower() not in _SAFE_SCHEMES or target.startswith(("/", "\\")):
        return escape(found[0])
    if parts.scheme or not page or target.startswith("#"):
        return filled('<a href="{}">{}</a>', target, label)
    path, mark, anchor = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    return link(page, whole + mark + anchor, label)


def _outward(address: str, label: str) -> Markup:
    try:
        urlsplit(address)
    except ValueError:
        return escape(address)
    return filled('<a href="{}">{}</a>', address, label)
