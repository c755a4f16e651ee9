"""Ten pull requests as a reviewer meets them: what the check says of each, and nothing else."""

from __future__ import annotations

import json

import pytest
from gitting import begin, commit, git
from typed import Tracker

INCIDENT = "incidents/2026/2026-03-02-good.md"
REVIEW = "pir/2026/2026-03-02-good.md"
LATE = "incidents/2026/2026-03-20-old.md"
NEW = "incidents/2026/2026-03-30-checkout-fails.md"
TIME = "2026-03-30T09:00-05:00"
OLD = """---
title: The feed is stale
severity: P2
status: closed
kind: outage
components: [search]
detected_at: 2026-03-20T10:00-05:00
---
## Timeline
- 10:00 - Incident detected via monitoring: the feed is of yesterday
- 10:30 - Incident closed by bo
"""


@pytest.fixture
def based(good_tracker: Tracker) -> Tracker:
    """A repository with sound records, and an old one that would not pass today."""
    good_tracker.write(LATE, OLD)
    begin(good_tracker.root)
    assert good_tracker.incident("check").status == 1
    git(good_tracker.root, "checkout", "--quiet", "-b", "change")
    return good_tracker


def found(tracker: Tracker, *options: str) -> list[tuple[str, str, int]]:
    """What the check finds in the change, worst first: code, path and line."""
    said = tracker.incident("check", "--since", "main", "--format", "json", *options)
    report = json.loads(said.out)
    findings = [(f["code"], f["path"], f["line"]) for f in report["findings"]]
    assert said.status == (1 if report["summary"]["errors"] else 0)
    return findings


def declared(tracker: Tracker, title: str = "Checkout fails") -> None:
    """A new incident by command, as far as its owner came."""
    said = tracker.incident(
        "new", title, "--severity", "P2", "--component", "search", "--now", TIME
    )
    assert said.status == 0, said.err


def test_a_new_incident_is_clean_while_it_is_worked_on(based: Tracker) -> None:
    declared(based)
    commit(based.root, "declare")
    assert found(based) == []


def test_an_incomplete_review_is_told_every_gap_at_once(based: Tracker) -> None:
    text = (based.root / REVIEW).read_text("utf-8")
    git(based.root, "checkout", "--quiet", "main")
    (based.root / REVIEW).unlink()
    commit(based.root, "no review yet")
    git(based.root, "checkout", "--quiet", "-B", "change")
    text = text.replace("attendees: [asha, bo, chen, dana]\n", "")
    text = text.replace(", Due: 2026-03-20, Type: prevent", "")
    text = text.replace("- A format is a promise to the data that already exists.", "TBD")
    based.write(REVIEW, text)
    commit(based.root, "publish a review")
    assert {(code, path) for code, path, _ in found(based)} == {
        ("ACT002", REVIEW),
        ("PIR009", REVIEW),
        ("PIR012", REVIEW),
    }


def test_a_severity_lowered_without_a_reason(based: Tracker) -> None:
    based.change(INCIDENT, "severity: P1", "severity: P2")
    commit(based.root, "P2 is enough")
    assert found(based) == [("CHG002", INCIDENT, 3), ("TML018", INCIDENT, 33)]


def test_a_timeline_line_removed(based: Tracker) -> None:
    based.change(INCIDENT, "- 11:12 - TODO: test a release with the old index\n", "")
    commit(based.root, "tidy up")
    assert found(based) == [("CHG004", INCIDENT, 41)]


def test_the_same_id_on_two_branches(based: Tracker) -> None:
    declared(based)
    commit(based.root, "declare")
    git(based.root, "checkout", "--quiet", "main")
    declared(based)
    based.change(NEW, "title: Checkout fails", "title: Checkout fails for members")
    commit(based.root, "declare the same")
    git(based.root, "checkout", "--quiet", "change")
    assert found(based) == [("CHG008", NEW, 1)]


def test_two_people_who_logged_at_once_are_merged_without_a_finding(based: Tracker) -> None:
    declared(based)
    based.incident("log", "Impact: nobody can pay", "--now", "2026-03-30T09:05-05:00")
    git(based.root, "checkout", "--quiet", "-B", "main")
    commit(based.root, "declare")
    both = (based.root / NEW).read_text("utf-8")
    one = "- 09:06 - Checked: logs: no error\n"
    other = "- 09:07 - Root cause hypothesis: release 42\n"
    git(based.root, "checkout", "--quiet", "-B", "change")
    based.write(NEW, both.rstrip("\n") + "\n" + one + other)
    commit(based.root, "both lines, as the merge leaves them")
    assert found(based) == []


def test_yaml_broken_by_hand_is_one_error_at_its_line(based: Tracker) -> None:
    based.change(INCIDENT, "severity: P1", "severity: [P1")
    commit(based.root, "by hand")
    (error,) = found(based)
    assert error[0].startswith("FMT")
    assert error[1] == INCIDENT


def test_a_typo_in_an_old_record_owes_nothing(based: Tracker) -> None:
    based.change(LATE, "the feed is of yesterday", "the feed is from yesterday")
    commit(based.root, "a typo")
    assert found(based) == []
    said = based.incident("check", "--since", "main")
    assert said.out.endswith("older in the touched files\n")


def test_no_record_touched_says_so(based: Tracker) -> None:
    based.write("README.md", "words\n")
    commit(based.root, "words")
    said = based.incident("check", "--since", "main", "--strict")
    assert said.status == 0
    assert said.out.startswith("the change since main (")
    assert said.out.endswith(") touches no record\n")


def test_a_clean_one_passes(based: Tracker) -> None:
    based.change(REVIEW, "followed_up_at: 2026-03-13", "followed_up_at: 2026-03-14")
    commit(based.root, "the follow-up was a day later")
    said = based.incident("check", "--since", "main", "--strict")
    assert (said.status, said.out) == (0, "no errors, no warnings in 6 files\n")


def test_what_a_change_breaks_elsewhere_is_its_own(based: Tracker) -> None:
    (based.root / INCIDENT).unlink()
    commit(based.root, "delete the incident of a review")
    assert {(code, path) for code, path, _ in found(based)} == {
        ("CHG007", INCIDENT),
        ("REL001", REVIEW),
    }


def test_a_change_of_the_protocol_is_judged_by_what_it_breaks(based: Tracker) -> None:
    text = (based.root / "protocol" / "protocol.yml").read_text("utf-8")
    assert "least: 30m" in text
    based.write("protocol/protocol.yml", text.replace("least: 30m", "least: 50m"))
    commit(based.root, "watch longer")
    assert {path for _, path, _ in found(based)} >= {INCIDENT}
