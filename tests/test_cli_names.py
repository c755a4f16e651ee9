"""Which record a short name means, and what a new record claims and says."""

from __future__ import annotations

import json

import pytest
from typed import Said, Tracker

DAY = "2026-11-23"
NOW = ("--now", f"{DAY}T21:30-06:00")
NEW = ("new", "Checkout returns 500", "--severity", "P3", "--slug", "checkout-500", *NOW)


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


def cancelled(tracker: Tracker, name: str) -> None:
    good(tracker.incident("cancel", name, "--as", "test", "--because", "tried it", *NOW))


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with a cancelled incident, and an open one that has the same slug."""
    good(empty_tracker.incident(*NEW))
    cancelled(empty_tracker, "checkout-500")
    good(empty_tracker.incident(*NEW))
    return empty_tracker


@pytest.mark.parametrize("name", ["checkout-500", "checkout", f"{DAY}-checkout"])
def test_an_open_record_is_meant_before_a_cancelled_one(tracker: Tracker, name: str) -> None:
    said = good(tracker.incident("log", name, "a note", *NOW))
    assert f"wrote incidents/2026/{DAY}-checkout-500-2.md" in said.out


def test_a_whole_id_means_itself(tracker: Tracker) -> None:
    said = good(tracker.incident("log", f"{DAY}-checkout-500", "a note", *NOW))
    assert f"wrote incidents/2026/{DAY}-checkout-500.md" in said.out


def test_the_choice_between_two_of_one_name_is_said(tracker: Tracker) -> None:
    said = good(tracker.incident("log", "checkout-500", "a note", *NOW))
    assert said.out.startswith(f"{DAY}-checkout-500-2 (not {DAY}-checkout-500)")


def test_of_two_open_ones_with_the_part_neither_is_chosen(tracker: Tracker) -> None:
    good(tracker.incident("new", "Slow", "--severity", "P3", "--slug", "checkout-slow", *NOW))
    said = tracker.incident("log", "checkout", "a note", *NOW)
    assert (said.status, "is part of 3 ids" in said.err) == (2, True)


def test_a_second_declaration_is_written_and_names_the_open_one(tracker: Tracker) -> None:
    said = good(tracker.incident(*NEW))
    assert f"wrote incidents/2026/{DAY}-checkout-500-3.md" in said.out
    assert f"already open: {DAY}-checkout-500-2" in said.err
    assert f'incident cancel {DAY}-checkout-500-3 --as "duplicate-of' in said.err
    cancelled(tracker, "checkout-500-2")
    cancelled(tracker, "checkout-500-3")
    assert not good(tracker.incident(*NEW)).err


def test_who_types_a_declaration_is_no_monitor(tracker: Tracker) -> None:
    text = (tracker.root / f"incidents/2026/{DAY}-checkout-500.md").read_text("utf-8")
    assert "detected_by: team" in text
    assert "- 21:30 - Incident detected via team" in text


def test_the_war_room_is_the_one_that_was_opened(tracker: Tracker) -> None:
    good(tracker.incident("log", "War room opened: #all-hands", *NOW))
    said = good(tracker.incident("show", *NOW))
    assert "war room     #all-hands" in said.out


def test_fields_go_to_the_open_one_as_well(tracker: Tracker) -> None:
    said = good(tracker.incident("set", "checkout-500", "ticket=OPS-1", *NOW))
    assert f"wrote incidents/2026/{DAY}-checkout-500-2.md" in said.out


def test_a_closed_one_keeps_its_name_for_what_its_review_asks(empty_tracker: Tracker) -> None:
    good(empty_tracker.incident(*NEW, "--by", "bo"))
    record = empty_tracker.root / f"incidents/2026/{DAY}-checkout-500.md"
    text = record.read_text("utf-8").replace("status: investigating", "status: closed")
    record.write_text(text, "utf-8")
    good(empty_tracker.incident(*NEW))
    said = good(empty_tracker.incident("set", "checkout-500", "ticket=OPS-1", *NOW))
    assert f"wrote incidents/2026/{DAY}-checkout-500.md" in said.out


def test_what_is_read_by_programs_holds_no_remark_on_names(tracker: Tracker) -> None:
    said = good(tracker.incident("show", "checkout-500", "--format", "json", *NOW))
    assert json.loads(said.out)["incidents"][0]["id"] == f"{DAY}-checkout-500"
