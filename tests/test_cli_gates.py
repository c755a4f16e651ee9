"""The gates: what enters them, what they count, and what the commands before them say in time."""

from __future__ import annotations

import shutil

import pytest
from typed import Said, Tracker

DAY = "2026-11-23"
RECORD = f"incidents/2026/{DAY}-checkout-500.md"
REVIEW = f"pir/2026/{DAY}-checkout-500.md"
NEW = (
    "new", "Checkout returns 500", "--severity", "P3", "--component", "website", "--slug",
    "checkout-500", "--kind", "deployment", "--impact", "none",
)  # fmt: skip
RESOLVED = ("update", "--status", "resolved", "--message", "It works again.")


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


def typed(tracker: Tracker, clock: str, *command: str) -> Said:
    return tracker.incident(*command, "--now", f"{DAY}T{clock}-06:00")


def text(tracker: Tracker, path: str = RECORD) -> str:
    return (tracker.root / path).read_text("utf-8")


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with one incident, detected on 23 November at 10:00, monitored since 10:20."""
    good(typed(empty_tracker, "10:00", *NEW, "--by", "bo"))
    good(typed(empty_tracker, "10:20", "status", "monitoring", "--resolution", "rollback"))
    return empty_tracker


def test_an_update_that_says_resolved_stands_at_the_same_gate_as_the_status(
    tracker: Tracker,
) -> None:
    before = text(tracker)
    refused = typed(tracker, "10:55", *RESOLVED)
    assert refused.status == 1
    assert "cannot be resolved yet; owed:" in refused.err
    assert "INC042" in refused.err
    assert "INC008" in refused.err
    assert text(tracker) == before
    good(typed(tracker, "10:55", "status", "resolved", "--all-boxes"))
    good(typed(tracker, "10:56", *RESOLVED))
    good(typed(tracker, "10:57", "status", "closed"))
    good(tracker.incident("check", "--strict"))


def test_an_update_that_says_closed_is_judged_with_itself_applied(tracker: Tracker) -> None:
    good(typed(tracker, "10:55", "status", "resolved", "--all-boxes"))
    good(typed(tracker, "10:56", "set", "severity=P2", "--reason", "more pages fail"))
    assert "INC044" in typed(tracker, "10:57", "status", "closed").err
    said = typed(tracker, "10:57", "update", "--status", "closed", "--message", "Done.")
    assert said.status == 1
    assert "INC044" not in said.err
    assert "INC008" in said.err


def test_an_update_before_the_gates_is_never_refused(tracker: Tracker) -> None:
    good(typed(tracker, "10:25", "update", "--status", "monitoring", "--message", "We watch."))


def test_a_line_is_recorded_whatever_is_owed_which_is_said(tracker: Tracker) -> None:
    said = good(typed(tracker, "10:30", "log", "Incident closed by bo"))
    assert "owed by now:" in said.out
    assert "INC042" in said.out
    assert "--all-boxes" in said.out


def test_a_broken_line_at_the_gate_is_named_with_its_place(tracker: Tracker) -> None:
    good(typed(tracker, "10:30", "log", "Decision: wait"))
    number = text(tracker).splitlines().index("- 10:30 - Decision: wait") + 1
    refused = typed(tracker, "10:55", "status", "resolved")
    assert (refused.status, "INC042" in refused.err) == (1, True)
    assert f"edit {RECORD}, line {number}: " in refused.err
    assert "because" in refused.err


def test_the_open_boxes_are_one_short_line_that_names_all_boxes_once(tracker: Tracker) -> None:
    refused = typed(tracker, "10:55", "status", "resolved")
    (line,) = [line for line in refused.err.splitlines() if "INC042" in line]
    assert line.count("--all-boxes") == 1
    assert "Functionality restored and 5 more" in line


def test_all_boxes_ticks_the_verification_only_and_names_it(empty_tracker: Tracker) -> None:
    kind = [*NEW]
    kind[kind.index("deployment")] = "security"
    good(typed(empty_tracker, "10:00", *kind, "--by", "bo"))
    good(typed(empty_tracker, "10:20", "status", "monitoring", "--resolution", "rollback"))
    said = typed(empty_tracker, "11:30", "tick", "all")
    assert "ticked: Functionality restored; " in said.out
    boxes = text(empty_tracker).split("## Checklist\n")[1]
    assert boxes.count("- [x]") == 6
    assert boxes.count("- [ ]") > 0
    refused = typed(empty_tracker, "11:30", "status", "resolved", "--all-boxes")
    assert (refused.status, "SEC" in refused.err) == (1, True)


def reviewed(tracker: Tracker, *held: str) -> None:
    shutil.rmtree(tracker.root / "incidents")
    tracker.write_good_records()
    path = next((tracker.root / "pir").rglob("*.md")).relative_to(tracker.root).as_posix()
    lines = text(tracker, path).splitlines(keepends=True)
    gone = ("published_at", "held_at", "status")
    kept = "".join(line for line in lines if not line.startswith(gone))
    tracker.write(path, kept.replace("---\n", "---\nstatus: draft\n" + "".join(held), 1))


def test_a_review_whose_meeting_is_still_to_come_is_not_published(tracker: Tracker) -> None:
    reviewed(tracker, "held_at: 2026-03-09T10:00-06:00\n")
    record = next((tracker.root / "pir").rglob("*.md"))
    before = record.read_text("utf-8")
    command = ("pir", "publish", record.stem)
    early = tracker.incident(*command, "--now", "2026-03-06T10:00-06:00")
    assert (early.status, "still to come" in early.err) == (1, True)
    wrong = ("--at", "2026-03-06T10:00-06:00", "--now", "2026-03-20T10:00-06:00")
    refused = tracker.incident(*command, *wrong)
    assert (refused.status, "PIR014" in refused.err) == (1, True)
    assert record.read_text("utf-8") == before
    good(tracker.incident(*command, "--now", "2026-03-20T10:00-06:00"))


def test_a_published_review_keeps_its_date(tracker: Tracker) -> None:
    reviewed(tracker, "held_at: 2026-03-09T10:00-06:00\n")
    record = next((tracker.root / "pir").rglob("*.md"))
    command = ("pir", "publish", record.stem)
    good(tracker.incident(*command, "--now", "2026-03-20T10:00-06:00"))
    published = record.read_text("utf-8")
    again = tracker.incident(*command, "--now", "2026-04-20T10:00-06:00")
    assert (again.status, record.read_text("utf-8")) == (2, published)
    assert f"error: the review of {record.stem} is published already, since 2026-03-20" in again.err


def test_publishing_names_the_boxes_that_wait_and_does_not_wait_for_them(tracker: Tracker) -> None:
    reviewed(tracker, "held_at: 2026-03-09T10:00-06:00\n")
    record = next((tracker.root / "pir").rglob("*.md"))
    path = record.relative_to(tracker.root).as_posix()
    tracker.change(path, "- [x] Team learnings shared", "- [ ] Team learnings shared")
    command = ("pir", "publish", record.stem)
    said = good(tracker.incident(*command, "--now", "2026-03-20T10:00-06:00"))
    assert "still to be ticked: Team learnings shared\n" in said.out


def test_a_new_review_invites_and_claims_no_attendance(tracker: Tracker) -> None:
    good(typed(tracker, "10:30", "role", "scribe", "dana"))
    said = good(typed(tracker, "10:40", "pir", "new", "checkout"))
    assert "invite: bo, dana" in said.out
    assert "attendees" not in text(tracker, REVIEW)
    assert "PIR012  nobody is named as attending: incident set checkout-500 attendees=" in said.out


def test_a_milestone_before_the_detection_is_doubted_at_once(empty_tracker: Tracker) -> None:
    good(typed(empty_tracker, "10:00", *NEW))
    said = good(typed(empty_tracker, "10:20", "ack", "--by", "bo", "--at", "09:30"))
    assert "acknowledged_at" in said.err
    assert "is before detected_at" in said.err


@pytest.mark.parametrize(
    "command", [("log", "the pages are slow"), ("update", "--message", "The pages are slow.")]
)
def test_what_is_told_before_the_detection_is_doubted_at_once(
    tracker: Tracker, command: tuple[str, ...]
) -> None:
    said = good(typed(tracker, "10:20", *command, "--at", "09:30"))
    assert f"{DAY} 09:30 is before the detection (10:00)" in said.err


def test_the_start_of_the_impact_lies_before_the_detection_as_it_should(tracker: Tracker) -> None:
    assert not good(typed(tracker, "10:30", "log", "Impact started", "--at", "09:50")).err


def test_an_update_hears_at_once_what_the_strict_check_asks(tracker: Tracker) -> None:
    good(typed(tracker, "10:21", "set", "severity=P2", "--reason", "more pages fail"))
    said = good(typed(tracker, "10:25", "update", "--message", "We watch."))
    assert "give --next-steps" in said.err
    assert "give --next-update" in said.err
    whole = ("--next-steps", "watch", "--next-update", "30m")
    assert not good(typed(tracker, "10:30", "update", "--message", "We watch.", *whole)).err
    checked = tracker.incident("check", "--strict").out
    assert (checked.count("warning[UPD020"), checked.count("warning[UPD021")) == (1, 1)


DRILL = (
    "new", "Drill: breach", "--severity", "P0", "--kind", "security", "--component", "website",
    "--drill", "security-breach", "--slug", "drill", "--by", "asha",
)  # fmt: skip


def test_a_drill_is_prompted_like_an_incident_and_asked_for_its_gaps_at_its_end(
    empty_tracker: Tracker,
) -> None:
    said = good(typed(empty_tracker, "10:00", *DRILL))
    assert "owed before identified:\n" in said.out
    assert "INC062" not in said.out
    said = good(typed(empty_tracker, "10:20", "status", "monitoring", "--resolution", "rollback"))
    assert "owed by now:\n  INC020" in said.out
    assert "owed before resolved:\n" in said.out
    assert "INC062" not in said.out
    refused = typed(empty_tracker, "11:00", "status", "resolved", "--all-boxes")
    assert (refused.status, "INC062" in refused.err) == (1, False)
    refused = typed(empty_tracker, "11:00", "status", "closed", "--by", "asha")
    assert (refused.status, "INC062  a drill without gaps" in refused.err) == (1, True)


def test_what_is_owed_now_does_not_hide_what_comes_next(tracker: Tracker) -> None:
    good(typed(tracker, "10:25", "set", "checkout-500", "severity=P1", "--reason", "more fail"))
    said = good(typed(tracker, "10:30", "log", "checkout-500", "a note"))
    now, _, later = said.out.partition("owed before resolved:\n")
    assert "owed by now:\n" in now
    assert "INC022" in now
    assert "INC042" in later
    assert "INC022" not in later


def test_what_would_hold_the_gate_up_is_said_before_it(tracker: Tracker) -> None:
    record = tracker.root / RECORD
    record.write_text(text(tracker).replace("status: ", "protocol: 9.9.9\nstatus: ", 1), "utf-8")
    good(typed(tracker, "10:25", "set", "checkout-500", "visibility=public"))
    said = good(typed(tracker, "10:30", "log", "checkout-500", "a note"))
    now, _, later = said.out.partition("owed before resolved:\n")
    assert "INC014  public without a public_summary: incident set checkout-500 public_" in now
    assert "INC017" in later


def test_what_is_public_without_a_summary_is_warned_of_until_the_gate(
    empty_tracker: Tracker,
) -> None:
    said = good(typed(empty_tracker, "10:00", *NEW, "--by", "bo", "--visibility", "public"))
    owed = 'INC014  public without a public_summary: incident set checkout-500 public_summary="'
    assert owed in said.out.partition("owed by now:\n")[2]
    assert good(empty_tracker.incident("check")).out.count("INC014") == 1
    good(typed(empty_tracker, "10:20", "status", "monitoring", "--resolution", "rollback"))
    refused = typed(empty_tracker, "10:55", "status", "resolved", "--all-boxes")
    assert (refused.status, owed in refused.err) == (1, True)


def test_a_record_is_declared_with_its_public_summary(empty_tracker: Tracker) -> None:
    summary = ("--public-summary", "Some payments fail: we look.")
    said = good(typed(empty_tracker, "10:00", *NEW, "--visibility", "public", *summary))
    assert "INC014" not in said.out
    assert 'public_summary: "Some payments fail: we look."\n' in text(empty_tracker)
    long = typed(empty_tracker, "10:01", *NEW, "--public-summary", "x" * 501)
    assert (long.status, "at most 500 fit" in long.err) == (2, True)


def test_planned_work_for_everybody_is_asked_for_its_summary(empty_tracker: Tracker) -> None:
    planned = ("new", "Upgrade", "--maintenance", "--start", "2026-11-29T02:00", "--end", "4h")
    public = (*planned, "--component", "website", "--visibility", "public")
    told = 'owed, for everybody may read of it: incident set upgrade public_summary="…"\n'
    assert told in good(typed(empty_tracker, "10:00", *public)).out
    given = good(typed(empty_tracker, "10:00", *public, "--public-summary", "We renew it."))
    assert "owed" not in given.out
    taken = good(typed(empty_tracker, "10:01", "set", "2026-11-29-upgrade-2", "public_summary="))
    assert "public without a public_summary" in taken.err


def test_three_lines_that_are_wrong_alike_are_each_told_with_their_own_line(
    tracker: Tracker,
) -> None:
    for clock in ("10:21", "10:22", "10:23"):
        wrong = ("log", "checkout-500", "Runbook used: site-down helped 2")
        said = good(typed(tracker, clock, *wrong))
        number = 1 + text(tracker).splitlines().index(f"- {clock} - {wrong[2]}")
        assert f"warning: line {number}: " in said.err
    refused = typed(tracker, "11:30", "status", "resolved", "--all-boxes")
    numbers = [number - 2, number - 1, number]
    assert [f", line {n}: " in refused.err for n in numbers] == [True, True, True]


def test_what_a_review_does_not_have_is_not_written_into_it(tracker: Tracker) -> None:
    good(typed(tracker, "10:40", "pir", "new", "checkout-500"))
    before = text(tracker, REVIEW)
    wrong = typed(tracker, "10:41", "section", "checkout-500", "Summary", "It broke.", "--pir")
    assert (wrong.status, text(tracker, REVIEW)) == (2, before)
    assert (
        'a review has no section "Summary"\n  help: did you mean "Incident Summary"?' in wrong.err
    )
    for title in ("Impact", "Timeline", "Incident Summary"):
        good(typed(tracker, "10:42", "section", "checkout-500", title, "It broke.", "--pir"))
    assert "## Summary" not in text(tracker)


def test_what_a_review_owes_is_told_as_the_command_that_writes_it_there(tracker: Tracker) -> None:
    said = good(typed(tracker, "10:40", "pir", "new", "checkout-500")).out
    for title in ("Impact", "What Went Well", "Prevention"):
        assert f': incident section checkout-500 "{title}" - --pir\n' in said
    bare = "Some donors could not pay that evening.\n- Users affected:"
    said = good(typed(tracker, "10:41", "section", "checkout-500", "Impact", bare, "--pir")).out
    (owed,) = [line for line in said.splitlines() if "PIR003" in line]
    assert owed == (
        '  PIR003  "Impact" says nothing behind Users affected: and Business impact: (one line for '
        'each, with "- " before it; none with a reason is an answer): '
        'incident section checkout-500 "Impact" - --pir'
    )
    both = "- Users affected:\n- Users affected: nine donors\n- Business impact: none, they paid"
    said = good(typed(tracker, "10:42", "section", "checkout-500", "Impact", both, "--review")).out
    assert "PIR003" not in said
    assert f"wrote {REVIEW}\n" in said


def test_a_section_of_both_files_is_written_into_the_incident_and_that_is_said(
    tracker: Tracker,
) -> None:
    section = ("section", "checkout-500", "Impact", "Nine donors.")
    alone = good(typed(tracker, "10:40", *section))
    assert (f"wrote {RECORD}\n" in alone.out, alone.err) == (True, "")
    good(typed(tracker, "10:41", "pir", "new", "checkout-500"))
    said = good(typed(tracker, "10:42", *section, "--append"))
    assert f"wrote {RECORD}\n" in said.out
    assert 'the review has a section "Impact" as well' in said.err
    assert 'if that was meant: incident section checkout-500 "Impact" - --pir\n' in said.err


@pytest.mark.parametrize(
    "command",
    [
        ("section", "checkout-500", "Impact", "It broke.", "--nothing"),
        ("log", "a note", "--review"),
        ("log", "--review=yes", "a note"),
        ("update", "checkout-500", "--message", "It broke.", "--pir"),
    ],
)
def test_an_option_that_there_is_not_is_no_text(tracker: Tracker, command: tuple[str, ...]) -> None:
    before = text(tracker)
    said = typed(tracker, "10:40", *command)
    assert (said.status, text(tracker)) == (2, before)
    assert "no such option" in said.err.casefold()


@pytest.mark.parametrize("name", ["--pir", "--review"])
def test_the_review_has_both_names_in_every_command(tracker: Tracker, name: str) -> None:
    good(typed(tracker, "10:40", "pir", "new", "checkout-500"))
    add = ("action", "add", "checkout-500", "Alert earlier", "--due", "14d", "--owner", "bo")
    good(typed(tracker, "10:41", *add, "--incident", "--type", "detect"))
    good(typed(tracker, "10:42", *add, "--type", "detect"))
    good(typed(tracker, "10:43", "section", "checkout-500", "Timeline", "It is whole.", name))
    good(typed(tracker, "10:44", "waive", "checkout-500", "INC027", "nobody was left", name))
    good(typed(tracker, "10:45", "action", "ticket", "checkout-500#1", "OPS-1", name))
    good(typed(tracker, "10:46", "action", "done", "checkout-500#1", name))
    review = text(tracker, REVIEW)
    assert all(word in review for word in ("It is whole.", "INC027", "OPS-1", "Done: "))
    assert "Done: " not in text(tracker)


def test_an_incident_that_is_open_for_long_is_named(tracker: Tracker) -> None:
    refused = typed(tracker, "23:30", "log", "a note")
    assert refused.status == 2
    told = f"the only open incident is {DAY}-checkout-500, which is older than 12 h"
    assert f"error: {told}\n  help: name it if you mean it" in refused.err


def test_the_beginning_of_a_box_of_both_files_is_neither(tracker: Tracker) -> None:
    good(typed(tracker, "10:40", "tick", "checkout-500", "monit"))
    good(typed(tracker, "10:41", "pir", "new", "checkout-500"))
    before = text(tracker), text(tracker, REVIEW)
    refused = typed(tracker, "10:42", "tick", "checkout-500", "monit")
    assert (refused.status, (text(tracker), text(tracker, REVIEW))) == (2, before)
    both = "Monitoring shows healthy; Monitoring/alerts adjusted"
    assert '"monit" begins boxes of the incident and of its review' in refused.err
    assert all(word in refused.err for word in both.split("; ")), refused.err
    good(typed(tracker, "10:43", "tick", "checkout-500", "monitoring/alerts"))
    good(typed(tracker, "10:44", "tick", "checkout-500", "Functionality"))
    assert "- [x] Monitoring/alerts adjusted" in text(tracker, REVIEW)


def test_an_action_is_named_when_it_is_added_and_a_day_that_is_over_is_asked_about(
    tracker: Tracker,
) -> None:
    add = ("action", "add", "checkout-500", "Alert on it", "--owner", "gil", "--due")
    said = good(typed(tracker, "10:40", *add, "14d"))
    assert f"action: {DAY}-checkout-500#1\n" in said.out
    assert "is over already" not in said.err
    said = good(typed(tracker, "10:40", *add, "2025-12-01"))
    assert f"action: {DAY}-checkout-500#2\n" in said.out
    assert "warning: 2025-12-01 is over already" in said.err


@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        (("update", "--message", "All.", "--next-update", "30"), "write 30m for minutes, 30h for"),
        (("update", "--message", "All.", "--next-update", "soon"), "write 30m, 15:20, or 2026-"),
        (("pir", "schedule", "--at", "2026-12-01"), "write the clock as well, as 2026-12-01T10:00"),
        (("log", "a note", "--at", "soon"), "write 14:20, -10m, or 2026-"),
    ],
)
def test_a_time_that_cannot_be_read_is_answered_with_one_that_can(
    tracker: Tracker, command: tuple[str, ...], remedy: str
) -> None:
    said = typed(tracker, "10:40", *command)
    assert said.status == 2
    assert f"help: {remedy}" in said.err
