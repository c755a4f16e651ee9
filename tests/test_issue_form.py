"""An issue that was opened with the form becomes a record, whatever its author wrote into it."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Said, Tracker

from incident_tracker.lifecycle.issue_form import FORM, Field, answers, read_form
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.protocol import read_protocol
from incident_tracker.registers import ComponentFile
from incident_tracker.text.tables import read_table
from incident_tracker.text.yaml_reader import read_yaml

ROOT = Path(__file__).parents[1]
SHIPPED = read_form((ROOT / FORM).read_text("utf-8"))
OPTIONS = {field.id: field.options for field in SHIPPED}
NOW = ("--now", "2026-11-23T16:00-05:00")
LINES = [
    "Payments fail.",
    "### Severity",
    "### Impact",
    "### Symptom",
    "```",
    "~~~~",
    "",
    "P3: Low",
]


def as_github_writes(given: Mapping[str, str]) -> str:
    """The body of an issue, as GitHub joins the answers of the form."""
    answered = (f"### {f.label}\r\n\r\n{given.get(f.id) or '_No response_'}" for f in SHIPPED)
    return "\r\n\r\n".join(answered)


def severity(number: int) -> str:
    return OPTIONS["severity"][number]


def test_each_field_gets_its_answer() -> None:
    body = as_github_writes({"severity": severity(1), "impact": "Nobody can pay.\n\nSince noon."})
    assert answers(SHIPPED, body) == {"severity": "P1", "impact": "Nobody can pay.\n\nSince noon."}


def test_row_35_a_heading_in_a_text_answers_no_other_field() -> None:
    forged = f"Nobody can pay.\n\n### Severity\n\n{severity(3)}\n\n### Kind\n\ndata: x"
    found = answers(SHIPPED, as_github_writes({"severity": severity(0), "impact": forged}))
    assert (found["severity"], found["impact"]) == ("P0", forged)
    assert "kind" not in found


def test_a_heading_in_front_of_its_field_does_not_move_back() -> None:
    body = f"### Kind\n\ndata: lost\n\n{as_github_writes({'severity': severity(2)})}"
    assert answers(SHIPPED, body) == {"severity": "P2"}


def test_a_heading_in_code_is_text() -> None:
    log = "```\n### Symptom\nforged\n```"
    body = as_github_writes({"severity": severity(0), "impact": log, "symptom": "a white page"})
    assert answers(SHIPPED, body) == {"severity": "P0", "impact": log, "symptom": "a white page"}


def test_two_fences_left_open_hide_no_field() -> None:
    body = as_github_writes({"severity": severity(0), "impact": "```\none", "symptom": "```\ntwo"})
    assert answers(SHIPPED, body) == {"severity": "P0", "impact": "```\none", "symptom": "```\ntwo"}


@given(st.lists(st.sampled_from(LINES)), st.lists(st.sampled_from(LINES)))
def test_no_text_changes_what_a_list_answered(impact: list[str], symptom: list[str]) -> None:
    given = {"severity": severity(1), "detected_by": OPTIONS["detected_by"][0]}
    texts = {"impact": "\n".join(impact), "symptom": "\n".join(symptom)}
    found = answers(SHIPPED, as_github_writes({**given, **texts}))
    assert (found["severity"], found["detected_by"]) == ("P1", "monitoring")
    assert set(found) <= {"severity", "detected_by", "impact", "symptom"}


@given(st.text())
def test_any_text_is_read_or_refused(body: str) -> None:
    try:
        found = answers(SHIPPED, body)
    except Refusal:
        return
    assert set(found) <= set(OPTIONS)


def test_an_answer_that_the_form_does_not_offer_is_refused() -> None:
    with pytest.raises(Refusal, match='"P9: Worse" is no answer that the form offers'):
        answers(SHIPPED, as_github_writes({"severity": "P9: Worse"}))


def test_a_field_of_one_line_has_no_second_one() -> None:
    form = (Field(id="component", label="Component", is_long=False),)
    assert answers(form, "### Component\n\nsearch\n- [x] more") == {"component": "search"}


def test_a_form_whose_answers_could_be_forged_is_refused() -> None:
    text = """
body:
  - {type: textarea, id: impact, attributes: {label: Impact}}
  - {type: dropdown, id: severity, attributes: {label: Severity, options: [P0]}}
