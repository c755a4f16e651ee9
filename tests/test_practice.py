"""What a team owes whatever happens: drills, runbooks, training; and what a drill itself owes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from incident_tracker.examples import good_files, tracker_of
from incident_tracker.lifecycle.gaps import gaps
from incident_tracker.lifecycle.investigation import State, hypotheses
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.runbooks import fixes
from incident_tracker.lifecycle.training import with_training
from incident_tracker.model import Incident, Runbook
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registers import Contacts, read_register
from incident_tracker.text.document import read_document

ROOT = Path(__file__).parents[1]
DAY = date(2026, 5, 4)
GOOD = "incidents/2026/2026-03-02-good.md"


def protocol() -> Protocol:
    found, faults = read_protocol((ROOT / PROTOCOL).read_text("utf-8"))
    assert found is not None, faults
    return found


def drill(day: str, scenario: str = "site-down", extra: str = "") -> tuple[str, str]:
    text = (
        f'---\ntitle: "Drill: {scenario}"\nseverity: P3\nstatus: investigating\n'
        f"components: {{search: operational}}\ndrill: {scenario}\n{extra}"
        f"detected_at: {day}T10:00-05:00\ndetected_by: team\nprotocol: 2.0.0\n---\n"
        "## Timeline\n- 10:00 - Incident detected via team: played\n"
    )
    return f"incidents/2026/{day}-drill.md", text


def owed(tracker: Tracker, now: str, about: str = "drill") -> list[dict[str, object]]:
    said = tracker.incident("due", "--now", now, "--format", "json")
    return [item for item in json.loads(said.out)["due"] if item["id"].startswith(about)]


def test_a_tracker_without_records_owes_no_practice(empty_tracker: Tracker) -> None:
    assert empty_tracker.incident("due", "--now", "2030-01-01T12:00Z").out == "nothing is owed\n"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-31T23:59-05:00", None),  # the quarter of the first record owes nothing
        ("2026-06-09T23:59-05:00", None),  # three weeks and a minute before the end of the next
        ("2026-06-10T00:00-05:00", (False, "no drill in 2026-Q2")),
        ("2026-06-30T23:59-05:00", (False, "no drill in 2026-Q2")),
        ("2026-07-01T00:00-05:00", (True, "no drill in 2026-Q2 nor since")),
        ("2027-02-01T00:00-06:00", (True, "no drill in 2026-Q2 nor since")),
    ],
)
def test_a_quarter_without_a_drill_is_due_before_its_end_and_overdue_behind_it(
    good_tracker: Tracker, now: str, expected: tuple[bool, str] | None
) -> None:
    found = [(item["overdue"], item["what"]) for item in owed(good_tracker, now)]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize("day", ["2026-04-01", "2026-06-30"])
def test_a_drill_on_any_day_of_the_quarter_answers_it(good_tracker: Tracker, day: str) -> None:
    good_tracker.write(*drill(day))
    assert owed(good_tracker, "2026-06-30T23:00-05:00") == []
    assert owed(good_tracker, "2026-09-20T12:00-05:00")[0]["what"] == "no drill in 2026-Q3"


def test_one_drill_makes_up_for_quarters_that_had_none(good_tracker: Tracker) -> None:
    good_tracker.write(*drill("2026-11-02"))
    assert owed(good_tracker, "2026-11-23T12:00-06:00") == []


def test_what_is_due_names_the_scenario_drilled_longest_ago(good_tracker: Tracker) -> None:
    names = ["site-down", "database-failure", "failed-deployment", "performance-crisis"]
    for month, name in enumerate(names, 4):
        good_tracker.write(*drill(f"2026-{month:02}-03", name))
    (item,) = owed(good_tracker, "2026-12-20T12:00-06:00")
    assert str(item["command"]).endswith("--severity P3 --component search --drill security-breach")

    good_tracker.write(*drill("2026-08-03", "security-breach"))
    (item,) = owed(good_tracker, "2026-12-20T12:00-06:00")
    assert str(item["command"]).endswith("--drill site-down")


def test_the_period_of_drills_is_that_of_the_protocol(good_tracker: Tracker) -> None:
    good_tracker.change("protocol/protocol.yml", "drill_every: quarter", "drill_every: month")
    assert owed(good_tracker, "2026-04-20T12:00-05:00")[0]["what"] == "no drill in 2026-04"
    good_tracker.change("protocol/protocol.yml", "drill_every: month", "drill_every: fortnight")
    said = good_tracker.incident("due")
    assert said.status == 2
    assert "fortnight" in said.err


def test_a_stale_runbook_is_due_until_its_days_are_written(good_tracker: Tracker) -> None:
    now = "2027-03-01T12:00-06:00"
    both = [item["command"] for item in owed(good_tracker, now, "runbook")]
    assert both == ["incident runbook reviewed good", "incident runbook tested good"]

    for verb in ("reviewed", "tested"):
        said = good_tracker.incident("runbook", verb, "good", "--now", now)
        assert said.status == 0, said.err

    assert owed(good_tracker, now, "runbook") == []
    text = (good_tracker.root / "runbooks/good.md").read_text("utf-8")
    assert "last_reviewed: 2027-03-01\nlast_tested: 2027-03-01\n" in text


GIL = """people:
  - id: gil
    name: Gil
    role: on-call
    trained: {severities: 2026-01-02}
