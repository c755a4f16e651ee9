"""`incident war-room`: the channel's name, and the text that is pinned there."""

from __future__ import annotations

import pytest
from typed import Tracker

NOW = ("--now", "2026-11-23T10:10-06:00")
ROLE = "incident role 2026-11-23-slow communications_lead"


@pytest.fixture
def tracker(good_tracker: Tracker) -> Tracker:
    good_tracker.write(
        "protocol/contacts.yml",
        "people:\n"
        "  - {id: asha, name: Asha, role: team lead, methods: [{kind: phone, value: 555-0111}]}\n"
        "  - {id: finn, name: Finn, role: team lead, methods: [{kind: phone, value: 555-0112}]}\n"
        "  - {id: erin, name: Erin, role: campaign manager}\n"
        "  - {id: mo, name: Mo, role: press}\n"
        "providers:\n"
        "  - {id: hostco, name: Hostco, kind: hosting provider, emergency: 555-0181}\n"
        "  - {id: other, name: Other, kind: mail, emergency: 555-0190}\n",
    )
    good_tracker.write(
        "protocol/components.yml",
        "components:\n  - {id: search, name: Search, hosted_by: hostco}\n",
    )
    return good_tracker


def declared(tracker: Tracker, severity: str = "P1") -> None:
    said = tracker.incident(
        "new", "Search is slow", "--severity", severity, "--component", "search", "--slug", "slow",
        "--by", "asha", *NOW,
    )  # fmt: skip
    assert said.status == 0, said.err


def test_what_is_pinned_says_where_everything_is_and_who_is_reached_how(tracker: Tracker) -> None:
    declared(tracker)
    said = tracker.incident("war-room", "slow", *NOW)
    assert said.status == 0, said.err
    assert said.out.splitlines() == [
        "#incident-20261123-slow",
        "",
        "Search is slow - P1 High, Investigating",
        "Incident ticket: incidents/2026/2026-11-23-slow.md",
        "Dashboards: https://dashboards.example.org/overview",
        "Key contacts:",
        "  IC asha: phone 555-0111",
        "  team lead Finn: phone 555-0112",
        "  hosting provider Hostco: 555-0181",
        "Status document: incidents/2026/2026-11-23-slow.md",
        "Video call: https://meet.example.org/2026-11-23-slow",
        "Screen: whoever types shares the screen",
        f"Questions from outside: nobody answers yet: {ROLE} NAME",
    ]
    line = said.err.partition('incident log 2026-11-23-slow "')[2].partition('"')[0]
    assert line == "War room opened: #incident-20261123-slow"
    assert tracker.incident("log", "slow", line, *NOW).status == 0
    assert tracker.incident("war-room", "slow", *NOW).err == ""


def test_the_command_that_it_names_for_the_role_is_one(tracker: Tracker) -> None:
    declared(tracker)
    assert tracker.incident("role", "slow", "communications_lead", "chen", *NOW).status == 0
    assert "chen answers (Communications Lead)" in tracker.incident("war-room", "slow", *NOW).out


def test_a_room_with_another_name_is_named_as_it_is(tracker: Tracker) -> None:
    declared(tracker, "P0")
    tracker.incident("log", "slow", "War room opened: #search-now, room 4", *NOW)
    lines = tracker.incident("war-room", "slow", *NOW).out.splitlines()
    assert (lines[0], lines[-1]) == ("#search-now", "#search-now: room 4")
    assert "  campaign manager Erin" in lines


def test_planned_work_has_none(tracker: Tracker) -> None:
    assert tracker.incident("war-room", "2026-03-15-good", *NOW).status == 2
