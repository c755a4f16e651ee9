"""Duplicates lead to the record that tells it; what is over can be worked on again."""

from __future__ import annotations

import json
import shlex
from datetime import datetime

import pytest
from covering import page_text
from typed import Said, Tracker

AT = ("--now", "2026-03-30T09:10-05:00")
ONE, TWO = "2026-03-30-search-fails", "2026-03-30-no-results"
GOOD = "2026-03-02-good"
AS = ("--as", f"duplicate-of {ONE}", "--because", "the same")


def text(tracker: Tracker, record_id: str) -> str:
    return (tracker.root / f"incidents/2026/{record_id}.md").read_text("utf-8")


@pytest.fixture
def two(good_tracker: Tracker) -> Tracker:
    for title, detected in (("Search fails", "09:00"), ("No results", "08:50")):
        words = ("--severity", "P2", "--component", "search", "--at", detected)
        assert good_tracker.incident("new", title, *words, *AT).status == 0
    return good_tracker


def logged(tracker: Tracker, *words: str) -> Said:
    said = tracker.incident(*words, *AT)
    assert said.status == 0, said.err
    return said


def test_what_a_duplicate_knows_is_told_in_the_other_record_once(two: Tracker) -> None:
    two.write(f"evidence/{TWO}/log.txt", "lines\n")
    logged(two, "log", TWO, "TODO: alert on it")
    logged(two, "log", TWO, "first <!-- open\nsecond line")
    saved = f"Evidence: evidence/{TWO}/log.txt saved by bo"
    logged(two, "log", TWO, saved)
    words = ("--status", "identified", "--message", "it is the index", "--impact", "all")
    logged(two, "update", TWO, *words, "--next-update", "1h", "--next-steps", "look")
    before = text(two, TWO)
    for _ in range(3):  # a run that was cut off is run again
        logged(two, "cancel", TWO, *AS, "--unite")
    kept = text(two, ONE)
    for line in (
        f"- 08:50 - From {TWO}: Incident detected via team",
        f"- 09:10 - {saved} (from {TWO})",
        f"- 09:10 - TODO: alert on it (from {TWO})",
        f"- 09:10 - From {TWO}: update, Identified",
        "  it is the index",
        "  second line",
    ):
        assert kept.count(line) == 1, kept
    assert "status: investigating\n" in kept
    assert "detected_at: 2026-03-30T09:00-05:00\n" in kept
    gone = set(before.split("\n")) - set(text(two, TWO).split("\n"))
    assert gone == {"status: identified"}
    assert text(two, TWO).count("Cancelled:") == 1
    assert two.incident("check").status == 0


def test_an_alert_of_a_duplicate_is_known_in_the_other_record(two: Tracker) -> None:
    two.change(f"incidents/2026/{TWO}.md", "protocol: 2.0.0", "alerts: [a1b2]\nprotocol: 2.0.0")
    logged(two, "cancel", TWO, *AS, "--unite")
    assert "alerts: [a1b2]\n" in text(two, ONE)


def test_only_the_other_record_counts(two: Tracker) -> None:
    def counted() -> list[str]:
        found = json.loads(two.incident("metrics", "--format", "json", *AT).out)["metrics"]
        return [m["group"] for m in found if TWO in json.dumps(m["values"])]

    assert "P2" in counted()
    logged(two, "cancel", TWO, *AS, "--unite")
    assert counted() == ["duplicate"]  # how many there were, apart from all others


def test_a_duplicate_of_itself_or_of_a_duplicate_is_refused(two: Tracker) -> None:
    itself = two.incident("cancel", ONE, *AS, *AT)
    assert (itself.status, "of itself" in itself.err) == (2, True)
    logged(two, "cancel", TWO, *AS)
    back = ("--as", f"duplicate-of {TWO}", "--because", "the same")
    turned = two.incident("cancel", ONE, *back, *AT)
    assert (turned.status, f"incident reopen {TWO}" in turned.err) == (2, True)
    chained = two.incident("cancel", GOOD, *back, *AT)
    assert (chained.status, f'--as "duplicate-of {ONE}"' in chained.err) == (2, True)
    logged(two, "withdraw", ONE, "--because", "a name")
    empty = two.incident("cancel", GOOD, *AS, *AT)
    assert (empty.status, "is withdrawn" in empty.err) == (2, True)


