"""Whole incidents by the command line alone, from `init` to a published review."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed import Said, Tracker

DAY = "2026-11-23"
P0 = (
    # the time, the command, what it says is owed afterwards
    ("21:06", ("ack", "--by", "bo"), "Triage complete"),
    ("21:08", ("log", "Notified: on-call team, team lead, campaign manager via phone"), "War room"),
    ("21:10", ("role", "ic", "asha"), "Scribe assigned"),
    ("21:10", ("role", "technical_lead", "bo"), "Scribe assigned"),
    ("21:11", ("log", "War room opened: #incident-20261123-checkout-500"), "Scribe assigned"),
    ("21:12", ("log", "Triage complete: real, P0"), "Scribe assigned"),
    ("21:13", ("role", "comm", "chen"), "Scribe assigned"),
    ("21:13", ("role", "scribe", "dana"), "Root cause hypothesis"),
    ("21:14", ("log", "Impact: no donation can be completed"), "Root cause hypothesis"),
    ("21:16", ("log", "Root cause hypothesis: release 42, out at 20:58"), "Checked: logs"),
    ("21:18", ("log", "Checked: changes, logs, dashboards, functionality: a null pointer"), "owed"),
    (
        "21:19",
        (
            "update",
            "--status",
            "identified",
            "--message",
            "Donations fail at the last step.",
            "--next-steps",
            "roll back",
            "--next-update",
            "30m",
        ),
        "notify checkout-500 update",
    ),
    ("21:21", ("status", "fixing"), "wrote"),
    ("21:30", ("log", "Hypothesis confirmed: the tax table is empty"), "wrote"),
    (
        "21:31",
        ("log", "Decision: roll back (recent deployment: yes) because nothing else changed"),
        "wrote",
    ),
    (
        "21:38",
        ("status", "monitoring", "--resolution", "rollback", "--note", "release 42 → 41"),
        "INC042",
    ),
    (
        "21:40",
        (
            "update",
            "--message",
            "Donations work again.",
            "--next-steps",
            "watch",
            "--next-update",
            "22:15",
            "--impact",
            "none since 21:38",
        ),
        "INC042",
    ),
    ("22:10", ("tick", "all"), "--status resolved"),
    ("22:10", ("status", "resolved"), "--status resolved"),
    (
        "22:11",
        (
            "update",
            "--status",
            "resolved",
            "--message",
            "Donations work normally.",
            "--prevention",
            "the tax table is checked before each release",
        ),
        "notify checkout-500 resolution",
    ),
    ("22:20", ("status", "closed"), "incident pir new checkout-500"),
)
REVIEW = (
    ("set", "checkout-500", "root_cause=release-without-tax-table"),
    ("pir", "new", "checkout-500"),
    ("pir", "schedule", "checkout-500", "--at", "2026-11-30T10:00", "--attendees", "asha,bo,chen"),
    (
        "section",
        "checkout-500",
        "Incident Summary",
        "Release 42 left the tax table empty, so each checkout failed until it was rolled back.",
    ),
    (
        "section",
        "checkout-500",
        "Impact",
        "--pir",
        "- Users affected: about 120 donors\n- Business impact: the donations of one evening",
    ),
    (
        "section",
        "checkout-500",
        "Root Cause",
        "A release may go out although one of its tables was never filled: no step looks at it.",
    ),
    (
        "section",
        "checkout-500",
        "What Went Well",
        "- The alert came two minutes after the release.",
    ),
    ("section", "checkout-500", "What Needs Improvement", "- The scribe was found last of all."),
    ("section", "checkout-500", "Prevention", "A release is tried against last night's tables."),
    ("section", "checkout-500", "Lessons Learned", "- A table can be there and still be empty."),
    (
        "action",
        "add",
        "checkout-500",
        "Try each release against last night's tables",
        "--owner",
        "bo",
        "--due",
        "14d",
        "--type",
        "prevent",
        "--ticket",
        "OPS-500",
    ),
    ("tick", "checkout-500", "Initial incident report", "--at", "2026-11-24T09:30"),
    ("tick", "checkout-500", "Documentation updated"),
    ("tick", "checkout-500", "Runbooks updated", "--na", "no runbook covers it"),
    ("tick", "checkout-500", "Monitoring/alerts adjusted"),
    ("tick", "checkout-500", "Team learnings shared"),
)


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def fresh(empty_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A tracker that `incident init` made."""
    good(empty_tracker.incident("init", str(tmp_path / "t")))
    monkeypatch.chdir(tmp_path / "t")
    return Tracker(root=tmp_path / "t", read=empty_tracker.read)


