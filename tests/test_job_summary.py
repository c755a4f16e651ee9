"""The summary of a GitHub job: whole tables, below the limit, with the changed incidents."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats.job_summary import MOST_BYTES, Progress, job_summary, summarised
from incident_tracker.lifecycle.checklist import Checklist, Line
from incident_tracker.lifecycle.proofs import Proof
from incident_tracker.workspace import Workspace
from runner import RAW, TEXTS, commands, hostile_report

NOW = datetime(2026, 3, 20, tzinfo=UTC)
INCIDENT = "incidents/2026/2026-03-02-good.md"
LIMIT = 1024 * 1024  # GitHub drops the summary of a step past it
PLAIN = Finding(
    path=INCIDENT, line=2, column=3, code="FMT002", name="x", level=Level.ERROR, message="m"
)


def rows(summary: str) -> list[list[str]]:
    """The cells of all tables, without their heads."""
    lines = [line for line in summary.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return [row for row in cells if row[0] not in {"Level", "List", "---"}]


def progress(text: str, boxes: int = 3) -> Progress:
    proofs = [Proof(holds=holds, evidence=text) for holds in (True, False, None)]
    lines = tuple(Line(box="b", text=text, proof=proofs[n % 3]) for n in range(boxes))
    lists = (Checklist(title="After", lines=lines),)
    return Progress(id="2026-03-02-good", title=text, state="P1, closed", checklists=lists)


def many(count: int, text: str = "m") -> Report:
    found = tuple(replace(PLAIN, line=line, message=text) for line in range(1, count + 1))
    return Report(findings=found, texts={INCIDENT: ""})


def test_row_19_hostile_texts_leave_every_table_whole_and_are_no_markup() -> None:
    written = [progress(text) for text in TEXTS]
    summary = job_summary(hostile_report(), facts=True, checklists=written)
    found = rows(summary)
    assert {len(row) for row in found} == {4}
    assert len(found) == len(hostile_report().findings) + 3 * len(TEXTS)
    assert summary.count("<details>") == summary.count("</details>") == len(TEXTS)
    ours = r"</?(details|summary)>|<br>|\*\*(missing|too late)\*\*"
    assert not re.search(r"<|`|\*|~|\]\(|@|\$", re.sub(ours, "", summary))
    assert not RAW.search(summary)
    assert commands(summary) == []


@pytest.mark.parametrize("address", ["www.example.org", "https://a.example", "WWW.example.org"])
def test_no_address_becomes_a_link(address: str) -> None:
    summary = job_summary(many(1, f"see {address}"), checklists=(progress(address),))
    assert address not in summary
    assert address in html.unescape(summary)


@given(st.text())
def test_no_text_makes_another_row_or_cell(text: str) -> None:
    report = Report(findings=(replace(PLAIN, path=text, message=text, note=text),))
    found = rows(job_summary(report, checklists=(progress(text),)))
    assert [len(row) for row in found] == [4] * 4


def test_the_worst_findings_are_kept_and_the_rest_is_counted() -> None:
    report = many(9_000, "x" * 200)
    worst = replace(PLAIN, path="z.md", code="INC001", line=9)
    warned = tuple(replace(finding, level=Level.WARNING) for finding in report.findings)
    summary = job_summary(replace(report, findings=(*warned, worst)))
    found = rows(summary)
    assert found[0][0] == "error"
    assert LIMIT // 2 < len(summary.encode()) < LIMIT
    assert summary.endswith(f"\n{9_001 - len(found):,} more.\n")


@pytest.mark.parametrize("taken", [0, 300_000, 990_000])
@pytest.mark.parametrize("incidents", [0, 1, 400])
@pytest.mark.parametrize("findings", [0, 5_000])
def test_row_19_with_what_the_step_has_written_it_stays_below_the_limit(
    findings: int, incidents: int, taken: int
) -> None:
    report = many(findings, "東" * 90)
    summary = job_summary(report, checklists=[progress("box " * 9, 25)] * incidents, taken=taken)
    assert 0 < len(summary.encode()) <= MOST_BYTES - taken < LIMIT
    left = [
        int(count.replace(",", ""))
        for count in re.findall(r"^([\d,]+) more\.$", summary, re.MULTILINE)
    ]
    shown = len([row for row in rows(summary) if row[0] == "error"]) + summary.count("<details>")
    assert shown + sum(left) == findings + incidents


@pytest.mark.parametrize("checklists", [[], [progress("box", 1)] * 40])
def test_the_count_of_what_was_left_out_fits_as_well(checklists: list[Progress]) -> None:
    for taken in range(990_000, 990_300):  # parts end at every byte in front of the limit
        summary = job_summary(many(150), checklists=checklists, taken=taken)
        assert " more.\n" in summary
        assert len(summary.encode()) <= MOST_BYTES - taken


def test_findings_leave_room_for_a_changed_incident() -> None:
    summary = job_summary(many(20_000), checklists=[progress("a box", 25)])
    assert summary.count("<details>") == 1
    assert " more.\n" in summary


def test_without_room_nothing_is_written_rather_than_all_be_dropped() -> None:
    assert job_summary(many(3), taken=MOST_BYTES) == ""


def test_a_changed_incident_is_told_with_what_is_held_missing_and_not_asked(
    good_tracker: Tracker,
) -> None:
    good_tracker.change(INCIDENT, "- [x] Users can access system\n", "")
    good_tracker.change(
        INCIDENT, "Performance acceptable", "Performance acceptable (n/a: text only)"
    )
    tracker = Workspace.find(good_tracker.root).load()
    (found,) = summarised(tracker, ["2026-03-02-good", "2026-01-01-nobody"], NOW)
    summary = job_summary(Report(findings=()), checklists=[found])
    table = {row[1]: row for row in rows(summary)}
    assert table["Users can access system"][2:] == ["**missing**", "not answered yet"]
    assert table["Performance acceptable"][2:] == ["not applicable", "text only"]
    assert table["Functionality restored"][2:] == ["held", "three searches"]
    assert {row[0] for row in table.values()} == {
        "During the incident",
        "Verification",
        "After the incident",
    }
    states = Counter(row[2] for row in table.values())
    counted = f"{states['held']} held, {states['**missing**']} missing, "
    title = "2026-03-02-good&#58; Search shows an error for every visitor (P1, closed)"
    assert f"<summary>{title}: {counted}" in summary
    assert len(states) == 3


def test_what_only_comes_later_is_not_missing(empty_tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T14:05-06:00")
    new = ("new", "Search fails", "--severity", "P1", "--slug", "search-fails")
    assert empty_tracker.incident(*new, *now).status == 0
    tracker = Workspace.find(empty_tracker.root).load()
    (found,) = summarised(tracker, ["2026-11-23-search-fails"], NOW)
    summary = job_summary(Report(findings=()), checklists=[found])
    states = {(row[0], row[1]): row[2] for row in rows(summary)}
    later = {state for (title, _), state in states.items() if title != "During the incident"}
    assert later == {"not yet"}
    during = {box: state for (title, box), state in states.items() if title.startswith("During")}
    words = tracker.protocol.during_boxes
    assert {during[words[key].text] for key in ("resolution", "verification", "closed")} == {
        "not yet"
    }
    assert {during[words[key].text] for key in ("detected", "ic", "notified", "war-room")} == {
        "**missing**"
    }
    counts = Counter(states.values())
    assert f"{counts['**missing**']} missing, {counts['not yet']} not yet, " in summary


def test_what_owes_nothing_has_no_checklist(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9")
    tracker = Workspace.find(good_tracker.root).load()
    maintenance = [incident.id for incident in tracker.incidents if incident.is_maintenance]
    assert maintenance
    assert [one.id for one in summarised(tracker, ["2026-03-02-good", *maintenance], NOW)] == []


@pytest.mark.parametrize(
    ("before", "between"), [("", ""), ("a\n", ""), ("no line end", "\n\n"), ("| a |\n", "")]
)
def test_the_summary_begins_on_a_line_of_its_own(
    good_tracker: Tracker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    between: str,
) -> None:
    target = tmp_path / "summary.md"
    target.write_text(before, "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    good_tracker.incident("check", "--format", "github")
    assert target.read_text("utf-8").startswith(f"{before}{between}### Incident records\n")


def test_a_step_that_has_used_up_its_summary_keeps_what_it_wrote(
    good_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "summary.md"
    target.write_bytes(b"x" * LIMIT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    assert good_tracker.incident("check", "--format", "github").status == 0
    assert target.stat().st_size == LIMIT


def test_a_summary_that_cannot_be_written_is_told_and_the_verdict_stands(
    good_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9")
    said = good_tracker.incident("check", "--format", "github")
    assert said.status == 1
    assert "the job's summary cannot be written" in said.err
