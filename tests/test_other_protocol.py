"""Another team's protocol: other severities, targets and roles, by editing protocol.yml alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from covering import page_text
from typed import ROOT, Said, Tracker

from builder import PROTOCOL
from incident_tracker.assemble import known_names
from incident_tracker.examples import good_files, outcome, verdict
from incident_tracker.judging import CRASH
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.protocol_faults import protocol_faults
from incident_tracker.protocol_words import SAID
from incident_tracker.registry import rules
from incident_tracker.text.yaml_reader import read_yaml

PROTOCOL_TEXT = (ROOT / "protocol" / "protocol.yml").read_text("utf-8")
PROTOCOL_NODE = read_yaml(PROTOCOL_TEXT)[0]
SHIPPED = read_protocol(PROTOCOL_TEXT)[0]
WORDS = [*SHIPPED.phrases, *SHIPPED.checks] if SHIPPED else []
DAY = "2026-11-23"
NAMES = {"P0": "SEV1", "P1": "SEV2", "P2": "SEV3", "P3": "SEV4"}
ROLES = {
    "ic": ("lead", "Lead assigned", "Lead handed over"),
    "technical_lead": ("engineer", "Engineer assigned", "Engineer handed over"),
    "communications_lead": ("speaker", "Speaker assigned", "Speaker handed over"),
    "scribe": ("liaison", "Liaison assigned", "Liaison handed over"),
}
SHORT = {"ic": "IC", "technical_lead": "Technical lead"} | {
    "communications_lead": "Communications lead",
    "scribe": "Scribe",
}
STORY = (
    ("21:06", ("ack", "--by", "bo"), "Triage complete: real, SEV1"),
    ("21:07", ("role", "lead", "asha"), "Speaker assigned: name"),
    ("21:08", ("role", "engineer", "bo"), "Speaker assigned: name"),
    ("21:09", ("role", "speaker", "chen"), "Liaison assigned: name"),
    ("21:09", ("role", "liaison", "dana"), "War room opened"),
    ("21:10", ("log", "Notified: on-call team, team lead, campaign manager via phone"), "War room"),
    ("21:11", ("log", "War room opened: #incident-20261123-checkout-500"), "Triage complete"),
    ("21:12", ("log", "Triage complete: real, SEV1"), "Impact"),
    ("21:14", ("log", "Impact: no donation can be completed"), "Root cause hypothesis"),
    ("21:16", ("log", "Root cause hypothesis: release 42, out at 20:58"), "Checked"),
    ("21:18", ("log", "Checked: changes, logs, dashboards, functionality: a null pointer"), "owed"),
    ("21:21", ("status", "fixing"), "wrote"),
    ("21:38", ("status", "monitoring", "--resolution", "rollback", "--note", "42 → 41"), "wrote"),
    ("22:10", ("tick", "all"), "--status resolved"),
    ("22:40", ("status", "resolved"), "wrote"),
    ("22:41", ("update", "--status", "resolved", "--message", "It works."), "notify"),
    ("22:50", ("status", "closed"), "incident pir new checkout-500"),
)


def other(text: str) -> str:
    """The shipped protocol with other names for everything that a team may name."""
    for old, new in NAMES.items():
        text = re.sub(rf"\b{old}\b", new, text)
    for old, (key, assigned, handed) in ROLES.items():
        text = text.replace(f"{SHORT[old]} assigned", assigned)
        text = text.replace(f"{SHORT[old]} handed over", handed)
        text = re.sub(rf"(?m)^  {old}: \{{name: [^,]*, short: [^,]*", _named(key), text)
        text = re.sub(rf"(role: +|roles: \[){old}\b", rf"\g<1>{key}", text)
    changes = {
        "response: 15m": "response: 5m",
        "acknowledge_target: 15m": "acknowledge_target: 5m",
        "watch: {least: 30m": "watch: {least: 60m",
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _named(key: str) -> str:
    return f"  {key}: {{name: Incident {key.title()}, short: {key.title()}"


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def theirs(empty_tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A tracker that `incident init` made, with its protocol.yml edited and nothing else."""
    good(empty_tracker.incident("init", str(tmp_path / "t")))
    monkeypatch.chdir(tmp_path / "t")
    tracker = Tracker(root=tmp_path / "t", read=empty_tracker.read)
    path = tracker.root / "protocol" / "protocol.yml"
    path.write_text(other(path.read_text("utf-8")), "utf-8")
    return tracker


def test_the_life_of_an_incident_under_another_protocol(theirs: Tracker) -> None:
    new = ("new", "Checkout returns 500", "--severity", "SEV1", "--component", "donations")
    how = ("--kind", "deployment", "--slug", "checkout-500", "--detected-by", "monitoring: 500")
    said = good(theirs.incident("--no-input", *new, *how, "--now", f"{DAY}T21:02-06:00"))
    assert "by 21:07" in said.out  # five minutes, not the fifteen of the shipped protocol
    for clock, command, owed in STORY:
        said = good(theirs.incident("--no-input", *command, "--now", f"{DAY}T{clock}-06:00"))
        assert owed in said.out, (command, said.out)
    checked = theirs.incident("check", "--strict")
    assert checked.status == 0, checked.out
    notice = good(theirs.incident("notify", "checkout-500", "resolution")).out
    assert "[RESOLVED] SEV1" in notice
    pinned = good(theirs.incident("war-room", "checkout-500")).out
    assert "chen answers (Incident Speaker)" in pinned
    measured = good(theirs.incident("metrics", "--metric", "time-to-acknowledge")).out
    assert "SEV1: 4 min; n 1; target < 5 min: met" in measured
    late = theirs.incident("due", "--now", "2026-12-02T09:00-06:00")
    assert late.status == 1
    assert "review meeting, for which no time is set (asha)" in late.out
    listed = good(theirs.incident("list", "--severity", "SEV1", "--format", "csv")).out
    assert "P0" not in listed
    now = datetime.fromisoformat("2026-12-02T09:00-06:00")
    record = page_text(theirs.root, f"incidents/2026/{DAY}-checkout-500.md", now)
    assert "SEV1" in record
    assert "Lead asha" in record


