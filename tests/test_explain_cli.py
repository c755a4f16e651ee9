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
