"""What `incident due` tells people to type is understood as it stands."""

from __future__ import annotations

import json
import shlex

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
