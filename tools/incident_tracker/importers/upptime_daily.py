"""What Upptime itself says of each day, beside what its checks say.

``history/summary.json`` holds ``dailyMinutesDown`` of the last 365 days, of UTC, rounded to the
minute, and an availability over the year of 365 days or since the tracking began: what is counted
are the issues that it opened, and those of less than a quarter of an hour are deleted by default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from incident_tracker.importers.draft import SourceFile
from incident_tracker.importers.json_values import WrongJsonError, json_value
from incident_tracker.importers.moments import NoMomentError, moment
from incident_tracker.importers.upptime_checks import Period
from incident_tracker.text.stamps import day_of
from incident_tracker.text.yaml_nodes import Scalar
from incident_tracker.text.yaml_reader import read_yaml

SUMMARY = "history/summary.json"
YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
DELETED = timedelta(minutes=15)
MOST_DIGITS = 5
MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Daily:
    """One site of the summary: minutes down by day, the availability that it publishes."""

    name: str
    slug: str
    minutes: Mapping[date, int]
    published: str
    tracked: timedelta = YEAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The sites of a summary, and what in it cannot be."""

    sites: tuple[Daily, ...] = ()
    said: tuple[str, ...] = field(default=())

    @property
    def last(self) -> date | None:
        """The last day that it speaks of."""
        return max((day for site in self.sites for day in site.minutes), default=None)


def summary_of(files: Sequence[SourceFile]) -> Summary:
    """The summary among these files; an empty one where there is none."""
    by_path = {file.path: file.data for file in files}
    data = by_path.get(SUMMARY)
    if data is None:
        return Summary()
    try:
        value = json_value(data)
    except WrongJsonError as error:
        return Summary(said=(f"{SUMMARY}: {error}",))
    if not isinstance(value, list):
        return Summary(said=(f"{SUMMARY} is no list of sites",))
    said: list[str] = []
    sites = [site for item in value if (site := _site(item, by_path, said))]
    return Summary(sites=tuple(sites), said=tuple(said))


def _site(item: object, by_path: Mapping[str, bytes], said: list[str]) -> Daily | None:
    given = item if isinstance(item, Mapping) else {}
    name, slug, published = (
        found.strip() if isinstance(found := given.get(key), str) else ""
        for key in ("name", "slug", "uptimeYear")
    )
    if not name or not slug:
        said.append(f"{SUMMARY}: a site without name and slug")
        return None
    listed = given.get("dailyMinutesDown")
    minutes: dict[date, int] = {}
    for key, value in listed.items() if isinstance(listed, Mapping) else ():
        day = day_of(key)
        # Older versions counted issues that overlap twice: a day may have more than 1,440.
        if (
            day
            and isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) <= MOST_DIGITS
        ):
            minutes[day] = int(value)
        else:
            said.append(f'{SUMMARY}: {slug}: "{key[:40]}" or its minutes cannot be read')
    tracked = _tracked(by_path.get(f"history/{slug}.yml", b""))
    return Daily(name=name, slug=slug, minutes=minutes, published=published, tracked=tracked)


def _tracked(data: bytes) -> timedelta:
    """How long a site was watched, at most a year; a year where it does not say."""
    node, _ = read_yaml(data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    begin, last = (
        found.text if node and isinstance(found := node.get(key), Scalar) else ""
        for key in ("startTime", "lastUpdated")
    )
    try:
        span = moment(last, ("iso",), "") - moment(begin, ("iso",), "")
    except NoMomentError:
        return YEAR
    return min(span, YEAR) if span > timedelta() else YEAR


def availability(site: Daily, last: date) -> float:
    """Percent of the year up to a day, or of the time since tracking began, without down time."""
    first = last - YEAR
    down = sum(count for day, count in site.minutes.items() if first < day <= last)
    return max(0.0, 100 - 100 * (down * MINUTE / site.tracked))


def told(summary: Summary, periods: Mapping[str, Sequence[Period]]) -> Iterator[str]:
    """Each site's availability by its own daily minutes, and where the checks say otherwise."""
    last = summary.last
    if last is None:
        return
    for site in summary.sites:
        percent = f"{availability(site, last):.2f}%"
        down = sum(count for day, count in site.minutes.items() if last - YEAR < day <= last)
        agrees = "as it publishes" if percent == site.published else f"it says {site.published}"
        yield (
            f"{site.name}: available {percent} of {site.tracked.days} days to {last} by its own "
            f"dailyMinutesDown, {down:,} minutes down{f'; {agrees}' if site.published else ''}"
        )
        if site.name in periods:
            yield f"{site.name}: {_compared(site, periods[site.name], last)}"


def _compared(site: Daily, periods: Sequence[Period], last: date) -> str:
    every = _by_day(periods, last)
    kept = _by_day([one for one in periods if not _is_short(one)], last)
    days = {day for day in (*every, *site.minutes) if last - YEAR < day < last}
    differing = sorted(day for day in days if every[day] != site.minutes.get(day, 0))
    short = [day for day in differing if kept[day] == site.minutes.get(day, 0)]
    other = [day for day in differing if day not in short]
    parts = [f"of {len(days)} days with down time {len(days) - len(differing)} agree to the minute"]
    if short:
        parts.append(
            f"on {len(short)} it lacks what lasted less than 15 minutes, for Upptime deletes "
            f"such issues ({_listed(short, every, site)})"
        )
    if other:
        parts.append(f"on {len(other)} they differ ({_listed(other, every, site)})")
    return "; ".join(parts)


def _listed(days: Sequence[date], ours: Mapping[date, int], site: Daily) -> str:
    named = [f"{day} {ours[day]} by the checks, {site.minutes.get(day, 0)} there" for day in days]
    more = len(named) - MOST_NAMED
    return "; ".join(named[:MOST_NAMED]) + (f"; {more} more" if more > 0 else "")


def _is_short(period: Period) -> bool:
    return period.end is not None and period.end - period.begin < DELETED


def _by_day(periods: Sequence[Period], last: date) -> Counter[date]:
    """Minutes by day of UTC, rounded for each period as Upptime does; open ones until ``last``."""
    found: Counter[date] = Counter()
    until = datetime.combine(last, time(), UTC)
    for period in periods:
        begin = max(period.begin.astimezone(UTC), until - YEAR)
        end = min(period.end or until, until).astimezone(UTC)
        while begin < end:
            midnight = datetime.combine(begin.date() + timedelta(days=1), time(), UTC)
            stop = min(end, midnight)
            found[begin.date()] += round((stop - begin) / MINUTE)
            begin = stop
    return found
