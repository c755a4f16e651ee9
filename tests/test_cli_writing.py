"""What commands write: in its place by time, whole or not at all, and not past a gate."""

from __future__ import annotations

import hashlib
import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typed import Said, Tracker

from incident_tracker.cli import _keeping

LATER = "2026-11-23T22:00-06:00"
RECORD = "incidents/2026/2026-11-23-checkout-500.md"
NEW = (
    "new", "Checkout returns 500", "--severity", "P2", "--component", "website", "--slug",
    "checkout-500", "--kind", "deployment", "--now", "2026-11-23T21:02-06:00",
)  # fmt: skip


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with one open incident, detected on 23 November at 21:02."""
    good(empty_tracker.incident(*NEW))
    return empty_tracker


def text(tracker: Tracker, path: str = RECORD) -> str:
    return (tracker.root / path).read_text("utf-8")


def timeline(tracker: Tracker) -> list[str]:
    return text(tracker).split("## Timeline\n")[1].splitlines()


def test_a_late_line_goes_between_those_before_and_after_it(tracker: Tracker) -> None:
    for clock in ("21:30", "21:10", "21:20"):
        good(
            tracker.incident("log", f"at {clock}", "--at", clock, "--now", "2026-11-23T22:00-06:00")
        )
    assert timeline(tracker) == [
        "- 21:02 - Incident detected via team",
        "- 21:10 - at 21:10",
        "- 21:20 - at 21:20",
        "- 21:30 - at 21:30",
    ]


def test_a_new_day_gets_a_heading_and_later_lines_of_it_none(tracker: Tracker) -> None:
    now = ("--now", "2026-11-24T00:40-06:00")
    good(tracker.incident("log", "after midnight", "--at", "00:10", *now))
    good(tracker.incident("log", "the evening before", "--at", "23:50", *now))
    good(tracker.incident("log", "a little later", "--at", "00:30", *now))
    assert timeline(tracker)[1:] == [
        "- 23:50 - the evening before",
        "",
        "### 2026-11-24",
        "- 00:10 - after midnight",
        "- 00:30 - a little later",
    ]


def test_a_line_of_the_day_before_leaves_the_others_on_their_day(tracker: Tracker) -> None:
    at, now = "2026-11-22T23:50", "2026-11-23T21:10-06:00"
    words = ("log", "Impact started: first errors", "--at", at, "--now", now)
    good(tracker.incident(*words))
    assert timeline(tracker) == [
        "- 2026-11-22 23:50 - Impact started: first errors",
        "- 2026-11-23 21:02 - Incident detected via team",
    ]
    assert "started_at: 2026-11-22T23:50-06:00" in text(tracker)
    assert "detected_at: 2026-11-23T21:02-06:00" in text(tracker)


def test_in_the_repeated_hour_the_offset_is_written(empty_tracker: Tracker) -> None:
    empty_tracker.incident(*NEW[:-1], "2026-11-01T00:30-05:00")
    for minute, now in (("01:30", "2026-11-01T01:40-05:00"), ("01:30", "2026-11-01T01:40-06:00")):
        good(empty_tracker.incident("log", "checkout", "tried", "--at", minute, "--now", now))
    lines = text(empty_tracker, "incidents/2026/2026-11-01-checkout-500.md")
    assert "- 01:30-05:00 - tried\n- 01:30-06:00 - tried\n" in lines


def test_several_lines_of_text_continue_below_the_first(tracker: Tracker) -> None:
    good(
        tracker.incident(
            "log",
            "the log says:\n\nfirst\n  second",
            "--at",
            "21:10",
            "--now",
            "2026-11-23T22:00-06:00",
        )
    )
    assert timeline(tracker)[1:] == ["- 21:10 - the log says:", "  first", "  second"]


def test_what_is_nearly_a_phrase_is_kept_and_asked_about(tracker: Tracker) -> None:
    said = good(
        tracker.incident(
            "log",
            "Root cause hypotesis: the update",
            "--at",
            "21:10",
            "--now",
            "2026-11-23T22:00-06:00",
        )
    )
    assert 'did you mean "root cause hypothesis"?' in said.err
    said = good(
        tracker.incident(
            "log", "Decision: roll back", "--at", "21:11", "--now", "2026-11-23T22:00-06:00"
        )
    )
    assert "because" in said.err
    assert timeline(tracker)[1:] == [
        "- 21:10 - Root cause hypotesis: the update",
        "- 21:11 - Decision: roll back",
    ]


def test_row_30_a_write_changes_its_own_lines_and_no_other_byte(tracker: Tracker) -> None:
    path = tracker.root / RECORD
    odd = text(tracker).replace("severity: P2", "severity:   P2   # by bo").replace("\n", "\r\n")
    path.write_bytes(odd.encode())
    good(tracker.incident("log", "a note", "--at", "21:10", "--now", "2026-11-23T22:00-06:00"))
    after = path.read_bytes().decode()
    assert after.replace("- 21:10 - a note\r\n", "") == odd


def test_who_has_acknowledged_is_not_written_down_again(tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T22:00-06:00")
    good(tracker.incident("ack", "--by", "bo", "--at", "21:05", *now))
    before = text(tracker)
    for at in ("21:05", "21:50"):
        again = good(tracker.incident("ack", "--by", "Bo", "--at", at, *now))
        assert "already acknowledged by Bo at 2026-11-23 21:05; no line was written\n" in again.out
        assert f"wrote {RECORD}" not in again.out
    assert text(tracker) == before
    good(tracker.incident("ack", "--by", "asha", "--at", "21:20", *now))
    good(tracker.incident("ack", "--by", "bo", "--at", "21:03", *now))
    assert timeline(tracker)[1:] == [
        "- 21:03 - Acknowledged by bo",
        "- 21:05 - Acknowledged by bo",
        "- 21:20 - Acknowledged by asha",
    ]


def test_a_role_is_assigned_first_and_handed_over_then(tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T22:00-06:00")
    good(tracker.incident("ack", "--by", "bo", "--at", "21:05", *now))
    good(tracker.incident("role", "ic", "asha", "--at", "21:10", *now))
    good(tracker.incident("role", "IC", "finn", "--reason", "asha leaves", "--at", "21:40", *now))
    assert timeline(tracker)[1:] == [
        "- 21:05 - Acknowledged by bo",
        "- 21:10 - IC assigned: asha",
        "- 21:40 - IC handed over: asha → finn because asha leaves",
    ]
    assert "roles: {ic: finn}" in text(tracker)


def test_a_severity_is_changed_with_its_reason_only(tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T21:30-06:00")
    refused = tracker.incident("set", "severity=P0", *now)
    assert (refused.status, "--reason" in refused.err) == (2, True)
    good(tracker.incident("set", "severity=P0", "--reason", "donations fail", *now))
    assert "- 21:30 - Severity changed: P2 → P0 because donations fail" in text(tracker)
    assert "severity: P0" in text(tracker)


def test_a_field_that_cannot_be_read_back_is_refused_and_nothing_written(tracker: Tracker) -> None:
    before = text(tracker)
    for wrong, hint in (
        ("kind=deploymnt", "deployment"),
        ("root_caus=x", "root_cause"),
        ("root_cause=Not A Slug", ""),
        ("started_at=yesterday", "14:20"),
        ("status=closed", "incident status"),
    ):
        said = tracker.incident("set", "checkout", wrong)
        assert said.status == 2
        assert hint in said.err
    assert text(tracker) == before


def test_a_step_back_needs_a_reason_and_drops_the_later_times(tracker: Tracker) -> None:
    good(
        tracker.incident(
            "status", "monitoring", "--resolution", "rollback", "--now", "2026-11-23T21:40-06:00"
        )
    )
    assert "resolved_at: 2026-11-23T21:40-06:00" in text(tracker)
    refused = tracker.incident("status", "fixing", "--now", "2026-11-23T21:50-06:00")
    assert (refused.status, "--reason" in refused.err) == (2, True)
    good(
        tracker.incident(
            "status", "fixing", "--reason", "errors are back", "--now", "2026-11-23T21:50-06:00"
        )
    )
    assert "Status changed: monitoring → fixing because errors are back" in text(tracker)
    assert "resolved_at" not in text(tracker)
    assert "resolution:" not in text(tracker)
    assert "status: fixing" in text(tracker)


def test_a_closed_gate_says_what_is_owed_and_writes_nothing(tracker: Tracker) -> None:
    good(
        tracker.incident(
            "status", "monitoring", "--resolution", "rollback", "--now", "2026-11-23T21:40-06:00"
        )
    )
    before = text(tracker)
    refused = tracker.incident("status", "resolved", "--now", "2026-11-23T21:50-06:00")
    assert refused.status == 1
    assert "the protocol watches for 30 min" in refused.err
    assert "Functionality restored" in refused.err
    assert text(tracker) == before


def test_a_waiver_opens_the_gate_for_what_it_names(tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T21:50-06:00")
    good(
        tracker.incident("status", "monitoring", "--resolution", "rollback", "--at", "21:40", *now)
    )
    refused = tracker.incident("status", "resolved", "--all-boxes", *now)
    codes = [line.split()[0] for line in refused.err.splitlines()[1:-1]]
    assert codes
    for code in codes:
        good(tracker.incident("waive", "checkout", code, "it was a page of one word"))
    good(tracker.incident("status", "resolved", "--all-boxes", *now))


def test_the_id_may_be_left_out_for_the_only_open_incident_of_today(tracker: Tracker) -> None:
    said = good(tracker.incident("log", "a note", "--now", "2026-11-24T09:00-06:00"))
    assert said.out.startswith("2026-11-23-checkout-500 (the only one that is investigating)")
    old = tracker.incident("log", "a note", "--now", "2026-11-24T09:03-06:00")
    assert old.status == 2
    assert "2026-11-23-checkout-500" in old.err
    good(tracker.incident("new", "Another", "--severity", "P3", "--now", "2026-11-23T22:00-06:00"))
    both = tracker.incident("log", "a note", "--now", "2026-11-23T22:01-06:00")
    assert both.status == 2
    assert "2026-11-23-another, 2026-11-23-checkout-500" in ", ".join(
        sorted(both.err.splitlines()[0].split(": ")[-1].split(", "))
    )


def test_a_taken_slug_gets_a_number_and_the_first_file_stays(tracker: Tracker) -> None:
    before = text(tracker)
    said = good(tracker.incident(*NEW))
    assert "incidents/2026/2026-11-23-checkout-500-2.md" in said.out
    assert text(tracker) == before


@pytest.mark.parametrize("slug", ["../x", "a/b", "Ab", "-x", "x" * 51, "x\n", "\u0661"])
def test_a_slug_that_is_none_is_refused(empty_tracker: Tracker, slug: str) -> None:
    said = empty_tracker.incident("new", "T", "--severity", "P3", "--slug", slug)
    assert said.status == 2
    assert list(empty_tracker.root.rglob("*.md")) == []


def test_a_component_with_a_typing_error_is_answered_with_the_right_one(
    empty_tracker: Tracker,
) -> None:
    empty_tracker.write(
        "protocol/components.yml", "components:\n  - {id: website, name: Website}\n"
    )
    said = empty_tracker.incident("new", "T", "--severity", "P1", "--component", "wbsite")
    assert said.status == 2
    assert "did you mean website?" in said.err


def test_on_a_terminal_new_asks_for_what_is_missing(empty_tracker: Tracker) -> None:
    master, slave = pty.openpty()
    os.write(master, b"Search is slow\nP3\n")
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "new", "--slug", "slow"],
        cwd=empty_tracker.root, stdin=slave, capture_output=True, text=True, check=False,
    )  # fmt: skip
    os.close(slave)
    os.close(master)
    assert done.returncode == 0, done.stderr
    assert "Severity (P0 critical, P1 high, P2 medium, P3 low)" in done.stderr
    (record,) = empty_tracker.root.rglob("*-slow.md")
    assert "title: Search is slow\nseverity: P3\n" in record.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "visibility: internal (if the outside may know: incident set seen visibility=public"),
        (("--visibility", "public"), "visibility: public\n"),
        (("--kind", "security"), "visibility: internal\n"),
        (("--drill", "site-down"), "visibility: internal\n"),
    ],
)
def test_a_new_incident_says_who_may_read_of_it(
    empty_tracker: Tracker, options: tuple[str, ...], told: str
) -> None:
    new = ("new", "Slow", "--severity", "P2", "--slug", "seen", *options)
    assert told in empty_tracker.incident(*new).out


def test_an_id_without_a_text_is_not_logged_as_one(tracker: Tracker) -> None:
    said = tracker.incident("log", "checkout-500", "--now", LATER)
    assert said.status == 2
    assert "what happened?" in said.err


def test_planned_work_has_no_notice_and_a_duplicate_names_the_other(tracker: Tracker) -> None:
    now = ("--now", LATER)
    good(tracker.incident("new", "Slow pages", "--severity", "P3", "--slug", "slow", *now))
    said = tracker.incident("cancel", "slow", "--as", "duplicate-of", "--because", "same", *now)
    assert said.status == 2
    good(
        tracker.incident(
            "cancel", "slow", "--as", "duplicate-of checkout", "--because", "the same outage", *now
        )
    )
    path = "incidents/2026/2026-11-23-slow.md"
    line = "Cancelled: duplicate of 2026-11-23-checkout-500 because the same outage"
    assert line in text(tracker, path)
    planned = ("--maintenance", "--start", "2026-11-29T02:00", "--end", "4h")
    good(tracker.incident("new", "Upgrade", *planned, *now))
    assert tracker.incident("notify", "upgrade", "initial", *now).status == 2


def test_evidence_is_kept_with_its_checksum(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"line \x00\xff of a log\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    said = good(
        tracker.incident("evidence", "--label", "Error log", "--now", "2026-11-23T21:20-06:00")
    )
    path = "evidence/2026-11-23-checkout-500/error-log-20261123-2120.txt"
    assert path in said.out
    assert (tracker.root / path).read_bytes() == data
    assert f"Evidence: {path} sha256:{hashlib.sha256(data).hexdigest()}" in text(tracker)
    assert tracker.incident("check").status == 0


class Endless(io.RawIOBase):
    """Zeros without an end, like /dev/zero; whoever takes them all is caught."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 # a writable buffer
        self.taken += len(buffer)
        assert self.taken < 50_000_000, "it reads on and on"
        return len(buffer)