def test_a_fix_that_was_watched_too_short_by_their_rules_is_found(theirs: Tracker) -> None:
    new = ("new", "A typing error", "--severity", "SEV4", "--component", "website")
    by = ("--kind", "anomaly", "--impact", "nobody is blocked")
    good(theirs.incident("--no-input", *new, *by, "--now", f"{DAY}T09:00-06:00"))
    fixed = ("status", "monitoring", "--resolution", "fix-forward", "--by", "bo")
    good(theirs.incident("--no-input", *fixed, "--now", f"{DAY}T09:10-06:00"))
    early = theirs.incident("status", "resolved", "--all-boxes", "--now", f"{DAY}T09:55-06:00")
    assert early.status == 1
    good(theirs.incident("status", "resolved", "--all-boxes", "--now", f"{DAY}T10:10-06:00"))


def test_shipped_severities_are_unknown_there(theirs: Tracker) -> None:
    said = theirs.incident("--no-input", "new", "Down", "--severity", "P0")
    assert said.status == 2
    assert "SEV1" in said.err


SECTIONS = ("summary", "timeline", "impact", "root-cause", "went-well", "needs-improvement")


@pytest.mark.parametrize("name", [*SECTIONS, "actions", "prevention", "lessons"])
def test_a_protocol_may_leave_out_any_section_of_a_review(name: str) -> None:
    text = re.sub(rf"(?m)^  {name}: \{{text: .*hint: .*\n", "", PROTOCOL_TEXT)
    protocol, _ = read_protocol(text)
    assert protocol is not None
    assert name not in protocol.review_sections
    assert verdict(good_files(), protocol).findings == verdict(good_files(), PROTOCOL).findings


def test_a_command_whose_phrase_the_protocol_has_not_says_so(theirs: Tracker) -> None:
    path = theirs.root / "protocol" / "protocol.yml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^  severity-changed: \{text.*\n", "", text), "utf-8")
    new = ("new", "Checkout returns 500", "--severity", "SEV2", "--component", "website")
    good(theirs.incident("--no-input", *new, "--kind", "anomaly", "--now", f"{DAY}T09:00-06:00"))
    worse = ("set", "checkout", "severity=SEV1", "--reason", "all fail")
    said = theirs.incident("--no-input", *worse, "--now", f"{DAY}T09:10-06:00")
    assert said.status == 2, said
    assert 'the protocol has no phrase "severity-changed"' in said.err


def without(gone: Collection[str]) -> Protocol:
    """The shipped protocol without some of its words, and without what would owe them."""
    assert SHIPPED is not None

    def left(owes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {at: tuple(d for d in duties if d not in gone) for at, duties in owes.items()}

    security = SHIPPED.security
    return replace(
        SHIPPED,
        phrases={name: phrase for name, phrase in SHIPPED.phrases.items() if name not in gone},
        checks={name: word for name, word in SHIPPED.checks.items() if name not in gone},
        severities={
            name: replace(terms, owes=left(terms.owes))
            for name, terms in SHIPPED.severities.items()
        },
        security=replace(
            security,
            owes=left(security.owes),
            steps=tuple(step for step in security.steps if step.proof not in gone),
            responses=tuple(step for step in security.responses if step.proof not in gone),
        ),
    )


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("bit", range(len(WORDS).bit_length()))
def test_no_rule_asks_for_a_word_that_a_valid_protocol_may_lack(bit: int, side: int) -> None:
    # Of any two words one is there without the other in one of these protocols.
    protocol = without({word for number, word in enumerate(WORDS) if number >> bit & 1 == side})
    assert PROTOCOL_NODE is not None
    assert [*protocol_faults(protocol, PROTOCOL_NODE, known_names())] == []
    crashes = {
        finding.message
        for rule in rules().values()
        for example in rule.bad
        for finding in outcome(rule, example, protocol).report.findings
        if finding.code == CRASH
    }
    assert crashes == set()


@pytest.mark.parametrize(
    ("gone", "code", "help_"),
    [
        ("closed", "INC008", "closed_at: YYYY-MM-DDTHH:MM:SSZ"),
        ("severity-changed", "TML018", "write P1"),
        (
            "severity-changed",
            "CHG002",
            "define severity-changed below phrases in protocol/protocol.yml",
        ),
    ],
)
def test_what_cannot_be_said_in_the_protocol_s_words_has_another_way_out(
    gone: str, code: str, help_: str
) -> None:
    rule = rules()[code]
    found = outcome(rule, rule.bad[0], without({gone})).report.findings
    assert help_ in [finding.help for finding in found if finding.code == code]


def test_the_duties_that_a_phrase_fulfils_are_those_of_rules() -> None:
    assert SHIPPED is not None
    assert {*SAID} <= {rule.duty for rule in rules().values()} & SHIPPED.phrases.keys()
