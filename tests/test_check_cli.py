"""`incident check` as it is typed: what is printed, and the exit status."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_broken import BROKEN, PLACES
from typed import Said, Tracker

from incident_tracker.examples import good_files
from incident_tracker.formats.declare import report_formats
from incident_tracker.model import Incident
from incident_tracker.registry import RULES, Context, Problem, rules
from runner import RAW, commands

INCIDENT = "incidents/2026/2026-03-02-good.md"
REVIEW = "pir/2026/2026-03-02-good.md"
RUNBOOK = "runbooks/good.md"


# --- exit status


def test_good_records_pass_the_strict_check(good_tracker: Tracker) -> None:
    assert good_tracker.incident("check", "--strict") == Said(
        0, "no errors, no warnings in 5 files\n", ""
    )


def test_an_empty_tracker_says_so_and_is_right(empty_tracker: Tracker) -> None:
    for form in ("text", "github"):
        said = empty_tracker.incident("check", "--strict", "--format", form)
        assert said.status == 0
        assert said.out.startswith("no records yet, nothing to check")
    said = empty_tracker.incident("check", "--format", "json")
    assert said.status == 0
    assert json.loads(said.out)["summary"]["files"] == 0


def test_without_a_tracker_the_status_is_3(
    good_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = good_tracker.incident("check")
    assert said.status == 3
    assert "no tracker" in said.err


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_broken_protocol_is_shown_with_its_place_and_the_status_is_2(
    good_tracker: Tracker, form: str
) -> None:
    good_tracker.change("protocol/protocol.yml", "\nwatch: {least: 30m,", "\nwatch: {least: half,")
    text = (good_tracker.root / "protocol" / "protocol.yml").read_text("utf-8")
    line = text.split("\nwatch: {least: half,")[0].count("\n") + 2
    said = good_tracker.incident("check", "--format", form)
    assert said.status == 2
    if form == "text":
        assert "error[CFG001 protocol-file]" in said.out
        assert f"--> protocol/protocol.yml:{line}:16" in said.out
    elif form == "json":
        found = json.loads(said.out)["findings"]
        places = [(f["code"], f["path"], f["line"], f["column"]) for f in found]
        assert places == [("CFG001", "protocol/protocol.yml", line, 16)]
    else:
        assert f"::error file=protocol/protocol.yml,line={line},col=16," in said.out


def test_a_register_that_is_a_folder_is_a_finding(good_tracker: Tracker) -> None:
    (good_tracker.root / "protocol" / "contacts.yml").mkdir()
    said = good_tracker.incident("check")
    assert said.status == 1
    assert "error[CFG002 protocol-file-unreadable]" in said.out


def test_a_rule_that_crashes_is_named_and_the_others_still_judge(
    good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing(incident: Incident, context: Context) -> Iterator[Problem]:
        yield Problem(None, f"{1 // len(incident.log.by_phrase.get('never', ()))}")

    broken = replace(rules()["INC001"], code="INC999", name="crashing", function=crashing)
    monkeypatch.setitem(RULES, "INC999", broken)
    good_tracker.change(RUNBOOK, "covers: [outage]", "covers: [fire]")
    said = good_tracker.incident("check", "--format", "json")
    assert said.status == 2
    found = json.loads(said.out)["findings"]
    assert {finding["code"] for finding in found} == {"CFG000", "FMT017"}
    assert "INC999" in found[0]["message"]
    assert "ZeroDivisionError" in found[0]["message"]
    assert good_tracker.incident("check", RUNBOOK).status == 2


def test_wrong_use_has_status_2(good_tracker: Tracker) -> None:
    assert good_tracker.incident("check", "--format", "sarif-or-so").status == 2
    assert good_tracker.incident("check", "--diff", "--format", "json").status == 2


# --- paths


def test_a_path_shows_its_findings_only_and_all_records_are_judged(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9")
    good_tracker.change(RUNBOOK, "title: Search fails\n", "")
    assert "FMT017" in good_tracker.incident("check").out
    said = good_tracker.incident("check", "runbooks")
    assert said.status == 1
    assert "FMT017" not in said.out
    assert said.out.endswith("1 error, 0 warnings in 1 of 1 file\n")
    # The review is judged with its incident at hand, not as if it were alone.
    assert good_tracker.incident("check", REVIEW).status == 0


def test_paths_are_those_of_the_folder_where_they_are_typed(
    good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(good_tracker.root / "incidents")
    assert "in 1 file" in good_tracker.incident("check", "2026/2026-03-02-good.md").out
    assert "in 1 file" in good_tracker.incident("check", str(good_tracker.root / RUNBOOK)).out
    assert "in 5 files" in good_tracker.incident("check", "..").out


@pytest.mark.parametrize("path", ["incidents/2027", "README.md", "../elsewhere", "/etc", "-x"])
def test_a_path_without_a_record_has_status_3(good_tracker: Tracker, path: str) -> None:
    said = good_tracker.incident("check", "--", INCIDENT, path)
    assert said.status == 3
    assert "no record at" in said.err


def test_a_path_may_name_a_file_of_the_protocol(good_tracker: Tracker) -> None:
    assert good_tracker.incident("check", "protocol/components.yml").status == 0


# --- what lies in the folders


def test_every_kind_of_file_is_counted_and_none_is_followed(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: outside\n---\n", "utf-8")
    year = good_tracker.root / "incidents" / "2026"
    (year / "2026-04-01-link.md").symlink_to(secret)
    (year / "2026-04-02-dangling.md").symlink_to(tmp_path / "nothing")
    (year / "2026-04-03-zero.md").symlink_to("/dev/zero")
    (year / "2026-04-04-loop.md").symlink_to(year / "2026-04-04-loop.md")
    (good_tracker.root / "incidents" / "2027").symlink_to(tmp_path)
    os.mkfifo(year / "2026-04-05-pipe.md")
    good_tracker.write("incidents/2026/notes.txt", "no record")
    good_tracker.write("incidents/evil/HEAD", "ref: refs/heads/main\n")
    good_tracker.write("incidents/evil/objects/x", "")
    said = good_tracker.incident("check", "--format", "json")
    found = json.loads(said.out)
    assert said.status == 1
    assert [(f["path"], f["code"], f["line"], f["column"]) for f in found["findings"]] == [
        ("incidents/2026/2026-04-01-link.md", "FMT015", 1, 1),
        ("incidents/2026/2026-04-02-dangling.md", "FMT015", 1, 1),
        ("incidents/2026/2026-04-03-zero.md", "FMT015", 1, 1),
        ("incidents/2026/2026-04-04-loop.md", "FMT015", 1, 1),
        ("incidents/2026/2026-04-05-pipe.md", "FMT015", 1, 1),
        ("incidents/2026/notes.txt", "FMT015", 1, 1),
        ("incidents/2027", "FMT015", 1, 1),
        ("incidents/evil", "FMT015", 1, 1),
    ]
    assert "outside" not in said.out
    assert found["summary"]["files"] == 5 + 8


@pytest.mark.parametrize("name", ["2026-03-01-a\nb", "2026-03-01-\x1b[31m", "-rf", "a:b,c%", "con"])
def test_a_hostile_file_name_is_one_finding_and_printed_harmlessly(
    good_tracker: Tracker, name: str
) -> None:
    good_tracker.write(f"incidents/2026/{name}.md", good_files()[INCIDENT])
    (good_tracker.root / INCIDENT).unlink()
    (good_tracker.root / REVIEW).unlink()
    said = good_tracker.incident("check", "--format", "json")
    (code,) = [finding["code"] for finding in json.loads(said.out)["findings"]]
    assert code == ("FMT014" if name.isprintable() else "FMT015")
    for form in ("text", "github"):
        said = good_tracker.incident("check", "--format", form)
        assert said.status == 1
        assert not RAW.search(said.out + said.err)


def test_a_name_that_is_no_text_is_a_finding(good_tracker: Tracker) -> None:
    folder = os.fsencode(good_tracker.root / "incidents" / "2026")
    (Path(os.fsdecode(folder + b"/2026-03-01-caf\xe9.md"))).write_bytes(b"")
    said = good_tracker.incident("check", "--format", "json")
    assert said.status == 1
    assert [f["code"] for f in json.loads(said.out)["findings"]] == ["FMT015"]
    assert good_tracker.incident("check").status == 1


# --- formats


@pytest.fixture
def hostile(good_tracker: Tracker) -> Tracker:
    """A tracker with all broken records at once."""
    for number, file in enumerate(BROKEN):
        folder = PLACES[file.parent.name].rpartition("/")[0]
        name = f"broken-{number}.md" if folder == "runbooks" else f"2026-03-01-broken-{number}.md"
        good_tracker.write(f"{folder}/{name}", file.read_bytes())
    return good_tracker


@pytest.mark.parametrize("form", report_formats())
def test_all_broken_records_at_once_are_printed_harmlessly(
    hostile: Tracker, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    said = hostile.incident("check", "--format", form)
    assert said.status == 1
    assert not RAW.search(said.out + said.err)
    assert "Traceback" not in said.out + said.err
    read = [command.name for command in commands(said.out)]
    if form == "github":
        assert read[:11] == ["error"] * 10 + ["warning"]
        assert len(read) <= 20
    else:
        assert read == []
    if form == "json":
        assert json.loads(said.out)["summary"]["files"] == len(BROKEN) + 5


def test_the_job_summary_is_appended_for_github_only(
    good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "summary.md"
    target.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9")
    good_tracker.incident("check")
    assert target.read_text("utf-8") == "before\n"
    good_tracker.incident("check", "--format", "github")
    text = target.read_text("utf-8")
    assert text.startswith("before\n### Incident records\n")
    assert "| error | FMT017 " in text
