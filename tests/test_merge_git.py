"""Two branches, one record, real Git: with the driver, without it, and what a person is left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gitting import IDENTITY, begin, commit, git
from typed import Tracker

INCIDENT = "incidents/2026/2026-03-02-good.md"
REVIEW = "pir/2026/2026-03-02-good.md"
CLOSED = "- 12:00 - Incident closed by asha\n"
ATTRIBUTES = "incidents/** merge=incident\npir/** merge=incident\n"
DRIVER = f"{sys.executable} -m incident_tracker merge-file %O %A %B %P"
BOTH = "- 12:05 - Ours\n- 12:06 - Theirs\n"


@pytest.fixture
def two(good_tracker: Tracker) -> Tracker:
    """On branch ``ours``, with a branch ``theirs``: both logged behind the last line."""
    begin(good_tracker.root)
    for name, line in (("theirs", "- 12:06 - Theirs\n"), ("ours", "- 12:05 - Ours\n")):
        git(good_tracker.root, "checkout", "--quiet", "-b", name, "main")
        good_tracker.change(INCIDENT, CLOSED, CLOSED + line)
        commit(good_tracker.root, name)
    return good_tracker


def with_driver(tracker: Tracker) -> None:
    git(tracker.root, "config", "merge.incident.driver", DRIVER)
    (tracker.root / ".git" / "info" / "attributes").write_text(ATTRIBUTES)


def text(tracker: Tracker, path: str = INCIDENT) -> str:
    return (tracker.root / path).read_text("utf-8")


@pytest.mark.parametrize("how", ["merge", "rebase", "cherry-pick"])
def test_the_driver_leaves_no_conflict(two: Tracker, how: str) -> None:
    with_driver(two)
    git(two.root, how, "theirs")
    assert BOTH in text(two)
    assert git(two.root, "status", "--porcelain") == ""
    assert two.incident("check", "--strict").status == 0


@pytest.mark.parametrize("how", ["merge", "rebase", "cherry-pick"])
def test_where_nobody_configured_it_one_command_does_the_same(two: Tracker, how: str) -> None:
    git(two.root, how, "theirs", expected=1)
    assert "<<<<<<<" in text(two)
    said = two.incident("merge")
    assert said.status == 0, said.out + said.err
    assert said.out.splitlines() == [f"merged {INCIDENT}", f"next: git {how} --continue"]
    assert BOTH in text(two)
    git(two.root, "-c", "core.editor=true", how, "--continue")
    assert two.incident("check", "--strict").status == 0


def test_a_contradiction_is_left_between_markers_and_not_added(two: Tracker) -> None:
    for branch in ("theirs", "ours"):
        git(two.root, "checkout", "--quiet", branch)
        two.change(INCIDENT, "title: Search shows an error", f"title: {branch}, search fails")
        commit(two.root, "title")
    git(two.root, "merge", "theirs", expected=1)
    said = two.incident("merge")
    assert said.status == 1
    assert f"conflict: {INCIDENT}:2: both sides changed title" in said.out
    assert text(two).count("<<<<<<<") == 1
    assert BOTH in text(two)
    assert git(two.root, "diff", "--name-only", "--diff-filter=U") == INCIDENT


def test_other_files_and_deleted_ones_are_left_alone_and_named(two: Tracker) -> None:
    for branch in ("theirs", "ours"):
        git(two.root, "checkout", "--quiet", branch)
        two.write("README.md", f"{branch}\n")
        commit(two.root, "words")
    (two.root / REVIEW).unlink()
    commit(two.root, "no review")
    git(two.root, "checkout", "--quiet", "theirs")
    two.change(REVIEW, "followed_up_at: 2026-03-13", "followed_up_at: 2026-03-14")
    commit(two.root, "followed up")
    git(two.root, "checkout", "--quiet", "ours")
    git(two.root, "merge", "theirs", expected=1)
    said = two.incident("merge")
    assert said.status == 1
    assert f"merged {INCIDENT}\n" in said.out
    assert f"{REVIEW} was deleted by ours and changed by the other" in said.out
    assert "left alone: README.md (no record)" in said.out


def test_the_same_id_on_both_branches_is_united(good_tracker: Tracker) -> None:
    path = "incidents/2026/2026-03-30-search-fails.md"
    begin(good_tracker.root)
    for name in ("theirs", "ours"):
        git(good_tracker.root, "checkout", "--quiet", "-b", name, "main")
        new = ("new", "Search fails", "--severity", "P3", "--component", "search")
        at = "2026-03-30T09:00-05:00"
        assert good_tracker.incident(*new, "--now", at).status == 0
        good_tracker.incident("log", f"Seen by {name}", "--now", "2026-03-30T09:05-05:00")
        commit(good_tracker.root, name)
    git(good_tracker.root, "merge", "theirs", expected=1)
    assert good_tracker.incident("merge").status == 0
    assert "Seen by ours" in text(good_tracker, path)
    assert "Seen by theirs" in text(good_tracker, path)


def test_nothing_in_conflict_says_so(two: Tracker) -> None:
    said = two.incident("merge")
    assert (said.status, said.out) == (0, "no file is in conflict, nothing to merge\n")
    git(two.root, "merge", "theirs", expected=1)
    assert two.incident("merge", "incidents/2026/other.md").status == 3


def test_a_tracker_in_a_folder_of_the_repository(two: Tracker, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    (two.root / ".git").rename(tmp_path / "old.git")
    two.root.rename(whole / "tracker")
    inner = Tracker(root=whole / "tracker", read=two.read)
    os.chdir(inner.root)
    begin(whole)
    for name in ("theirs", "ours"):
        git(whole, "checkout", "--quiet", "-b", name, "main")
        inner.change(INCIDENT, CLOSED, f"{CLOSED}- 12:0{len(name) - 3} - {name}\n")
        commit(whole, name)
    git(whole, "merge", "theirs", expected=1)
    assert inner.incident("merge").status == 0
    assert "theirs" in text(inner)
    git(whole, "merge", "--abort")
    git(whole, "config", "merge.incident.driver", DRIVER)
    (whole / ".git" / "info" / "attributes").write_text("tracker/incidents/** merge=incident\n")
    git(whole, "merge", "theirs")
    assert "- 12:01 - ours\n- 12:03 - theirs\n" in text(inner)


def drive(folder: Path, **texts: bytes) -> subprocess.CompletedProcess[str]:
    """Run the driver on three files in a folder."""
    for name, text in texts.items():
        (folder / name).write_bytes(text)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "incident_tracker",
            "merge-file",
            "base",
            "ours",
            "theirs",
            INCIDENT,
        ],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_driver_without_a_tracker_merges_by_line(tmp_path: Path) -> None:
    done = drive(tmp_path, base=b"a\nb\nc\n", ours=b"A\nb\nc\n", theirs=b"a\nb\nC\n")
    assert done.returncode == 0
    assert "merged by line, for no tracker can be read" in done.stderr
    assert (tmp_path / "ours").read_text() == "A\nb\nC\n"
    done = drive(tmp_path, base=b"a\n", ours=b"b\n", theirs=b"c\n")
    assert done.returncode == 1
    marked = "<<<<<<< ours (this branch)\nb\n=======\nc\n>>>>>>> theirs (what is merged in)\n"
    assert (tmp_path / "ours").read_text() == marked


def test_bytes_that_are_no_text_survive_the_driver(tmp_path: Path) -> None:
    done = drive(tmp_path, base=b"a\xff\nb\nc\n", ours=b"a\xff\nb\nC\n", theirs=b"A\xff\nb\nc\n")
    assert (done.returncode, (tmp_path / "ours").read_bytes()) == (0, b"A\xff\nb\nC\n")
    done = drive(tmp_path, base=b"\0a", ours=b"\0b", theirs=b"\0c")
    assert (done.returncode, (tmp_path / "ours").read_bytes()) == (1, b"\0b")
    assert "is no text" in done.stderr


@pytest.mark.parametrize("program", ["", "#!/bin/sh\nexit 1\n", "#!/bin/sh\nexit 2\n"])
def test_where_our_program_is_missing_or_fails_both_sides_stay_in_the_file(
    two: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    (two.root / ".git" / "info" / "attributes").write_text(ATTRIBUTES)
    assert two.incident("merge", "--install").status == 0
    programs = tmp_path / "bin"
    programs.mkdir()
    if program:
        (programs / "incident").write_text(program)
        (programs / "incident").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    git(two.root, "merge", "theirs", expected=1)
    both = "<<<<<<< ours\n- 12:05 - Ours\n=======\n- 12:06 - Theirs\n>>>>>>> theirs\n"
    assert both in text(two)
    assert two.incident("merge").status == 0
    assert BOTH in text(two)


def test_a_file_mended_by_hand_is_not_written_over(two: Tracker) -> None:
    git(two.root, "merge", "theirs", expected=1)
    path = two.root / INCIDENT
    mended = text(two).replace("<<<<<<< HEAD\n", "").replace("=======\n", "")
    mended = mended.replace(">>>>>>> theirs\n", "").replace("Theirs", "Theirs, by hand")
    path.write_text(mended, encoding="utf-8")
    said = two.incident("merge")
    assert said.status == 1
    assert f"{INCIDENT} was mended by hand already" in said.out
    assert f"keep that: git add {INCIDENT}" in said.out
    assert text(two) == mended


def test_in_a_rebase_the_markers_say_whose_words_these_are(two: Tracker) -> None:
    for branch in ("theirs", "ours"):
        git(two.root, "checkout", "--quiet", branch)
        two.change(INCIDENT, "title: Search shows an error", f"title: {branch}, search fails")
        commit(two.root, "title")
    with_driver(two)
    git(two.root, "rebase", "theirs", expected=1)
    expected = (
        "<<<<<<< ours (what is rebased onto)\ntitle: theirs, search fails for every visitor\n"
        "=======\ntitle: ours, search fails for every visitor\n>>>>>>> theirs (your commit)\n"
    )
    assert expected in text(two)
    said = two.incident("merge", INCIDENT)
    assert expected in text(two)
    assert f"conflict: {INCIDENT}:2: both sides changed title" in said.out
    assert "incident check --fix, git add, then git rebase --continue" in said.out


def test_a_repository_of_sha256_is_merged_as_well(good_tracker: Tracker) -> None:
    git(good_tracker.root, "init", "--quiet", "--object-format=sha256", "--initial-branch", "main")
    commit(good_tracker.root, "begin")
    for name, line in (("theirs", "- 12:06 - Theirs\n"), ("ours", "- 12:05 - Ours\n")):
        git(good_tracker.root, "checkout", "--quiet", "-b", name, "main")
        good_tracker.change(INCIDENT, CLOSED, CLOSED + line)
        commit(good_tracker.root, name)
    git(good_tracker.root, "merge", "theirs", expected=1)
    assert good_tracker.incident("merge").status == 0
    assert BOTH in text(good_tracker)


def test_init_tells_git_and_a_clone_is_told_with_one_command(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    assert good_tracker.incident("init", str(tmp_path / "t")).status == 0
    assert "merge-file %O %A %B %P" in git(tmp_path / "t", "config", "merge.incident.driver")
    assert "incidents/** merge=incident" in (tmp_path / "t" / ".gitattributes").read_text()
    begin(good_tracker.root)
    assert good_tracker.incident("merge", "--install").status == 0
    assert "merge-file" in git(good_tracker.root, "config", "merge.incident.driver")
