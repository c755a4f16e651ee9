"""Times as people type them on the command line, and the moment that they mean.

Every moment is aware, with the fixed offset that its zone had then, and exact to the minute unless
seconds were typed. Nothing here knows the clock: ``now`` is an argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.text.stamps import CLOCK, DATE, parse_full_stamp, readings

CLOCK_ONLY = re.compile(CLOCK)
SPAN = re.compile(r"(?:([0-9]{1,3})d)?(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?")
DAY_ONLY, MINUTES = re.compile(DATE), re.compile(r"[0-9]{1,3}", re.ASCII)
# As others write it: 2350, 23.50, 23h50, 11:50pm, 11 pm; and -10 min, +10m.
OTHER_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})[:.,h]?(?P<minute>[0-5][0-9])?\s*(?:(?P<half>[ap])\.?m\.?)?",
    re.IGNORECASE | re.ASCII,
)
OTHER_SPAN = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<count>[0-9]{1,4})\s*(?P<unit>m|min|mins|minutes?|h|hours?|d|days?)",
    re.IGNORECASE | re.ASCII,
)
NOON, MIDNIGHT = 12, 24
FORMS = "14:20, -10m, or 2026-11-23T14:20-05:00"
FORMS_AHEAD = "30m, 15:20, or 2026-11-23T15:20-05:00"
# Two people's clocks differ; what lies this little ahead was meant as now, not as yesterday.
AHEAD = timedelta(minutes=2)
DAY = timedelta(days=1)


class TimeProblem(Refusal):
    """A time that cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The present moment, the zone in which people speak, and when the incident was detected.

    Without ``detected`` what happened may lie before it, or it is not known.
    """

    now: datetime
    zone: ZoneInfo
    detected: datetime | None = None

    @property
    def minute(self) -> datetime:
        """The present minute in the zone."""
        return local(self.now.replace(second=0, microsecond=0), self.zone)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment with the offset that the zone has then, as a fixed offset."""
    there = at.astimezone(zone)
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)


def span(text: str) -> timedelta | None:
    """Return the duration of ``30m``, ``4h`` or ``1d12h``, None where it is none."""
    match = SPAN.fullmatch(text.strip())
    if match is None or not match[0]:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def spoken_duration(length: timedelta) -> str:
    """Return a duration as people say it, to the minute: ``1 h 28 min``."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def moment_in_past(text: str | None, clock: Clock) -> datetime:
    """Return when something happened: now, ``14:20``, ``-10m`` or a full time.

    A clock time is the latest that is not to come. TimeProblem where a time is to come, and where
    today's is and yesterday's lies before the detection: only its author knows which is meant.
    """
    if text is None:
        return clock.minute
    typed = text.strip()
    if typed.startswith("-") and (ago := span(typed[1:])) is not None:
        return local(clock.minute - ago, clock.zone)
    if CLOCK_ONLY.fullmatch(typed):
        return _latest(typed, clock)
    at = full_moment(typed, clock.zone)
    if at > clock.now + AHEAD:
        here = f"{local(clock.now, clock.zone):%Y-%m-%d %H:%M} ({clock.zone.key})"
        message = f"{typed} is still to come: it is {here}"
        raise TimeProblem(message, "write when it was; what is planned is a TODO or a next update")
    return at


def moment_ahead(text: str, after: datetime, zone: ZoneInfo) -> datetime:
    """Return when something will be: ``30m`` on, the first ``15:20`` behind, or a full time."""
    typed = text.strip().removeprefix("+")
    ahead = span(typed)
    if ahead is not None:
        return local(after + ahead, zone)
    if not CLOCK_ONLY.fullmatch(typed):
        return full_moment(typed, zone, ahead=True)
    first = after.astimezone(zone).date()
    found = [at for days in (0, 1, 2) for at in readings(first + days * DAY, typed, zone)]
    return next(at for at in found if at > after)


def moment_now(text: str | None, epoch: str | None, system: datetime, zone: ZoneInfo) -> datetime:
    """Return the present: what ``--now`` says, else SOURCE_DATE_EPOCH, else the system's clock."""
    if text is not None:
        return full_moment(text, zone)
    if not epoch:
        return system
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f'SOURCE_DATE_EPOCH is "{epoch}", which is no time'
        raise TimeProblem(message, "it holds seconds since 1970, such as 1795993200") from error


def full_moment(typed: str, zone: ZoneInfo, *, ahead: bool = False) -> datetime:
    """Return the moment of a date with a time, and with an offset where it is not of the zone."""
    at = parse_full_stamp(typed, zone)
    if at is None:
        message = f'"{typed}" is no time'
        meant = _meant(typed.strip(), ahead=ahead)
        forms = FORMS_AHEAD if ahead else FORMS
        raise TimeProblem(message, f"write {meant}" if meant else f"write {forms}")
    return at


def _meant(typed: str, *, ahead: bool) -> str:
    """Return how what was typed is written here, empty where nobody can know."""
    if DAY_ONLY.fullmatch(typed):
        return f"the clock as well, as {typed}T10:00"
    if ahead and MINUTES.fullmatch(typed):
        return f"{typed}m for minutes, {typed}h for hours"
    clock = OTHER_CLOCK.fullmatch(typed)
    if clock and clock["half"]:
        hour, minute = int(clock["hour"]), clock["minute"] or "00"
        if 1 <= hour <= NOON:
            late = clock["half"].lower() == "p"
            return f"{hour % NOON + NOON * late:02}:{minute}"
    elif clock and clock["minute"] and int(clock["hour"]) < MIDNIGHT:
        return f"{int(clock['hour']):02}:{clock['minute']}"
    elif clock and clock["minute"] == "00" and int(clock["hour"]) == MIDNIGHT:
        return "00:00, with the date of the day that begins then"
    ago = OTHER_SPAN.fullmatch(typed)
    if ago is None:
        return ""
    length = f"{ago['count']}{ago['unit'][0].lower()}"
    if ahead:
        return length if ago["sign"] != "-" else "the full time, as 2026-11-23T14:20-05:00"
    return f"-{length}" if ago["sign"] == "-" else f"-{length} for the past"


def _latest(typed: str, clock: Clock) -> datetime:
    today = clock.now.astimezone(clock.zone).date()
    found = [at for days in (-2, -1, 0) for at in readings(today + days * DAY, typed, clock.zone)]
    skipped = not readings(today, typed, clock.zone)
    past = [at for at in found if at <= clock.now + AHEAD]
    ahead = [at for at in found if at > clock.now + AHEAD]
    latest = past[-1] if past else None
    detected = clock.detected.replace(second=0, microsecond=0) if clock.detected else None
    too_early = latest is not None and detected is not None and latest < detected
    if latest is None or (skipped and (too_early or detected is None)):
        message = f"{typed} does not exist on {today}: the clocks go forward"
        raise TimeProblem(message, f"write another time: {FORMS}")
    if ahead and too_early and detected is not None:
        next_, last = _full(ahead[0]), _full(latest)
        message = (
            f"{typed} is {next_}, which is still to come, or {last}, "
            f"which is before the detection at {local(detected, clock.zone):%Y-%m-%d %H:%M}"
        )
        raise TimeProblem(message, f"write it in full if that was it: --at {last}")
    return latest


def _full(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
