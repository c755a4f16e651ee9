"""The formats of GitLab, JUnit's readers, reviewdog and streams, as these read them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from typed import Tracker

from incident_tracker.check import Report
from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.formats.declare import View, rule_page
from incident_tracker.formats.gitlab import gitlab
from incident_tracker.formats.jsonl import jsonl
from incident_tracker.formats.junit import junit
from incident_tracker.formats.machine import report_json
from incident_tracker.formats.rdjsonl import rdjsonl
from incident_tracker.waiving import Waived
from runner import PATHS, TEXTS, hostile_report

INCIDENT = "incidents/2026/2026-03-02-good.md"
ALL = View(facts=True)
PLAIN = Finding(
    path=INCIDENT, line=2, column=3, code="FMT002", name="x", level=Level.ERROR, message="m"
)

# --- GitLab


def issues(report: Report, view: View = ALL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gitlab(report, view))
    return found


def test_gitlab_gets_what_its_report_asks_for_and_each_fingerprint_once() -> None:
    found = issues(hostile_report(), View(facts=True, prefix="ops/"))
    assert len(found) == len(hostile_report().findings)
    for issue in found:
        assert issue.keys() == {
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        }
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["path"].removeprefix("ops/") in PATHS
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["description"].strip()
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_gitlab_sees_the_same_issue_after_lines_were_added_and_after_one_like_it_was_waived() -> (
    None
):
    first, second = (replace(PLAIN, source="x", line=line) for line in (5, 9))
    both = [issue["fingerprint"] for issue in issues(Report(findings=(first, second)))]
    moved = Report(findings=(replace(first, line=50), replace(second, line=90)))
    assert [issue["fingerprint"] for issue in issues(moved)] == both
    waived = Report(findings=(second,), waived=(Waived(finding=first, reason="it is so"),))
    assert [issue["fingerprint"] for issue in issues(waived)] == both[1:]


def test_the_levels_are_severities_of_gitlab() -> None:
    found = tuple(replace(PLAIN, level=level) for level in Level)
    assert [i["severity"] for i in issues(Report(findings=found))] == ["major", "minor", "info"]


# --- JUnit


def cases(report: Report, view: View = ALL) -> dict[str, Any]:
    read = JUnitXml.fromstring(junit(report, view).encode("ascii"))
    (suite,) = read
    found = {case.name: case for case in suite}
    assert suite.tests == read.tests == len(found) == len(list(suite))
    assert suite.failures == read.failures == sum(bool(case.result) for case in found.values())
    return found


def test_every_judged_file_is_a_test_and_a_clean_one_passes(good_tracker: Tracker) -> None:
    said = good_tracker.incident("check", "--format", "junit")
    (suite,) = JUnitXml.fromstring(said.out.encode())
    names = [case.name for case in suite]
    files = good_tracker.root.rglob("*.md")
    assert sorted(names) == sorted(p.relative_to(good_tracker.root).as_posix() for p in files)
    assert all(case.is_passed for case in suite)
    assert {case.classname for case in suite} == {"incidents.2026", "pir.2026", "runbooks"}


def test_a_test_fails_exactly_where_the_check_does() -> None:
    warned = replace(PLAIN, level=Level.WARNING, message="only a warning")
    fact = replace(PLAIN, path="pir/2026/x.md", level=Level.FACT, message="late")
    report = Report(findings=(warned, fact), texts=dict.fromkeys(["a.md", INCIDENT, fact.path], ""))
    loose, strict = cases(report), cases(report, View(facts=True, strict=True))
    assert [name for name, case in loose.items() if case.result] == []
    assert [name for name, case in strict.items() if case.result] == [INCIDENT]
    assert "only a warning" in loose[INCIDENT].system_out
    assert "late" in loose[fact.path].system_out
    assert report.exit_status(strict=False) == 0
    assert report.exit_status(strict=True) == 1


def test_a_failure_shows_all_that_is_wrong_with_the_file_the_worst_first() -> None:
    found = [replace(PLAIN, line=n, message=f"number {n}") for n in (1, 2)]
    report = Report(findings=(*found, replace(PLAIN, line=1, code="INC001", level=Level.WARNING)))
    (failure,) = cases(report, View(strict=True))[INCIDENT].result
    assert failure.message == "FMT002 number 1, and 2 more findings"
    order = [failure.text.index(said) for said in ("number 1", "number 2", "warning[INC001")]
    assert order == sorted(order)


def test_of_a_change_the_files_that_it_touches_are_tests() -> None:
    other = replace(PLAIN, path="pir/2026/broken-by-it.md")
    report = Report(
        findings=(other,),
        texts=dict.fromkeys([INCIDENT, "a.md", other.path], ""),
        since="main",
        touched=frozenset({INCIDENT, "incidents/2026/deleted.md"}),
    )
    assert [name for name, case in cases(report).items() if case.is_passed] == [INCIDENT]
    assert cases(report).keys() == {INCIDENT, other.path}


def test_what_was_waived_is_told_and_fails_nothing() -> None:
    report = Report(
        findings=(), waived=(Waived(finding=PLAIN, reason="it is so"),), texts={INCIDENT: ""}
    )
    (case,) = cases(report).values()
    assert case.is_passed
    assert case.system_out == "waived: FMT002, it is so\n"


def test_hostile_texts_stay_texts() -> None:
    found = cases(hostile_report())
    assert len(found) == len(PATHS)
    told = "".join(f"{c.system_out} {[r.text for r in c.result]}" for c in found.values())
    assert "</script><script>alert(1)</script>" in told
    assert "]]> &amp; &#x1b; <![CDATA[" in told


# --- reviewdog

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 1}


def message(required: list[str], **fields: object) -> dict[str, object]:
    """The schema of a message of reviewdog.proto."""
    return {
        "type": "object",
        "properties": fields,
        "required": required,
        "additionalProperties": False,
    }


POSITION = message(["line"], line=NUMBER, column=NUMBER)
RANGE = message(["start"], start=POSITION, end=POSITION)
DIAGNOSTIC = message(
    ["message", "location"],
    message={**TEXT, "minLength": 1},
    location=message(["path"], path=TEXT, range=RANGE),
    severity={"enum": ["ERROR", "WARNING", "INFO"]},
    source=message(["name"], name=TEXT, url=TEXT),
    code=message(["value"], value=TEXT, url={**TEXT, "pattern": "^https?://"}),
    suggestions={"type": "array", "items": message(["range", "text"], range=RANGE, text=TEXT)},
)


def diagnostics(report: Report, view: View = ALL) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rdjsonl(report, view).splitlines()]


def test_each_line_for_reviewdog_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps({"type": "array", "items": DIAGNOSTIC}))
    view = View(facts=True, rule_page="https://example.org/rules/{family}/")
    found = diagnostics(hostile_report(), view)
    # An empty message is one of the hostile texts, and no rule's.
    found = [one for one in found if one["message"]]
    assert len(found) >= len(TEXTS)
    (tmp_path / "found.json").write_text(json.dumps(found))
    command = ("-m", "check_jsonschema", "--schemafile", "schema.json", "found.json")
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_columns_for_reviewdog_count_bytes_and_end_behind_the_place() -> None:
    finding = replace(PLAIN, source="a東\U0001f600b word c", column=4, end_column=5)
    (one,) = diagnostics(Report(findings=(finding,)))
    assert one["location"]["range"] == {
        "start": {"line": 2, "column": 9},
        "end": {"line": 2, "column": 10},
    }
    (one,) = diagnostics(Report(findings=(replace(finding, column=6, end_column=None),)))
    assert one["location"]["range"]["start"]["column"] == 11
    assert one["location"]["range"]["end"]["column"] == 15
    (one,) = diagnostics(Report(findings=(replace(finding, source=None),)))
    assert one["location"]["range"]["start"] == {"line": 2}


@given(st.text(st.sampled_from("ab 東\U0001f600"), min_size=1), st.data())
def test_a_suggestion_makes_the_line_that_the_fix_makes(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    edits = (Edit(4 + start, 4 + end, "N"), Edit(4 + len(line), 4 + len(line), "!"))
    finding = replace(PLAIN, source=line, column=1, fix=edits[: 1 + (end < len(line))])
    report = Report(findings=(finding,), texts={INCIDENT: f"---\n{line}\nrest\n"})
    ((suggestion,),) = (one["suggestions"] for one in diagnostics(report))
    raw = line.encode()
    first, last = (suggestion["range"][side] for side in ("start", "end"))
    assert {first["line"], last["line"]} == {2}
    made = raw[: first["column"] - 1] + suggestion["text"].encode() + raw[last["column"] - 1 :]
    expected = line[:start] + "N" + line[end:] + ("!" if end < len(line) else "")
    assert made.decode() == expected


def test_a_fix_elsewhere_than_in_the_line_is_no_suggestion() -> None:
    finding = replace(PLAIN, fix=(Edit(0, 6, ""),))
    report = Report(findings=(finding,), texts={INCIDENT: "---\nab\n"})
    assert "suggestions" not in diagnostics(report)[0]
    assert "fixable" in diagnostics(report)[0]["message"]


def test_no_finding_is_no_line_for_reviewdog(good_tracker: Tracker) -> None:
    assert good_tracker.incident("check", "--format", "rdjsonl").out == ""


# --- JSON lines


def test_the_lines_are_the_objects_of_json_and_then_its_summary() -> None:
    *found, last = (json.loads(line) for line in jsonl(hostile_report(), ALL).split("\n"))
    whole = json.loads(report_json(hostile_report(), ALL))
    assert found == whole.pop("findings")
    assert last == whole


# --- the page of a rule


@pytest.mark.parametrize(
    ("mkdocs", "expected"),
    [
        ("site_url: https://a.example/x/\n", "https://a.example/x/rules/{family}/"),
        (
            'site_url: "https://a.example" # here\nuse_directory_urls: false # so\n',
            "https://a.example/rules/{family}.html",
        ),
        ("site_url: javascript:alert(1)\n", ""),
        ("extra:\n  site_url: https://a.example\n", ""),
        ("site_name: x\n", ""),
    ],
)
def test_where_the_site_explains_a_rule(mkdocs: str, expected: str) -> None:
    assert rule_page(mkdocs) == expected


def test_a_code_is_linked_to_the_page_of_its_rule(good_tracker: Tracker) -> None:
    good_tracker.write("mkdocs.yml", "site_url: https://a.example\nuse_directory_urls: false\n")
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9")
    (line,) = good_tracker.incident("check", "--format", "rdjsonl").out.splitlines()
    assert json.loads(line)["code"]["url"] == "https://a.example/rules/FMT.html#FMT017"
