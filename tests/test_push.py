"""`--commit`, `--branch` and `--push`: what is committed, what stays untouched; nothing is lost."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import Timer

import pytest
from gitting import IDENTITY, begin, commit, cut_off, git, others_push, type_in, typed_in
from typed import Tracker

from conftest import ROOT

INCIDENT = "incidents/2026/2026-03-30-search-fails.md"
NEW = ("new", "Search fails", "--severity", "P2", "--component", "search", "--by", "bo")
AT = ("--now", "2026-03-30T09:00-05:00")
LATER = ("--now", "2026-03-30T09:10-05:00")


def files_of(folder: Path, commit_: str = "HEAD") -> list[str]:
    return git(folder, "show", "--name-only", "--format=", commit_).splitlines()


# --- --commit and --branch


def test_only_what_the_command_wrote_is_committed(named: Tracker) -> None:
    named.write("README.md", "staged\n")
    git(named.root, "add", "README.md")
    named.write("README.md", "staged and changed\n")
    named.write("runbooks/new.md", "untracked\n")
    said = named.incident(*NEW, *AT, "--commit")
    assert said.status == 0, said.err
    assert files_of(named.root) == [INCIDENT]
    assert git(named.root, "log", "-1", "--format=%s") == "2026-03-30-search-fails: new"
    state = git(named.root, "status", "--porcelain").splitlines()
    assert state == ["AM README.md", "?? runbooks/new.md"]
    assert git(named.root, "show", ":README.md") == "staged"


def test_evidence_goes_with_its_record(named: Tracker) -> None:
    named.incident(*NEW, *AT, "--commit")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "incident_tracker",
            "evidence",
            "--label",
            "log",
            *LATER,
            "--commit",
        ],
        cwd=named.root,
        input="lines\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {path.partition("/")[0] for path in files_of(named.root)} == {"evidence", "incidents"}


def test_a_hook_holds_nobody_up(named: Tracker) -> None:
    hook = named.root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert named.incident(*NEW, *AT, "--commit").status == 0
    assert git(named.root, "status", "--porcelain") == ""


def test_a_branch_gets_the_commit_without_being_checked_out(named: Tracker) -> None:
    assert named.incident(*NEW, *AT, "--branch", "incident/search").status == 0
    assert git(named.root, "branch", "--show-current") == "main"
    assert files_of(named.root, "incident/search") == [INCIDENT]
    assert git(named.root, "rev-list", "--count", "main") == "1"


@pytest.mark.parametrize("name", ["-x", "a..b", "a b", "@{-1}", "", "x.lock"])
def test_a_name_that_no_branch_can_have_is_refused(named: Tracker, name: str) -> None:
    said = named.incident(*NEW, *AT, "--commit", f"--branch={name}")
    assert said.status == (0 if not name else 1)
    assert (named.root / INCIDENT).exists()


def test_without_a_name_the_record_is_written_and_the_remedy_said(
    named: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in IDENTITY:
        if "CONFIG" not in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("EMAIL", "")
    git(named.root, "config", "user.useConfigOnly", "true")
    said = named.incident(*NEW, *AT, "--commit")
    assert said.status == 1
    assert "git config user.name" in said.err
    assert "the record itself is written here" in said.err
    assert (named.root / INCIDENT).exists()


@pytest.mark.parametrize("asked", [("--commit",), ("--branch", "b"), ("--push",)])
def test_without_a_repository_the_record_is_written(
    good_tracker: Tracker, asked: tuple[str, ...]
) -> None:
    said = good_tracker.incident(*NEW, *AT, *asked)
    assert said.status == 1
    assert f"{asked[0]} needs a Git repository" in said.err
    assert (good_tracker.root / INCIDENT).exists()


def test_a_tracker_in_a_folder_of_the_repository(named: Tracker, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    (named.root / ".git").rename(tmp_path / "old.git")
    named.root.rename(whole / "tracker")
    os.chdir(whole / "tracker")
    begin(whole)
    inner = Tracker(root=whole / "tracker", read=named.read)
    assert inner.incident(*NEW, *AT, "--commit").status == 0
    assert files_of(whole) == [f"tracker/{INCIDENT}"]
    assert git(whole, "status", "--porcelain") == ""


# --- --push


def test_what_is_pushed_is_there_and_the_branch_level(named: Tracker, remote: Path) -> None:
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 0, said.err
    assert said.out.splitlines()[-1] == "pushed to origin/main"
    assert git(remote, "rev-parse", "main") == git(named.root, "rev-parse", "main")


def test_the_environment_says_it_once_for_all(
    named: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INCIDENT_PUSH", "1")
    assert "pushed to origin/main" in named.incident(*NEW, *AT).out


def test_the_first_push_into_an_empty_remote(named: Tracker, tmp_path: Path) -> None:
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    git(named.root, "remote", "add", "origin", str(bare))
    assert named.incident(*NEW, *AT, "--push").status == 0
    assert git(bare, "rev-parse", "main") == git(named.root, "rev-parse", "main")


def test_two_clones_at_once_lose_nothing(named: Tracker, remote: Path, tmp_path: Path) -> None:
    named.incident(*NEW, *AT, "--push")
    clones = [tmp_path / "one", tmp_path / "two"]
    for clone in clones:
        git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    rounds = 4
    for number in range(rounds):
        running = [
            type_in(
                clone, "update", "search-fails", "--status", "investigating", "--message",
                f"{clone.name} {number}", "--next-update", "2h", "--push", "--now",
                f"2026-03-30T09:{10 + 2 * number + index}-05:00",
            )
            for index, clone in enumerate(clones)
        ]  # fmt: skip
        for process in running:
            out, _ = process.communicate(timeout=120)
            assert process.returncode == 0, out
            assert "pushed to origin/main" in out
    text = git(remote, "show", f"main:{INCIDENT}")
    for clone in clones:
        assert [text.count(f"{clone.name} {number}\n") for number in range(rounds)] == [1] * rounds
        assert git(clone, "status", "--porcelain") == ""
    assert git(remote, "fsck", "--no-dangling") == ""
    last = tmp_path / "last"
    git(tmp_path, "clone", "--quiet", str(remote), str(last))
    process = type_in(last, "check")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out


def test_what_others_changed_comes_along_and_unsaved_work_stays(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    others_push(remote, tmp_path / "other", "README.md", "theirs\n")
    named.write("notes.txt", "mine\n")
    assert named.incident(*NEW, *AT, "--push").status == 0
    assert (named.root / "README.md").read_text() == "theirs\n"
    assert git(named.root, "status", "--porcelain") == "?? notes.txt"


def test_what_others_wrote_into_the_same_record_comes_along(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    assert named.incident(*NEW, *AT, "--push").status == 0
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    typed_in(other, "log", "search-fails", "Theirs", *LATER, "--push")
    said = named.incident("log", "search-fails", "Ours", *LATER, "--push")
    assert (said.status, said.err) == (0, "")
    assert git(named.root, "status", "--porcelain", "--branch") == "## main...origin/main"
    here = (named.root / INCIDENT).read_text("utf-8")
    assert [here.count(line) for line in ("- Theirs", "- Ours")] == [1, 1]


def test_unsaved_work_in_the_way_is_never_overwritten(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    others_push(remote, tmp_path / "other", "runbooks/good.md", "theirs\n")
    named.write("runbooks/good.md", "mine, not committed\n")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 0, said.err
    assert "in the way: unsaved changes" in said.err
    assert (named.root / "runbooks" / "good.md").read_text() == "mine, not committed\n"
    assert INCIDENT in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_what_was_pushed_from_behind_is_not_pushed_twice(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    others_push(remote, tmp_path / "other", "runbooks/good.md", "theirs\n")
    named.write("runbooks/good.md", "mine, not committed\n")
    named.incident(*NEW, *AT, "--push")
    for text in ("First", "Second"):
        said = named.incident("log", "search-fails", text, *LATER, "--push")
        assert said.status == 0, said.err
        assert "in the way: unsaved changes" in said.err
    kept = git(remote, "show", f"main:{INCIDENT}")
    assert [kept.count(line) for line in ("Incident detected", "- First", "- Second")] == [1, 1, 1]
    stood = git(remote, "rev-parse", "main")
    git(named.root, "checkout", "--quiet", "--", "runbooks")
    assert named.incident("fold", "search-fails", "--push").status == 0
    assert git(remote, "rev-parse", "main") == git(named.root, "rev-parse", "main") == stood
    assert git(named.root, "status", "--porcelain") == ""


def test_a_dead_remote_is_said_and_the_next_push_sends_both(named: Tracker, remote: Path) -> None:
    messages = named.root / "protocol" / "messages"
    shutil.copytree(ROOT / "protocol" / "messages", messages)
    away = remote.rename(remote.with_name("away.git"))
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "cannot be reached" in said.err
    assert "written and committed here" in said.err
    assert named.incident("notify", "search-fails", "initial").status == 0
    assert named.incident("log", "A line", *LATER, "--commit").status == 0
    away.rename(remote)
    assert named.incident("log", "Another", *LATER, "--push").status == 0
    assert "- 09:10 - A line\n- 09:10 - Another" in git(remote, "show", f"main:{INCIDENT}")


def test_a_remote_that_never_answers_is_given_up(
    named: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        git(named.root, "remote", "add", "origin", f"http://127.0.0.1:{port}/x.git")
        monkeypatch.setenv("INCIDENT_GIT_TIMEOUT", "1")
        said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "gave no answer within 1 seconds" in said.err
    assert "written and committed here" in said.err


def test_a_remote_that_refuses_is_quoted(named: Tracker, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "main is protected" in said.err
    assert "--branch NAME --push" in said.err


def test_a_commit_of_something_else_is_not_moved_in_silence(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    others_push(remote, tmp_path / "other", "README.md", "theirs\n")
    named.write("code.py", "x = 1\n")
    commit(named.root, "code")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "touches code.py, which is no record" in said.err
    assert "git pull --rebase" in said.err


def test_a_contradiction_is_left_to_a_person(
    named: Tracker, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named.incident(*NEW, *AT, "--push")
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    text = (other / INCIDENT).read_text()
    (other / INCIDENT).write_text(text.replace("title: Search fails", "title: Theirs"))
    commit(other, "title")
    git(other, "push", "--quiet")
    said = named.incident("set", "search-fails", "title=Ours", *LATER, "--push")
    assert said.status == 1
    assert "ways that contradict" in said.err
    steps = said.err.split("  help: ")[1].splitlines()[0].split(", ")
    assert [step for step in steps if step.startswith(("git ", "incident "))] == [
        "git pull --rebase",
        "incident merge",
        f"git add {INCIDENT}",
        "git rebase --continue",
        "git push",
    ]
    monkeypatch.setenv("GIT_EDITOR", "true")
    for step in steps:
        program, *words = step.split()
        if program == "git":
            subprocess.run(["git", *words], cwd=named.root, check=step != steps[0])
        elif program == "incident":
            assert named.incident(*words).status == 1
            under_way = named.incident("log", "2026-03-02-good", "still here", *LATER, "--push")
            assert "a rebase is under way here" in under_way.err
            assert "git rebase --continue" in under_way.err
        else:
            file = named.root / INCIDENT
            kept = [line for line in file.read_text().splitlines() if line != "title: Theirs"]
            marks = ("<<<<<<<", "=======", ">>>>>>>", "|||||||", "title: Search fails")
            text = "\n".join(line for line in kept if not line.startswith(marks))
            file.write_text(f"{text}\n")
    assert "title: Ours\n" in git(remote, "show", f"main:{INCIDENT}")


def test_no_remote_is_said_with_how_to_get_one(named: Tracker) -> None:
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "git remote add origin URL, git push --set-upstream origin main" in said.err


def test_a_detached_head_is_said(named: Tracker, remote: Path) -> None:
    git(named.root, "checkout", "--quiet", "--detach")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "no branch is checked out" in said.err
    assert files_of(named.root) == [INCIDENT]


# --- commits that somebody made and did not push


def test_a_commit_of_something_else_is_not_published_along_with_a_record(
    named: Tracker, remote: Path
) -> None:
    named.write("deploy.env", "SECRET=1\n")
    commit(named.root, "work")
    git(named.root, "rm", "--quiet", "deploy.env")
    commit(named.root, "taken out again")
    stood = git(remote, "rev-parse", "main")
    for more in ((), ("--branch", "inc")):
        said = named.incident(*NEW[:1], f"Search {len(more)}", *NEW[2:], *AT, *more, "--push")
        assert said.status == 1
        assert "touches deploy.env, which is no record" in said.err
        assert "git push, if others may see all of that" in said.err
    assert git(remote, "for-each-ref", "--format=%(objectname)") == stood
    git(named.root, "push", "--quiet")
    assert named.incident("log", "search-0", "Line", *LATER, "--push").status == 0


def test_what_another_branch_of_the_remote_has_may_go_along(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    assert named.incident(*NEW, *AT, "--branch", "inc", "--push").status == 0
    named.write("code.py", "x = 1\n")
    commit(named.root, "code")
    git(named.root, "push", "--quiet")
    git(named.root, "clean", "--quiet", "--force", "incidents")
    git(named.root, "checkout", "--quiet", "inc")
    git(named.root, "merge", "--quiet", "--no-edit", "main")
    assert named.incident("log", "search-fails", "Line", *LATER, "--push").status == 0
    assert "code.py" in git(remote, "ls-tree", "--name-only", "inc")


def test_a_new_branch_may_begin_where_others_are(named: Tracker, remote: Path) -> None:
    assert named.incident(*NEW, *AT, "--branch", "inc", "--push").status == 0
    assert files_of(remote, "inc") == [INCIDENT]


# --- one clone, several commands


def test_commands_at_once_in_one_clone_are_all_pushed(named: Tracker, remote: Path) -> None:
    assert named.incident(*NEW, *AT, "--push").status == 0
    texts = [f"Line {number}" for number in range(4)]
    running = [type_in(named.root, "log", "search-fails", t, *LATER, "--push") for t in texts]
    for process in running:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
    kept = git(remote, "show", f"main:{INCIDENT}")
    assert [kept.count(f"- {text}") for text in texts] == [1] * len(texts)
    assert git(named.root, "status", "--porcelain", "--branch") == "## main...origin/main"
    assert git(named.root, "for-each-ref", "refs/incident") == ""


def test_a_ref_of_the_remote_that_another_git_writes_is_waited_for(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    others_push(remote, tmp_path / "other", "README.md", "theirs\n")
    lock = named.root / ".git" / "refs" / "remotes" / "origin" / "main.lock"
    lock.touch()
    timer = Timer(1.5, lock.unlink)
    timer.start()
    said = named.incident(*NEW, *AT, "--push")
    timer.join()
    assert (said.status, said.err) == (0, "")
    assert (named.root / "README.md").read_text() == "theirs\n"


# --- where a branch is pushed to


@pytest.mark.parametrize("key", ["branch.main.pushRemote", "remote.pushDefault"])
def test_what_is_configured_for_pushing_goes_before_the_upstream(
    named: Tracker, remote: Path, tmp_path: Path, key: str
) -> None:
    fork = tmp_path / "fork.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(remote), str(fork))
    git(named.root, "remote", "add", "fork", str(fork))
    git(named.root, "config", key, "fork")
    stood = git(remote, "rev-parse", "main")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 0, said.err
    assert "pushed to fork/main" in said.out
    assert git(fork, "rev-parse", "main") == git(named.root, "rev-parse", "main") != stood
    assert git(remote, "rev-parse", "main") == stood


def test_an_upstream_of_another_name_is_pushed_to(named: Tracker, remote: Path) -> None:
    git(named.root, "push", "--quiet", "--set-upstream", "origin", "main:records")
    assert "pushed to origin/records" in named.incident(*NEW, *AT, "--push").out
    assert git(remote, "rev-parse", "records") == git(named.root, "rev-parse", "main")


def test_a_branch_whose_upstream_is_no_remote_is_pushed_nowhere(
    named: Tracker, remote: Path
) -> None:
    git(named.root, "checkout", "--quiet", "--track", "-b", "inc", "main")
    said = named.incident(*NEW, *AT, "--push")
    assert said.status == 1
    assert "inc is set to be pushed to ., which is no remote here" in said.err
    assert "git config branch.inc.pushRemote origin" in said.err
    assert git(remote, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    git(named.root, "config", "branch.inc.pushRemote", "origin")
    said = named.incident("log", "search-fails", "Line", *LATER, "--push")
    assert "pushed to origin/inc" in said.out


# --- killed on the way


def test_killed_in_front_of_any_git_a_push_loses_nothing(
    named: Tracker, remote: Path, tmp_path: Path
) -> None:
    assert named.incident(*NEW, *AT, "--push").status == 0
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    moved, numbers = set(), []
    for number in count(step=3):
        numbers.append(number)
        # Each time both sides have something new, so that the push brings them together.
        git(other, "pull", "--quiet")
        text = (other / INCIDENT).read_text()
        line = f"- 09:00 - Theirs {number}.\n"
        (other / INCIDENT).write_text(text.replace("- 09:00 - ", f"{line}- 09:00 - ", 1))
        commit(other, "theirs")
        git(other, "push", "--quiet")
        ours = ("log", "search-fails", f"Ours {number}.", *LATER, "--push")
        if not cut_off(named.root, number, *ours):
            break
        seen = git(named.root, "show", f"HEAD:{INCIDENT}")
        moved.add((f"Ours {number}." in seen, f"Theirs {number}." in seen))
        if number % 2 == 0:
            (named.root / ".git" / "index.lock").unlink(missing_ok=True)
            git(named.root, "commit", "--quiet", "--allow-empty", "--message", "by hand")
            assert set(seen.splitlines()) <= {
                *git(named.root, "show", f"HEAD:{INCIDENT}").splitlines()
            }
    assert moved >= {(False, False), (True, False)}
    kept = git(remote, "show", f"main:{INCIDENT}")
    for who in ("Ours", "Theirs"):
        assert [kept.count(f"- {who} {n}.") for n in numbers] == [1] * len(numbers)
    assert git(named.root, "status", "--porcelain", "--branch") == "## main...origin/main"
    assert git(remote, "fsck", "--no-dangling") == ""
