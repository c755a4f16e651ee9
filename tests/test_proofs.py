"""A record that contradicts itself proves no box; what only people can know is not judged."""

from __future__ import annotations

from datetime import datetime

import pytest
from typed import Tracker

from incident_tracker.lifecycle.checklist import checklists
from incident_tracker.lifecycle.proofs import Proof
from incident_tracker.workspace import Workspace

RECORD, REVIEW = "incidents/2026/2026-03-02-good.md", "pir/2026/2026-03-02-good.md"
NOW = datetime.fromisoformat("2026-04-20T12:00-05:00")
NOT_SENT = "- 11:51 - Notice not sent: team lead via lead-mail: resolution 2026-03-02 11:50 - why"
GOING = "- 11:51 - Notice going out: team lead via lead-mail: resolution 2026-03-02 11:50"
ELSEWHERE = NOT_SENT.replace("lead-mail", "team-chat")
CLOSED = "- 12:00 - Incident closed by asha"
APART = "only before the detection or after the end"


def proof(tracker: Tracker, box: str, *, now: datetime = NOW) -> Proof:
    whole = Workspace.find(tracker.root).load()
    incident = whole.incident_by_id["2026-03-02-good"]
    review = whole.review_by_incident["2026-03-02-good"]
    lines = {
        line.box: line.proof for one in checklists(incident, review, now) for line in one.lines
    }
    return lines[box]


def moved(line: str, to: str) -> tuple[str, str, str]:
    return RECORD, line, f"- {to}{line[7:]}"


TRIAGE, WAR_ROOM = "- 10:13 - Triage complete", "- 10:12 - War room opened"
TOLD, CHECKED = "- 10:07 - Notified: on-call", "- 10:20 - Checked: changes"
HYPOTHESIS = "- 10:25 - Root cause hypothesis"
CONFIRMED = "- 11:01 - Hypothesis confirmed"
OPEN_AGAIN = "- [x] Functionality restored (three searches)\n- [ ] Functionality restored"


@pytest.mark.parametrize(
    ("box", "edits", "evidence"),
    [
        ("severity", [moved(TRIAGE, "12:30")], f"triage {APART}"),
        ("severity", [moved(TRIAGE, "09:30")], f"triage {APART}"),
        ("war-room", [moved(WAR_ROOM, "09:30")], f"opened {APART}"),
        ("war-room", [moved(WAR_ROOM, "12:30")], f"opened {APART}"),
        ("notified", [moved(TOLD, "12:30")], f"told {APART}: "),
        ("notified", [moved(TOLD, "09:30")], f"told {APART}: "),
        (
            "investigation",
            [moved(CHECKED, "09:30"), moved(HYPOTHESIS, "09:31"), moved(CONFIRMED, "09:32")],
            APART,
        ),
        (
            "resolution-notice",
            [(RECORD, "### 2026-03-02 11:50 - Resolved", "### 2026-03-02 11:05 - Resolved")],
            "told only before it was resolved",
        ),
        (
            "resolution-notice",
            [
                (
                    RECORD,
                    CLOSED,
                    f"{NOT_SENT}\n{ELSEWHERE}\n{CLOSED}",
                )
            ],
            "not sent",
        ),
        ("resolution-notice", [(RECORD, CLOSED, f"{GOING}\n{CLOSED}")], "unknown whether"),
        (
            "functionality",
            [(RECORD, "- [x] Functionality restored (three searches)", OPEN_AGAIN)],
            "there twice, answered and not answered",
        ),
        (
            "functionality",
            [(RECORD, "(three searches)", "(2026-03-02 09:00)")],
            "dated before the detection",
        ),
        (
            "ic",
            [
                (RECORD, "{ic: asha,", "{ic: nobody,"),
                (RECORD, "assigned: asha", "assigned: nobody"),
            ],
            "nobody",
        ),
    ],
)
def test_what_contradicts_itself_proves_nothing(
    good_tracker: Tracker, box: str, edits: list[tuple[str, str, str]], evidence: str
) -> None:
    assert proof(good_tracker, box).holds is True
    for path, old, new in edits:
        good_tracker.change(path, old, new)
    found = proof(good_tracker, box)
    assert found.holds is False
    assert evidence in found.evidence


DONE = "(Owner: bo, Due: 2026-03-20, Type: prevent, Ticket: OPS-102, Done: 2026-03-18)"
PEOPLE = "attendees: [asha, bo, chen, dana]"


@pytest.mark.parametrize(
    ("box", "old", "new", "evidence"),
    [
        ("initial-report", "(2026-03-02 18:00)", "(2026-02-22)", "dated before the detection"),
        ("prevention", "Done: 2026-03-18", "Done: 2020-01-01", "1 done on a day that cannot be"),
        ("prevention", "Done: 2026-03-18", "Done: 2030-01-01", "1 done on a day that cannot be"),
        ("actions", "Due: 2026-03-20", "Due: 2026-02-20", "1 of 2 actions with owner and date"),
        ("actions", DONE, DONE.replace("bo", "TBD"), "1 of 2 actions with owner and date"),
        ("review-held", PEOPLE, "attendees: [TBD, '?']", "nobody is named who was there"),
        ("review-held", "held_at: 2026-03-06", "held_at: 2026-02-06", "held before the detection"),
        ("review-published", "published_at: 2026-03", "published_at: 2030-03", "is to come"),
        ("review-published", "published_at: 2026-03", "published_at: 2025-03", "published before"),
    ],
)
def test_what_cannot_have_been_afterwards_proves_nothing(
    good_tracker: Tracker, box: str, old: str, new: str, evidence: str
) -> None:
    assert proof(good_tracker, box).holds is True
    good_tracker.change(REVIEW, old, new)
    found = proof(good_tracker, box)
    assert found.holds is False
    assert evidence in found.evidence


def test_a_box_that_is_answered_twice_differently_is_not_answered(good_tracker: Tracker) -> None:
    assert good_tracker.incident("check").status == 0
    good_tracker.change(RECORD, "- [x] Functionality restored (three searches)", OPEN_AGAIN)
    said = good_tracker.incident("check")
    assert said.status == 1
    assert "the verification is not finished: Functionality restored" in said.out
    assert "INC042" in said.out


@pytest.mark.parametrize(
    ("box", "old", "new"),
    [
        ("severity", "Triage complete: real, P1", "Triage complete: false alarm, P1"),
        ("resolution", "(rollback): release 7 → release 6", "(rollback): failed"),
        ("functionality", "(three searches)", "(not yet)"),
    ],
)
def test_what_only_people_can_know_is_not_judged(
    good_tracker: Tracker, box: str, old: str, new: str
) -> None:
    good_tracker.change(RECORD, old, new)
    assert proof(good_tracker, box).holds is True


def test_a_line_in_the_minute_of_the_end_is_of_the_incident(good_tracker: Tracker) -> None:
    good_tracker.change(RECORD, *moved(TRIAGE, "12:00")[1:])
    assert proof(good_tracker, "severity").holds is True