def test_evidence_without_an_end_is_refused_in_time(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_keeping, "MOST_EVIDENCE_BYTES", 3_000_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    before = text(tracker)
    said = tracker.incident("evidence", "--label", "all", "--now", "2026-11-23T21:20-06:00")
    assert said.status == 2
    assert "more than 3,000,000 bytes are too much to be kept here" in said.err
    assert 'incident log "Evidence: https://… sha256:…' in said.err
    assert text(tracker) == before
    assert not list(tracker.root.glob("evidence/*"))


@pytest.mark.parametrize("command", [("log", "-"), ("section", "Summary", "-")])
def test_a_text_without_an_end_is_refused_in_time(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    said = tracker.incident(*command, "--now", "2026-11-23T21:20-06:00")
    assert said.status == 2
    assert "more than 256,000 bytes are no text of a record" in said.err


def test_evidence_without_anything_leaves_nothing(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    said = tracker.incident("evidence", "--label", "log", "--now", "2026-11-23T21:20-06:00")
    assert said.status == 2
    assert "there is nothing on stdin to keep" in said.err
    assert not list(tracker.root.glob("evidence/*"))


def test_a_folder_in_the_place_of_kept_evidence_is_found(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a line\n")))
    good(tracker.incident("evidence", "--label", "log", "--now", "2026-11-23T21:20-06:00"))
    (file,) = tracker.root.glob("evidence/*/*")
    file.unlink()
    file.mkdir()
    said = tracker.incident("check")
    assert said.status == 1
    assert "log-20261123-2120.txt is a folder" in said.out


def test_an_unreadable_record_is_left_alone(tracker: Tracker) -> None:
    broken = tracker.write(RECORD, "---\ntitle: [\n---\n")
    said = tracker.incident("log", "checkout", "a note")
    assert said.status == 1
    assert f"incident check {RECORD}" in said.err
    assert broken.read_text("utf-8") == "---\ntitle: [\n---\n"


def test_init_overwrites_nothing_and_names_what_stood_there(
    empty_tracker: Tracker, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "README.md").write_text("mine", "utf-8")
    said = empty_tracker.incident("init", str(tmp_path / "full"))
    assert said.status == 2
    assert "README.md" in said.err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["README.md"]
    assert (tmp_path / "full" / "README.md").read_text("utf-8") == "mine"


def test_who_takes_an_incident_with_its_declaration_is_not_asked_to_take_it(
    empty_tracker: Tracker,
) -> None:
    said = good(empty_tracker.incident(*NEW, "--by", "bo"))
    assert "ack" not in said.out
    assert "the first update" in said.out


def test_who_closes_an_incident_that_nobody_took_did_not_take_it_after_the_fix(
    empty_tracker: Tracker,
) -> None:
    less = [word.replace("P2", "P3") for word in NEW]
    good(empty_tracker.incident(*less, "--impact", "a wrong number"))
    fixed = ("--resolution", "rollback", "--now", "2026-11-23T21:20-06:00")
    good(empty_tracker.incident("status", "monitoring", *fixed))
    closed = ("status", "closed", "--by", "bo", "--all-boxes", "--now", LATER)
    good(empty_tracker.incident(*closed))
    assert not [line for line in timeline(empty_tracker) if "Acknowledged" in line]
    good(empty_tracker.incident("check", "--strict"))


@pytest.mark.parametrize(
    ("typed", "said", "hint"),
    [
        (
            ("set", "severity=P2", "--reason", "one page only"),
            "is P2 already, so nothing was written",
            '"Severity changed: OLD → P2 because one page only"',
        ),
        (
            ("set", "root_cause=disk-full", "--reason", "the log says so"),
            "a reason is written with a severity only",
            'incident log 2026-11-23-checkout-500 "the log says so"',
        ),
        (
            ("status", "identified", "--reason", "the cause is known"),
            "is identified already, so nothing was written",
            '"Status changed: investigating → identified because the cause is known"',
        ),
        (
            ("status", "identified", "--note", "still so"),
            "is identified already, so nothing was written",
            'incident log 2026-11-23-checkout-500 "still so"',
        ),
    ],
)
def test_a_reason_that_no_line_takes_is_refused_with_the_line_to_write(
    tracker: Tracker, typed: tuple[str, ...], said: str, hint: str
) -> None:
    for status in ("investigating", "identified"):
        good(tracker.incident("status", status, "--now", "2026-11-23T21:10-06:00"))
    before = text(tracker)
    refused = tracker.incident(*typed, "--now", "2026-11-23T21:12-06:00")
    assert refused.status != 0
    assert said in refused.err
    assert hint in refused.err
    assert text(tracker) == before


def test_a_step_forward_takes_a_reason_for_its_note(tracker: Tracker) -> None:
    words = ("status", "monitoring", "--resolution", "rollback", "--reason", "release 41 is back")
    good(tracker.incident(*words, "--now", "2026-11-23T21:40-06:00"))
    assert "- 21:40 - Resolution implemented (rollback): release 41 is back" in timeline(tracker)
