"""Every rule, by its own examples: the tests of a new rule are written by declaring it."""

from __future__ import annotations

import pytest

from conftest import ROOT
from incident_tracker.examples import good_files, outcome, verdict
from incident_tracker.finding import Finding
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registry import Example, Rule, rules

# What no file of a tracker can show: tested by hand in test_check_cli.py.
NOT_BY_FILES = {"CFG000", "CFG002"}


def _protocol() -> Protocol:
    read, faults = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    assert read is not None, faults
    return read


PROTOCOL = _protocol()
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules().values()
    for number, example in enumerate(rule.bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules().values()
    for number, example in enumerate(rule.good)
]


def test_the_good_records_are_clean() -> None:
    assert [_short(finding) for finding in verdict(good_files(), PROTOCOL).findings] == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_trips_its_own_rule_only(rule: Rule, example: Example) -> None:
    found = outcome(example, PROTOCOL).report.findings
    assert {finding.code for finding in found} == {rule.code}, [_short(f) for f in found]


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_is_clean(rule: Rule, example: Example) -> None:
    assert [_short(finding) for finding in outcome(example, PROTOCOL).report.findings] == []


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_a_rule_is_documented_and_has_a_bad_example(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert bool(rule.bad) != (rule.code in NOT_BY_FILES)


def _short(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    return f"{place} {finding.code} {finding.level} {finding.message}"
