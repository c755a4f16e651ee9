"""Who changed which record when, in one pass, and on the record's page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from gitting import begin, commit, git
from typed import Tracker

from incident_tracker.history.log import revisions_of
from incident_tracker.history.repository import Repository

INCIDENT = "incidents/2026/2026-03-02-good.md"
REVIEW = "pir/2026/2026-03-02-good.md"


@pytest.fixture
def based(good_tracker: Tracker) -> Tracker:
    begin(good_tracker.root)
    good_tracker.change(INCIDENT, "severity: P1", "severity: P0")
    commit(good_tracker.root, "raise")
    return good_tracker


def test_each_commit_of_each_file_newest_first(based: Tracker) -> None:
    found = revisions_of(based.root)
    hashes = git(based.root, "log", "--format=%H", "--", INCIDENT).split()
    assert [revision.commit for revision in found[INCIDENT]] == hashes
    assert len(hashes) == 2
    assert [revision.author for revision in found[REVIEW]] == ["Bo"]
    assert "protocol/protocol.yml" not in found


def test_one_pass_whatever_the_number_of_files(
    based: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = subprocess.run, []

    def counted(command: list[str], **options: object) -> object:
        asked.append(command)
        return run(command, **options)  # type: ignore[call-overload] # passed on as they come

    monkeypatch.setattr(subprocess, "run", counted)
    revisions_of(based.root)
    assert sum("log" in command for command in asked) == 1
    assert len(asked) <= 3


def test_an_author_and_a_file_that_look_like_marks_are_what_they_are(based: Tracker) -> None:
    name = "incidents/2026/\x01\x02 \n odd.md"
    based.write(name, "x")
    git(based.root, "add", "--all")
    git(based.root, "commit", "--quiet", "--message", "odd", "--author", "A\x01\x02B <a@b.c>")
    found = revisions_of(based.root)
    assert [revision.author for revision in found[name]] == ["A\x01\x02B"]
    assert len(found[INCIDENT]) == 2


def test_no_date_is_taken_from_a_shallow_clone(based: Tracker, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{based.root}", str(clone))
    assert revisions_of(clone) == {}


def test_no_repository_and_no_commit_have_no_history(good_tracker: Tracker) -> None:
    assert revisions_of(good_tracker.root) == {}
    git(good_tracker.root, "init", "--quiet")
    assert revisions_of(good_tracker.root) == {}


def test_a_page_says_how_often_its_record_was_changed(based: Tracker) -> None:
    (based.root / "mkdocs.yml").write_text(
        "site_name: t\nuse_directory_urls: false\ndocs_dir: docs\n"
        "theme: {name: material}\nplugins: [incident-tracker]\n"
    )
    based.write("docs/about.md", "# t\n")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=based.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (based.root / "site" / INCIDENT.replace(".md", ".html")).read_text("utf-8")
    assert "<dt>Revisions</dt><dd>2<" in page
    assert "by Bo" in page


def test_a_repository_is_known_by_its_git_folder_only(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", str(tmp_path / "bare"))
    assert Repository.of(tmp_path / "bare") is None
