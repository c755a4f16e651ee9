"""A file that cannot be read is in no list, and every list says so."""

import json

import pytest
from typed import Tracker


def broken(tracker: Tracker) -> Tracker:
    path = tracker.root / "incidents" / "2026" / "2026-03-02-good.md"
    path.write_bytes(path.read_bytes() + b"\xff\n")
    return tracker


@pytest.mark.parametrize("command", ["list", "due", "metrics"])
def test_what_cannot_be_read_is_named(good_tracker: Tracker, command: str) -> None:
    said = broken(good_tracker).incident(command, "--now", "2026-03-20T12:00Z")
    assert "warning: incidents/2026/2026-03-02-good.md cannot be read and is in no list" in said.err
    assert "incident check incidents/2026/2026-03-02-good.md" in said.err


@pytest.mark.parametrize("command", ["list", "due", "metrics"])
def test_json_names_it_too(good_tracker: Tracker, command: str) -> None:
    tracker = broken(good_tracker)
    said = tracker.incident(command, "--format", "json", "--now", "2026-03-20T12:00Z")
    assert json.loads(said.out)["summary"]["unread"] == ["incidents/2026/2026-03-02-good.md"]


def test_due_is_not_content_with_what_it_could_not_read(good_tracker: Tracker) -> None:
    quiet = good_tracker.incident("due", "--now", "2026-03-20T12:00Z", "--who", "nobody")
    assert "cannot be read" not in quiet.err
    assert broken(good_tracker).incident("due", "--now", "2026-03-20T12:00Z").status == 1
