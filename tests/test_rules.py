"""Every rule, by its own examples: the tests of a new rule are written by declaring it."""

from __future__ import annotations

import pytest

from conftest import ROOT
from incident_tracker.examples import good_files, outcome, verdict
from incident_tracker.finding import Finding
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registry import Example, Rule, rules

# What no file of a tracker can show: tested by hand in test_check_cli.py and test_since.py.
NOT_BY_FILES = {
    "CFG000",
    "CFG002",
    "CHG008",
    "CHG009",
    "CHG010",
    "CHG012",
    "CHG013",
    "CHG014",
    "CHG015",
    "CHG018",
}


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
    found = outcome(rule, example, PROTOCOL).report.findings
    assert {finding.code for finding in found} == {rule.code}, [_short(f) for f in found]


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_is_clean(rule: Rule, example: Example) -> None:
    assert [_short(finding) for finding in outcome(rule, example, PROTOCOL).report.findings] == []


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_a_rule_is_documented_and_has_a_bad_example(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert bool(rule.bad) != (rule.code in NOT_BY_FILES)


@pytest.mark.parametrize(
    ("record", "set_", "help_", "note"),
    [
        (
            "incident",
            {"seveirty": "P1"},
            'did you mean "severity"?',
            '"severity" already stands on line 3',
        ),
        (
            "incident",
            {"roles": "{ic:bo}"},
            "write a space behind the colon: roles: {ic: bo}",
            None,
        ),
        (
            "incident",
            {"components": "{search:major_outage}"},
            "write a space behind the colon: components: {search: major_outage}",
            None,
        ),
        (
            "incident",
            {"protocol": "1.9.0"},
            "keep it as protocol/versions/1.9.0.yml, or correct the line",
            "known: 2.0.0",
        ),
        (
            "review",
            {"held_at": None},
            "incident pir schedule 2026-03-02-good --at YYYY-MM-DDTHH:MM",
            None,
        ),
        (
            "incident",
            {"verified_at": None, "replace": "11:45 - Verification"},
            "the watch ends at 2026-03-02 11:40-06:00: look again then, and write that time",
            None,
        ),
    ],
)
def test_the_help_says_what_to_type(
    record: str, set_: dict[str, str | None], help_: str, note: str | None
) -> None:
    early = {"11:45 - Verification": "11:30 - Verification"} if set_.pop("replace", None) else {}
    found = outcome(None, Example(record=record, set=set_, replace=early), PROTOCOL).report.findings
    assert (help_, note) in [(finding.help, finding.note) for finding in found]


def _short(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    return f"{place} {finding.code} {finding.level} {finding.message}"
