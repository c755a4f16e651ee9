"""What `incident due` tells people to type is understood as it stands."""

from __future__ import annotations

import json
import shlex
from datetime import datetime

import pytest
from typed import Tracker

NOW = ("--now", "2026-11-23T16:00-05:00")


def owed(tracker: Tracker) -> list[str]:
    said = tracker.incident("due", "--format", "json", *NOW)
    return [item["command"] for item in json.loads(said.out)["due"]]


def test_every_command_that_due_prints_is_understood(good_tracker: Tracker) -> None:
    new = ("new", "--title", "Checkout fails", "--severity", "P1")
    good_tracker.incident(*new, "--at", "2026-11-23T12:00-05:00", *NOW)
    commands = owed(good_tracker)
    assert any(command.startswith("incident ack") for command in commands)
    for command in commands:
        typed = command.replace("NAME", "bo").replace("TIME", "2026-11-24T10:00")
        _, *words = shlex.split(typed)
        said = good_tracker.incident(*words, *NOW)
        assert said.status == 0, (command, said.err)


@pytest.fixture
def late(good_tracker: Tracker) -> Tracker:
    """The good records and one incident whose update is late; Asha leads it."""
    new = ("new", "--title", "Checkout fails", "--severity", "P1", "--by", "asha")
    said = good_tracker.incident(*new, "--at", "2026-11-23T12:00-05:00", *NOW)
    assert said.status == 0, said.err
    return good_tracker


@pytest.mark.parametrize(
    ("asked", "status", "out", "err"),
    [
        ((), 1, "overdue", ""),
        (("--who", "asha"), 1, "overdue", ""),
        (("--who", "Asha", "--overdue"), 1, "overdue", ""),
        (("--who", "dana"), 0, "dana owes nothing\n", ""),
        (("--who", "dana", "--overdue"), 0, "nothing of dana is overdue\n", ""),
        (("--who", "ahsa"), 0, "ahsa owes nothing\n", 'names "ahsa"'),
    ],
)
def test_status_and_words_are_about_what_was_asked_for(
    late: Tracker, asked: tuple[str, ...], status: int, out: str, err: str
) -> None:
    said = late.incident("due", *asked, *NOW)
    assert (said.status, out in said.out) == (status, True), said.out
    assert err in said.err if err else not said.err


def test_nothing_overdue_is_not_nothing_owed(empty_tracker: Tracker) -> None:
    early = ("--now", "2026-11-23T12:01-05:00")
    new = ("new", "--title", "Checkout fails", "--severity", "P1")
    assert empty_tracker.incident(*new, *early).status == 0
    said = empty_tracker.incident("due", "--overdue", *early)
    assert (said.status, said.out) == (0, "nothing is overdue\n")
    assert "due in " in empty_tracker.incident("due", *early).out


def test_what_open_incidents_owe_comes_before_all_that_is_older(good_tracker: Tracker) -> None:
    add = ("action", "add", "2026-03-02-good", "Alert at 80 %", "--owner", "gil")
    assert good_tracker.incident(*add, "--due", "2016-02-01", *NOW).status == 0
    for title, severity in (("Pages slow", "P2"), ("Checkout fails", "P0")):
        new = ("new", "--title", title, "--severity", severity)
        assert good_tracker.incident(*new, "--at", "2026-11-23T12:00-05:00", *NOW).status == 0
    said = json.loads(good_tracker.incident("due", "--format", "json", *NOW).out)["due"]
    is_new = [item["id"].startswith("2026-11-23") for item in said]
    assert is_new == sorted(is_new, reverse=True)
    assert set(is_new) == {True, False}
    for part in (True, False):
        times = [item["when"] for item, new in zip(said, is_new, strict=True) if new is part]
        assert times == sorted(times, key=datetime.fromisoformat)
    first = good_tracker.incident("due", *NOW).out.splitlines()[0]
    assert "2026-11-23-checkout-fails" in first


def test_an_action_is_due_on_its_day_and_not_at_the_midnight_behind_it(late: Tracker) -> None:
    add = ("action", "add", "2026-03-02-good", "Alert at 80 %", "--owner", "gil", "--due")
    for day in ("2026-11-20", "2026-11-30"):
        assert late.incident(*add, day, *NOW).status == 0
    said = late.incident("due", "--who", "gil", *NOW).out
    assert ", 2026-11-20: 2026-03-02-good#" in said
    assert ", 2026-11-30: 2026-03-02-good#" in said
