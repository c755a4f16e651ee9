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


OURS = "incidents/2026/2026-11-23-checkout.md"
NOW = ("--now", "2026-11-23T21:10-06:00")


def conflicting(tracker: Tracker) -> Tracker:
    """A tracker with one open incident whose status two people changed."""
    new = ("new", "Checkout fails", "--severity", "P2", "--slug", "checkout")
    assert tracker.incident(*new, *NOW).status == 0
    sides = "<<<<<<< ours\nstatus: closed\n=======\nstatus: identified\n>>>>>>> theirs"
    tracker.change(OURS, "status: investigating", sides)
    return tracker


def test_an_incident_that_cannot_be_read_is_not_called_over(empty_tracker: Tracker) -> None:
    said = conflicting(empty_tracker).incident("log", "what now?", *NOW)
    assert said.status == 2
    assert f"no other incident is open, but {OURS} cannot be read" in said.err
    assert f"incident check {OURS}" in said.err


def test_beside_the_only_open_one_what_cannot_be_read_is_named(empty_tracker: Tracker) -> None:
    tracker = conflicting(empty_tracker)
    new = ("new", "Search fails", "--severity", "P2", "--slug", "search")
    assert tracker.incident(*new, *NOW).status == 0
    said = tracker.incident("log", "index is gone", *NOW)
    assert said.status == 0
    assert "2026-11-23-search (the only one that is investigating)" in said.out
    assert f"warning: {OURS} cannot be read; it may be open as well" in said.err
