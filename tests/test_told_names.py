"""A name that a tracker holds anywhere is in no public review, and comes out of no other place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from poison import public

from builder import PROTOCOL
from incident_tracker.audience import published
from incident_tracker.fields import INCIDENT, OF_PEOPLE, REVIEW, RUNBOOK
from incident_tracker.log.phrases import phrasebook
from incident_tracker.log.shapes import SHAPES, Naming
from incident_tracker.model import Milestone, Said, Tracker
from incident_tracker.registers import Contacts, Party, Person, Shift

CAUSE = "The release test builds a fresh index"
NAME = "Zqane Vex"
# A value for each shape, in which somebody is named wherever the shape lets one be.
VALUES = {
    "text": (" by Zqane Vex: it works",),
    "source": (),
    "person": (" Zqane Vex", " Zqane Vex, at once", " Zqane Vex (by phone)"),
    "assignment": (": Zqane Vex", ": Zqane Vex, at once"),
    "task": (": Zqane Vex, look at it", ": Zqane Vex - look at it"),
    "change": (": Zqane Vex → bo", ": bo → Zqane Vex", ": Zqane Vex (tired) → bo"),
    "severity-change": (" by Zqane Vex: P1 → P2 because it is",),
    "status-change": (" by Zqane Vex: investigating → fixing",),
    "parties": (
        ": Zqane Vex",
        ": Zqane Vex via phone, ticket 4: it is down",
        ": team lead, Zqane Vex and bo",
    ),
    "channel": (" by Zqane Vex: #room",),
    "checks": (" by Zqane Vex: logs: nothing",),
    "runbook": (" by Zqane Vex: good, fix 1 - helped",),
    "option": (" by Zqane Vex (rollback): it works",),
    "decision": (" by Zqane Vex: roll back because it is new",),
    "evidence": (" by Zqane Vex: a/b.txt",),
    "cancellation": (" by Zqane Vex: false alarm because it works",),
}
LINES = [
    f"{phrase.text[0]}{value}"
    for phrase in PROTOCOL.phrases.values()
    for value in VALUES[phrase.shape]
]
FRONT = {
    ("incident", "roles"): ("roles: {ic: asha", "roles: {ic: Zqane Vex"),
    ("review", "attendees"): ("attendees: [", "attendees: [Zqane Vex, "),
    ("review", "apologies"): ("status: published", "status: published\napologies: [Zqane Vex]"),
    ("review", "facilitator"): ("status: published", "status: published\nfacilitator: Zqane Vex"),
    ("runbook", "owner"): ("owner: gil", "owner: Zqane Vex"),
}


def left_of(tracker: Tracker, *, whole: bool = True) -> str:
    """What a public review tells in the place of a name; the name is nowhere else."""
    made = published(tracker)
    assert NAME not in repr(made)
    section = made.reviews[0].section("Root Cause")
    assert section is not None
    _, begun, left = section.text.partition("It was ")
    assert begun
    return left.split(".")[0] if whole else left.partition(".")[2].split(".")[0].strip()


def named(*changes: tuple[str, str, str]) -> Tracker:
    return public(("review", CAUSE, f"It was Zqane Vex. And Vex. {CAUSE}"), *changes)


def test_a_name_that_nobody_holds_stays() -> None:
    made = published(named())
    assert NAME in repr(made.reviews)


def test_each_shape_says_whom_it_names() -> None:
    assert VALUES.keys() == SHAPES.keys()
    names = {shape for shape, one in SHAPES.items() if one.naming is not Naming.NOBODY}
    assert names == {"assignment", "task", "change", "parties"}


@pytest.mark.parametrize("line", LINES)
def test_a_name_in_the_timeline_is_in_no_public_review(line: str) -> None:
    assert isinstance(phrasebook(PROTOCOL).read(line), Said)
    tracker = named(("incident", "- 10:20 - Checked", f"- 10:19 - {line}\n- 10:20 - Checked"))
    assert left_of(tracker) == "(name)"


def test_each_field_that_names_people_is_looked_at() -> None:
    kinds = {"incident": INCIDENT, "review": REVIEW, "runbook": RUNBOOK}
    rows = {
        (kind, row.key)
        for kind, rows in kinds.items()
        for row in rows.values()
        if row.kind in OF_PEOPLE
    }
    assert rows == FRONT.keys()


@pytest.mark.parametrize("field", FRONT)
def test_a_name_in_a_field_is_in_no_public_review(field: tuple[str, str]) -> None:
    assert left_of(named((field[0], *FRONT[field]))) == "(name)"


@pytest.mark.parametrize(
    "leave",
    [
        "Zqane Vex",
        "erin, Zqane Vex",
        "Zqane Vex and erin",
        "Zqane Vex (by phone)",
        "Zqane Vex at 9",
    ],
)
def test_who_gave_leave_is_in_no_public_review(leave: str) -> None:
    line = "- Impact: search is unavailable"
    tracker = named(("incident", line, f"{line}\n- Approved by: {leave}"))
    assert left_of(tracker) == "(name)"


def test_who_owes_an_action_or_is_on_call_is_in_no_public_review() -> None:
    assert left_of(named(("incident", "Owner: bo", "Owner: Zqane Vex"))) == "(name)"
    tracker = named()
    shift = Shift(from_=tracker.incidents[0].times[Milestone.DETECTED], person="Zqane Vex")
    people = (Person(id="z", name="Z", role="leader"),)
    contacts = Contacts(people=people, on_call=(shift,))
    assert left_of(replace(tracker, contacts=contacts)) == "(name)"


def test_a_part_of_the_name_of_who_did_something_is_cut_as_well() -> None:
    tracker = named(("incident", "Acknowledged by bo", "Acknowledged by Zqane Vex"))
    assert left_of(tracker, whole=False) == "And (name)"


def test_an_audience_and_a_provider_are_no_names_of_people() -> None:
    line = "- 10:19 - Contacted: hostco, affected users, team lead"
    told = "Users, affected users, the team lead and hostco saw it."
    tracker = public(
        ("incident", "- 10:20 - Checked", f"{line}\n- 10:20 - Checked"),
        ("review", CAUSE, f"{told} {CAUSE}"),
    )
    contacts = Contacts(providers=(Party(id="hostco", name="Host Co", kind="hosting"),))
    (review,) = published(replace(tracker, contacts=contacts)).reviews
    assert told in repr(review)
