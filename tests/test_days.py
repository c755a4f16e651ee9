"""Whole days of the protocol: a P0, a security P3, a P2 that repeats, a drill, by all commands.

The expected text lies in golden/days/expected, each look with the protocol's lines that it answers
to; UPDATE_GOLDEN=1 writes it anew, to be read in the diff.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from typed import Tracker

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden" / "days"
TEXT = (ROOT / "protocol" / "incident-response.md").read_text("utf-8")
MARKS = re.compile(r"[*`]|<br>|^- (?:\[ \] )?", re.MULTILINE)
ENTRY = re.compile(r"- (?P<clock>[0-9]{2}:[0-9]{2}) - ")
UPDATE = re.compile(r"### [0-9]{4}-[0-9]{2}-[0-9]{2} (?P<clock>[0-9]{2}:[0-9]{2}) - ")
HELD_AT = re.compile(r"(?m)^held_at: (?P<at>.*)$")


@dataclass(frozen=True)
class Look:
    """A command at a moment, and the lines of the protocol that its answer is held against."""

    command: str
    now: str
    protocol: tuple[str, ...]


P0, P3, P2, DRILL = (
    "2026-06-10-donations-time-out",
    "2026-07-21-old-account-still-open",
    "2026-09-01-reminders-late",
    "2026-09-17-drill-database-failure",
)
CAUSE_BEFORE = "2026-08-03-newsletter-late"
FIRST_NOTICES = "Immediate Notifications (within 15 min for P0, 1 hr for P1)"
REVIEW_IN_A_WEEK = "Timing: Within 1 week of resolution"


def _due(clock: str, *protocol: str) -> Look:
    return Look("incident due", clock, protocol)


DAYS: dict[str, tuple[Look, ...]] = {
    P0: (
        _due("2026-06-10T14:03-05:00", "P1 - High: 1 hour response", FIRST_NOTICES),
        _due("2026-06-10T14:22-05:00", "Campaign manager (for P0)", FIRST_NOTICES),
        _due("2026-06-10T14:50-05:00", "P0: Every 30-60 minutes", "Next update: [Time]"),
        _due("2026-06-10T15:20-05:00", "Monitor for 30-60 minutes", "Update all stakeholders"),
        _due("2026-06-11T15:30-05:00", "Initial incident report", "Within 24 hours (P0/P1)"),
        _due("2026-07-02T09:00-05:00", "Action item completion rate"),
        Look(
            f"incident notify {P0} initial",
            "2026-06-10T14:16-05:00",
            ("Subject: [P0 INCIDENT] - Site Down", "STARTED: [Time]", "IC: [Name]"),
        ),
        Look(
            f"incident notify {P0} update",
            "2026-06-10T14:56-05:00",
            (
                "STATUS: [Investigating/Identified/Fixing/Monitoring]",
                "DURATION: [Time since start]",
            ),
        ),
        Look(
            f"incident notify {P0} resolution",
            "2026-06-10T16:15-05:00",
            ("Subject: [RESOLVED] P0 Incident - Site Down", "DURATION: [Total time]"),
        ),
        Look(
            f"incident checklist {P0}",
            "2026-06-17T09:00-05:00",
            ("Status updates sent regularly", "PIR report published", "Runbooks updated"),
        ),
        Look(
            "incident metrics --severity P0",
            "2026-06-17T09:00-05:00",
            ("P0 MTTA: <15 minutes", "P0 MTTR: <1 hour", "Time to PIR (target: <1 week)"),
        ),
        Look("incident check", "2026-06-17T09:00-05:00", ("All P0 incidents",)),
        Look(
            f"incident war-room {P0}",
            "2026-06-10T14:11-05:00",
            ("#incident-YYYYMMDD-brief-description", "Key contact info"),
        ),
        Look(f"incident report {P0}", "2026-06-11T09:00-05:00", ("Initial incident report",)),
        Look(
            f"incident pir invite {P0}",
            "2026-06-15T10:30-05:00",
            ("Review timeline (15 min)", "Duration: 1 hour"),
        ),
        Look("incident agenda", "2026-06-22T09:00-05:00", ("Action item completion rate",)),
        Look(
            f"incident report {P0} --full",
            "2026-06-17T09:00-05:00",
            ("Comprehensive incident report",),
        ),
    ),
    P3: (
        _due("2026-07-21T09:10-05:00", "P3 - Low: 24 hours response"),
        _due("2026-07-21T10:30-05:00", "Monitor for 30-60 minutes"),
        _due("2026-07-21T23:00-05:00", "Close incident ticket", "Immediate (same day)"),
        _due("2026-07-22T09:00-05:00", "Close incident ticket"),
        _due("2026-07-25T09:00-05:00", "Any security incident", REVIEW_IN_A_WEEK),
        _due("2026-07-29T09:00-05:00", "Any security incident", REVIEW_IN_A_WEEK),
        Look(
            f"incident checklist {P3}",
            "2026-07-21T12:00-05:00",
            ("Preserve: Save logs and evidence",),
        ),
        Look("incident check", "2026-07-21T12:00-05:00", ("Change all passwords immediately",)),
    ),
    P2: (
        _due("2026-09-01T10:20-05:00", "P2 - Medium: 4 hours response"),
        _due("2026-09-01T10:35-05:00", "Quick Assessment (5-10 minutes)"),
        _due("2026-09-01T11:00-05:00", "P2: Daily"),
        _due("2026-09-01T12:00-05:00", "Monitor for 30-60 minutes"),
        _due("2026-09-05T09:00-05:00", "Repeated P2 incidents (same root cause)", REVIEW_IN_A_WEEK),
        _due("2026-09-09T09:00-05:00", "Repeated P2 incidents (same root cause)", REVIEW_IN_A_WEEK),
        Look(
            f"incident show {P2}",
            "2026-09-05T09:00-05:00",
            ("Repeated P2 incidents (same root cause)",),
        ),
        Look(
            "incident metrics --metric repeats",
            "2026-09-05T09:00-05:00",
            ("Repeat incidents (same root cause)",),
        ),
    ),
    DRILL: (
        _due("2026-09-17T10:02-05:00", "Test response procedures", "P1 - High: 1 hour response"),
        _due("2026-09-17T10:13-05:00", "P1: Every 2-4 hours"),
        _due("2026-09-17T11:00-05:00", "Monitor for 30-60 minutes"),
        _due("2026-09-17T11:40-05:00", "Identify gaps"),
        _due("2026-09-18T12:00-05:00", "Identify gaps"),
        _due("2026-12-12T09:00-06:00", "Quarterly Drill:"),
        Look(f"incident checklist {DRILL}", "2026-09-17T11:40-05:00", ("Practice coordination",)),
        Look(
            "incident metrics --severity P1",
            "2026-09-18T12:00-05:00",
            ("Simulate incident scenario",),
        ),
    ),
}


def as_it_stood(path: Path, now: datetime) -> str:
    """A record as it was at a moment, empty where it was not there: what came later is left out."""
    text, day = path.read_text("utf-8"), path.stem[:10]
    held = HELD_AT.search(text)
    begun = held["at"] if held else f"{day}T00:00-05:00"
    if datetime.fromisoformat(begun) > now:
        return ""
    kept, is_later = [], False
    for line in text.splitlines(keepends=True):
        entry, update = ENTRY.match(line), UPDATE.match(line)
        if entry or update or line.startswith("#"):
            at = entry["clock"] if entry else update["clock"] if update else "00:00"
            is_later = datetime.fromisoformat(f"{day}T{at}-05:00") > now
        if not is_later:
            kept.append(line)
    made = "".join(kept)
    return made if held or "Verification complete" in made else made.partition("## Checklist")[0]


def worked(tracker: Tracker, day: str, now: datetime, written: dict[str, str]) -> None:
    """Write the records of a day as they stood, and bring their summaries up to date."""
    for source in sorted((GOLDEN / "records").rglob("*.md")):
        if source.stem not in {P2: (P2, CAUSE_BEFORE)}.get(day, (day,)):
            continue
        path = source.relative_to(GOLDEN / "records").as_posix()
        text = as_it_stood(source, now)
        if text == written.get(path, ""):
            continue
        written[path] = text
        if not text:
            (tracker.root / path).unlink()
            continue
        tracker.write(path, text)
        if path.startswith("incidents/"):
            said = tracker.incident("fold", source.stem)
            assert said.status == 0, said.out + said.err


def plain(text: str) -> str:
    """The protocol's text as it is read, without marks."""
    return " ".join(MARKS.sub("", text).split())


@pytest.mark.parametrize("day", DAYS)
def test_a_day_of_the_protocol(
    day: str, empty_tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("protocol", "runbooks"):
        shutil.copytree(ROOT / folder, empty_tracker.root / folder, dirs_exist_ok=True)
    seen, written = [f"# {day}\n"], dict[str, str]()
    for look in DAYS[day]:
        moment = datetime.fromisoformat(look.now)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        worked(empty_tracker, day, moment, written)
        said = empty_tracker.incident(*shlex.split(look.command)[1:])
        quoted = "".join(f"> {line}\n" for line in look.protocol)
        text = f"{said.out}{said.err}".rstrip()
        seen.append(
            f"## {look.command}, {look.now}\n{quoted}\n```text\n{text}\n```\nexit {said.status}\n"
        )
    expected = GOLDEN / "expected" / f"{day}.md"
    made = "\n".join(seen)
    if os.environ.get("UPDATE_GOLDEN"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(made, "utf-8")
    assert made == expected.read_text("utf-8")


def test_every_quoted_line_is_the_protocols() -> None:
    text = plain(TEXT)
    quoted = [line for looks in DAYS.values() for look in looks for line in look.protocol]
    assert [line for line in quoted if plain(line) not in text] == []
