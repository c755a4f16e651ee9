"""Names on the command line: one that is nearly known is asked about, and none is refused."""

from __future__ import annotations

import pytest
from typed import Said, Tracker

PEOPLE = """people:
  - {id: gil, name: Gil, role: on-call}
  - {id: dana, name: Dana Example, role: scribe}
providers:
  - {id: hostco, name: Hostco, kind: hosting, account: "1", support: "555"}
"""
DAY = "2026-11-23"
PATH = f"incidents/2026/{DAY}-slow.md"
NEW = ("new", "Slow", "--severity", "P1", "--component", "website", "--slug", "slow")


def typed(tracker: Tracker, *command: str) -> Said:
    said = tracker.incident(*command, "--now", f"{DAY}T10:30-06:00")
    assert said.status == 0, said.err
    return said


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with contacts and an incident."""
    empty_tracker.write("protocol/contacts.yml", PEOPLE)
    typed(empty_tracker, *NEW, "--by", "mara")
    return empty_tracker


@pytest.mark.parametrize(
    ("command", "name", "meant"),
    [
        (("role", "slow", "scribe", "dan"), "dan", "dana"),
        (("role", "slow", "scribe", "adna"), "adna", "dana"),
        (("ack", "slow", "--by", "gill"), "gill", "gil"),
        (("log", "slow", "Assigned: gill, look at the disks"), "gill", "gil"),
        (("log", "slow", "Contacted: hostcoo via phone"), "hostcoo", "hostco"),
        (("log", "slow", "Notified: hostcoo via phone"), "hostcoo", "hostco"),
        (("log", "slow", "IC handed over: mara → maraa"), "maraa", "mara"),
        (
            ("action", "add", "slow", "Alert on it", "--owner", "gill", "--due", "14d"),
            "gill",
            "gil",
        ),
        (
            ("pir", "schedule", "slow", "--at", "2026-11-30T10:00", "--attendees", "mara,xyz,gill"),
            "gill",
            "gil",
        ),
        (("update", "slow", "--message", "All.", "--approved-by", "danna"), "danna", "dana"),
    ],
)
def test_a_name_that_is_nearly_a_known_one_is_asked_about(
    tracker: Tracker, command: tuple[str, ...], name: str, meant: str
) -> None:
    said = typed(tracker, *command)
    path = "pir/2026" if command[0] == "pir" else "incidents/2026"
    help_ = f"help: did you mean {meant}? then correct it in {path}/{DAY}-slow.md\n"
    assert f'warning: nobody is known as "{name}"\n  {help_}' in said.err
    assert said.err.count("nobody is known as") == 1
    assert name in (tracker.root / path / f"{DAY}-slow.md").read_text("utf-8")


def test_who_declares_is_asked_about_too(tracker: Tracker) -> None:
    said = typed(tracker, "new", "Slower", "--severity", "P2", "--by", "gill")
    assert "did you mean gil?" in said.err


@pytest.mark.parametrize(
    "command",
    [
        ("role", "slow", "scribe", "volunteer7"),
        ("role", "slow", "scribe", "DANA"),
        ("role", "slow", "scribe", "Dana Example"),
        ("role", "slow", "scribe", "mara"),
        ("log", "slow", "Notified: team lead, on-call via phone"),
        ("log", "slow", "Contacted: Hostco, the press office"),
        ("log", "slow", "gill is nearly gil, and this line names nobody"),
    ],
)
def test_a_stranger_and_whoever_is_known_are_not(
    tracker: Tracker, command: tuple[str, ...]
) -> None:
    assert "nobody is known" not in typed(tracker, *command).err


def test_a_name_is_asked_about_once(tracker: Tracker) -> None:
    typed(tracker, "role", "slow", "scribe", "dan")
    assert "nobody is known" not in typed(tracker, "log", "slow", "Assigned: dan, notes").err
