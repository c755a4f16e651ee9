"""A record that should not be there: counted nowhere, asked for nothing, erased on demand."""

from __future__ import annotations

import json

import pytest
from gitting import begin
from typed import Tracker

ID = "2026-03-02-good"
INCIDENT, REVIEW = f"incidents/2026/{ID}.md", f"pir/2026/{ID}.md"
AT = ("--now", "2026-03-20T10:00-05:00")


@pytest.fixture
def based(good_tracker: Tracker) -> Tracker:
    begin(good_tracker.root)
    return good_tracker


def test_a_withdrawn_record_keeps_its_words_and_is_asked_for_nothing(based: Tracker) -> None:
    said = based.incident("withdraw", ID, "--because", "filed for another team", *AT)
    assert said.status == 0, said.err
    text = (based.root / INCIDENT).read_text("utf-8")
    assert "Cancelled: withdrawn because filed for another team" in text
    assert "status: cancelled\n" in text
    assert "Search shows an error" in text
    assert based.incident("check", "--since", "main").status == 0
    found = json.loads(based.incident("metrics", "--format", "json", *AT).out)
    lengths = [m for m in found["metrics"] if m["unit"] not in ("percent", "count")]
    assert lengths
    assert not [metric for metric in lengths if ID in json.dumps(metric["values"])]


def test_an_erased_one_leaves_its_place_and_nothing_else(based: Tracker) -> None:
    words = ("withdraw", ID, "--because", "it named a customer", "--erase", *AT)
    said = based.incident(*words)
    assert said.status == 0, said.err
    assert "the history of Git still has every word" in said.err
    text = (based.root / INCIDENT).read_text("utf-8")
    assert "title: Withdrawn\n" in text
    for gone in ("Search", "search", "asha", "release", "index"):
        assert gone not in text
    assert not (based.root / REVIEW).exists()
    said = based.incident("check", "--since", "main", "--strict")
    assert said.status == 0, said.out
    assert based.incident("check", "--strict").status == 0
    assert based.incident("withdraw", ID, "--because", "again", *AT).status == 2
