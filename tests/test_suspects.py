"""Commits of another repository before an incident: which ones, in what order, and as text."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from gitting import IDENTITY, git
from typed import Tracker

INCIDENT = "2026-03-02-good"  # its impact began at 09:55 -06:00


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with commits before, in and behind the day before the incident."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")

    def commit(when: str, message: str, *files: str) -> None:
        for name in files:
            (folder / name).write_text(message)
        monkeypatch.setitem(IDENTITY, "GIT_COMMITTER_DATE", when)
        monkeypatch.setitem(IDENTITY, "GIT_AUTHOR_DATE", "2020-01-01T00:00Z")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", message)

    commit("2026-03-01T09:54:59-06:00", "a second too old", "old")
    commit("2026-03-01T09:55:00-06:00", "the first of the window", "a", "b", "\x01c\nd")
    commit("2026-03-02T16:30:00+01:00", "::error::$(touch hacked) \x1b[31mred", "a")
    commit("2026-03-02T09:55:00-06:00", "the last of the window", "a")
    commit("2026-03-02T09:55:01-06:00", "a second too late", "a")
    return folder


def found(tracker: Tracker, *arguments: str) -> list[dict[str, object]]:
    said = tracker.incident("suspects", INCIDENT, *arguments, "--format", "json")
    assert said.status == 0, said.err
    suspects: list[dict[str, object]] = json.loads(said.out)["suspects"]
    return suspects


def test_commits_of_the_window_are_listed_newest_first_both_ends_included(
    good_tracker: Tracker, shop: Path
) -> None:
    told = [
        (one["subject"], one["at"], one["files"])
        for one in found(good_tracker, "--repo", str(shop))
    ]

    assert [subject for subject, _, _ in told] == [
        "the last of the window",
        "::error::$(touch hacked) \x1b[31mred",
        "the first of the window",
    ]
    assert told[1][1:] == ("2026-03-02T16:30:00+01:00", 1)
    assert told[2][2] == 3  # the name of a file may look like the beginning of a commit


def test_a_window_may_be_given_and_else_is_the_protocols(good_tracker: Tracker, shop: Path) -> None:
    short = found(good_tracker, "--repo", str(shop), "--window", "30m")
    assert [one["subject"] for one in short] == [
        "the last of the window",
        "::error::$(touch hacked) \x1b[31mred",
    ]

    good_tracker.change("protocol/protocol.yml", "suspects_window: 24h", "suspects_window: 25h")
    assert len(found(good_tracker, "--repo", str(shop))) == 4


def test_the_line_to_log_is_one_word_of_a_shell_and_is_understood(
    good_tracker: Tracker, shop: Path
) -> None:
    said = good_tracker.incident("suspects", INCIDENT, "--repo", str(shop))
    line = next(line for line in said.out.splitlines() if line.startswith("log it: "))
    _, *words = shlex.split(line.removeprefix("log it: "))
    words[1] = INCIDENT

    logged = good_tracker.incident(*words, "--at", "2026-03-02T10:21-06:00")

    assert logged.status == 0, logged.err
    assert "\x1b" not in said.out
    assert "hacked" not in line
    assert "checked      changes: 3 commits in shop" in good_tracker.incident("show", INCIDENT).out


def test_the_environment_leads_to_no_other_repository(
    good_tracker: Tracker, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))

    assert len(found(good_tracker, "--repo", str(shop))) == 3


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--window", "soon"), 2, '"soon" is no length of time'),
        (("--window", "9999999d"), 2, "is no length of time"),
        (("--ref", "--all"), 2, '"--all" is no commit here'),
        (("--ref", "nowhere"), 2, '"nowhere" is no commit here'),
    ],
)
def test_what_cannot_be_looked_up_is_said_with_a_remedy(
    good_tracker: Tracker, shop: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    said = good_tracker.incident("suspects", INCIDENT, "--repo", str(shop), *arguments)

    assert said.status == status
    assert message in said.err
    assert "help:" in said.err


def test_a_folder_without_repository_and_one_without_commits_are_told_apart(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert (
        "lies in no Git repository"
        in good_tracker.incident("suspects", INCIDENT, "--repo", str(empty)).err
    )
    git(empty, "init", "--quiet")
    said = good_tracker.incident("suspects", INCIDENT, "--repo", str(empty))
    assert "has no commit yet" in said.err
    assert [path.name for path in empty.iterdir()] == [".git"]


def test_a_bare_repository_is_called_one(good_tracker: Tracker, tmp_path: Path) -> None:
    bare = tmp_path / "shop.git"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    said = good_tracker.incident("suspects", INCIDENT, "--repo", str(bare))
    assert said.status != 0
    assert "shop.git is a bare repository, in which this never looks" in said.err
    assert "git clone" in said.err


def test_where_the_start_is_a_guess_commits_up_to_the_detection_are_suspects(
    empty_tracker: Tracker, shop: Path
) -> None:
    new = ("new", "Slow", "--severity", "P3", "--component", "website", "--slug", "slow")
    assert empty_tracker.incident(*new, "--now", "2026-03-02T10:41-06:00").status == 0
    asked = ("suspects", "slow", "--repo", str(shop), "--now", "2026-03-02T11:00-06:00")
    before = empty_tracker.incident(*asked).out
    assert before.startswith("3 commits in the 1 d before 2026-03-02 10:41\n"), before
    began = ("log", "slow", "Impact started", "--at", "09:30", "--now", "2026-03-02T11:00-06:00")
    assert empty_tracker.incident(*began, "--about").status == 0
    said = empty_tracker.incident(*asked).out
    head = "5 commits in the 1 d before about 2026-03-02 09:30 and up to the detection at 10:41\n"
    assert said.startswith(head), said
    assert "a second too late" in said
    # Clocks are those of the incident, whatever those of the commits are.
    assert "  2026-03-02T09:30-06:00  " in said
    assert "+01:00" not in said
