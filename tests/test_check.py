"""Waivers, levels at the gates, versions and crashes: what the engine does around the rules."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from builder import incident, tracker
from incident_tracker.check import Report, check, owed, standing
from incident_tracker.examples import PATHS, good_files, tracker_of
from incident_tracker.finding import Level
from incident_tracker.model import Incident
from incident_tracker.protocol import read_protocol
from incident_tracker.registry import RULES, Context, Problem, Rule, rules

TEXT = (Path(__file__).parent.parent / "protocol" / "protocol.yml").read_text(encoding="utf-8")
PROTOCOL, _ = read_protocol(TEXT)
PATH = PATHS["incident"]
TRIAGE = "- 10:13 - Triage complete: real, P1\n"


def report(*changes: tuple[str, str], path: str = PATH) -> Report:
    assert PROTOCOL is not None
    files = dict(good_files())
    text = files[path].decode()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return check(tracker_of(files | {path: text.encode()}, PROTOCOL))


def codes(found: Report) -> list[tuple[str, Level]]:
    return [(finding.code, finding.level) for finding in found.findings]


def waive(text: str) -> tuple[str, str]:
    return ("protocol: 2.0.0\n", f"protocol: 2.0.0\nwaive: {{{text}}}\n")


def test_a_duty_warns_before_the_gate_and_is_an_error_behind_it() -> None:
    assert codes(report((TRIAGE, ""))) == [("INC020", Level.ERROR)]
    before = report(
        (TRIAGE, ""),
        ("status: closed", "status: fixing"),
        ("resolved_at: 2026-03-02T11:10-06:00\n", ""),
        ("verified_at: 2026-03-02T11:45-06:00\n", ""),
        ("closed_at: 2026-03-02T12:00-06:00\n", ""),
        ("resolution: rollback\n", ""),
        ("- 11:10 - Resolution implemented (rollback): release 7 → release 6\n", ""),
        ("- 11:45 - Verification complete\n- 12:00 - Incident closed by asha\n", ""),
        ("### 2026-03-02 11:50 - Resolved", "### 2026-03-02 11:50 - Fixing"),
        ("Searching works again.\n", "Soon.\n- Next steps: wait\n- Next update: 12:30\n"),
    )
    assert codes(before) == [("INC020", Level.WARNING)]
    assert before.exit_status(strict=False) == 0
    assert before.exit_status(strict=True) == 1


def test_row_34_a_waiver_with_a_reason_hides_and_is_counted() -> None:
    found = report((TRIAGE, ""), waive('INC020: "triage was the page itself"'))
    assert codes(found) == []
    assert [(w.finding.code, w.reason) for w in found.waived] == [
        ("INC020", "triage was the page itself")
    ]


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ('INC020: ""', ["INC020", "FMT031"]),
        ("INC999: why not", ["FMT030", "INC020"]),
        ("INC021: it is not missing", ["FMT032", "INC020"]),
        ("FMT001: no", ["FMT030", "INC020"]),
    ],
)
def test_row_34_a_waiver_that_hides_nothing_is_a_finding(waiver: str, expected: list[str]) -> None:
    found = report((TRIAGE, ""), waive(waiver))
    assert sorted(code for code, _ in codes(found)) == sorted(expected)
    assert found.waived == ()


def test_a_guess_of_the_reader_can_be_waived_on_its_line() -> None:
    line = "- 10:13 - Triage complete: real, P1\n"
    near = line + "- 10:13 - Scope assesed at once"
    assert codes(report((line, near + "\n"))) == [("TML013", Level.WARNING)]
    meant = near + " <!-- incident: ok TML013 her words -->\n"
    found = report((line, meant))
    assert codes(found) == []
    assert len(found.waived) == 1


def test_a_fault_of_form_cannot_be_waived() -> None:
    found = report(("severity: P1", "severity: P9"), waive("FMT017: we like nine"))
    assert [code for code, _ in codes(found)] == ["FMT017"]
    assert found.exit_status(strict=False) == 1


def test_form_findings_come_alone() -> None:
    assert codes(report((TRIAGE, ""), ("severity: P1", "severity: P9"))) == [
        ("FMT017", Level.ERROR)
    ]


def test_facts_never_change_the_exit_status() -> None:
    found = report(("- Next update: 12:00", "- Next update: 11:00"))
    assert codes(found) == [("INC072", Level.FACT)]
    assert found.exit_status(strict=True) == 0


def test_an_imported_record_owes_no_duty() -> None:
    origin = ("protocol: 2.0.0\n", "origin: {system: other, id: x7}\nprotocol: 2.0.0\n")
    assert codes(report((TRIAGE, ""), origin)) == []


@pytest.mark.parametrize(
    ("origin", "expected"), [({}, ["INC008"]), ({"origin": "{system: other, id: x7}"}, [])]
)
def test_a_source_may_know_that_it_is_over_where_no_update_tells_it(
    origin: dict[str, str], expected: list[str]
) -> None:
    one = incident(
        "told",
        status="resolved",
        resolved="2026-03-01T12:00Z",
        updates=["### 2026-03-01 11:00 - Monitoring", "We watch it."],
        **origin,
    )
    assert one.log.statuses[-1].value == "monitoring"
    found = {finding.code for finding in check(tracker(one)).findings}
    assert sorted(found & {"INC008", "INC012"}) == expected


@pytest.mark.parametrize("status", ["identified", "monitoring", "resolved", "closed"])
def test_what_an_imported_record_owes_is_what_the_check_holds_against_it(status: str) -> None:
    assert PROTOCOL is not None
    text = good_files()[PATH].decode().replace(TRIAGE, "").replace("kind: [outage]\n", "")
    text = re.sub(r"(?s)\n## Timeline.*", "\n", text)
    text = re.sub(r"^status: .*", f"status: {status}", text, flags=re.MULTILINE)
    ours = tracker_of({PATH: text.encode()}, PROTOCOL)
    text = text.replace("protocol: 2.0.0\n", "origin: {system: other, id: x7}\nprotocol: 2.0.0\n")
    tracker = tracker_of({PATH: text.encode()}, PROTOCOL)
    record = tracker.incident_by_id["2026-03-02-good"]
    assert record.origin is not None
    assert owed(ours.incidents[0], ours, status) != ()
    assert set(owed(record, tracker, status)) <= set(standing(record, tracker))
    assert not any(rules()[finding.code].duty for finding in owed(record, tracker, status))


def test_what_is_owed_for_a_status_names_that_statuses_duties_only() -> None:
    assert PROTOCOL is not None
    files = dict(good_files())
    text = files[PATH].decode().replace(TRIAGE, "").replace("- [x] No new errors in logs\n", "")
    tracker = tracker_of(files | {PATH: text.encode()}, PROTOCOL)
    record = tracker.incident_by_id["2026-03-02-good"]
    assert [f.code for f in owed(record, tracker, "identified")] == ["INC020"]
    assert [f.code for f in owed(record, tracker, "resolved")] == ["INC020", "INC042"]


def test_a_rule_that_crashes_is_a_finding_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(incident: Incident, context: Context) -> Iterator[Problem]:
        raise ZeroDivisionError(incident.id, context.protocol.version)

    rules()
    broken = Rule(
        code="INC998", name="broken", level=Level.WARNING, since="2.0.0", bad=(), good=(),
        subject=Incident, function=crash, summary="x", why="x", remedy="x",
    )  # fmt: skip
    monkeypatch.setitem(RULES, "INC998", broken)
    found = report((TRIAGE, ""))
    assert {code for code, _ in codes(found)} == {"CFG000", "INC020"}
    assert found.exit_status(strict=False) == 2


def test_a_rule_does_not_judge_records_of_older_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "INC020", replace(rules()["INC020"], since="2.1.0"))
    assert codes(report((TRIAGE, ""))) == []
