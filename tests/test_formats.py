"""The verdict as text, JSON and GitHub's commands, on findings that were written to break them."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_tracker.check import Report
from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.formats.declare import View
from incident_tracker.formats.github import report_lines
from incident_tracker.formats.job_summary import job_summary
from incident_tracker.formats.machine import report_json
from incident_tracker.formats.terminal import finding_text, report_text
from incident_tracker.waiving import Waived
from runner import RAW, commands

WITH_FACTS = View(facts=True)
PLAIN = Finding(
    path="incidents/2026/2026-03-02-good.md",
    line=7,
    column=1,
    end_column=11,
    code="FMT002",
    name="unknown-field",
    level=Level.ERROR,
    message='no field "detcted_at"',
    help='did you mean "detected_at"?',
    note='"detected_at is missing" is not reported again',
    source="detcted_at: 2026-03-02T10:00-06:00",
    fix=(Edit(90, 100, "detected_at"),),
)
HOSTILE = replace(
    PLAIN,
    path="incidents/2026/a:b,c%.md",
    message="x\r\n::add-mask::x ##[stop-commands]t \x1b]0;own\x07 \u202ea \x9b1m | `b` <img src=x>",
    help="\n::set-output name=a::b",
    note=" ##[error]no | <script>alert(1)</script>",
    source="::warning::no \x1b[31m\tred",
)


def _report(*findings: Finding, files: int = 148) -> Report:
    texts = {f"incidents/2026/{number}.md": "" for number in range(files)}
    return Report(findings=tuple(sorted(findings)), texts=texts)


def test_a_finding_reads_as_place_line_mark_and_remedy() -> None:
    assert finding_text(PLAIN) == (
        'error[FMT002 unknown-field] no field "detcted_at"\n'
        "  --> incidents/2026/2026-03-02-good.md:7:1\n"
        "7 | detcted_at: 2026-03-02T10:00-06:00\n"
        "  | ^^^^^^^^^^\n"
        '   = help: did you mean "detected_at"? fixable: incident check --fix\n'
        '   = note: "detected_at is missing" is not reported again\n'
    )


@pytest.mark.parametrize(
    ("source", "column", "marked"),
    [
        ("title: Süße", 8, "title: Süße\n       ^^^^"),
        ("a: 東京 b", 7, "a: 東京 b\n        ^"),
        ("a: 東京 b", 4, "a: 東京 b\n   ^^^^"),
        ("\tb: 1", 2, " b: 1\n ^"),
        ("e\u0301a: x", 5, "e\u0301a: x\n   ^"),
        ("x\x1b: y", 5, "x<U+001B>: y\n           ^"),
        ("short", 99, "short\n     ^"),
    ],
)
def test_the_mark_stands_below_its_character(source: str, column: int, marked: str) -> None:
    text = finding_text(replace(PLAIN, source=source, column=column, end_column=None))
    line, mark = text.split("\n")[2:4]
    assert f"{line[4:]}\n{mark[4:]}" == marked


def test_a_long_line_is_cut_around_the_place() -> None:
    source = "a" * 500 + " here " + "b" * 500
    text = finding_text(replace(PLAIN, source=source, column=502, end_column=506))
    line, mark = text.split("\n")[2:4]
    assert len(line) < 120
    assert line[mark.index("^") : mark.rindex("^") + 1] == "here"


def test_the_summary_counts_everything() -> None:
    warning = replace(PLAIN, level=Level.WARNING, path="pir/2026/x.md", fix=())
    fact = replace(PLAIN, level=Level.FACT, path="pir/2026/y.md", fix=())
    errors = [replace(PLAIN, line=line, fix=PLAIN.fix if line == 1 else ()) for line in (1, 2, 3)]
    waived = Waived(finding=PLAIN, reason="it is right")
    report = replace(_report(*errors, warning, *[fact] * 31), waived=(waived, waived))
    assert report_text(report).split("\n")[-1] == (
        "3 errors, 1 warning in 2 of 148 files; 1 fixable; 2 waived; 31 facts (--facts shows them)"
    )
    assert report_text(report, WITH_FACTS).split("\n")[-1] == (
        "3 errors, 1 warning in 3 of 148 files; 1 fixable; 2 waived; 31 facts"
    )


def test_nothing_wrong_and_nothing_there_are_said() -> None:
    assert report_text(_report()) == "no errors, no warnings in 148 files"
    assert report_text(_report(files=0)).startswith("no records yet, nothing to check")


def test_the_worst_comes_first_then_the_path() -> None:
    findings = [
        replace(PLAIN, path="a.md", level=Level.FACT),
        replace(PLAIN, path="b.md", level=Level.WARNING),
        replace(PLAIN, path="d.md", level=Level.ERROR),
        replace(PLAIN, path="c.md", level=Level.ERROR),
    ]
    text = report_text(_report(*findings), WITH_FACTS)
    assert re.findall(r"--> (\w)\.md", text) == ["c", "d", "b", "a"]
    found = json.loads(report_json(_report(*findings), WITH_FACTS))["findings"]
    assert [finding["path"][0] for finding in found] == ["c", "d", "b", "a"]


def test_text_holds_no_character_that_a_terminal_obeys() -> None:
    text = report_text(_report(HOSTILE))
    assert not RAW.search(text)
    assert "<U+001B>" in text
    assert "<U+202E>" in text


def test_json_has_the_documented_shape_and_keeps_what_was_written() -> None:
    said = report_json(_report(HOSTILE))
    assert said.isascii()
    assert not RAW.search(said)
    assert "##[" not in said
    assert json.loads(said) == {
        "version": 1,
        "findings": [
            {
                "code": "FMT002",
                "name": "unknown-field",
                "level": "error",
                "path": HOSTILE.path,
                "line": 7,
                "column": 1,
                "end_column": 11,
                "message": HOSTILE.message,
                "help": HOSTILE.help,
                "note": HOSTILE.note,
                "field": None,
                "fixable": True,
            }
        ],
        "waived": [],
        "summary": {
            "errors": 1,
            "warnings": 0,
            "facts": 0,
            "fixable": 1,
            "waived": 0,
            "since": None,
            "touched": 0,
            "older": 0,
            "baselined": 0,
            "files": 148,
            "files_with_findings": 1,
        },
    }


def test_the_runner_reads_our_annotation_and_no_other_command() -> None:
    lines = report_lines(_report(HOSTILE))
    (read,) = commands("\n".join(lines.commands))
    assert read.name == "error"
    assert read.properties == {
        "file": "incidents/2026/a:b,c%.md",
        "line": "7",
        "col": "1",
        "endColumn": "11",
        "title": "FMT002 unknown-field",
    }
    assert read.data.startswith("x ::add-mask::x ##[stop-commands]t ")
    assert commands("\n".join(lines.plain)) == []


@given(st.text(), st.text(), st.text(min_size=1))
def test_no_text_becomes_a_command_of_its_own(message: str, help_: str, path: str) -> None:
    finding = replace(HOSTILE, message=message, help=help_, path=path)
    lines = report_lines(_report(*[replace(finding, line=line) for line in range(1, 13)]))
    read = commands("\n".join((*lines.commands, *lines.plain)))
    assert [(found.name, found.properties["file"]) for found in read] == [("error", path)] * 10


def test_github_gets_ten_of_each_level_and_is_told_of_the_rest() -> None:
    errors = [replace(PLAIN, line=line) for line in range(1, 31)]
    warnings = [replace(PLAIN, line=line, level=Level.WARNING) for line in range(1, 13)]
    lines = report_lines(_report(*errors, *warnings), View(has_summary=True))
    names = [line.partition(" ")[0] for line in lines.commands]
    assert names == ["::error"] * 10 + ["::warning"] * 10
    assert lines.plain == (
        "22 more findings: the job's summary lists them",
        "30 errors, 12 warnings in 1 of 148 files; 42 fixable",
    )
    alone = report_lines(_report(*errors, *warnings))
    assert alone.plain[0] == "22 more findings: incident check lists them"


def test_the_job_summary_is_a_table_of_four_columns_whatever_stands_in_it() -> None:
    rows = [line for line in job_summary(_report(HOSTILE)).splitlines() if line.startswith("|")]
    assert [row.count("|") for row in rows] == [5, 5, 5]
    assert not re.search(r"<(?!br>)|`|\*|::|##\[", rows[2])
    assert not RAW.search(rows[2])


def test_a_job_summary_of_5000_findings_stays_below_the_limit_and_counts_the_rest() -> None:
    many = [replace(HOSTILE, line=line, message=HOSTILE.message * 5) for line in range(1, 5_001)]
    summary = job_summary(_report(*many))
    rows = summary.count("\n| error |")
    assert len(summary.encode()) < 1_024_000
    assert 0 < rows < 5_000
    assert summary.endswith(f"\n{5_000 - rows:,} more.\n")