"""


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (("runbook", "reviewed", "good"), "runbooks/good.md"),
        (("runbook", "tested", "good"), "runbooks/good.md"),
        (("contacts", "confirmed"), "protocol/contacts.yml"),
        (("trained", "gil", "runbooks"), "protocol/contacts.yml"),
    ],
)
def test_the_last_day_of_something_is_not_moved_back(
    good_tracker: Tracker, command: tuple[str, ...], path: str
) -> None:
    good_tracker.write("protocol/contacts.yml", f"confirmed: 2026-01-02\n{GIL}")
    for day, status in (("03-01", 0), ("02-28", 2), ("03-01", 0), ("03-02", 0)):
        when = ("--at", f"2027-{day}T12:00-06:00", "--now", "2027-03-05T12:00-06:00")
        said = good_tracker.incident(*command, *when)
        assert said.status == status, said.err
        if status:
            assert "is 2027-03-01 already, which is later than 2027-02-28" in said.err
    assert "2027-03-02" in (good_tracker.root / path).read_text("utf-8")


def test_what_is_to_come_was_not_done(good_tracker: Tracker) -> None:
    good_tracker.write("protocol/contacts.yml", GIL)
    later = ("--at", "2030-01-01T10:00", "--now", "2026-11-26T12:00-06:00")
    for command in (
        ("trained", "gil", "runbooks"),
        ("runbook", "reviewed", "good"),
        ("action", "done", "2026-03-02-good#1"),
    ):
        said = good_tracker.incident(*command, *later)
        assert said.status == 2
        assert "2030-01-01T10:00 is still to come" in said.err


def test_a_runbook_that_a_timeline_used_was_tried_then(good_tracker: Tracker) -> None:
    now = "2027-02-20T12:00-06:00"
    before = [item["what"] for item in owed(good_tracker, now, "runbook")]
    assert "Search fails: last tried on 2026-02-10" in before
    line = "- 10:45 - Status changed"
    good_tracker.change(GOOD, line, f"- 10:44 - Runbook used: good, fix 1 - failed\n{line}")
    after = [item["what"] for item in owed(good_tracker, now, "runbook")]
    assert "Search fails: last tried on 2026-03-02" in after


CONTACTS = """\
# Who is reached how.
people:
  - id: bo     # the first
    name: Bo
    role: on-call
    trained:
      reporting: 2025-11-18   # in the office
  - {id: gil, name: Gil, role: scribe, trained: {severities: 2025-11-18}}
  - id: dana
    name: Dana
    role: scribe
