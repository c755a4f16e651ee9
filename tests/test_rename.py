"""Another name, the same incident: everything that belongs to it follows, and old links lead on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from gitting import IDENTITY, begin, git
from typed import Tracker

from incident_tracker.pages.redirects import redirects
from incident_tracker.workspace import Workspace

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


def every_file(tracker: Tracker) -> dict[str, bytes]:
    found = (p for p in tracker.root.rglob("*") if p.is_file() and ".git" not in p.parts)
    return {p.relative_to(tracker.root).as_posix(): p.read_bytes() for p in found}


@pytest.mark.parametrize("steps", range(7))
def test_wherever_a_run_is_killed_the_check_says_so_and_a_second_finishes_it(
    based: Tracker, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    before, done = every_file(based), 0

    def killed_after(name: str) -> Callable[..., object]:
        real = getattr(Workspace, name)

        def call(*given: object) -> object:
            nonlocal done
            if done == steps:
                raise KeyboardInterrupt
            done += 1
            return real(*given)

        return call

    with monkeypatch.context() as patch:
        for name in ("put_record", "move_folder", "remove"):
            patch.setattr(Workspace, name, killed_after(name))
        first = based.incident("rename", OLD, "search-fails")
    left = every_file(based)
    finished = steps == 6  # three files written, a folder moved, two files taken away
    assert (first.status == 0) is finished
    if not finished and left != before:
        said = based.incident("check")
        assert f"finish it: incident rename {OLD} search-fails" in said.out
    if not finished:
        assert based.incident("rename", OLD, "search-fails").status == 0
    assert based.incident("check", "--strict").status == 0
    after = every_file(based)
    assert not [path for path in after if OLD in path]
    assert len(after) == len(before)


def test_what_was_written_between_a_run_that_was_killed_and_the_next_is_kept(
    based: Tracker,
) -> None:
    old = text(based, f"incidents/2026/{OLD}.md")
    based.incident("rename", OLD, "search-fails")
    based.incident("log", "search-fails", "written since", "--now", "2026-03-03T10:00-06:00")
    based.write(f"incidents/2026/{OLD}.md", old)
    said = based.incident("rename", OLD, "search-fails")
    assert said.status == 2
    assert "says something else" in said.err
    assert "written since" in text(based, INCIDENT)
    assert text(based, f"incidents/2026/{OLD}.md") == old


def test_only_the_name_differs_in_a_record_that_names_it(based: Tracker) -> None:
    link = f"[it](../incidents/2026/{OLD}.md)"
    before = (
        f"\n## Notes\r\n{link}, {OLD}#1, evidence/{OLD}/{OLD}.log, {OLD}-2, #incident-20260302-good"
    ).encode() + b" \xff https://hr.example.org/2026-03-02-good/x\n"
    runbook = based.root / "runbooks/good.md"
    old = runbook.read_bytes()
    based.write("runbooks/good.md", old + before)
    said = based.incident("rename", OLD, "search-fails")
    assert said.status == 0, said.err
    wanted = before.replace(f"2026/{OLD}.md".encode(), f"2026/{NEW}.md".encode())
    wanted = wanted.replace(f"{OLD}#1".encode(), f"{NEW}#1".encode())
    wanted = wanted.replace(f"evidence/{OLD}/".encode(), f"evidence/{NEW}/".encode())
    assert runbook.read_bytes() == old + wanted


def test_another_day_changes_no_time(based: Tracker) -> None:
    day_before = "2026-03-02T00:10-06:00"
    based.incident("new", "Late", "--severity", "P3", "--slug", "late", "--now", day_before)
    wrong = "2026-03-01-late"
    path = "incidents/2026/2026-03-02-late.md"
    based.write(
        f"incidents/2026/{wrong}.md", text(based, path).replace("- 00:10", "- 2026-03-02 00:10")
    )
    (based.root / path).unlink()
    said = based.incident("check", f"incidents/2026/{wrong}.md")
    assert f"incident rename {wrong} --date 2026-03-02" in said.out
    assert based.incident("rename", wrong, "--date", "2026-03-02").status == 0
    assert based.incident("check", path, "--strict").status == 0
    based.incident("rename", OLD, "--date", "2026-03-01")
    kept = text(based, "incidents/2026/2026-03-01-good.md")
    assert "- 2026-03-02 09:55 - Impact started" in kept
    assert "detected_at: 2026-03-02T10:00-06:00" in kept
    for wrong_day in ("2026-02-30", "yesterday", "2026-3-1"):
        assert based.incident("rename", "late", "--date", wrong_day).status == 2


def test_back_to_an_earlier_name_of_its_own_but_not_to_that_of_another(based: Tracker) -> None:
    for name in ("search-fails", "search-is-down", "search-fails"):
        assert based.incident("rename", "2026-03-02", name).status == 0
    assert f"formerly: [{OLD}, 2026-03-02-search-is-down]\n" in text(based, INCIDENT)
    based.incident("new", "Other", "--severity", "P3", "--now", "2026-03-02T10:00-06:00")
    said = based.incident("rename", "2026-03-02-other", "good")
    assert (said.status, f"{OLD} was the name of {NEW}" in said.err) == (2, True)


def test_evidence_that_lies_at_the_new_name_is_not_mixed(based: Tracker) -> None:
    based.write(f"evidence/{NEW}/other.txt", "x")
    before = every_file(based)
    assert based.incident("rename", OLD, "search-fails").status == 2
    assert every_file(based) == before


def test_pages_that_still_name_it_are_named(based: Tracker) -> None:
    based.write("docs/lessons.md", f"[it](../incidents/2026/{OLD}.md)\n")
    said = based.incident("rename", OLD, "search-fails")
    assert "still named in docs/lessons.md" in said.err


def test_no_page_leads_on_from_what_is_no_name_or_is_a_page_itself(based: Tracker) -> None:
    text_of = {
        path: (based.root / path).read_bytes() for path in (f"incidents/2026/{OLD}.md", OTHER)
    }
    names = "formerly: [../../../../x, 2026-03-09-good, 2026-02-01-a]\nstatus: closed\n"
    for path, data in text_of.items():
        based.write(path, data.replace(b"status: closed\n", names.encode()))
    tracker = Workspace(based.root).load()
    assert [place for place, _ in redirects(tracker, folders=False)] == [
        "incidents/2026/2026-02-01-a.html",
        "pir/2026/2026-02-01-a.html",
    ]


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


@pytest.mark.parametrize(
    "typed",
    [
        ("show", OLD, "--format", "json"),
        ("checklist", OLD),
        ("notify", OLD, "resolution"),
        ("log", f"incidents/2026/{OLD}.md", "found by its old name"),
        ("set", OLD, "ticket=OPS-1"),
        ("waive", OLD, "INC046", "it is so"),
        ("status", OLD, "resolved", "--reason", "came back"),
        ("reopen", OLD, "--because", "came back"),
        ("cancel", OLD, "--as", "test", "--because", "practice"),
        ("cancel", "2026-03-09-good", "--as", f"duplicate-of {OLD}", "--because", "the same"),
        ("withdraw", OLD, "--because", "not ours"),
        ("rename", OLD, "third-name"),
        ("action", "add", OLD, "Alert at 80 %", "--owner", "gil", "--due", "14d"),
        ("action", "done", f"{OLD}#1"),
        ("section", OLD, "Impact", "nobody could search"),
        ("tick", OLD, "all"),
    ],
    ids=lambda typed: " ".join(typed[:2]),
)
def test_a_record_is_found_by_the_name_that_it_had(based: Tracker, typed: tuple[str, ...]) -> None:
    # A name that begins with the one that is gone must not be taken for it.
    other = text(based, OTHER).replace("2026-03-09", "2026-03-02")
    based.write(f"incidents/2026/{OLD}-2.md", other)
    assert based.incident("rename", OLD, "search-fails").status == 0
    other = text(based, f"incidents/2026/{OLD}-2.md")
    said = based.incident(*typed, "--now", "2026-03-20T12:00-06:00")
    assert f"{OLD} is now called {NEW}\n" in said.err
    assert f'no incident has "{OLD}"' not in said.err
    now = text(based, f"incidents/2026/{OLD}-2.md")
    assert now.replace("third-name", "search-fails") == other
    if "json" in typed:
        assert f'"id": "{NEW}"' in said.out


def test_a_short_name_that_is_gone_is_no_part_of_another(based: Tracker) -> None:
    assert based.incident("rename", OLD, "search").status == 0
    assert based.incident("rename", "2026-03-02-search", "search-fails").status == 0
    drill = text(based, OTHER)
    based.write("incidents/2026/2026-03-09-drill-search.md", drill)
    said = based.incident("log", "search", "by its short name", "--now", "2026-03-20T12:00-06:00")
    assert f"2026-03-02-search is now called {NEW}\n" in said.err
    assert "by its short name" in text(based, INCIDENT)
    assert text(based, "incidents/2026/2026-03-09-drill-search.md") == drill


def test_a_name_that_two_records_had_is_neither(based: Tracker) -> None:
    assert based.incident("rename", OLD, "search-fails").status == 0
    based.change(OTHER, "protocol: ", f"formerly: [{OLD}]\nprotocol: ")
    said = based.incident("show", OLD)
    assert said.status == 2
    assert f"write one of: {NEW}, 2026-03-09-good" in said.err


def test_a_day_on_which_it_was_not_detected_is_doubted(based: Tracker) -> None:
    said = based.incident("rename", OLD, "--date", "2026-03-05")
    assert said.status == 0
    assert "detected on 2026-03-02, but the id begins with 2026-03-05" in said.err
    assert "incident rename 2026-03-05-good --date 2026-03-02" in said.err
    assert based.incident("rename", "2026-03-05-good", "--date", "2026-03-02").err == ""
