"""Another name, the same incident: everything that belongs to it follows, and old links lead on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from gitting import IDENTITY, begin, git
from typed import Tracker

OLD, NEW = "2026-03-02-good", "2026-03-02-search-fails"
INCIDENT = f"incidents/2026/{NEW}.md"
REVIEW = f"pir/2026/{NEW}.md"
OTHER = "incidents/2026/2026-03-09-good.md"


@pytest.fixture
def based(good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    good_tracker.change(
        OTHER,
        "- 08:55 - Scope assessed: one account, no personal data",
        f"- 08:55 - Scope assessed: one account, as in [it]({OLD}.md), not {OLD}-2",
    )
    good_tracker.write(f"evidence/{OLD}/log-20260302-1000.txt", "lines\n")
    begin(good_tracker.root)
    return good_tracker


def text(tracker: Tracker, path: str) -> str:
    return (tracker.root / path).read_text("utf-8")


def test_all_that_belongs_to_it_moves_and_whoever_names_it_follows(based: Tracker) -> None:
    before = text(based, f"incidents/2026/{OLD}.md")
    said = based.incident("rename", OLD, "search-fails")
    assert said.status == 0, said.err
    kept = text(based, INCIDENT)
    assert kept.replace(f"formerly: [{OLD}]\n", "") == before
    assert (based.root / REVIEW).is_file()
    assert not (based.root / f"pir/2026/{OLD}.md").exists()
    assert (based.root / f"evidence/{NEW}/log-20260302-1000.txt").is_file()
    assert f"as in [it]({NEW}.md), not {OLD}-2" in text(based, OTHER)


def test_a_change_that_renames_has_nothing_to_answer_for(based: Tracker) -> None:
    said = based.incident("rename", OLD, "search-fails", "--commit")
    assert said.status == 0, said.err
    assert git(based.root, "status", "--porcelain") == ""
    said = based.incident("check", "--since", "HEAD~1", "--strict")
    assert said.out == "no errors, no warnings in 5 files\n"
    assert said.status == 0


def test_a_run_that_was_killed_is_finished_by_a_second(based: Tracker) -> None:
    saved = {p: text(based, f"{p}/2026/{OLD}.md") for p in ("incidents", "pir")}
    based.incident("rename", OLD, "search-fails")
    for folder, content in saved.items():
        based.write(f"{folder}/2026/{OLD}.md", content)
    assert based.incident("check").status == 1
    assert based.incident("rename", OLD, "search-fails").status == 0
    assert based.incident("check", "--strict").status == 0
    assert not (based.root / f"incidents/2026/{OLD}.md").exists()


@pytest.mark.parametrize("name", ["2026-03-09-good", "Bad Name", "../x", OLD, "good", ""])
def test_a_name_that_it_cannot_have_is_refused(based: Tracker, name: str) -> None:
    based.write("incidents/2026/2026-03-02-other.md", text(based, OTHER))
    wanted = "other" if name == "2026-03-09-good" else name
    assert based.incident("rename", OLD, wanted).status == 2
    assert git(based.root, "status", "--porcelain", "--untracked-files=no") == ""


@pytest.mark.parametrize(("folders", "end"), [("false", ".html"), ("true", "/index.html")])
def test_old_addresses_lead_to_the_new_page(based: Tracker, folders: str, end: str) -> None:
    based.incident("rename", OLD, "search-fails")
    based.write("docs/about.md", "# t\n")
    based.write(
        "mkdocs.yml",
        f"site_name: t\nuse_directory_urls: {folders}\n"
        "theme: {name: material}\nplugins: [search, incident-tracker]\n",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=based.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for kind in ("incidents", "pir"):
        page = based.root / "site" / kind / "2026" / f"{OLD}{end}"
        html = page.read_text("utf-8")
        to = f"../{NEW}/index.html" if folders == "true" else f"{NEW}.html"
        assert f'content="0; url={to}"' in html
        assert (page.parent / to).resolve().is_file()
        assert "<script" not in html
    assert OLD not in (based.root / "site" / "search" / "search_index.json").read_text("utf-8")


def test_a_closed_incident_is_reopened_with_its_reason(based: Tracker) -> None:
    at = ("--now", "2026-03-02T15:00-06:00")
    said = based.incident("reopen", OLD, "--because", "the errors are back", *at)
    assert said.status == 0, said.err
    kept = text(based, f"incidents/2026/{OLD}.md")
    assert "status: investigating\n" in kept
    assert "closed_at" not in kept
    assert "closed → investigating because the errors are back" in kept
    assert based.incident("reopen", OLD, "--because", "again", *at).status == 2
    said = based.incident("check", "--since", "main", "--format", "json")
    assert '"CHG001"' not in said.out


def test_a_duplicate_is_told_in_the_other_record_once(based: Tracker) -> None:
    at = "2026-03-30T09:00-05:00"
    for title in ("Search fails", "No results"):
        based.incident("new", title, "--severity", "P2", "--component", "search", "--now", at)
    based.incident("log", "no-results", "TODO: alert on it", "--now", at)
    words = ("--as", "duplicate-of search-fails", "--because", "the same", "--unite", "--now", at)
    assert based.incident("cancel", "no-results", *words).status == 0
    kept = text(based, "incidents/2026/2026-03-30-search-fails.md")
    assert "- 09:00 - From 2026-03-30-no-results: Incident detected via team" in kept
    assert "- 09:00 - TODO: alert on it (from 2026-03-30-no-results)" in kept
    assert "status: investigating\n" in kept
    assert based.incident("check").status == 0
    refused = ("cancel", "search-fails", "--as", "test", "--because", "x", "--unite", "--now", at)
    assert based.incident(*refused).status == 2
