"""How ``incident suspects`` finds the span, and what it prints."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say, warn
from incident_tracker.formats.machine import dump
from incident_tracker.history.revisions import SHORT_HASH, WHOLE
from incident_tracker.history.suspects import Suspect, suspects
from incident_tracker.lifecycle.moments import local, span, spoken_duration
from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident, Milestone

VERSION = 1
CHECK = "checked-changes"
LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """Where to look, and how far back."""

    repo: str
    window: str
    ref: str


def show(session: Session, incident: Incident, search: Search, form: str) -> None:
    """Print the commits of the window before the incident."""
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    if start is None:
        message = f"nothing says when {incident.id} began"
        raise Refusal(message, f'incident log {incident.id} "Impact started" --at TIME')
    window, last = _window(incident, search.window), _last(incident, start)
    found = suspects(Path(search.repo), start - window, last, search.ref)
    if found.is_cut:
        warn("that clone is shallow: older commits may be missing, and counts be wrong", WHOLE)
    if form == "json":
        say(dump(_object(incident, (start - window, last), found.commits)))
        return
    zone = ZoneInfo(incident.zone)
    end = f"{start.astimezone(zone):%Y-%m-%d %H:%M}"
    many = len(found.commits)
    count = f"{many} commit{'' if many == 1 else 's'}" if many else "no commit"
    until = f" and up to the detection at {last.astimezone(zone):%H:%M}" if last > start else ""
    say(f"{count} in the {spoken_duration(window)} before {'about ' if until else ''}{end}{until}")
    for suspect in found.commits:
        files = f"{suspect.files} file{'' if suspect.files == 1 else 's'}"
        at = local(suspect.at, zone).isoformat(timespec="minutes")
        say(
            Paint(suspect.commit[:SHORT_HASH], "yellow"),
            f"  {at}  {suspect.author}  {files}  ",
            suspect.subject,
        )
    line = _line(incident, search, window, found.commits)
    say(f"log it: {program()} log {session.short(incident.id)} {shlex.quote(line)}")


def _last(incident: Incident, start: datetime) -> datetime:
    """Until when commits are suspects: the start, and where that is a guess, the detection."""
    entry, detected = incident.log.times.get(Milestone.STARTED), incident.at(Milestone.DETECTED)
    guessed = entry is not None and entry.estimated and detected is not None
    return max(start, detected) if guessed and detected is not None else start


def _window(incident: Incident, typed: str) -> timedelta:
    window = span(typed) if typed else incident.protocol.suspects_window
    if typed and window is None:
        message = f'"{typed}" is no length of time'
        raise Refusal(message, "--window 24h, or --window 7d")
    if window is None:
        raise Refusal("the protocol names no suspects_window", "--window 24h")
    if window > LONGEST:
        message = f'"{typed}" is longer than {LONGEST.days:,} days'
        raise Refusal(message, "--window 24h, or --window 7d")
    return window


def _line(incident: Incident, search: Search, window: timedelta, found: tuple[Suspect, ...]) -> str:
    """The line that says what was looked at; no words of a commit's author are in it."""
    protocol = incident.protocol
    check = protocol.checks.get(CHECK)
    words = check.words if check and check.words else ("changes",)
    where = Path(search.repo).resolve().name or "the repository"
    what = f"no commit in {where}"
    if found:
        plural = "" if len(found) == 1 else "s"
        newest = found[0].commit[:SHORT_HASH]
        what = f"{len(found)} commit{plural} in {where}, the newest {newest}"
    told = f"{words[0]}: {what}, in the {spoken_duration(window)} before the start"
    return valued(protocol, "checked", told)


def _object(
    incident: Incident, between: tuple[datetime, datetime], found: tuple[Suspect, ...]
) -> dict[str, object]:
    return {
        "version": VERSION,
        "suspects": [
            {
                "commit": suspect.commit,
                "at": suspect.at.isoformat(),
                "author": suspect.author,
                "subject": suspect.subject,
                "files": suspect.files,
            }
            for suspect in found
        ],
        "summary": {
            "id": incident.id,
            "from": between[0].isoformat(),
            "to": between[1].isoformat(),
            "suspects": len(found),
        },
    }
