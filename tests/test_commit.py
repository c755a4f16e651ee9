"""`--commit` and `--branch` where others write as well: nothing that is in Git gets lost."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from threading import Timer

import pytest
from gitting import commit, cut_off, git, typed_in
from typed import Tracker

from incident_tracker.history import index

INCIDENT = "incidents/2026/2026-03-30-search-fails.md"
NEW = ("new", "Search fails", "--severity", "P2", "--component", "search", "--by", "bo")
AT = ("--now", "2026-03-30T09:00-05:00")
LATER = ("--now", "2026-03-30T09:10-05:00")


# --- a branch that is not checked out, and others who write into it


@pytest.fixture
def other(named: Tracker, remote: Path, tmp_path: Path) -> Path:
    """A clone that has the branch `inc` checked out, to which a new incident was pushed."""
    assert named.incident(*NEW, *AT, "--branch", "inc", "--push").status == 0
    clone = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--branch", "inc", str(remote), str(clone))
    return clone


def log(named: Tracker, text: str, *more: str) -> None:
    said = named.incident("log", "search-fails", text, *LATER, *more)
    assert said.status == 0, said.err


def lines_of(folder: Path, branch: str) -> list[str]:
    text = git(folder, "show", f"{branch}:{INCIDENT}")
    return [line.rpartition(" - ")[2] for line in text.splitlines() if line.startswith("- 09:10")]


def test_what_others_pushed_to_a_branch_stays_on_it(
    named: Tracker, remote: Path, other: Path
) -> None:
    typed_in(other, "log", "search-fails", "Theirs", *LATER, "--push")
    for text in ("Second", "Third", "Fourth"):
        log(named, text, "--branch", "inc", "--push")
    assert sorted(lines_of(remote, "inc")) == ["Fourth", "Second", "Theirs", "Third"]


def test_what_others_corrected_on_a_branch_stays_corrected(
    named: Tracker, remote: Path, other: Path
) -> None:
    log(named, "Release 41", "--branch", "inc", "--push")
    git(other, "pull", "--quiet")
    record = other / INCIDENT
    changed = record.read_text().replace("Release 41", "Release 42").replace("Search", "Finding")
    record.write_text(changed)
    commit(other, "corrected")
    git(other, "push", "--quiet")
    log(named, "Second", "--branch", "inc", "--push")
    log(named, "Third", "--branch", "inc", "--push")
    assert lines_of(remote, "inc") == ["Release 42", "Second", "Third"]
    assert "title: Finding fails" in git(remote, "show", f"inc:{INCIDENT}")


def test_a_contradiction_on_a_branch_is_an_error_and_loses_nothing(
    named: Tracker, remote: Path, other: Path
) -> None:
    typed_in(other, "set", "search-fails", "title=Theirs", *LATER, "--push")
    log(named, "Level", "--branch", "inc", "--push")
    stood = git(named.root, "rev-parse", "inc")
    said = named.incident("set", "search-fails", "title=Ours", *LATER, "--branch", "inc", "--push")
    assert said.status == 1
    assert f"{INCIDENT} was changed there in ways that contradict, on inc" in said.err
    assert "git worktree add ../inc inc" in said.err
    assert "title: Ours" in (named.root / INCIDENT).read_text()
    assert git(named.root, "rev-parse", "inc") == git(remote, "rev-parse", "inc") == stood


def test_a_record_that_was_taken_away_on_the_branch_does_not_come_back(
    named: Tracker, remote: Path, other: Path
) -> None:
    typed_in(other, "rename", "search-fails", "search-slow", "--push")
    log(named, "Level", "--branch", "unrelated")
    git(named.root, "fetch", "--quiet", "origin", "inc")
    git(named.root, "update-ref", "refs/heads/inc", "FETCH_HEAD")
    said = named.incident("log", "search-fails", "Ours", *LATER, "--branch", "inc")
    assert said.status == 1
    assert f"{INCIDENT} was taken away there, on inc" in said.err
    assert INCIDENT not in git(named.root, "ls-tree", "-r", "--name-only", "inc")


def test_unsaved_lines_go_along_while_nobody_else_wrote_there(named: Tracker) -> None:
    record = next((named.root / "incidents").rglob("*.md"))
    path = record.relative_to(named.root).as_posix()
    assert named.incident("log", record.stem, "Unsaved", "--now", "2026-03-30T10:00Z").status == 0
    git(named.root, "commit", "--quiet", "--allow-empty", "--message", "on")
    git(named.root, "branch", "inc", "HEAD~1")
    said = named.incident(
        "log", record.stem, "Saved", "--now", "2026-03-30T10:01Z", "--branch", "inc"
    )
    assert (said.status, said.err) == (0, "")
    text = git(named.root, "show", f"inc:{path}")
    assert [text.count(line) for line in ("- Unsaved", "- Saved")] == [1, 1]


def test_a_line_that_was_left_out_of_the_branch_is_named(named: Tracker, other: Path) -> None:
    typed_in(other, "log", "search-fails", "Theirs", *LATER, "--push")
    log(named, "Level", "--branch", "inc", "--push")
    log(named, "Written without the branch")
    said = named.incident("log", "search-fails", "Ours", *LATER, "--branch", "inc", "--push")
    assert said.status == 0
    assert "lines that were never committed to inc: - 09:10 - Written without" in said.err
    assert sorted(lines_of(named.root, "inc")) == ["Level", "Ours", "Theirs"]
    assert "Written without the branch" in (named.root / INCIDENT).read_text()


def test_a_renaming_does_not_take_what_others_wrote_away(
    named: Tracker, remote: Path, other: Path
) -> None:
    typed_in(other, "log", "search-fails", "Theirs", *LATER, "--push")
    said = named.incident("rename", "search-fails", "search-slow", "--branch", "inc", "--push")
    assert said.status == 1
    assert "contradict" in said.err
    assert "Theirs" in git(remote, "show", f"inc:{INCIDENT}")


def test_a_branch_that_another_working_tree_has_is_refused(named: Tracker, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    git(named.root, "worktree", "add", "--quiet", "-b", "inc", str(beside))
    stood = git(named.root, "rev-parse", "inc")
    said = named.incident(*NEW, *AT, "--branch", "inc")
    assert said.status == 1
    assert f"inc is checked out in {beside}" in said.err
    assert f'cd "{beside}"' in said.err
    assert (named.root / INCIDENT).exists()
    assert git(named.root, "rev-parse", "inc") == stood
    assert git(beside, "status", "--porcelain") == ""
    typed_in(beside, *NEW, *AT, "--commit")
    assert git(beside, "show", "--name-only", "--format=") == INCIDENT


# --- the index, locked or cut off


def test_an_index_that_another_git_holds_is_waited_for(named: Tracker) -> None:
    lock = named.root / ".git" / "index.lock"
    lock.touch()
    timer = Timer(0.5, lock.unlink)
    timer.start()
    said = named.incident(*NEW, *AT, "--commit")
    timer.join()
    assert (said.status, said.err) == (0, "")
    assert git(named.root, "status", "--porcelain") == ""


def test_an_index_that_stays_locked_is_refused_before_anything_moves(
    named: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.1)
    assert named.incident(*NEW, *AT, "--commit").status == 0
    lock = named.root / ".git" / "index.lock"
    lock.touch()
    stood = git(named.root, "rev-parse", "HEAD")
    said = named.incident("log", "search-fails", "Precious", *LATER, "--commit")
    assert said.status == 1
    assert "another git is at work here, or was cut off" in said.err
    assert f"rm {lock}" in said.err
    assert git(named.root, "rev-parse", "HEAD") == stood
    assert lock.read_bytes() == b""
    lock.unlink()
    plain_commit(named.root)
    log(named, "Next", "--commit")
    assert lines_of(named.root, "HEAD") == ["Precious", "Next"]
    assert git(named.root, "status", "--porcelain") == ""


def plain_commit(folder: Path) -> None:
    """Commit something else, as people do."""
    with (folder / "notes.txt").open("a") as notes:
        notes.write("more\n")
    git(folder, "add", "notes.txt")
    git(folder, "commit", "--quiet", "--message", "notes")


def test_killed_in_front_of_any_git_nothing_that_was_committed_is_taken_back(
    named: Tracker,
) -> None:
    assert named.incident(*NEW, *AT, "--commit").status == 0
    number, locked = 0, 0
    while cut_off(named.root, number, "log", "search-fails", f"No {number}", *LATER, "--commit"):
        before = set(lines_of(named.root, "HEAD"))
        lock = named.root / ".git" / "index.lock"
        locked += lock.exists()
        lock.unlink(missing_ok=True)
        plain_commit(named.root)
        assert before <= set(lines_of(named.root, "HEAD"))
        number += 1
    assert locked > 3
    assert lines_of(named.root, "HEAD") == [f"No {n}" for n in range(number + 1)]
    assert git(named.root, "status", "--porcelain") == ""


def test_the_lock_of_a_command_that_was_killed_holds_nobody_up(named: Tracker) -> None:
    assert named.incident(*NEW, *AT, "--commit").status == 0
    lock = named.root / ".git" / "index.lock"
    number = 0
    while not lock.exists():
        assert cut_off(
            named.root, number, "log", "search-fails", f"No {number}", *LATER, "--commit"
        )
        number += 1
    log(named, "Next", "--commit")
    assert lines_of(named.root, "HEAD") == [*(f"No {n}" for n in range(number)), "Next"]
    assert not lock.exists()
    assert [path.name for path in lock.parent.glob("index*")] == ["index"]


def test_the_lock_of_a_command_that_runs_is_respected(
    named: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.1)
    lock = named.root / ".git" / "index.lock"
    lock.write_text(f"incident {platform.node()} {os.getppid()}\n")
    assert named.incident(*NEW, *AT, "--commit").status == 1
    assert lock.exists()


# --- commands of the repository's own configuration


@pytest.fixture
def ran(named: Tracker, tmp_path: Path) -> Path:
    """A file that the filter `a=b` writes; the repository configures it, for `*.bin`."""
    told = tmp_path / "ran"
    named.write(".gitattributes", "*.bin filter=a=b\n")
    named.write("data.bin", "data\n")
    commit(named.root, "data")
    for kind in ("clean", "smudge"):
        git(named.root, "config", f"filter.a=b.{kind}", f"echo {kind} >> {told}; cat")
    git(named.root, "config", "filter.a=b.required", "true")
    return told


def test_no_filter_of_the_repository_runs(
    named: Tracker, ran: Path, remote: Path, tmp_path: Path
) -> None:
    named.write("data.bin", "DATA\n")  # as long as before: Git must look into it
    assert named.incident(*NEW, *AT, "--commit").status == 0
    assert named.incident("log", "search-fails", "Line", *LATER, "--branch", "inc").status == 0
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    (other / "more.txt").write_text("more\n")
    commit(other, "more")
    git(other, "push", "--quiet")
    assert named.incident("log", "search-fails", "Line", *LATER, "--push").status == 0
    assert (named.root / "more.txt").exists()
    assert not ran.exists()
    git(named.root, "add", "data.bin")
    assert ran.read_text() == "clean\n"  # it would have


def test_a_file_that_only_a_filter_of_the_repository_writes_stays_behind(
    named: Tracker, ran: Path, remote: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    (other / "more.bin").write_text("more\n")
    commit(other, "more")
    git(other, "push", "--quiet")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 0
    assert 'in the way: "a=b", a filter for more.bin that this never runs' in said.err
    assert not (named.root / "more.bin").exists()
    assert not ran.exists()
    assert INCIDENT in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_a_record_that_is_kept_filtered_is_not_committed_unfiltered(
    named: Tracker, ran: Path
) -> None:
    named.write(".gitattributes", "incidents/** filter=a=b\n")
    said = named.incident(*NEW, *AT, "--commit")
    assert said.status == 1
    assert f'{INCIDENT} goes through the filter "a=b"' in said.err
    assert (named.root / INCIDENT).exists()
    assert not ran.exists()


def test_a_filter_of_the_person_runs_as_it_does_for_git(
    named: Tracker, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text('[filter "up"]\n\tsmudge = tr a-z A-Z\n\tclean = tr A-Z a-z\n')
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    (other / ".gitattributes").write_text("*.bin filter=up\n")
    (other / "more.bin").write_text("more\n")
    commit(other, "more")
    git(other, "push", "--quiet")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert named.incident(*NEW, *AT, "--push").status == 0
    assert (named.root / "more.bin").read_text() == "MORE\n"
