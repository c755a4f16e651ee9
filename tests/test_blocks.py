"""Updates, checklists and action items: what is read, and what is refused at its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import CHICAGO, FIRST_LINE, codes, document, protocol

from incident_tracker.finding import Fault
from incident_tracker.log.blocks import read_actions, read_boxes, read_updates
from incident_tracker.model import Action, ActionState, Box, Update
from incident_tracker.text.edit import apply


def updates(
    body: str, day: str = "2026-11-03", detected: str | None = None
) -> tuple[tuple[Update, ...], tuple[Fault, ...]]:
    since = datetime.fromisoformat(detected) if detected else None
    read = document(body, day, "Updates")
    section = read.section("Updates")
    assert section is not None
    return read_updates(section, read, protocol(), zone=CHICAGO, detected=since)


def boxes(body: str) -> tuple[tuple[Box, ...], tuple[Fault, ...]]:
    read = document(body, section="Checklist")
    section = read.section("Checklist")
    assert section is not None
    return read_boxes(section, read, protocol())


def actions(body: str) -> tuple[tuple[Action, ...], tuple[Fault, ...]]:
    read = document(body, section="Action Items")
    section = read.section("Action Items")
    assert section is not None
    return read_actions(section, read, protocol(), "2026-11-03-x")


def mended(section: str, body: str, faults: tuple[Fault, ...]) -> str:
    read = document(body, section=section)
    text = apply(read.text, [edit for fault in faults for edit in fault.fix])
    return text.split("\n", 3)[3].removesuffix("\n")


def test_an_update_has_its_time_status_text_and_keys() -> None:
    found, faults = updates(
        "### 2026-11-03 14:20 - Identified\nA plugin is broken.\n\nWe put the old one back.\n"
        "- Impact: no page\n- next steps: restart\n  PHP\n- ETA: unknown\n- Next update: 14:50"
    )
    assert faults == ()
    assert found[0].at == datetime.fromisoformat("2026-11-03T14:20-06:00")
    assert found[0].status == "identified"
    assert found[0].text == "A plugin is broken.\n\nWe put the old one back."
    assert [(line.key, line.value) for line in found[0].keys] == [
        ("impact", "no page"),
        ("next-steps", "restart PHP"),
        ("eta", "unknown"),
        ("next-update", "14:50"),
    ]
    assert found[0].next_update_at == datetime.fromisoformat("2026-11-03T14:50-06:00")
    assert found[0].keys[0].position.line == FIRST_LINE + 4


@pytest.mark.parametrize(
    ("heading", "at"),
    [
        ("### 2026-11-03 9:20 – Monitoring", "2026-11-03T09:20-06:00"),
        ("### 2026-11-03T14:20-05:00: monitoring", "2026-11-03T14:20-05:00"),
        ("### 2026-11-03 14:20Z - Monitoring", "2026-11-03T14:20+00:00"),
    ],
)
def test_an_updates_heading_is_read_as_it_is_naturally_typed(heading: str, at: str) -> None:
    found, faults = updates(heading)
    assert faults == ()
    assert (found[0].at, found[0].status) == (datetime.fromisoformat(at), "monitoring")


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("14:50", "2026-11-03T14:50-06:00"),
        ("0:30", "2026-11-04T00:30-06:00"),
        ("14:20", "2026-11-04T14:20-06:00"),
        ("2026-11-05 09:00", "2026-11-05T09:00-06:00"),
        ("21:00Z", "2026-11-03T21:00+00:00"),
    ],
)
def test_the_next_update_is_the_first_such_time_behind_the_heading(value: str, at: str) -> None:
    found, faults = updates(f"### 2026-11-03 14:20 - Fixing\n- Next update: {value}")
    assert faults == ()
    assert found[0].next_update_at == datetime.fromisoformat(at)


def test_components_are_named_with_their_levels() -> None:
    found, faults = updates(
        "### 2026-11-03 14:20 - Fixing\n- Components: website operational, feed: Partial outage"
    )
    assert faults == ()
    assert found[0].components == {"website": "operational", "feed": "partial_outage"}


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ("### It works\nText.", "UPD001", (0, 5)),
        ("Text.\n\n### 2026-11-03 14:20 - Fixing", "UPD001", (0, 1)),
        ("### 14:20 - Fixing", "UPD002", (0, 5)),
        ("### 2026-11-03 14:20 - Fine", "UPD003", (0, 24)),
        ("### 2026-02-30 14:20 - Fixing", "UPD005", (0, 5)),
        ("### 2026-03-08 02:30 - Fixing", "UPD005", (0, 16)),
        ("### 2026-11-03 14:20 - Fixing\n- Next step: go on", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- **Sent:** x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- **Sent**: x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- _Approved by: x_", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- [x] Approved by: x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- ApprovedBy: x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- **Sent:**", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- Snet: x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- Approved by x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- \u0405ent: x", "UPD006", (1, 3)),
        ("### 2026-11-03 14:20 - Fixing\n- Next update: soon", "UPD007", (1, 16)),
        ("### 2026-11-03 14:20 - Fixing\n- Components: feed sad", "UPD008", (1, 15)),
        ("### 2026-11-03 14:20 - Fixing\n- Components: feed", "UPD008", (1, 15)),
        ("### 2026-11-03 14:20 - Fixing\n- ETA: 15:00\n- ETA: 16:00", "UPD009", (2, 3)),
    ],
)
def test_an_updates_faults_have_their_place(body: str, code: str, place: tuple[int, int]) -> None:
    _, faults = updates(body)
    assert codes(faults) == [code]
    position = faults[0].position
    assert (position.line - FIRST_LINE, position.column) == place
    assert faults[0].help


def test_a_bullet_that_is_no_key_is_text() -> None:
    found, faults = updates("### 2026-11-03 14:20 - Fixing\nSeen so far:\n- pages\n- forms: two")
    assert faults == ()
    assert found[0].text == "Seen so far:\n- pages\n- forms: two"
    assert found[0].keys == ()


def test_a_missing_date_is_that_of_the_first_such_clock_behind_what_came_last() -> None:
    body = "### 23:20 - Investigating\n\n### 23:50 - Fixing\n\n### 00:10 - Monitoring"
    detected = "2026-11-03T23:15-06:00"
    found, faults = updates(body, detected=detected)
    assert codes(faults) == ["UPD002"] * 3
    assert mended("Updates", body, faults) == (
        "### 2026-11-03 23:20 - Investigating\n\n### 2026-11-03 23:50 - Fixing\n\n"
        "### 2026-11-04 00:10 - Monitoring"
    )
    assert found == updates(mended("Updates", body, faults), detected=detected)[0]


@pytest.mark.parametrize(
    ("heading", "detected", "at"),
    [
        ("### 00:10 - Fixing", "2026-11-18T23:50-06:00", "2026-11-19T00:10-06:00"),
        ("### 23:50 - Fixing", "2026-11-18T23:50:30-06:00", "2026-11-18T23:50-06:00"),
        ("### 06:10Z - Fixing", "2026-11-18T23:50-06:00", "2026-11-19T06:10+00:00"),
        ("### 05:55Z - Fixing", "2026-11-18T23:50-06:00", "2026-11-19T05:55+00:00"),
    ],
)
def test_the_first_update_without_a_date_is_not_before_the_detection(
    heading: str, detected: str, at: str
) -> None:
    found, faults = updates(heading, "2026-11-18", detected)
    assert codes(faults) == ["UPD002"]
    assert found[0].at == datetime.fromisoformat(at)
    assert faults[0].fix


@pytest.mark.parametrize(
    "body", ["### 00:10 - Fixing", "### 2026-02-30 23:50 - Fixing\n\n### 00:10 - Monitoring"]
)
def test_a_date_that_nothing_tells_is_asked_for_and_not_guessed(body: str) -> None:
    found, faults = updates(body)
    assert (found[-1].at, codes(faults)[-1], faults[-1].fix) == (None, "UPD002", ())
    assert "YYYY-MM-DD" in (faults[-1].help or "")


def test_updates_in_a_repeated_hour_are_read_forward_and_ask_for_the_offset() -> None:
    body = "### 2026-11-01 01:50 - Fixing\n\n### 2026-11-01 01:20 - Monitoring"
    found, faults = updates(body)
    assert codes(faults) == ["UPD004", "UPD004"]
    assert mended("Updates", body, faults) == (
        "### 2026-11-01 01:50-05:00 - Fixing\n\n### 2026-11-01 01:20-06:00 - Monitoring"
    )
    assert [update.at for update in found] == [
        datetime.fromisoformat("2026-11-01T01:50-05:00"),
        datetime.fromisoformat("2026-11-01T01:20-06:00"),
    ]


@pytest.mark.parametrize(
    ("line", "box"),
    [
        ("- [x] Monitoring healthy", "monitoring"),
        ("- [x] No new errors", "logs"),
        ("- [ ] Users can acess system (all)", "access"),
        ("- [x] Functoinality restored", "functionality"),
    ],
)
def test_what_is_nearly_a_box_is_read_as_it_with_a_hint(line: str, box: str) -> None:
    found, faults = boxes(line)
    assert [read.box for read in found] == [box]
    assert codes(faults) == ["CHK004"]


@pytest.mark.parametrize(
    "line",
    [
        "- [x] Notification sent",  # the first or the last one?
        "- [x] Incident ticket closed",
        "- [x] Performance",
        "- [x] Coffee made",
        "- [x] Monitoring shows healthy\n- [x] Monitoring healthy",
    ],
)
def test_no_box_is_guessed(line: str) -> None:
    found, faults = boxes(line)
    assert (found[-1].box, faults) == ("", ())


@pytest.mark.parametrize(
    ("line", "box", "ticked", "note"),
    [
        ("- [x] Functionality restored", "functionality", True, ""),
        ("* [X] functionality restored.", "functionality", True, ""),
        ("- [ ] No new errors in logs (two old ones)", "logs", False, "two old ones"),
        ("- [x] No new errors in logs: two old ones", "logs", True, "two old ones"),
        ("- [x] Initial incident report (24 hours)", "initial-report", True, ""),
        ("- [x] Initial incident report (24 hours) (in time)", "initial-report", True, "in time"),
        ("- [x] War room established (#inc-1)", "war-room", True, "#inc-1"),
        (
            "- [x] Documentation updated ([notes](../a.md))",
            "documentation",
            True,
            "[notes](../a.md)",
        ),
        ("- [x] Functionality restored on staging", "", True, ""),
        ("- [x] Coffee made", "", True, ""),
    ],
)
def test_a_box_is_one_of_the_protocol_with_a_note(
    line: str,
    box: str,
    ticked: bool,  # noqa: FBT001 # a column of the table
    note: str,
) -> None:
    found, faults = boxes(line)
    assert faults == ()
    assert [(b.box, b.ticked, b.note) for b in found] == [(box, ticked, note)]


@pytest.mark.parametrize("tick", ["[x]", "[ ]"])
def test_a_box_that_is_not_applicable_is_answered_with_a_reason(tick: str) -> None:
    found, faults = boxes(f"- {tick} Performance acceptable (n/a: a text was changed)")
    assert faults == ()
    assert found[0].not_applicable == "a text was changed"
    assert found[0].answered


@pytest.mark.parametrize(
    ("note", "on", "at"),
    [
        ("2026-11-04", date(2026, 11, 4), None),
        ("2026-11-04, stand-up", date(2026, 11, 4), None),
        ("2026-11-04 09:30", date(2026, 11, 4), "2026-11-04T09:30-06:00"),
        ("2026-11-04 09:30-05:00, mail", date(2026, 11, 4), "2026-11-04T09:30-05:00"),
        ("on 2026-11-04", None, None),
    ],
)
def test_a_box_may_have_its_date(note: str, on: date | None, at: str | None) -> None:
    found, faults = boxes(f"- [x] Team learnings shared ({note})")
    assert faults == ()
    assert (found[0].on, found[0].at) == (on, datetime.fromisoformat(at) if at else None)


@pytest.mark.parametrize(
    ("line", "code", "fixed"),
    [
        ("- [] Functionality restored", "CHK001", "- [ ] Functionality restored"),
        ("- [v] Functionality restored", "CHK001", "- [x] Functionality restored"),
        ("- [x]Functionality restored", "CHK001", "- [x] Functionality restored"),
        ("-[x] Functionality restored", "CHK001", "- [x] Functionality restored"),
        ("- Functionality restored", "CHK001", "- [ ] Functionality restored"),
        ("- [x] Functionality restored (n/a)", "CHK002", None),
        ("- [x] Functionality restored (2026-02-30)", "CHK003", None),
    ],
)
def test_a_box_in_another_form_is_mended(line: str, code: str, fixed: str | None) -> None:
    _, faults = boxes(line)
    assert codes(faults) == [code]
    assert faults[0].position.line == FIRST_LINE
    assert mended("Checklist", line, faults) == (fixed or line)
    if fixed:
        assert boxes(fixed)[1] == ()


def test_an_action_has_owner_due_day_and_what_else_is_known() -> None:
    found, faults = actions(
        "- [x] Alert at 80 % (of the pool) (Owner: gil, Due: 2026-12-01, Type: permanent fix, "
        "Ticket: OPS-1, Done: 2026-11-20)\n"
        "- [ ] ~~Move it~~ (Owner: asha, Due: 2027-01-15, Dropped: fixed in 4.2.1, tried twice)\n"
        "- [ ] Write it down,\n  for all (Owner: dana, Due: 2026-12-02)\n  - not one of its own"
    )
    assert faults == ()
    assert [(a.id, a.text, a.state) for a in found] == [
        ("2026-11-03-x#1", "Alert at 80 % (of the pool)", ActionState.DONE),
        ("2026-11-03-x#2", "Move it", ActionState.DROPPED),
        ("2026-11-03-x#3", "Write it down, for all", ActionState.OPEN),
    ]
    first = found[0]
    assert (first.owner, first.due, first.type) == ("gil", date(2026, 12, 1), "permanent-fix")
    assert (first.ticket, first.done) == ("OPS-1", date(2026, 11, 20))
    assert found[1].dropped == "fixed in 4.2.1, tried twice"


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("- [] Alert (Owner: gil, Due: 2026-12-01)", "ACT001", 3),
        ("- Alert (Owner: gil, Due: 2026-12-01)", "ACT001", 3),
        ("- [ ] Alert (gil, 1 December)", "ACT002", 7),
        ("- [ ] Alert", "ACT002", 7),
        ("- [ ] Alert (Owner: gil)", "ACT002", 7),
        ("- [ ] Alert (Owner: gil, Due: 1 December)", "ACT003", 26),
        ("- [ ] Alert (Owner: gil; bo, Due: 2026-12-01, Type: later)", "ACT003", 47),
        ("- [ ] Alert (Owner: , Due: 2026-12-01)", "ACT003", 14),
        ("- [ ] Alert (Owner: gil, Owner: bo, Due: 2026-12-01)", "ACT003", 26),
        ("- [x] Alert (Owner: gil, Due: 2026-12-01)", "ACT004", 7),
        ("- [ ] Alert (Owner: gil, Due: 2026-12-01, Done: 2026-11-20)", "ACT004", 7),
        ("- [ ] ~~Alert~~ (Owner: gil, Due: 2026-12-01)", "ACT004", 7),
        ("- [ ] Alert (Owner: gil, Due: 2026-12-01, Dropped: no)", "ACT004", 7),
    ],
)
def test_an_actions_faults_have_their_place(line: str, code: str, column: int) -> None:
    _, faults = actions(line)
    assert codes(faults) == [code]
    assert faults[0].position.line == FIRST_LINE
    assert faults[0].position.column == column
    if faults[0].fix:
        assert actions(mended("Action Items", line, faults))[1] == ()


@pytest.mark.parametrize("read", [updates, boxes, actions])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "- [x] Functionality restored (",
                    "- [ ] (Owner: , Due:)",
                    "### 2026-11-01 01:30 - Fixing",
                    "- Next update: 02:30",
                    "- Components: , a b, :",
                    "  more",
                    "",
                ]
            ),
            st.text(max_size=30).map(lambda text: "".join(c for c in text if c.isprintable())),
        ),
        max_size=8,
    )
)
def test_no_text_makes_a_reader_fail(
    read: Callable[[str], tuple[tuple[object, ...], tuple[Fault, ...]]], lines: list[str]
) -> None:
    _, faults = read("\n".join(line for line in lines if not line.startswith("## ")))
    assert all(fault.message and fault.help for fault in faults)