def test_a_new_tracker_claims_no_practice(
    empty_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796300000")  # 2026-12-03
    good(empty_tracker.incident("init", str(tmp_path / "t")))
    for path in (tmp_path / "t" / "runbooks").glob("*.md"):
        front = path.read_text("utf-8").split("---")[1]
        assert "last_reviewed: 2026-12-03\n" in front
        assert "last_tested" not in front
    contacts = (tmp_path / "t" / "protocol" / "contacts.yml").read_text("utf-8")
    assert "tested: [2" not in contacts
    assert "trained" not in contacts
    monkeypatch.chdir(tmp_path / "t")
    good(empty_tracker.incident("check", "--strict"))
    assert "nothing is owed" in good(empty_tracker.incident("due")).out


def declared(tracker: Tracker) -> Said:
    return good(
        tracker.incident(
            "--no-input",
            "new",
            "Donation checkout returns 500",
            "--severity",
            "P0",
            "--component",
            "donations",
            "--kind",
            "deployment",
            "--slug",
            "checkout-500",
            "--detected-by",
            "monitoring: checkout answers 500",
            "--now",
            f"{DAY}T21:02-06:00",
        )
    )


def test_a_p0_goes_from_new_to_a_published_review_and_is_clean(fresh: Tracker) -> None:
    said = declared(fresh)
    assert "#incident-20261123-checkout-500" in said.out
    assert "by 21:17" in said.out
    for clock, command, owed in P0:
        said = good(fresh.incident("--no-input", *command, "--now", f"{DAY}T{clock}-06:00"))
        assert owed in said.out, (command, said.out)
        assert not said.err, (command, said.err)
    for review in REVIEW:
        good(fresh.incident("--no-input", *review, "--now", "2026-11-24T12:00-06:00"))
    published = fresh.incident("pir", "publish", "checkout-500", "--now", "2026-12-01T09:00-06:00")
    good(published)
    checked = fresh.incident("check", "--strict")
    assert checked.status == 0, checked.out


def test_a_naturally_worked_p0_meets_at_most_five_warnings_at_any_time(fresh: Tracker) -> None:
    declared(fresh)
    for clock, command, _ in P0:
        good(fresh.incident(*command, "--now", f"{DAY}T{clock}-06:00"))
        verdict = fresh.incident("check")
        assert verdict.status == 0, verdict.out
        assert verdict.out.count("warning[") <= 5


def test_a_p3_takes_one_command_nine_lines_and_two_more_to_close(fresh: Tracker) -> None:
    new = (
        "new",
        "News feed shows last week's posts",
        "--severity",
        "P3",
        "--component",
        "website",
        "--kind",
        "user-report",
        "--detected-by",
        "user: the feed ends on 7 September",
        "--impact",
        "nobody blocked",
        "--now",
        "2026-09-14T09:12-05:00",
    )
    good(fresh.incident(*new))
    (record,) = (fresh.root / "incidents/2026").glob("*.md")
    front = record.read_text("utf-8").split("---\n")[1]
    assert len(front.splitlines()) <= 9
    monitoring = ("status", "monitoring", "--resolution", "fix-forward", "--by", "bo")
    good(fresh.incident(*monitoring, "--now", "2026-09-14T09:50-05:00"))
    closing = ("status", "closed", "--all-boxes", "--now", "2026-09-14T10:25-05:00")
    good(fresh.incident(*closing))
    checked = fresh.incident("check", "--strict")
    assert checked.status == 0, checked.out


def test_the_same_story_at_the_same_times_gives_the_same_bytes(fresh: Tracker) -> None:
    record = fresh.root / f"incidents/2026/{DAY}-checkout-500.md"
    texts = []
    for _ in range(2):
        declared(fresh)
        for clock, command, _ in P0:
            good(fresh.incident(*command, "--now", f"{DAY}T{clock}-06:00"))
        texts.append(record.read_bytes())
        record.unlink()
    assert texts[0] == texts[1]


def test_an_edit_by_hand_and_the_command_give_the_same_record(fresh: Tracker) -> None:
    declared(fresh)
    record = fresh.root / f"incidents/2026/{DAY}-checkout-500.md"
    before = record.read_text("utf-8")
    good(fresh.incident("ack", "--by", "bo", "--now", f"{DAY}T21:06-06:00"))
    by_command = record.read_text("utf-8")
    record.write_text(before + "- 21:06 - Acknowledged by bo\n", "utf-8")
    good(fresh.incident("fold", "checkout-500"))
    assert record.read_text("utf-8") == by_command


def test_a_drill_and_planned_work_are_declared_worked_and_clean(fresh: Tracker) -> None:
    good(
        fresh.incident(
            "new",
            "Database upgrade",
            "--maintenance",
            "--component",
            "donations=under_maintenance",
            "--start",
            "2026-11-29T02:00",
            "--end",
            "4h",
            "--now",
            f"{DAY}T09:00-06:00",
        )
    )
    good(fresh.incident("status", "upgrade", "in-progress", "--now", "2026-11-29T02:04-06:00"))
    good(fresh.incident("status", "upgrade", "completed", "--now", "2026-11-29T02:31-06:00"))
    good(
        fresh.incident(
            "new",
            "Drill: the site is down",
            "--severity",
            "P3",
            "--drill",
            "site-down",
            "--now",
            f"{DAY}T10:00-06:00",
        )
    )
    listed = fresh.incident("list", "--kind", "maintenance").out
    assert "completed" in listed
    checked = fresh.incident("check")
    assert checked.status == 0, checked.out


def test_a_false_alarm_is_cancelled_with_its_reason(fresh: Tracker) -> None:
    declared(fresh)
    asked = fresh.incident(
        "cancel",
        "--as",
        "flase-alarm",
        "--because",
        "the probe was down",
        "--now",
        f"{DAY}T21:09-06:00",
    )
    assert asked.status == 2
    assert "false-alarm" in asked.err
    good(
        fresh.incident(
            "cancel",
            "--as",
            "false-alarm",
            "--because",
            "the probe was down",
            "--now",
            f"{DAY}T21:09-06:00",
        )
    )
    text = (fresh.root / f"incidents/2026/{DAY}-checkout-500.md").read_text("utf-8")
    assert "- 21:09 - Cancelled: false alarm because the probe was down" in text
    assert "status: cancelled" in text
