"""The fold: which line proves what, over severities, roles, steps back and the change of clocks."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from reading import CHICAGO, document, protocol, timeline

from incident_tracker.log.blocks import read_updates
from incident_tracker.log.fold import fold
from incident_tracker.model import Log, Milestone, Update


def log(
    body: str,
    *,
    updates: str = "",
    severity: str = "P1",
    day: str = "2026-11-03",
    is_maintenance: bool = False,
) -> Log:
    entries, faults = timeline(body, day)
    assert faults == ()
    return fold(
        entries,
        _updates(updates, day),
        severity=severity,
        protocol=protocol(),
        is_maintenance=is_maintenance,
    )


def _updates(body: str, day: str) -> tuple[Update, ...]:
    read = document(body, day, "Updates")
    section = read.section("Updates")
    assert section is not None
    found, faults = read_updates(section, read, protocol(), zone=CHICAGO)
    assert faults == ()
    return found


def clocks(folded: Log) -> dict[str, str]:
    return {milestone.value: f"{entry.at:%H:%M}" for milestone, entry in folded.times.items()}


def minutes(folded: Log, start: Milestone, end: Milestone) -> float:
    first, last = folded.times[start].at, folded.times[end].at
    assert first is not None
    assert last is not None
    return (last - first).total_seconds() / 60


WHOLE = """\
- ~13:58 - Impact started: first 503
- 14:05 - Incident detected via monitoring: probe
- 14:09 - Acknowledged by bo
- 14:10 - Notified: on-call team, team lead via phone
- 14:12 - IC assigned: asha, looks at it
- 14:12 - Technical lead assigned: bo
- 14:17 - Severity changed: P1 → P0 because all pages fail
- 14:20 - Notified: campaign manager via phone
- 14:22 - Checked: changes, logs: plugins were updated
- 15:30 - IC handed over: asha → finn because asha leaves
- 16:31 - Service restored: pages answer
- 16:40 - Resolution implemented (rollback): old plugin
- 16:43 - TODO: try updates in staging
- 16:44 - TODO: call the host
- 16:50 - Done: Call the host
- 17:15 - Verification complete
- 17:30 - Incident closed by finn"""


def test_a_whole_log_gives_its_summary() -> None:
    folded = log(WHOLE, severity="P0")
    assert clocks(folded) == {
        "started_at": "13:58",
        "detected_at": "14:05",
        "acknowledged_at": "14:09",
        "mitigated_at": "16:31",
        "resolved_at": "16:40",
        "verified_at": "17:15",
        "closed_at": "17:30",
    }
    assert [change.value for change in folded.statuses] == [
        "investigating",
        "monitoring",
        "resolved",
        "closed",
    ]
    assert (folded.detected_by, folded.resolution) == ("monitoring", "rollback")
    assert [todo.text for todo in folded.open_todos] == ["TODO: try updates in staging"]
    assert list(folded.checks) == ["checked-changes", "checked-logs"]
    assert len(folded.of("notified")) == 2
    assert len(folded.of("notified", "todo", "done")) == 5


def test_the_first_severity_survives_in_the_line_that_changes_it() -> None:
    changes = log(WHOLE, severity="P0").severities
    assert [(change.value, change.at is None) for change in changes] == [
        ("P1", True),
        ("P0", False),
    ]
    assert [change.value for change in log("- 14:05 - x", severity="P2").severities] == ["P2"]
    assert log("- 14:05 - x", severity="").severities == ()


def test_who_acknowledges_holds_the_role_until_it_is_assigned() -> None:
    folded = log(WHOLE)
    assert [change.value for change in folded.roles["ic"]] == ["bo", "asha", "finn"]
    assert [change.value for change in folded.roles["technical_lead"]] == ["bo"]


def test_a_late_acknowledgement_takes_no_role_away() -> None:
    folded = log("- 14:05 - IC assigned: asha\n- 14:09 - Acknowledged by bo")
    assert [change.value for change in folded.roles["ic"]] == ["asha"]
    assert clocks(folded) == {"acknowledged_at": "14:05"}


def test_acknowledging_tells_the_on_call_team() -> None:
    told = {name: f"{at:%H:%M}" for name, at in log(WHOLE).audiences.items()}
    assert told == {"on-call team": "14:09", "team lead": "14:10", "campaign manager": "14:20"}


def test_only_the_first_detection_counts() -> None:
    folded = log(
        "- 14:05 - Detected via team\n- 14:30 - Status changed: investigating → fixing\n"
        "- 14:40 - Detected via monitoring: the probe sees it, too"
    )
    assert clocks(folded) == {"detected_at": "14:05"}
    assert folded.detected_by == "team"
    assert folded.statuses[-1].value == "fixing"


def test_a_step_back_drops_the_later_times() -> None:
    body = WHOLE + "\n- 18:00 - Status changed: closed → investigating because errors are back"
    folded = log(body)
    assert list(clocks(folded)) == ["started_at", "detected_at", "acknowledged_at"]
    assert folded.resolution == ""
    assert folded.statuses[-1].value == "investigating"


def test_the_last_resolution_that_stands_is_the_one() -> None:
    folded = log(
        WHOLE
        + "\n- 18:00 - Status changed: closed → investigating because errors are back"
        + "\n- 18:30 - Resolution implemented (failover): second server"
    )
    assert clocks(folded)["resolved_at"] == "18:30"
    assert "verified_at" not in clocks(folded)
    assert folded.resolution == "failover"


def test_a_step_back_to_monitoring_keeps_the_resolution() -> None:
    folded = log(
        "- 14:05 - Detected via team\n- 15:00 - Resolution implemented (rollback): x\n"
        "- 15:40 - Verification complete\n"
        "- 15:50 - Status changed: resolved → monitoring because the logs were not read"
    )
    assert clocks(folded) == {"detected_at": "14:05", "resolved_at": "15:00"}


def test_a_second_resolution_asks_for_another_verification() -> None:
    folded = log(
        "- 15:00 - Resolution implemented (rollback): x\n- 15:40 - Verification complete\n"
        "- 16:00 - Resolution implemented (failover): y"
    )
    assert clocks(folded) == {"resolved_at": "16:00"}
    assert folded.statuses[-1].value == "monitoring"


def test_an_update_moves_the_status_forward_and_never_back() -> None:
    updates = "### 2026-11-03 14:20 - Identified\n\n### 2026-11-03 17:20 - Fixing"
    folded = log("- 14:05 - Detected via team\n- 17:15 - Verification complete", updates=updates)
    assert [(change.value, change.entry is None) for change in folded.statuses] == [
        ("investigating", False),
        ("identified", True),
        ("resolved", False),
    ]


def test_a_cancelled_incident_keeps_its_times() -> None:
    folded = log(
        "- 04:15 - Detected via monitoring\n- 04:22 - Acknowledged by gil\n"
        "- 04:29 - Cancelled: false alarm because the probe was broken"
    )
    assert folded.statuses[-1].value == "cancelled"
    assert clocks(folded) == {"detected_at": "04:15", "acknowledged_at": "04:22"}


def test_maintenance_has_statuses_of_its_own() -> None:
    assert log("", is_maintenance=True).statuses[-1].value == "scheduled"
    started = "- 02:04 - Maintenance started"
    assert log(started, is_maintenance=True).statuses[-1].value == "in-progress"
    done = started + "\n- 02:31 - Maintenance completed: PHP 8.4"
    assert log(done, is_maintenance=True).statuses[-1].value == "completed"
    assert log(started).statuses == ()


def test_a_todo_written_again_is_open_again() -> None:
    folded = log("- 14:05 - TODO: x\n- 14:06 - Done: x\n- 14:07 - TODO: x")
    assert [todo.position.line for todo in folded.open_todos] == [6]


def test_over_a_repeated_hour_the_time_to_resolve_is_what_really_passed() -> None:
    body = (
        "- 23:20 - Incident detected via user report: the form hangs\n\n### 2026-11-01\n"
        "- 01:50-05:00 - Hypothesis confirmed: retries\n"
        "- 01:25-06:00 - Service restored: queue on\n"
        "- 01:40-06:00 - Resolution implemented (workaround): queue"
    )
    folded = log(body, day="2026-10-31")
    assert minutes(folded, Milestone.DETECTED, Milestone.RESOLVED) == 200
    bare = body.replace("-05:00", "").replace("-06:00", "")
    entries, faults = timeline(bare, "2026-10-31")
    assert [fault.code for fault in faults] == ["TML010"] * 3
    assert [entry.at for entry in entries] == [entry.at for entry in folded.entries]


def test_an_entry_without_a_time_proves_nothing_but_is_found() -> None:
    entries, _ = timeline("- 14:05 - Detected via team\n- 2026-02-30 15:00 - Verification complete")
    folded = fold(entries, (), severity="P1", protocol=protocol(), is_maintenance=False)
    assert clocks(folded) == {"detected_at": "14:05"}
    assert len(folded.of("verified")) == 1


@given(st.permutations(WHOLE.splitlines()))
def test_the_order_of_the_lines_does_not_matter(lines: list[str]) -> None:
    body = "\n".join(f"- 2026-11-03 {line.removeprefix('- ').removeprefix('~')}" for line in lines)
    entries, _ = timeline(body)
    shuffled = fold(entries, (), severity="P0", protocol=protocol(), is_maintenance=False)
    straight = log(WHOLE, severity="P0")
    assert clocks(shuffled) == clocks(straight)
    assert [c.value for c in shuffled.statuses] == [c.value for c in straight.statuses]
    assert [c.value for c in shuffled.severities] == [c.value for c in straight.severities]


def test_moments_keep_the_offset_that_was_written() -> None:
    folded = log("- 14:05+01:00 - Detected via team")
    assert folded.times[Milestone.DETECTED].at == datetime.fromisoformat("2026-11-03T14:05+01:00")
