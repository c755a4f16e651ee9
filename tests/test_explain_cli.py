"""`incident explain` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import Tracker

from incident_tracker.registry import rules


@pytest.mark.parametrize("code", [rule.code for rule in rules().values()])
def test_each_code_is_explained_with_the_finding_of_its_example(
    good_tracker: Tracker, code: str
) -> None:
    rule = rules()[code]
    said = good_tracker.incident("explain", code.lower())
    assert said.status == 0
    assert f"{code} {rule.name}" in said.out
    assert said.out.count(f"[{code} {rule.name}]") == len(rule.bad)
    found = json.loads(good_tracker.incident("explain", code, "--format", "json").out)["rules"]
    assert [each["code"] for each in found] == [code]
    assert found[0]["fix"] == rule.remedy


def test_without_a_code_all_are_listed_and_no_tracker_is_needed(
    good_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = good_tracker.incident("explain")
    assert said.status == 0
    assert [code for code in rules() if f"  {code}  " not in said.out] == []
    found = json.loads(good_tracker.incident("explain", "--format", "json").out)
    assert found["summary"] == {"rules": len(rules())}
    assert good_tracker.incident("explain", "FMT011").status == 0


def test_an_unknown_code_is_answered_with_the_nearest(good_tracker: Tracker) -> None:
    said = good_tracker.incident("explain", "FMT0011")
    assert said.status == 2
    assert "did you mean FMT0" in said.err


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("INC046", "Owed by P2 from closed."),
        ("INC022", "Owed by P0, P1, P2 from identified."),
        ("INC030", "Owed by P0, P1, P2 from fixing."),
        ("SEC001", "Owed by security incidents from fixing."),
    ],
)
def test_a_duty_says_which_severities_owe_it(good_tracker: Tracker, code: str, line: str) -> None:
    assert f"\n{line}\n" in good_tracker.incident("explain", code).out
    found = json.loads(good_tracker.incident("explain", code, "--format", "json").out)["rules"]
    assert found[0]["owed"] == line


def test_who_owes_a_duty_is_what_the_tracker_s_own_protocol_says(good_tracker: Tracker) -> None:
    path = good_tracker.root / "protocol/protocol.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("fail-back, root-cause]", "fail-back]"), "utf-8")
    assert (
        "Owed by no severity under this protocol." in good_tracker.incident("explain", "INC046").out
    )
    path.write_text(text.replace("fail-back]", "fail-back, root-cause]"), "utf-8")
    assert "Owed by P0, P1, P2, P3 from closed." in good_tracker.incident("explain", "INC046").out
    assert "Owed by" not in good_tracker.incident("explain", "INC006").out
