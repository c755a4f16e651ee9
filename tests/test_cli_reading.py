"""What commands print: notices, lists, checklists, what is due, and the metrics."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping

import pytest
from typed import Tracker

from conftest import ROOT
from incident_tracker.examples import PATHS

INCIDENT = PATHS["incident"].rpartition("/")[2].removesuffix(".md")
LATER = ("--now", "2026-11-23T12:00-06:00")


@pytest.fixture
def tracker(good_tracker: Tracker) -> Tracker:
    """The good records, with the wording of the notices."""
    shutil.copytree(ROOT / "protocol" / "messages", good_tracker.root / "protocol" / "messages")
    return good_tracker


def read(tracker: Tracker, *command: str) -> Mapping[str, object]:
    said = tracker.incident(*command, "--format", "json", *LATER)
    found = json.loads(said.out)
    assert isinstance(found, dict)
    return found


def test_the_resolution_notice_says_cause_remedy_and_when_the_report_comes(
    tracker: Tracker,
) -> None:
    said = tracker.incident("notify", INCIDENT, "resolution", *LATER)
    assert said.status == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("Subject: [RESOLVED] P1 Incident - ")
    for heading in ("ROOT CAUSE:", "RESOLUTION:", "PREVENTION:"):
        assert lines[lines.index(heading) + 1], heading
    assert "An initial incident report will be available within 24 hours." in lines
    assert lines[-1] == "Thank you to all who responded: bo, asha, chen, dana."
    assert "STATUS: Resolved" in lines


def test_the_outside_is_told_that_it_is_over_and_the_team_is_thanked_inside(
    tracker: Tracker,
) -> None:
    public = ("visibility=public", "public_summary=Search failed for an hour.")
    assert tracker.incident("set", INCIDENT, *public, *LATER).status == 0
    inside = tracker.incident("notify", INCIDENT, "resolution", *LATER).out
    to = ("--to", "status-page")
    outside = tracker.incident("notify", INCIDENT, "resolution", *to, *LATER).out
    thanks = "\n\nThank you to all who responded: bo, asha, chen, dana."
    assert inside == outside.rstrip("\n") + thanks + "\n"


def test_a_first_notice_promises_what_the_newest_update_does_and_before_any_the_clock(
    tracker: Tracker,
) -> None:
    new = ("new", "Search is slow", "--severity", "P0", "--slug", "slow")
    said = tracker.incident(*new, *LATER).out
    assert "by 12:30, at the latest 13:00: the first update (incident update)\n" in said

    def promised(clock: str) -> str:
        now = ("--now", f"2026-11-23T{clock}-06:00")
        return tracker.incident("notify", "slow", "initial", *now).out.splitlines()[-1]

    assert promised("12:10") == "Next update: 2026-11-23 13:00 (UTC-06:00)"
    assert promised("13:01") == "Next update: to be confirmed"
    for clock in ("12:20", "12:50"):
        update = ("--message", "Still searching.", "--next-update", "40m")
        now = ("--now", f"2026-11-23T{clock}-06:00")
        assert tracker.incident("update", "slow", *update, *now).status == 0
    assert promised("12:55") == "Next update: 2026-11-23 13:30 (UTC-06:00)"


def test_what_a_notice_does_not_know_reads_to_be_confirmed(tracker: Tracker) -> None:
    tracker.incident("new", "Search is slow", "--severity", "P1", "--slug", "slow", *LATER)
    said = tracker.incident("notify", "slow", "update", *LATER)
    assert said.out.splitlines() == [
        "Subject: [P1 INCIDENT] - UPDATE - Search is slow",
        "",
        "SEVERITY: P1 - High",
        "STATUS: Investigating",
        "DURATION: 0 min",
        "",
        "UPDATE:",
        "to be confirmed",
        "",
        "IMPACT:",
        "to be confirmed",
        "",
        "NEXT STEPS:",
        "to be confirmed",
        "",
        "ETA: to be confirmed",
        "Next update: to be confirmed",
    ]
    assert "on-call team, team lead" in said.err


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% include 'x' %}", "{{ ''.__class__ }}", "{#"])
def test_text_of_a_record_is_printed_and_never_run(tracker: Tracker, text: str) -> None:
    tracker.incident("new", text, "--severity", "P1", "--slug", "odd", *LATER)
    tracker.incident("update", "odd", "--message", text, "--impact", text, *LATER)
    for which in ("initial", "update", "resolution"):
        said = tracker.incident("notify", "odd", which, *LATER)
        assert said.status == 0, said.err
        assert text in said.out


def test_a_fault_in_the_wording_is_told_with_its_line(tracker: Tracker) -> None:
    tracker.write("protocol/messages/update.txt.j2", "one\n{{ nobody_knows }}\n{% if %}\n")
    said = tracker.incident("notify", INCIDENT, "update", *LATER)
    assert said.status == 2
    assert "line 3" in said.err
    tracker.write("protocol/messages/update.txt.j2", "{{ ''.__class__.__mro__ }}")
    assert tracker.incident("notify", INCIDENT, "update", *LATER).status == 2


def test_the_checklists_have_thirteen_six_and_ten_boxes_with_evidence(tracker: Tracker) -> None:
    found = read(tracker, "checklist", INCIDENT)
    boxes = found["boxes"]
    assert isinstance(boxes, list)
    lists = [box["list"] for box in boxes]
    assert [lists.count(title) for title in dict.fromkeys(lists)] == [13, 6, 10]
    assert all(box["evidence"] for box in boxes)
    assert {box["text"] for box in boxes if box["holds"] is False} <= {
        "Prevention measures implemented"
    }


def test_a_list_is_narrowed_and_has_the_shape_of_all_lists(tracker: Tracker) -> None:
    everything = read(tracker, "list")
    assert list(everything) == ["version", "incidents", "summary"]
    incidents = everything["incidents"]
    assert isinstance(incidents, list)
    severe = read(tracker, "list", "--severity", "p0,P1")["incidents"]
    assert severe == [found for found in incidents if found["severity"] in ("P0", "P1")]
    assert read(tracker, "list", "--since", "2030-01-01")["incidents"] == []
    assert read(tracker, "list", "--open")["incidents"] == []
    assert tracker.incident("list", "--severity", "P7").status == 2


def test_what_is_due_is_told_with_its_command_and_overdue_fails(tracker: Tracker) -> None:
    tracker.incident("new", "Search is slow", "--severity", "P1", "--slug", "slow", *LATER)
    soon = tracker.incident("due", "--now", "2026-11-23T12:05-06:00")
    assert "incident ack 2026-11-23-slow" in soon.out
    late = tracker.incident("due", "--overdue", "--now", "2026-11-23T18:00-06:00")
    assert late.status == 1
    assert "overdue since 5 h, 2026-11-23 13:00: 2026-11-23-slow" in late.out
    said = tracker.incident("due", "--format", "json", "--now", "2026-11-23T18:00-06:00")
    assert said.status == 1
    assert list(json.loads(said.out)) == ["version", "due", "summary"]


def test_metrics_name_their_sample_and_their_definition(tracker: Tracker) -> None:
    said = tracker.incident("metrics", "--metric", "MTTA", *LATER)
    assert said.status == 0, said.err
    assert said.out.startswith("Time to acknowledge (MTTA) (time-to-acknowledge): ")
    assert "n 1; target < 1 h: met" in said.out
    found = read(tracker, "metrics", "--by", "quarter")
    assert list(found) == ["version", "metrics", "definitions", "summary"]
    assert tracker.incident("metrics", "--by", "weekday").status == 2


def test_what_two_actions_are_called_is_done_in_neither(tracker: Tracker) -> None:
    ours, review = (tracker.root / PATHS[kind] for kind in ("incident", "review"))
    line = "(Owner: gil, Due: 2026-12-07, Type: prevent)\n"
    text = ours.read_text("utf-8")
    ours.write_text(
        f"{text[: text.index('- [x] Test releases')]}- [ ] Alert at 80 % {line}", "utf-8"
    )
    text = review.read_text("utf-8")
    start = text.index("- [x] Test releases")
    told = f"- [ ] Try the index {line}- [ ] Try it twice {line}"
    review.write_text(text[:start] + told + text[text.index("\n", start) + 1 :], "utf-8")
    before = (ours.read_bytes(), review.read_bytes())
    for verb, *more in (["done"], ["drop", "--because", "no"]):
        said = tracker.incident("action", verb, f"{INCIDENT}#1", *more, *LATER)
        assert said.status == 2
        assert (
            '#1 is both "Alert at 80 %" of the incident and "Try the index" of the rev' in said.err
        )
        assert "--incident or --review" in said.err
    assert (ours.read_bytes(), review.read_bytes()) == before
    listed = tracker.incident("action", "list", "--open", *LATER).out
    assert f"{INCIDENT}#1 --incident  Alert at 80 %" in listed
    assert f"{INCIDENT}#1 --review  Try the index" in listed
    assert f"{INCIDENT}#2  Try it twice" in listed
    told = tracker.incident("action", "list", "--format", "csv").out
    for path, words in ((PATHS["incident"], "Alert at 80 %"), (PATHS["review"], "Try the index")):
        assert f"{INCIDENT}#1,{path},{words}" in told
    for typed, file in (
        ([f"{INCIDENT}#1", "--incident"], ours),
        ([f"{INCIDENT}#1", "--review"], review),
        ([f"{INCIDENT}#2"], review),
    ):
        others = {path: path.read_bytes() for path in (ours, review) if path != file}
        count = file.read_text("utf-8").count("Done: 2026-11-23")
        said = tracker.incident("action", "done", *typed, *LATER)
        assert said.status == 0, said.err
        assert file.read_text("utf-8").count("Done: 2026-11-23") == count + 1
        assert {path: path.read_bytes() for path in others} == others


def test_the_actions_of_an_incident_are_no_actions_of_its_report(tracker: Tracker) -> None:
    ours, review = (tracker.root / PATHS[kind] for kind in ("incident", "review"))
    ours.write_text(ours.read_text("utf-8").replace("Type: permanent-fix", "Type: detect"), "utf-8")
    text = review.read_text("utf-8")
    start = text.index("- [x] Test releases")
    review.write_text(text[:start] + text[text.index("\n", start) + 1 :], "utf-8")
    found = json.loads(tracker.incident("check", "--format", "json").out)["findings"]
    notes = {finding["code"]: finding["note"] for finding in found}
    assert notes["PIR007"] == "1 of the incident stand there, not in the report"
    said = tracker.incident("checklist", INCIDENT, "--format", "json", *LATER)
    boxes = json.loads(said.out)["boxes"]
    held = {box["box"]: (box["holds"], box["evidence"]) for box in boxes}
    told = "1 of 1 action with owner and date, none of them in the review"
    assert held["actions"] == (False, told)
    assert held["prevention"] == (False, "no preventive action")


def boxes(tracker: Tracker, name: str = INCIDENT) -> dict[str, tuple[object, str]]:
    said = tracker.incident("checklist", name, "--format", "json", *LATER)
    return {box["box"]: (box["holds"], box["evidence"]) for box in json.loads(said.out)["boxes"]}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("dropped", "dropped"), (False, "0 of 2 preventive actions open, 2 dropped")),
        (("done", "dropped"), (True, "0 of 2 preventive actions open, 1 dropped")),
        (("done", "done"), (True, "0 of 2 preventive actions open")),
    ],
)
def test_what_was_dropped_prevents_nothing(
    tracker: Tracker, states: tuple[str, ...], expected: tuple[bool, str]
) -> None:
    for kind, state in zip(("incident", "review"), states, strict=True):
        text = (tracker.root / PATHS[kind]).read_text("utf-8")
        line = next(one for one in text.splitlines() if one.startswith("- [x] Test releases"))
        what, _, rest = line.removeprefix("- [x] ").partition(" (")
        dropped = f"- [ ] ~~{what}~~ ({rest.split(', Done')[0]}, Dropped: too dear)"
        if state == "dropped":
            tracker.change(PATHS[kind], line, dropped)
    assert boxes(tracker)["prevention"] == expected


def test_a_late_meeting_is_called_late(tracker: Tracker) -> None:
    assert boxes(tracker)["review-scheduled"] == (True, "2026-03-06 10:00")
    tracker.change(PATHS["review"], "held_at: 2026-03-06T10:00", "held_at: 2026-03-27T09:00")
    late = (True, "2026-03-27 10:00, late: due 2026-03-09 12:10")
    assert boxes(tracker)["review-scheduled"] == late


def test_an_update_that_nobody_sent_is_called_one_on_the_page(tracker: Tracker) -> None:
    told = "update 2026-03-02 11:50"
    assert boxes(tracker)["resolution-notice"] == (True, f"{told} on the incident's page")
    line = "Notified: on-call team, team lead via team-chat: resolution 2026-03-02 11:50"
    tracker.incident("log", INCIDENT, line, "--at", "2026-03-02T11:55", *LATER)
    assert boxes(tracker)["resolution-notice"] == (True, f"{told}, sent: team-chat")


def test_an_initial_report_is_asked_of_no_minor_incident_and_of_no_drill(tracker: Tracker) -> None:
    tracker.incident(
        "new", "Odd login", "--severity", "P3", "--kind", "security", "--slug", "odd", *LATER
    )
    assert boxes(tracker, "odd")["initial-report"] == (None, "not asked of this severity")
    tracker.incident("pir", "new", "odd", *LATER)
    assert boxes(tracker, "odd")["initial-report"] == (None, "not asked of this severity")
    assert boxes(tracker, "odd")["learnings"][0] is False
    promised = "An initial incident report will be available within"
    assert promised in tracker.incident("notify", INCIDENT, "resolution", *LATER).out
    tracker.incident("set", INCIDENT, "drill=site-down", *LATER)
    assert promised not in tracker.incident("notify", INCIDENT, "resolution", *LATER).out


def test_an_action_is_added_done_and_dropped_but_never_removed(tracker: Tracker) -> None:
    add = ("action", "add", INCIDENT, "Try the index first", "--owner", "gil", "--due")
    path = tracker.root / PATHS["review"]
    count = path.read_text("utf-8").count("\n- [") - 5
    for due in ("14d", "2026-12-24"):
        assert tracker.incident(*add, due, "--type", "prevent", *LATER).status == 0
    done = tracker.incident("action", "done", f"{INCIDENT}#{count + 1}", *LATER)
    assert done.status == 0, done.err
    dropped = tracker.incident(
        "action", "drop", f"{INCIDENT}#{count + 2}", "--because", "twice", *LATER
    )
    assert dropped.status == 0, dropped.err
    text = path.read_text("utf-8")
    first = "(Owner: gil, Due: 2026-12-07, Type: prevent, Done: 2026-11-23)"
    second = "(Owner: gil, Due: 2026-12-24, Type: prevent, Dropped: twice)"
    assert f"- [x] Try the index first {first}" in text
    assert f"- [ ] ~~Try the index first~~ {second}" in text
    listed = tracker.incident("action", "list", *LATER).out
    assert f"2026-12-07  done     gil      {INCIDENT}#{count + 1}  Try the index first" in listed
    again = tracker.incident("action", "done", f"{INCIDENT}#{count + 1}", *LATER)
    assert (again.status, "done already" in again.err) == (2, True)
    assert tracker.incident("action", "done", f"{INCIDENT}#99", *LATER).status == 3


IMPORTED = """\
---
title: Sign-up slow
severity: P2
status: resolved
components: [sign-up]
detected_at: 2026-11-20T10:00Z
resolved_at: 2026-11-20T11:00Z
origin: {system: cstate, id: "7", digest: sha-48fcaa9426d5}
protocol: 2.0.0
---
## Summary
It was slow.
"""


def test_an_imported_record_owes_what_the_check_asks_of_it_and_changes_by_one_line(
    tracker: Tracker,
) -> None:
    path = tracker.write("incidents/2026/2026-11-20-sign-up-slow.md", IMPORTED)
    assert "owed" not in tracker.incident("show", "sign-up-slow", *LATER).out
    said = tracker.incident("set", "sign-up-slow", "ticket=OPS-1", *LATER)
    assert said.status == 0, said.err
    assert "owed" not in said.out
    assert path.read_text("utf-8").replace("ticket: OPS-1\n", "") == IMPORTED
    tracker.incident("log", "sign-up-slow", "looked at it again", *LATER)
    assert path.read_text("utf-8").startswith(IMPORTED.partition("origin:")[0])
    assert tracker.incident("check", str(path)).status == 0