"""
    with pytest.raises(Refusal, match='"Severity" stands behind "Impact"'):
        read_form(text)


@pytest.mark.parametrize("text", ["", "body: no", "a: [", "body: &x []"])
def test_a_form_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        read_form(text)


def test_the_form_offers_what_the_protocol_knows() -> None:
    protocol, _ = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    node, _ = read_yaml((ROOT / "protocol" / "components.yml").read_text("utf-8"))
    assert protocol is not None
    assert node is not None
    known, _ = read_table(ComponentFile, node)
    assert known is not None
    kinds = {k: w for k, w in protocol.kinds.items() if k not in protocol.kinds_needed_at_declare}
    assert {
        "severity": tuple(f"{k}: {s.name}, {s.meaning}" for k, s in protocol.severities.items()),
        "component": tuple(f"{part.id}: {part.name}" for part in known.components),
        # Planned work is no incident, and what is about security belongs in no open issue.
        "kind": tuple(f"{key}: {word.about}" for key, word in kinds.items()),
        "detected_by": tuple(f"{k}: {w.label}" for k, w in protocol.detection_sources.items()),
        "impact": (),
        "symptom": (),
    } == OPTIONS


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    empty_tracker.write(FORM, (ROOT / FORM).read_bytes())
    return empty_tracker


def declared(tracker: Tracker, body: str, *more: str) -> tuple[Said, str]:
    tracker.write("issue.md", body)
    new = ("new", "--from-form", "issue.md", "--title=Checkout returns 500", "--slug", "a")
    said = tracker.incident(*new, *more, *NOW)
    record = tracker.root / "incidents" / "2026" / "2026-11-23-a.md"
    return said, record.read_text("utf-8") if record.exists() else ""


def test_the_answers_become_a_record_without_a_finding(tracker: Tracker) -> None:
    given = {name: options[0] for name, options in OPTIONS.items() if options}
    texts = {"impact": "Nobody can pay.\n\nSince noon.", "symptom": "A white page: error 500"}
    said, text = declared(tracker, as_github_writes({**given, **texts}))
    assert said.status == 0, said.err
    assert "severity: P0\n" in text
    assert "kind: outage\n" in text
    assert "components: [website]\n" in text
    assert "detected via monitoring: A white page: error 500\n" in text
    assert "- 15:00 - Impact: Nobody can pay. Since noon.\n" in text
    assert tracker.incident("check").status == 0


def test_what_was_seen_is_told_even_if_nobody_says_by_whom(tracker: Tracker) -> None:
    body = as_github_writes({"severity": severity(0), "symptom": "alert: error 500"})
    _, text = declared(tracker, body)
    assert "detected via team: alert: error 500\n" in text


def test_what_was_typed_counts_more_than_the_form(tracker: Tracker) -> None:
    _, text = declared(tracker, as_github_writes({"severity": severity(3)}), "--severity", "P1")
    assert "severity: P1\n" in text


def test_a_long_answer_is_cut_and_said_to_be(tracker: Tracker) -> None:
    body = as_github_writes({"severity": severity(3), "impact": "pay " * 16_000})
    said, text = declared(tracker, body)
    assert '"impact" is longer than 600 characters and was cut' in said.err
    assert max(map(len, text.splitlines())) < 700
    assert tracker.incident("check").status == 0


def test_a_long_title_of_an_issue_is_cut_and_a_typed_one_refused(tracker: Tracker) -> None:
    body = as_github_writes({"severity": severity(3)})
    said, text = declared(tracker, body, "--title", "pay " * 1_250)
    assert '"title" is longer than 500 characters and was cut' in said.err
    assert len(text.splitlines()[1]) <= len("title: ") + 500
    assert tracker.incident("check").status == 0
    said = tracker.incident("new", "pay " * 1_250, "--severity", "P3", "--slug", "long", *NOW)
    assert (said.status, "at most 500 fit" in said.err) == (2, True)


def test_the_text_is_read_from_standard_input(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = as_github_writes({"severity": severity(2)}).encode() + b"\xff"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    said = tracker.incident("new", "--from-form", "-", "--title=x", *NOW)
    assert said.status == 0, said.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Just a question", "no field of the form has an answer in this text"),
        ("### Severity\n\nP9", '"P9" is no answer that the form offers for "Severity"'),
        ("### Impact\n\nAll", "an incident needs a severity"),
        ("x" * 1_000_001, "more than 1,000,000 bytes are no issue"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_written(
    tracker: Tracker, body: str, said: str
) -> None:
    done, text = declared(tracker, body)
    assert (done.status, text) == (2, "")
    assert said in done.err


def test_a_tracker_without_a_form_says_so(empty_tracker: Tracker) -> None:
    done, _ = declared(empty_tracker, "### Severity\n\nP0")
    assert done.status == 2
    assert f"there is no {FORM}" in done.err