def test_what_the_other_record_does_not_say_is_hinted_at_where_both_are_united(
    two: Tracker,
) -> None:
    logged(two, "set", TWO, "severity=P1", "--reason", "nobody finds anything")
    logged(two, "set", TWO, "components=search=partial_outage,website=degraded_performance")
    said = logged(two, "cancel", TWO, *AS, "--unite").err
    assert f"{TWO} was P1, {ONE} is P2" in said
    assert f'incident set {ONE} severity=P1 --reason "…"' in said
    assert f"{TWO} was detected at 2026-03-30 08:50, {ONE} at 2026-03-30 09:00" in said
    assert f"{TWO} affects website, {ONE} does not say so" in said
    (hint,) = (line for line in said.splitlines() if " components=" in line)
    _, *words = shlex.split(hint.removeprefix("  help: "))
    logged(two, *words)
    assert "website: degraded_performance" in text(two, ONE)


def test_where_the_other_record_says_as_much_nothing_is_hinted_at(two: Tracker) -> None:
    words = ("--as", f"duplicate-of {TWO}", "--because", "the same")
    assert logged(two, "cancel", ONE, *words, "--unite").err == ""


def test_only_a_duplicate_is_united(two: Tracker) -> None:
    words = ("--as", "test", "--because", "x", "--unite", *AT)
    assert two.incident("cancel", ONE, *words).status == 2
    assert "status: investigating" in text(two, ONE)


def test_a_closed_incident_is_reopened_with_its_reason(good_tracker: Tracker) -> None:
    review = (good_tracker.root / f"pir/2026/{GOOD}.md").read_bytes()
    logged(good_tracker, "reopen", GOOD, "--because", "the errors are back")
    kept = text(good_tracker, GOOD)
    assert "status: investigating\n" in kept
    for dropped in ("closed_at", "verified_at", "resolved_at", "mitigated_at", "resolution:"):
        assert dropped not in kept
    assert "acknowledged_at: 2026-03-02T10:05-06:00" in kept
    assert "Status changed: closed → investigating because the errors are back" in kept
    assert (good_tracker.root / f"pir/2026/{GOOD}.md").read_bytes() == review
    again = good_tracker.incident("reopen", GOOD, "--because", "again", *AT)
    assert (again.status, "nothing to reopen" in again.err) == (2, True)


def test_one_that_was_cancelled_by_mistake_is_reopened_and_may_be_cancelled_again(
    two: Tracker,
) -> None:
    logged(two, "cancel", TWO, *AS)
    logged(two, "reopen", TWO, "--because", "it is another fault")
    kept = text(two, TWO)
    assert "status: investigating\n" in kept
    assert "Status changed: cancelled → investigating because it is another fault" in kept
    assert two.incident("check").status == 0
    logged(two, "cancel", TWO, "--as", "test", "--because", "a probe")
    assert "status: cancelled\n" in text(two, TWO)
    # The line that holds is the last one: it is no duplicate any more.
    assert (
        two.incident("cancel", ONE, "--as", f"duplicate-of {TWO}", "--because", "x", *AT).status
        == 0
    )


def test_planned_work_is_not_reopened(good_tracker: Tracker) -> None:
    said = good_tracker.incident("reopen", "2026-03-15-good", "--because", "x", *AT)
    assert (said.status, "nothing to reopen" in said.err) == (2, True)


def test_a_page_names_its_duplicates_its_former_names_and_why_it_was_cancelled(
    two: Tracker,
) -> None:
    now = datetime.fromisoformat("2026-03-30T10:00-05:00")
    logged(two, "cancel", TWO, *AS)
    logged(two, "rename", ONE, "search-is-down")
    kept = page_text(two.root, "incidents/2026/2026-03-30-search-is-down.md", now)
    assert "Duplicates No results" in kept
    assert f"Formerly {ONE}" in kept
    gone = page_text(two.root, f"incidents/2026/{TWO}.md", now)
    assert "cancelled: duplicate of Search fails because the same" in gone
    logged(two, "withdraw", GOOD, "--because", "filed twice")
    assert "Status Withdrawn filed twice" in page_text(two.root, f"incidents/2026/{GOOD}.md", now)
