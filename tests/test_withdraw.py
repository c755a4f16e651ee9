"""A record that should not be there: counted nowhere, asked for nothing, erased on demand."""

from __future__ import annotations

import json

import pytest
from gitting import begin
from typed import Tracker

ID = "2026-03-02-good"
INCIDENT, REVIEW = f"incidents/2026/{ID}.md", f"pir/2026/{ID}.md"
AT = ("--now", "2026-03-20T10:00-05:00")


def text_of(tracker: Tracker, path: str) -> str:
    return (tracker.root / path).read_text("utf-8")


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
    assert "P1  withdrawn  2026-03-02-good" in based.incident("list").out
    assert based.incident("check", "--since", "main").status == 0
    found = json.loads(based.incident("metrics", "--format", "json", *AT).out)
    assert found["metrics"]
    assert ID not in json.dumps(found["metrics"])


def test_an_erased_one_leaves_its_place_and_nothing_else(based: Tracker) -> None:
    words = ("withdraw", ID, "--because", "it named a customer", "--erase", *AT)
    said = based.incident(*words)
    assert said.status == 0, said.err
    assert "the history of Git still has every word" in said.err
    text = (based.root / INCIDENT).read_text("utf-8")
    assert "title: Withdrawn\n" in text
    for gone in ("Search", "search", "asha", "release", "index"):
        assert gone not in text
    assert text_of(based, REVIEW) == "---\nstatus: draft\nvisibility: internal\n---\n# Withdrawn\n"
    said = based.incident("check", "--since", "main", "--strict")
    assert said.status == 0, said.out
    assert based.incident("check", "--strict").status == 0
    assert based.incident("withdraw", ID, "--because", "again", *AT).status == 2


def test_links_and_former_names_of_an_erased_one_live_and_its_evidence_does_not(
    based: Tracker,
) -> None:
    based.incident("rename", ID, "search-fails", *AT)
    new = ID.replace("good", "search-fails")
    based.write(f"evidence/{new}/log.txt", "the customer's name")
    other = "incidents/2026/2026-03-09-good.md"
    links = f"\n## Notes\n[it](../../pir/2026/{new}.md), [here]({new}.md)\n"
    based.write(other, text_of(based, other) + links)
    said = based.incident("withdraw", new, "--because", "it named a customer", "--erase", *AT)
    assert said.status == 0, said.err
    assert f"it is named in {other}" in said.err
    assert f"formerly: [{ID}]\n" in text_of(based, f"incidents/2026/{new}.md")
    assert not (based.root / f"evidence/{new}").exists()
    assert based.incident("check", "--strict").status == 0


def test_whatever_it_was_what_takes_its_place_is_clean(based: Tracker) -> None:
    broken = "2026-03-05-broken"
    based.write(f"incidents/2026/{broken}.md", "---\ntitle: [a secret\n---\n")
    drill, far, maintenance = "2026-03-10-drill", "2026-03-11-far", "2026-03-15-good"
    at = ("--now", "2026-03-11T09:00-05:00")
    words = ("--severity", "P1", "--component", "search", "--drill", "site-down")
    based.incident("new", "Drill", *words, "--slug", "drill", "--now", "2026-03-10T09:00-05:00")
    based.incident("new", "Far", "--severity", "P3", "--slug", "far", *at)
    based.incident("set", far, "zone=Asia/Tokyo", *at)
    for record_id in (broken, drill, far, maintenance, "2026-03-09-good"):
        said = based.incident("withdraw", record_id, "--because", "a name", "--erase", *AT)
        assert said.status == 0, said.err
        text = text_of(based, f"incidents/2026/{record_id}.md")
        assert ("title: Withdrawn\n" in text, "secret" in text) == (True, False)
    said = based.incident("check", "--strict")
    assert said.status == 0, said.out


def test_a_version_of_the_protocol_without_the_word_says_what_to_do(based: Tracker) -> None:
    protocol = text_of(based, "protocol/protocol.yml")
    old = protocol.replace("  withdrawn: {words: [withdrawn]}\n", "")
    assert old != protocol
    based.write("protocol/versions/1.0.0.yml", old.replace("version: 2.0.0", "version: 1.0.0", 1))
    based.change(INCIDENT, "protocol: 2.0.0", "protocol: 1.0.0")
    said = based.incident("withdraw", ID, "--because", "x", *AT)
    assert (said.status, "--erase, or add it below cancellations" in said.err) == (2, True)
    assert based.incident("withdraw", ID, "--because", "x", "--erase", *AT).status == 0
    based.write("protocol/protocol.yml", old)
    said = based.incident("withdraw", "2026-03-09-good", "--because", "x", "--erase", *AT)
    assert (said.status, "protocol/protocol.yml" in said.err) == (2, True)


def test_nothing_of_a_withdrawn_one_is_owed_or_worked_on_again(based: Tracker) -> None:
    based.change(INCIDENT, "- [x] Test releases", "- [ ] Test releases")
    based.change(INCIDENT, "Ticket: OPS-101, Done: 2026-03-12)", "Ticket: OPS-101)")
    late = ("--now", "2026-11-20T10:00-05:00")

    def counted() -> int:
        found = json.loads(based.incident("metrics", "--format", "json", *late).out)["metrics"]
        return sum(m["n"] for m in found if m["metric"].startswith("action"))

    before = counted()
    assert f"{ID}#1" in based.incident("due", *late).out
    based.incident("withdraw", ID, "--because", "filed for another team", *AT)
    assert ID not in based.incident("due", *late).out
    assert 0 <= counted() < before
    text = (based.root / INCIDENT).read_bytes()
    for words in (
        ("reopen", ID, "--because", "x"),
        ("status", ID, "fixing", "--reason", "x"),
        ("log", ID, "and another thing"),
        ("ack", ID, "--by", "bo"),
        ("update", ID, "--message", "We look."),
    ):
        said = based.incident(*words, *late)
        assert (said.status, "is withdrawn" in said.err) == (2, True)
    assert (based.root / INCIDENT).read_bytes() == text
