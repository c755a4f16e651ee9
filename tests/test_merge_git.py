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
    assert f"conflict: {INCIDENT}: both sides changed title" in said.out
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


def test_a_driver_without_a_tracker_leaves_the_merge_to_git(tmp_path: Path) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(f"{name}\n")
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "merge-file", "base", "ours", "theirs"],
        cwd=tmp_path,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 129
    assert (tmp_path / "ours").read_text() == "ours\n"


def test_init_tells_git_and_a_clone_is_told_with_one_command(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    assert good_tracker.incident("init", str(tmp_path / "t")).status == 0
    assert "merge-file %O %A %B %P" in git(tmp_path / "t", "config", "merge.incident.driver")
    assert "incidents/** merge=incident" in (tmp_path / "t" / ".gitattributes").read_text()
    begin(good_tracker.root)
    assert good_tracker.incident("merge", "--install").status == 0
    assert "merge-file" in git(good_tracker.root, "config", "merge.incident.driver")