providers: []
"""


@pytest.mark.parametrize(
    ("person", "topic", "old", "new"),
    [
        ("bo", "reporting", "reporting: 2025-11-18 ", "reporting: 2026-05-04 "),
        ("bo", "runbooks", "# in the office\n", "# in the office\n      runbooks: 2026-05-04\n"),
        ("gil", "reporting", "2025-11-18}}", "2025-11-18, reporting: 2026-05-04}}"),
        (
            "dana",
            "reporting",
            "role: scribe\nprov",
            "role: scribe\n    trained:\n      reporting: 2026-05-04\nprov",
        ),
    ],
)
def test_a_training_is_one_line_and_every_other_byte_stays(
    good_tracker: Tracker, person: str, topic: str, old: str, new: str
) -> None:
    path = good_tracker.write("protocol/contacts.yml", CONTACTS)
    said = good_tracker.incident("trained", person, topic, "--now", "2026-05-04T12:00-05:00")
    assert said.status == 0, said.err
    assert path.read_text("utf-8") == CONTACTS.replace(old, new)


def test_who_lacks_what_follows_from_the_role(good_tracker: Tracker) -> None:
    good_tracker.write("protocol/contacts.yml", CONTACTS)
    found = owed(good_tracker, "2026-05-04T12:00-05:00", "training")
    assert [item["who"] for item in found] == ["bo", "dana", "gil"]
    assert "all runbooks" in str(found[0]["what"])
    assert "all runbooks" not in str(found[1]["what"])
    assert [item["overdue"] for item in found] == [False] * 3
    assert (
        good_tracker.incident(
            "due", "--now", "2026-05-04T12:00-05:00", "--format", "ids"
        ).out.count("Dana")
        == 0
    )


@given(st.integers(0, len(CONTACTS)), st.text(max_size=6), st.sampled_from(["bo", "gil", "dana"]))
def test_contacts_that_somebody_broke_are_changed_rightly_or_not_at_all(
    at: int, typed: str, person: str
) -> None:
    text = f"{CONTACTS[:at]}{typed}{CONTACTS[at:]}".encode("utf-8", "replace")
    document = read_document("protocol/contacts.yml", text)
    try:
        after = with_training(document, person, "runbooks", DAY, DAY)
    except Refusal:
        return
    table, _ = read_register(Contacts, after)
    assert table is not None
    # Who lost the id is known by the name still.
    found = next((one for one in table.people if one.id == person), table.person(person))
    assert found is not None
    assert found.trained["runbooks"] == DAY


def incident_with(timeline: dict[str, str], extra: str = "") -> Incident:
    files = dict(good_files())
    text = files[GOOD].decode()
    for old, new in timeline.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    files[GOOD] = (text + extra).encode()
    return tracker_of(files, protocol()).incident_by_id["2026-03-02-good"]


FIRST = "- 10:25 - Root cause hypothesis: release 7 reads the old index\n"
REJECTED = "- 11:02 - Hypothesis rejected: Release 7 reads the old index\n"
CONFIRMED = "- 11:01 - Hypothesis confirmed: release 7 expects the new format\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", [("release 7 reads the old index", State.OPEN, "")]),
        (
            "- 11:01 - Hypothesis rejected: it does not\n",
            [("release 7 reads the old index", State.REJECTED, "it does not")],
        ),
        (
            "- 11:01 - Root cause hypothesis: the disk\n- 11:02 - Hypothesis confirmed: full\n",
            [
                ("release 7 reads the old index", State.REJECTED, "another one was confirmed"),
                ("the disk", State.CONFIRMED, "full"),
            ],
        ),
        (
            f"- 11:01 - Root cause hypothesis: the disk\n{REJECTED}",
            [("release 7 reads the old index", State.REJECTED, ""), ("the disk", State.OPEN, "")],
        ),
    ],
)
def test_a_hypothesis_is_open_until_a_line_settles_it(
    lines: str, expected: list[tuple[str, State, str]]
) -> None:
    found = hypotheses(incident_with({CONFIRMED: lines}))
    assert [(one.text, one.state, one.finding) for one in found] == expected


def test_a_confirmation_without_a_hypothesis_is_one() -> None:
    (only,) = hypotheses(incident_with({FIRST: ""}))
    assert (only.text, only.state) == ("release 7 expects the new format", State.CONFIRMED)


@pytest.mark.parametrize(
    ("line", "text", "accepted", "action"),
    [
        ("No test has an old index (action 1)", "No test has an old index", "", 1),
        (
            "- it was (a bit) late (accepted: once (in spring) only).",
            "- it was (a bit) late",
            "once (in spring) only",
            None,
        ),
        ("Nothing follows (see below)", "Nothing follows (see below)", "", None),
        ("Nothing follows (accepted: )", "Nothing follows (accepted: )", "", None),
        ("Broken over\n  two lines (Action #12)", "Broken over two lines", "", 12),
    ],
)
def test_a_gap_ends_with_what_is_done_about_it(
    line: str, text: str, accepted: str, action: int | None
) -> None:
    (gap,) = gaps(incident_with({}, f"\n## Gaps\n- {line}\n"))
    assert (gap.text, gap.accepted, gap.action) == (text, accepted, action)


def test_the_dangerous_fixes_of_the_shipped_runbooks_are_marked() -> None:
    files = {
        p.relative_to(ROOT).as_posix(): p.read_bytes() for p in (ROOT / "runbooks").glob("*.md")
    }
    runbooks: tuple[Runbook, ...] = tracker_of(files, protocol()).runbooks
    marked = {r.id: [fix.number for fix in fixes(r) if fix.is_dangerous] for r in runbooks}
    assert marked["site-down"] == [3, 4]
    assert marked["database-failure"] == [3, 4, 5]
    assert all(marked[name] for name in ("security-incident", "failed-deployment"))
