"""Wrong use: what was nearly right is answered with the right form."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from typed import Said, Tracker

from incident_tracker.lifecycle.moments import Clock, TimeProblem, moment_ahead, moment_in_past

DAY = "2026-11-23"
RECORD = f"incidents/2026/{DAY}-checkout-500.md"
NOW = ("--now", f"{DAY}T21:30-06:00")
NEW = ("new", "Checkout returns 500", "--severity", "P3", "--slug", "checkout-500")


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with one open incident, detected on 23 November at 21:02."""
    good(empty_tracker.incident(*NEW, "--now", f"{DAY}T21:02-06:00"))
    return empty_tracker


def text(tracker: Tracker) -> str:
    return (tracker.root / RECORD).read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (("ack", "bo"), "If bo does: incident ack --by bo"),
        (("ack", "checkout", "bo"), "incident ack checkout --by bo"),
        (("ack",), "--by NAME"),
        (("new", "two", "words"), 'incident new "two words"'),
        (("log", "two", "words"), 'incident log "two words"'),
        (("log", "serach", "down"), 'or put the text in quotes: incident log "serach down"'),
        (("log", "two", "words", "here"), 'put the text in quotes: "two words here"'),
        (("waive", "checkout", "INC021"), 'incident waive checkout INC021 "'),
        (("waive", "INC021"), 'incident waive INC021 "'),
        (("waive", "checkout", "INC210", "it is so"), "did you mean INC"),
        (("waive", "checkout", "FMT011", "it is so"), "mended and not waived"),
        (("cancel", "--as", "duplicate", "--because", "x"), '--as "duplicate-of ID"'),
        (("cancel", "checkout", "other", "--as", "test", "--because", "x"), "one word too many"),
        (("init",), "incident init my-tracker"),
        (("set", "detected_at=20:55"), "correct that line: - 21:02 - Incident detected"),
        (
            (
                "new", "Upgrade", "--maintenance", "--start", "2026-11-29T04:00", "--end",
                "2026-11-29T02:00",
            ),
            "2026-11-29 02:00 is not after 2026-11-29 04:00",
        ),
    ],
)  # fmt: skip
def test_what_was_nearly_right_is_answered_with_the_right_form(
    tracker: Tracker, command: tuple[str, ...], answer: str
) -> None:
    before = text(tracker)
    said = tracker.incident(*command, *(NOW if command[0] != "init" else ()))
    assert said.status in (2, 3)
    assert answer in said.err
    assert text(tracker) == before
    assert len(list((tracker.root / "incidents").rglob("*.md"))) == 1


def test_a_wrong_code_is_not_answered_with_all_codes(tracker: Tracker) -> None:
    said = tracker.incident("waive", "checkout", "nonsense", "it is so", *NOW)
    assert len(said.err) < 200


def test_a_time_is_set_as_it_is_typed_elsewhere(tracker: Tracker) -> None:
    good(tracker.incident("set", "started_at=20:55", *NOW))
    assert "started_at: 2026-11-23T20:55-06:00" in text(tracker)


@pytest.mark.parametrize(
    "how",
    [
        ("--as", "duplicate-of site-down"),
        ("--as", "duplicate of site-down"),
        ("--as", "duplicate site-down"),
        ("--as", "duplicate: site-down"),
        ("--as", "Duplicate-Of", "site-down"),
    ],
)
def test_a_duplicate_is_said_in_any_of_its_forms(tracker: Tracker, how: tuple[str, ...]) -> None:
    good(tracker.incident("new", "Down", "--severity", "P3", "--slug", "site-down", *NOW))
    good(tracker.incident("cancel", "checkout-500", *how, "--because", "the same outage", *NOW))
    assert f"Cancelled: duplicate of {DAY}-site-down because the same outage" in text(tracker)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("comms", "Communications lead assigned: chen"),
        ("communication", "Communications lead assigned: chen"),
        ("tech", "Technical lead assigned: chen"),
        ("commander", "IC assigned: chen"),
    ],
)
def test_a_role_is_known_by_its_short_names(tracker: Tracker, name: str, line: str) -> None:
    good(tracker.incident("role", name, "chen", *NOW))
    assert line in text(tracker)


def test_the_letters_of_a_family_list_its_codes(tracker: Tracker) -> None:
    said = good(tracker.incident("explain", "fmt"))
    codes = {line.split()[0] for line in said.out.splitlines() if line.startswith("  ")}
    assert "FMT001" in codes
    assert {code[:3] for code in codes} == {"FMT"}


def test_a_tracker_that_lost_its_protocol_is_told_so(tracker: Tracker) -> None:
    (tracker.root / "protocol/protocol.yml").unlink()
    said = tracker.incident("list")
    assert said.status == 3
    assert "has incidents/, but its protocol/protocol.yml is missing" in said.err
    assert "incident init" not in said.err


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2350", "write 23:50"),
        ("23.50", "write 23:50"),
        ("23h50", "write 23:50"),
        ("11:50pm", "write 23:50"),
        ("12:10 am", "write 00:10"),
        ("2 pm", "write 14:00"),
        ("24:00", "write 00:00, with the date of the day that begins then"),
        ("-10 min", "write -10m"),
        ("- 2 hours", "write -2h"),
        ("+10m", "write -10m for the past"),
        ("10m", "write -10m for the past"),
        ("10 min", "write -10m for the past"),
    ],
)
def test_a_time_in_another_form_is_answered_with_its_own(typed: str, answer: str) -> None:
    now = datetime.fromisoformat(f"{DAY}T23:55-06:00")
    with pytest.raises(TimeProblem) as refused:
        moment_in_past(typed, Clock(now=now, zone=ZoneInfo("America/Chicago")))
    assert refused.value.hint == answer


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("30 min", "write 30m"),
        ("+1 hour", "write 1h"),
        ("23.50", "write 23:50"),
        ("-10m", "write the full time, as 2026-11-23T14:20-05:00"),
    ],
)
def test_a_time_to_come_in_another_form_is_answered_with_its_own(typed: str, answer: str) -> None:
    now = datetime.fromisoformat(f"{DAY}T23:45-06:00")
    with pytest.raises(TimeProblem) as refused:
        moment_ahead(typed, now, ZoneInfo("America/Chicago"))
    assert refused.value.hint == answer


def test_a_clock_that_means_yesterday_is_said_with_its_date(tracker: Tracker) -> None:
    said = good(
        tracker.incident("log", "a note", "--at", "22:00", "--now", "2026-11-24T00:10-06:00")
    )
    assert "22:00 is taken as 2026-11-23 22:00" in said.out
    today = good(tracker.incident("log", "a note", "--at", "21:10", *NOW))
    assert "taken as" not in today.out


def test_components_and_kind_are_owed_before_the_status_that_asks_for_them(
    tracker: Tracker,
) -> None:
    said = good(tracker.incident("show", *NOW))
    owed = said.out.partition("owed before identified:\n")[2]
    assert "INC005  no component is named: incident set checkout-500 components=website" in owed
    assert "INC006  identified without a kind: incident set checkout-500 kind=" in owed


def test_the_commands_that_are_due_work_as_they_stand(tracker: Tracker) -> None:
    said = tracker.incident("due", *NOW)
    assert f"incident ack {DAY}-checkout-500 --by NAME" in said.out
    good(tracker.incident("ack", f"{DAY}-checkout-500", "--by", "NAME", *NOW))


@pytest.mark.parametrize("command", ["list", "explain", "--help"])
def test_a_reader_that_left_hears_nothing_and_gets_no_verdict(
    tracker: Tracker, command: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "incident_tracker", command], cwd=tracker.root,
            stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
