"""`incident check --since`, `--staged` and `--baseline`: what is compared, and what is refused."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from gitting import IDENTITY, begin, commit, git
from typed import Tracker

from conftest import ROOT

INCIDENT = "incidents/2026/2026-03-02-good.md"
REVIEW = "pir/2026/2026-03-02-good.md"
BASELINE = ".incident-baseline.json"
LOWERED = ("severity: P1", "severity: P2")
UNMARKED = ("detected_by: monitoring\n", "")


@pytest.fixture
def based(good_tracker: Tracker) -> Tracker:
    """The good records in a repository; the triage leaves the severity to the field."""
    good_tracker.change(INCIDENT, "Triage complete: real, P1", "Triage complete: real")
    begin(good_tracker.root)
    return good_tracker


def codes(tracker: Tracker, *options: str) -> list[str]:
    said = tracker.incident("check", "--format", "json", *options)
    return [finding["code"] for finding in json.loads(said.out)["findings"]]


# --- what is compared


def test_the_working_tree_counts_committed_or_not(based: Tracker) -> None:
    based.change(INCIDENT, *LOWERED)
    assert codes(based, "--since", "main") == ["CHG002"]
    commit(based.root, "lower")
    assert codes(based, "--since", "HEAD~1") == ["CHG002"]
    assert codes(based, "--since", "main") == []


@pytest.mark.parametrize(
    ("code", "edits", "left"),
    [
        ("CHG002", [LOWERED], []),
        (
            "CHG001",
            [
                ("status: closed", "status: resolved"),
                ("closed_at: 2026-03-02T12:00-06:00\n", ""),
                ("- 12:00 - Incident closed by asha\n", ""),
            ],
            ["CHG004"],  # that the status went back has its line; the other line is still gone
        ),
    ],
)
def test_what_is_said_to_mend_a_change_does_it(
    based: Tracker, code: str, edits: list[tuple[str, str]], left: list[str]
) -> None:
    for edit in edits:
        based.change(INCIDENT, *edit)
    found = json.loads(based.incident("check", "--since", "main", "--format", "json").out)
    assert [finding["code"] for finding in found["findings"]] == [code]
    _, *words = shlex.split(found["findings"][0]["help"])
    said = based.incident(*words, "--now", "2026-03-02T13:00-06:00")
    assert (said.status, codes(based, "--since", "main")) == (0, left), said.err


def test_what_the_other_branch_did_meanwhile_is_not_of_this_one(based: Tracker) -> None:
    git(based.root, "checkout", "--quiet", "-b", "change")
    git(based.root, "checkout", "--quiet", "main")
    based.change(INCIDENT, *LOWERED)
    commit(based.root, "theirs")
    git(based.root, "checkout", "--quiet", "change")
    said = based.incident("check", "--since", "main")
    assert (said.status, "touches no record" in said.out) == (0, True)


def test_a_tracker_in_a_folder_of_the_repository(based: Tracker, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    (based.root / ".git").rename(tmp_path / "old.git")
    based.root.rename(whole / "tracker")
    inner = Tracker(root=whole / "tracker", read=based.read)
    begin(whole)
    inner.change(INCIDENT, *LOWERED)
    os.chdir(inner.root)
    assert codes(inner, "--since", "main") == ["CHG002"]
    git(whole, "add", "--all")
    assert codes(inner, "--staged") == ["CHG002"]


def test_windows_line_ends_in_the_working_tree_are_no_change(based: Tracker) -> None:
    text = (based.root / INCIDENT).read_bytes()
    (based.root / INCIDENT).write_bytes(text.replace(b"\n", b"\r\n"))
    assert "touches no record" in based.incident("check", "--since", "main").out


def test_what_is_staged_is_judged_not_what_lies_in_the_folder(based: Tracker) -> None:
    based.change(INCIDENT, *LOWERED)
    git(based.root, "add", INCIDENT)
    based.change(INCIDENT, "severity: P2", "severity: P1")
    assert codes(based, "--staged") == ["CHG002"]
    assert codes(based, "--since", "main") == []
    git(based.root, "reset", "--quiet")
    based.change(INCIDENT, *LOWERED)
    assert codes(based, "--staged") == []


def test_the_index_of_a_partial_commit_is_the_one_that_a_hook_sees(based: Tracker) -> None:
    based.change(INCIDENT, *LOWERED)
    based.change(REVIEW, "attendees: [asha", "attendees: [ash")
    git(based.root, "add", "--all")
    hook = based.root / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\n{sys.executable} -m incident_tracker check --staged\n")
    hook.chmod(0o755)
    git(based.root, "commit", "--quiet", "--message", "the review only", "--", REVIEW)
    git(based.root, "commit", "--quiet", "--message", "all", expected=1)


def test_before_the_first_commit_everything_staged_is_new(good_tracker: Tracker) -> None:
    git(good_tracker.root, "init", "--quiet")
    git(good_tracker.root, "add", "--all")
    said = good_tracker.incident("check", "--staged", "--strict")
    assert (said.status, said.out) == (0, "no errors, no warnings in 5 files\n")


def test_a_file_in_conflict_is_not_judged_as_if_it_were_staged(based: Tracker) -> None:
    git(based.root, "checkout", "--quiet", "-b", "change")
    based.change(INCIDENT, *LOWERED)
    commit(based.root, "mine")
    git(based.root, "checkout", "--quiet", "main")
    based.change(INCIDENT, "severity: P1", "severity: P0")
    commit(based.root, "theirs")
    git(based.root, "merge", "change", expected=1)
    said = based.incident("check", "--staged")
    assert (said.status, "incident merge" in said.err) == (2, True)


def test_paths_narrow_a_change_and_may_name_what_is_gone(based: Tracker) -> None:
    based.change(INCIDENT, *LOWERED)
    (based.root / "runbooks" / "good.md").unlink()
    assert codes(based, "--since", "main", "runbooks/good.md") == ["CHG007"]
    assert codes(based, "--since", "main", "incidents") == ["CHG002"]


def test_fix_mends_only_what_the_change_touches(based: Tracker) -> None:
    based.change(REVIEW, "- [x] Documentation updated", "* [x] Documentation updated")
    based.change(INCIDENT, "- 10:05 - Acknowledged by bo", "- 10:05 Acknowledged by bo")
    commit(based.root, "an old habit")
    other = "incidents/2026/2026-03-09-good.md"
    based.change(other, "- 08:10 - Acknowledged by bo", "* 08:10 Acknowledged by bo")
    said = based.incident("check", "--since", "main", "--fix")
    assert said.out.startswith(f"fixed {other}\n")
    assert git(based.root, "status", "--porcelain") == ""


# --- renames, withdrawn words


def test_an_old_waiver_of_a_change_accepts_no_new_one(based: Tracker) -> None:
    waiver = 'protocol: 2.0.0\nwaive: {CHG002: "counted twice"}'
    based.change(INCIDENT, "protocol: 2.0.0", waiver)
    based.change(INCIDENT, *LOWERED)
    assert codes(based, "--since", "main") == []
    commit(based.root, "lower, with a reason")
    assert codes(based) == []
    based.change(INCIDENT, "severity: P2", "severity: P3")
    assert codes(based, "--since", "main") == ["CHG002"]
    based.change(INCIDENT, "counted twice", "counted twice, and one page only")
    assert codes(based, "--since", "main") == []


def test_a_waiver_of_a_change_that_is_none_is_told(based: Tracker) -> None:
    waiver = 'protocol: 2.0.0\nwaive: {CHG002: "just in case"}'
    based.change(INCIDENT, "protocol: 2.0.0", waiver)
    assert codes(based, "--since", "main") == ["FMT032"]


def test_a_record_is_not_put_back_under_an_older_protocol(based: Tracker) -> None:
    text = (based.root / "protocol" / "protocol.yml").read_text("utf-8")
    based.write("protocol/versions/1.0.0.yml", text.replace("version: 2.0.0", "version: 1.0.0"))
    commit(based.root, "keep the old one")
    based.change(INCIDENT, "protocol: 2.0.0", "protocol: 1.0.0")
    assert "CHG010" in codes(based, "--since", "main")


def test_a_review_is_waived_in_its_own_file(based: Tracker) -> None:
    based.change(
        REVIEW,
        "- The probe saw the fault five minutes after it began.",
        "- Two people were on call and the second one noticed.",
    )
    assert codes(based, "--since", "main") == ["CHG006"]
    based.incident("waive", "2026-03-02-good", "CHG006", "it named a customer", "--review")
    assert codes(based, "--since", "main") == []


def test_the_job_summary_shows_the_checklist_of_each_changed_incident(
    based: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    based.change(INCIDENT, "title: Search", "title: The search")
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    said = based.incident("check", "--since", "main", "--format", "github")
    assert said.status == 0
    text = summary.read_text("utf-8")
    assert text.count("<details>") == 1
    assert "2026-03-02-good" in text
    assert "Performance acceptable" in text


def test_the_status_that_an_update_told_stands(based: Tracker) -> None:
    based.change(INCIDENT, "10:20 - Investigating", "10:20 - Identified")
    assert "CHG011" in codes(based, "--since", "main")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("unavailable\n", "unavailable in the shop\n", ["CHG018"]),
        ("for everybody. The", "for some. The", ["CHG018"]),
        ("- Approved by: erin\n", "- Approved by: fay\n", []),
        ("for everybody. The", "for\neverybody. The", []),
        ("10:20 - Investigating", "10:20 - Identified", ["CHG011"]),
    ],
)
def test_an_approval_does_not_pass_on_to_other_words(
    based: Tracker, old: str, new: str, expected: list[str]
) -> None:
    promise = "- Next update: 12:00\n"
    based.change(INCIDENT, promise, f"{promise}- Approved by: erin\n")
    commit(based.root, "approved")
    based.change(INCIDENT, old, new)
    found = codes(based, "--since", "HEAD")
    assert [code for code in found if code.startswith("CHG")] == expected


def test_an_update_of_the_same_minute_above_another_is_no_rewriting(based: Tracker) -> None:
    sent = "### 2026-03-02 11:50 - Resolved\n"
    based.change(INCIDENT, sent, f"{sent}The shop works again, too.\n\n{sent}")
    assert codes(based, "--since", "main") == []


@pytest.mark.parametrize(
    ("clock", "behind"),
    [("12:30", "- 12:00 - Incident closed by asha\n"), ("09:58", "first error in the log\n")],
)
def test_a_step_back_frees_no_time_before_it(based: Tracker, clock: str, behind: str) -> None:
    back = f"{behind}- {clock} - Status changed: closed → fixing because of a typo\n"
    based.change(INCIDENT, behind, back)
    based.change(INCIDENT, "\n\n## Updates", "\n- 12:31 - Incident closed by asha\n\n## Updates")
    based.change(INCIDENT, "closed_at: 2026-03-02T12:00", "closed_at: 2026-03-02T12:31")
    based.change(INCIDENT, "resolved_at: 2026-03-02T11:10", "resolved_at: 2026-03-02T11:05")
    based.change(INCIDENT, "- 11:10 - Resolution", "- 11:05 - Resolution")
    found = json.loads(based.incident("check", "--since", "main", "--format", "json").out)
    told = [f["message"].split()[0] for f in found["findings"] if f["code"] == "CHG003"]
    # Closed once more behind the step back is no change, closed later without one is.
    assert told == ["resolved_at", *(["closed_at"] if clock < "12:00" else [])]


def test_a_former_name_is_not_dropped_in_a_later_change(based: Tracker) -> None:
    based.change(INCIDENT, "protocol: 2.0.0\n", "protocol: 2.0.0\nformerly: [2026-03-02-bad]\n")
    commit(based.root, "renamed")
    both = "formerly: [2026-03-02-bad, 2026-03-02-worse]\n"
    based.change(INCIDENT, "formerly: [2026-03-02-bad]\n", both)
    assert codes(based, "--since", "HEAD") == []
    based.change(INCIDENT, both, "formerly: [2026-03-02-worse]\n")
    assert codes(based, "--since", "HEAD") == ["CHG013"]
    based.change(INCIDENT, "formerly: [2026-03-02-worse]\n", "")
    assert codes(based, "--since", "HEAD") == ["CHG013"]


@pytest.mark.parametrize(
    "fault", [("severity: P1", "severity: P1\nseverty: P1"), ("- 10:05 - ", "- nine - ")]
)
def test_a_fault_in_the_record_before_hides_nothing_that_is_taken_back(
    based: Tracker, fault: tuple[str, str]
) -> None:
    based.change(INCIDENT, *fault)
    commit(based.root, "a fault")
    based.change(INCIDENT, *reversed(fault))
    assert codes(based, "--since", "HEAD") == []
    based.change(INCIDENT, "- 11:12 - TODO: test a release with the old index\n", "")
    based.change(INCIDENT, "severity: P1", "severity: P2")
    assert codes(based, "--since", "HEAD") == ["CHG002", "CHG004"]
    (based.root / INCIDENT).unlink()
    assert "CHG007" in codes(based, "--since", "HEAD")


# --- evidence


LOG = "evidence/2026-03-02-good/error.log"
LAST = "- 12:00 - Incident closed by asha\n"


def line_of(content: str, *, summed: bool = True) -> str:
    checksum = f" sha256:{hashlib.sha256(content.encode()).hexdigest()}" if summed else ""
    return f"- 12:01 - Evidence: {LOG}{checksum} the server's log of that hour, saved by bo\n"


@pytest.fixture
def kept(based: Tracker) -> Tracker:
    """The good records with evidence: a file that a line names with its checksum."""
    based.write(LOG, "10:00 error 500\n")
    based.change(INCIDENT, LAST, LAST + line_of("10:00 error 500\n"))
    commit(based.root, "evidence")
    return based


def both(tracker: Tracker) -> list[str]:
    """What the working tree and the index are told, which is the same."""
    found = codes(tracker, "--since", "HEAD")
    git(tracker.root, "add", "--all")
    assert codes(tracker, "--staged") == found
    return found


def test_evidence_that_is_gone_or_another_file_is_found_with_and_without_since(
    kept: Tracker,
) -> None:
    assert (codes(kept), both(kept)) == ([], [])
    kept.write(LOG, "10:00 all is fin\n")
    assert (codes(kept), both(kept)) == (["TML017"], ["TML017"])
    (kept.root / LOG).unlink()
    assert (codes(kept), both(kept)) == (["TML017"], ["TML017"])
    (kept.root / LOG).symlink_to("/etc/hostname")
    assert (codes(kept), both(kept)) == (["TML017"], ["TML017"])


def test_a_file_and_the_checksum_of_its_line_are_not_replaced_together(kept: Tracker) -> None:
    kept.write(LOG, "10:00 all is fin\n")
    kept.change(INCIDENT, line_of("10:00 error 500\n"), line_of("10:00 all is fin\n"))
    assert (codes(kept), both(kept)) == ([], ["CHG014"])
    kept.change(INCIDENT, line_of("10:00 all is fin\n"), line_of("", summed=False))
    assert sorted(both(kept)) == ["CHG014", "CHG015"]


def test_a_kept_file_that_no_line_names_stays_as_well(kept: Tracker) -> None:
    other = "evidence/2026-03-02-good/other.log"
    kept.write(other, "one\n")
    kept.write("evidence/README.md", "What is kept here.\n")
    assert both(kept) == []
    commit(kept.root, "another file")
    kept.write(other, "number one\n")
    kept.write("evidence/README.md", "What is kept.\n")
    assert both(kept) == ["CHG015"]
    (kept.root / other).unlink()
    assert both(kept) == ["CHG015"]


def test_evidence_goes_with_the_incident_that_is_renamed_or_erased(kept: Tracker) -> None:
    assert kept.incident("rename", "2026-03-02-good", "better").status == 0
    assert both(kept) == []
    commit(kept.root, "renamed")
    said = kept.incident("withdraw", "2026-03-02-better", "--because", "a name", "--erase")
    assert said.status == 0, said.err
    assert both(kept) == []


# --- the protocol itself


PROTOCOL = "protocol/protocol.yml"
LENIENT = ("acknowledge_target: 15m", "acknowledge_target: 15d")


def test_an_order_of_severities_of_the_same_change_ranks_nothing(based: Tracker) -> None:
    based.change(PROTOCOL, "  P0:\n", "  P2:\n")
    text = (based.root / PROTOCOL).read_text("utf-8")
    place = text.index("  P2:\n", text.index("  P2:\n") + 1)
    based.write(PROTOCOL, f"{text[:place]}  P0:\n{text[place + len('  P2:') + 1 :]}")
    based.change(INCIDENT, *LOWERED)
    assert {"CHG002", "CHG012"} <= set(codes(based, "--since", "main"))


def test_an_order_of_statuses_of_the_same_change_ranks_nothing(based: Tracker) -> None:
    based.change(PROTOCOL, "  draft: {", "  later: {")
    based.change(PROTOCOL, "  published: {", "  draft: {")
    based.change(PROTOCOL, "  later: {", "  published: {")
    based.change(REVIEW, "status: published", "status: draft")
    based.change(REVIEW, "published_at: 2026-03-07T09:00-06:00\n", "")
    assert {"CHG001", "CHG012"} <= set(codes(based, "--since", "main"))


def test_rules_under_the_same_version_are_no_others(based: Tracker) -> None:
    based.change(PROTOCOL, *LENIENT)
    for options in (("--since", "main"), ("--since", "HEAD")):
        assert codes(based, *options) == ["CHG012"]
    git(based.root, "add", "--all")
    assert codes(based, "--staged") == ["CHG012"]
    said = based.incident("check", "--staged").out
    assert "the rules of version 2.0.0 were changed: severities (P0)" in said
    assert ":./protocol/protocol.yml > protocol/versions/2.0.0.yml" in said


def test_rules_of_a_higher_version_are_others_where_the_old_ones_are_kept(based: Tracker) -> None:
    kept = (based.root / PROTOCOL).read_text("utf-8")
    based.change(PROTOCOL, *LENIENT)
    based.change(PROTOCOL, "version: 2.0.0\n", "version: 2.1.0\n")
    assert set(codes(based, "--since", "main")) == {"INC017"}
    based.write("protocol/versions/2.0.0.yml", kept)
    assert codes(based, "--since", "main") == []
    based.write("protocol/versions/2.0.0.yml", kept.replace(*LENIENT))
    assert codes(based, "--since", "main") == ["CHG012"]
    based.write("protocol/versions/2.0.0.yml", kept)
    based.change(PROTOCOL, "version: 2.1.0\n", "version: 1.9.0\n")
    assert "CHG012" in codes(based, "--since", "main")


def test_a_kept_version_stands(based: Tracker) -> None:
    kept = (based.root / PROTOCOL).read_text("utf-8")
    based.change(PROTOCOL, "version: 2.0.0\n", "version: 2.1.0\n")
    based.write("protocol/versions/2.0.0.yml", kept)
    commit(based.root, "a new version")
    based.write("protocol/versions/2.0.0.yml", kept.replace(*LENIENT))
    assert codes(based, "--since", "HEAD") == ["CHG012"]


@pytest.mark.parametrize(
    "change",
    [
        ("organisation: Campaign website", "organisation: Another one"),
        ("commands_omit_id_for: 12h", "commands_omit_id_for: 6h"),
        ("meaning: complete failure or active breach", "meaning: everything is down"),
        ("default_component: website", "default_component: search"),
    ],
)
def test_what_judges_no_record_changes_freely(based: Tracker, change: tuple[str, str]) -> None:
    based.change(PROTOCOL, *change)
    assert codes(based, "--since", "main") == []


def test_before_the_first_record_the_protocol_is_written_freely(good_tracker: Tracker) -> None:
    for folder in ("incidents", "pir"):
        (good_tracker.root / folder).rename(good_tracker.root / f".{folder}")
    begin(good_tracker.root)
    good_tracker.change(PROTOCOL, *LENIENT)
    for folder in ("incidents", "pir"):
        (good_tracker.root / f".{folder}").rename(good_tracker.root / folder)
    assert codes(good_tracker, "--since", "main") == []


# --- baseline


def test_a_baseline_accepts_what_was_there_and_nothing_new(based: Tracker) -> None:
    based.change(INCIDENT, *UNMARKED)
    said = based.incident("check", "--strict", "--baseline", BASELINE, "--write-baseline")
    assert said.status == 0
    assert said.out.startswith(f"wrote {BASELINE}: it accepts 1 finding")
    based.change(INCIDENT, "- 09:55 - Impact started", "- nine - Impact started")
    assert codes(based, "--baseline", BASELINE) != []
    based.change(INCIDENT, "- nine - Impact started", "- 09:55 - Impact started")
    said = based.incident("check", "--strict", "--baseline", BASELINE)
    assert (said.status, said.out.strip()) == (
        0,
        "no errors, no warnings in 5 files; 1 older in the baseline",
    )


def test_a_baseline_only_gets_shorter(based: Tracker) -> None:
    based.change(INCIDENT, *UNMARKED)
    based.incident("check", "--baseline", BASELINE, "--write-baseline")
    before = (based.root / BASELINE).read_text("utf-8")
    based.change(REVIEW, "attendees: [asha, bo, chen, dana]\n", "")
    based.incident("check", "--baseline", BASELINE, "--write-baseline")
    assert (based.root / BASELINE).read_text("utf-8") == before
    based.change(INCIDENT, "started_at:", "detected_by: monitoring\nstarted_at:")
    said = based.incident("check", "--baseline", BASELINE)
    assert "1 of the baseline mended" in said.out
    based.incident("check", "--baseline", BASELINE, "--write-baseline")
    assert json.loads((based.root / BASELINE).read_text("utf-8"))["findings"] == []


def test_a_baseline_that_was_made_longer_by_hand_is_an_error(based: Tracker) -> None:
    based.change(INCIDENT, *UNMARKED)
    based.incident("check", "--baseline", BASELINE, "--write-baseline")
    commit(based.root, "adopt")
    text = (based.root / BASELINE).read_text("utf-8")
    based.write(BASELINE, text.replace('"count": 1', '"count": 2'))
    assert codes(based, "--since", "HEAD", "--baseline", BASELINE) == ["CHG009"]


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1}', "{" * 100_000, '{"version": 9}'])
def test_a_broken_baseline_is_refused(based: Tracker, text: str) -> None:
    based.write(BASELINE, text)
    said = based.incident("check", "--baseline", BASELINE)
    assert said.status == 2
    assert f"{BASELINE} is no baseline" in said.err


def test_a_missing_baseline_is_refused_with_the_command_that_writes_it(based: Tracker) -> None:
    said = based.incident("check", "--baseline", BASELINE)
    assert said.status == 2
    assert f"incident check --baseline {BASELINE} --write-baseline" in said.err


@pytest.mark.parametrize(
    "options",
    [
        ("--staged", "--since", "main"),
        ("--staged", "--fix"),
        ("--write-baseline",),
        ("--since", "main", "--baseline", BASELINE, "--write-baseline"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    based: Tracker, options: tuple[str, ...]
) -> None:
    assert based.incident("check", *options).status == 2


# --- rows 23 to 26: names, hostile repositories, one door to Git, shallow clones


@pytest.mark.parametrize("name", ["--output=f", "-x", "a;b", "$(id)", "nowhere", "a\nb", ""])
def test_row_23_a_name_that_is_no_commit_writes_nothing(based: Tracker, name: str) -> None:
    before = sorted(based.root.iterdir())
    said = based.incident("check", f"--since={name}")
    assert said.status == 2
    assert "is no commit here" in said.err
    assert sorted(based.root.iterdir()) == before


def test_row_23_a_branch_that_is_named_like_an_option_is_a_branch(based: Tracker) -> None:
    head = git(based.root, "rev-parse", "HEAD")
    git(based.root, "update-ref", "refs/heads/--output=pwn", head)
    based.change(INCIDENT, *LOWERED)
    assert codes(based, "--since=refs/heads/--output=pwn") == ["CHG002"]
    assert not (based.root / "pwn").exists()


def test_row_24_a_hostile_repository_runs_nothing(based: Tracker, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    run = f"touch {canary}"
    for key in ("core.fsmonitor", "diff.external", "core.pager", "core.editor", "gpg.program"):
        git(based.root, "config", key, run)
    for key in ("diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge"):
        git(based.root, "config", key, run)
    git(based.root, "config", "log.showSignature", "true")
    (based.root / ".gitattributes").write_text("* diff=evil filter=evil\n")
    for name in ("pre-commit", "post-index-change", "reference-transaction", "post-checkout"):
        hook = based.root / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\n{run}\n")
        hook.chmod(0o755)
    based.change(INCIDENT, *LOWERED)
    assert codes(based, "--since", "main") == ["CHG002"]
    assert codes(based, "--staged") == []
    assert not canary.exists()


def test_row_24_an_embedded_repository_is_a_finding_and_never_ours(
    based: Tracker, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    evil = based.root / "incidents" / "evil"
    git(tmp_path, "init", "--quiet", "--bare", str(evil))
    git(evil, "config", "core.fsmonitor", f"touch {canary}")
    (evil / "2026-03-02-x.md").write_text("x")
    said = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "check", "--since", "main"],
        cwd=evil,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "is a Git repository of its own" in said.stdout
    assert not canary.exists()


def test_row_25_gitpython_is_met_in_one_room_and_git_never_called_by_name() -> None:
    package = ROOT / "tools" / "incident_tracker"
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and node.level == 0
                else []
            )
        }
        room = path.relative_to(package).parts[0]
        assert room == "history" or not imported & {"git", "gitdb", "subprocess"}, path
        dynamic = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "git"]
        assert not dynamic, path


@pytest.mark.parametrize("depth", [1, 2])
def test_row_26_a_shallow_clone_is_refused_with_the_remedy(
    based: Tracker, tmp_path: Path, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        based.write("README.md", f"{number}\n")
        commit(based.root, f"number {number}")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", f"--depth={depth}", f"file://{based.root}", str(clone))
    monkeypatch.chdir(clone)
    said = based.incident("check", "--since", "HEAD")
    assert said.status == 2
    assert "fetch-depth: 0" in said.err


def test_an_environment_that_points_elsewhere_is_not_followed(
    based: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    based.change(INCIDENT, *LOWERED)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_PARAMETERS"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert codes(based, "--since", "main") == ["CHG002"]


def test_no_repository_is_said_with_the_remedy(good_tracker: Tracker) -> None:
    said = good_tracker.incident("check", "--since", "main")
    assert said.status == 2
    assert "needs a Git repository" in said.err
    assert "git init" in said.err


def test_a_sha256_repository_is_read_as_well(good_tracker: Tracker) -> None:
    git(good_tracker.root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    commit(good_tracker.root, "begin")
    good_tracker.change(INCIDENT, *LOWERED)
    assert codes(good_tracker, "--since", "main") == ["CHG002", "TML018"]
