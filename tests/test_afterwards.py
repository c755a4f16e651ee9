"""After the incident: reports, the agenda of the next meeting, and tickets."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import markdown  # type: ignore[import-untyped] # ships no types
import pytest
from typed import Tracker

from conftest import ROOT
from incident_tracker.afterwards.tickets import PLACES, Ticket, commands_for
from incident_tracker.lifecycle.refusal import Refusal

GOOD = "2026-03-02-good"
RECORD, REVIEW = "incidents/2026/2026-03-02-good.md", "pir/2026/2026-03-02-good.md"
NOW = ("--now", "2026-03-21T12:00-05:00")
TEXT = "Test releases with an index of the previous release"
OPEN = f"- [ ] {TEXT} (Owner: bo, Due: 2026-03-20, Type: prevent)"
DONE = (
    f"- [x] {TEXT} (Owner: bo, Due: 2026-03-20, Type: prevent, Ticket: OPS-102, Done: 2026-03-18)"
)
OURS = (
    "- [x] Test releases with the old index "
    "(Owner: bo, Due: 2026-03-20, Type: permanent-fix, Ticket: OPS-101, Done: 2026-03-12)"
)
HOSTILE = "$(touch pwned) `touch pwned` '; touch pwned; ' \" \\ {body} {nobody}"


@pytest.fixture
def tracker(good_tracker: Tracker) -> Tracker:
    """The good records, with the wording of the messages."""
    shutil.copytree(ROOT / "protocol" / "messages", good_tracker.root / "protocol" / "messages")
    return good_tracker


def below(text: str, heading: str) -> list[str]:
    lines = text.splitlines()
    start = lines.index(heading) + 1
    return lines[start : start + lines[start:].index("")] if "" in lines[start:] else lines[start:]


def test_the_initial_report_says_what_the_record_knows(tracker: Tracker) -> None:
    tracker.change(RECORD, "- 11:14 - Done: test a release with the old index\n", "")
    tracker.change(REVIEW, DONE, OPEN)
    said = tracker.incident("report", GOOD, *NOW)
    assert said.status == 0, said.err
    first, *_ = said.out.splitlines()
    assert first == "Subject: [REPORT] P1 Incident - Search shows an error for every visitor"
    assert "DURATION: 1 h 15 min" in said.out.splitlines()
    assert below(said.out, "SUMMARY:")[0].startswith("A release changed the format")
    assert "- Resolved: 2026-03-02 11:10" in below(said.out, "TIMES:")
    assert "- 2026-03-02 10:14 no visitor can search" in below(said.out, "IMPACT:")
    cause = below(said.out, "ROOT CAUSE AS FAR AS IT IS KNOWN:")
    assert cause == ["a release could not read the old index"]
    done = below(said.out, "WHAT WAS DONE:")
    assert done[-1].endswith("Resolution implemented (rollback): release 7 → release 6")
    assert below(said.out, "IMMEDIATE ACTIONS:") == [
        "- test a release with the old index (nobody yet)",
        "- Test releases with an index of the previous release (bo, 2026-03-20)",
    ]


def test_what_is_only_believed_is_called_so_and_what_is_next_is_said(tracker: Tracker) -> None:
    tracker.incident("new", "Site down", "--severity", "P0", "--slug", "down", *NOW)
    tracker.incident("log", "down", "Root cause hypothesis: the disk is full", *NOW)
    said = tracker.incident("report", "down", *NOW)
    assert "the disk is full (believed, not confirmed)" in said.out
    tracker.incident("log", "down", "Hypothesis rejected: 40 % of the disk are free", *NOW)
    assert "the disk is full" not in tracker.incident("report", "down", *NOW).out
    assert below(said.out, "IMPACT:") == ["to be confirmed"]
    assert below(said.out, "IMMEDIATE ACTIONS:") == ["none is open"]
    shutil.rmtree(tracker.root / "pir")
    said = tracker.incident("report", GOOD, "--now", "2026-03-02T15:00-06:00")
    assert "- review meeting: by 2026-03-09 12:10" in said.out
    assert "once sent: incident report 2026-03-02-good --sent" in said.err


def test_a_report_that_went_out_is_written_down_once_with_its_time(tracker: Tracker) -> None:
    shutil.rmtree(tracker.root / "pir")
    now = ("--now", "2026-03-02T20:00-06:00")
    said = tracker.incident("report", GOOD, "--sent", "--at", "18:00", *now)
    assert said.status == 0, said.err
    text = (tracker.root / REVIEW).read_text("utf-8")
    assert "- [x] Initial incident report (24 hours) (2026-03-02 18:00)" in text
    assert "initial report" not in tracker.incident("due", *now).out
    again = tracker.incident("report", GOOD, "--sent", *now)
    assert (again.status, (tracker.root / REVIEW).read_text("utf-8")) == (2, text)
    assert "once sent" not in tracker.incident("report", GOOD, *now).err


def test_a_report_that_nobody_owes_begins_no_review(tracker: Tracker) -> None:
    said = tracker.incident("report", "2026-03-09-good", "--sent", *NOW)
    assert said.status == 2
    assert not (tracker.root / "pir/2026/2026-03-09-good.md").exists()


def test_the_full_report_runs_nothing_that_somebody_wrote(tracker: Tracker) -> None:
    hostile = "<img src=x onerror=alert(1)> [c](javascript:alert(1)) **bold** `a < b`"
    frame = (
        "<iframe src=//evil.example></iframe>\n\n[d](JaVaScRiPt:alert(1)) and [e](https://a.org)"
    )
    tracker.change(RECORD, "Impact: no visitor can search", f"Impact: {hostile}")
    tracker.change(RECORD, "Test releases with the old index", f"Test {hostile}")
    tracker.change(REVIEW, "The release test builds a fresh index", f"{frame} The test")
    said = tracker.incident("report", GOOD, "--full", *NOW)
    assert said.status == 0, said.err
    made = markdown.markdown(said.out)
    for bad in ("<img", "<iframe", 'href="javascript', 'href="JaVa'):
        assert bad not in made
    # What was typed is seen, and what is Markdown stays Markdown.
    assert made.count("&lt;img src=x onerror=alert(1)&gt;") >= 2
    assert "<strong>bold</strong> <code>a &lt; b</code>" in made
    assert '<a href="https://a.org">e</a>' in made


def test_the_full_report_says_which_duration_is_meant_and_leaves_the_scaffold_out(
    tracker: Tracker,
) -> None:
    told = "Taken from [the incident](../../incidents/2026/2026-03-02-good.md#timeline). Learned"
    scaffold = f"{told} afterwards:\n<!-- only what the incident's own timeline does not say -->"
    tracker.change(REVIEW, "The incident's timeline is complete.", scaffold)
    said = tracker.incident("report", GOOD, "--full", *NOW)
    assert said.status == 0, said.err
    assert "**Duration:** 1 h 15 min\n" in said.out
    assert "- Duration: 1 h 5 min, until the service was restored\n" in said.out
    assert "Learned afterwards" not in said.out
    assert "## Timeline\n\n- 2026-03-02 " in said.out
    tracker.change(REVIEW, scaffold, f"{scaffold}\nIt began on Sunday.")
    assert "## Timeline\n\nLearned afterwards:\n\nIt began on Sunday.\n" in (
        tracker.incident("report", GOOD, "--full", *NOW).out
    )


@pytest.mark.parametrize("wrong", [("--sent", "--full"), ("--at", "18:00")])
def test_options_that_do_not_go_together_are_refused(tracker: Tracker, wrong: list[str]) -> None:
    assert tracker.incident("report", GOOD, *wrong, *NOW).status == 2


def test_the_comprehensive_report_has_the_form_of_the_protocol(tracker: Tracker) -> None:
    said = tracker.incident("report", GOOD, "--full", *NOW)
    assert said.status == 0, said.err
    text = (ROOT / "protocol" / "incident-response.md").read_text("utf-8")
    form = text.partition("### PIR Report Template")[2].partition("```markdown\n")[2]
    wanted = [
        line for line in form.partition("```")[0].splitlines() if line.startswith(("#", "**"))
    ]
    assert len(wanted) > 10
    have = said.out.splitlines()
    for line in wanted:
        assert any(found.startswith(line.partition(":")[0]) for found in have), line
    assert "**PIR Date:** 2026-03-06" in have
    assert "- Duration: 1 h 5 min, until the service was restored" in have
    assert "- 2026-03-02 11:10 - Resolution implemented (rollback): release 7 → release 6" in have
    assert have.count(DONE.replace(", Type: prevent", "")) == 2  # among the actions, and the plan
    assert "draft" not in said.out


def test_a_draft_is_called_one_and_no_review_is_no_report(tracker: Tracker) -> None:
    tracker.change(REVIEW, "status: published", "status: draft")
    assert "*A draft: " in tracker.incident("report", GOOD, "--full", *NOW).out
    shutil.rmtree(tracker.root / "pir")
    said = tracker.incident("report", GOOD, "--full", *NOW)
    assert (said.status, said.out) == (2, "")
    assert "incident pir new 2026-03-02-good" in said.err


def test_the_wording_of_a_report_is_the_trackers(tracker: Tracker) -> None:
    tracker.write("protocol/messages/report.txt.j2", "{{ title }} / {{ times | length }}")
    said = tracker.incident("report", GOOD, *NOW)
    assert said.out == "Search shows an error for every visitor / 7\n"
    (tracker.root / "protocol/messages/report.txt.j2").unlink()
    assert tracker.incident("report", GOOD, *NOW).status == 3


def test_a_title_is_no_markdown_and_no_control_in_a_report(tracker: Tracker) -> None:
    title = "title: Search shows an error for every visitor"
    tracker.change(RECORD, title, r'title: "*a* [b](c) <d> \e[31m"')
    said = tracker.incident("report", GOOD, "--full", *NOW)
    assert "\x1b" not in said.out
    said = tracker.incident("report", GOOD, *NOW)
    assert "\x1b" not in said.out


def test_the_agenda_groups_by_owner_with_the_longest_overdue_first(tracker: Tracker) -> None:
    more = (
        f"{OPEN}\n"
        "- [ ] Write the runbook for the index (Owner: asha, Due: 2026-03-01)\n"
        "- [ ] Alert on an old index format (Owner: bo, Due: 2026-03-01)\n"
        "- [ ] Describe the release in the notes (Owner: chen, Due: 2026-06-01, Ticket: OPS-9)"
    )
    tracker.change(REVIEW, DONE, more)
    tracker.change(REVIEW, "followed_up_at: 2026-03-13\n", "")
    said = tracker.incident("agenda", "--since", "2026-03-10", *NOW)
    assert said.status == 0, said.err
    assert said.out.splitlines() == [
        "asha: 1 open, 1 overdue",
        "  overdue 2026-03-01: Write the runbook for the index",
        "    incident action done 2026-03-02-good#2",
        "bo: 2 open, 2 overdue",
        "  overdue 2026-03-01: Alert on an old index format",
        "    incident action done 2026-03-02-good#3",
        "  overdue 2026-03-20: Test releases with an index of the previous release",
        "    incident action done 2026-03-02-good#1 --review",
        "chen: 1 open",
        "  due 2026-06-01: Describe the release in the notes (OPS-9)",
        "    incident action done 2026-03-02-good#4",
        "reviews to follow up: 1",
        "  overdue 2026-03-20: 2026-03-02-good, held 2026-03-06, 4 of 5 actions open",
        "    incident set 2026-03-02-good followed_up_at=2026-03-21",
        "done since 2026-03-10: 1",
        "  2026-03-12  2026-03-02-good#1  Test releases with the old index (bo)",
    ]
    assert tracker.incident("set", GOOD, "followed_up_at=2026-03-21", *NOW).status == 0
    found = json.loads(tracker.incident("agenda", "--format", "json", *NOW).out)
    assert (found["reviews"], found["summary"]["overdue"]) == ([], 3)


def test_nothing_open_is_an_agenda_and_a_wrong_day_is_none(tracker: Tracker) -> None:
    assert tracker.incident("agenda", *NOW).out == "no action is open\n"
    said = tracker.incident("agenda", "--since", "last week", *NOW)
    assert (said.status, said.out) == (2, "")


def test_a_follow_up_is_due_from_the_meeting_on(tracker: Tracker) -> None:
    tracker.change(REVIEW, "followed_up_at: 2026-03-13\n", "")
    before = tracker.incident("due", "--now", "2026-03-06T09:00-06:00").out
    assert "follow-up" not in before
    for moment, is_late in (("10:00", False), ("10:01", True)):
        now = f"2026-03-20T{moment}-06:00"
        said = tracker.incident("due", "--format", "json", "--now", now)
        (owed,) = [item for item in json.loads(said.out)["due"] if "follow-up" in item["what"]]
        assert owed["when"] == "2026-03-20T10:00:00-06:00"
        assert owed["overdue"] is is_late
    tracker.incident("set", GOOD, "followed_up_at=2026-03-20", *NOW)
    assert "follow-up" not in tracker.incident("due", *NOW).out


def test_a_review_without_a_time_is_reminded_of_from_the_third_day_on(tracker: Tracker) -> None:
    shutil.rmtree(tracker.root / "pir")
    words = "review meeting, for which no time is set"
    assert words not in tracker.incident("due", "--now", "2026-03-05T11:09-06:00").out
    assert words in tracker.incident("due", "--now", "2026-03-05T11:10-06:00").out
    tracker.incident(
        "pir", "schedule", GOOD, "--at", "2026-03-08T10:00", "--now", "2026-03-05T12:00-06:00"
    )
    said = tracker.incident("due", "--now", "2026-03-05T12:00-06:00").out
    assert "review meeting, scheduled for 2026-03-08 10:00" in said


def test_what_is_owed_afterwards_is_done_by_the_commands_that_due_prints(tracker: Tracker) -> None:
    shutil.rmtree(tracker.root / "pir")
    done = []
    for _ in range(12):
        said = tracker.incident("due", "--format", "json", *NOW)
        owed = [item for item in json.loads(said.out)["due"] if item["id"] == GOOD]
        owed = [item for item in owed if item["what"] not in done]
        if not owed:
            break
        done.append(owed[0]["what"])
        command = owed[0]["command"].replace("incident report", "incident report --sent")
        command = command.replace("TIME", "2026-03-03T10:00").replace("DATE", "2026-03-20")
        said = tracker.incident(*shlex.split(command)[1:], *NOW)
        if said.status != 0:  # publishing is a gate, and this review is empty
            assert command == f"incident pir publish {GOOD}", said.err
    assert done == [
        "initial report",
        "sharing of what was learned",
        "review meeting, for which no time is set",
        "documentation and runbooks brought up to date",
        "published review",
        "follow-up of the review in a team meeting",
    ]


def test_a_ticket_is_written_once(tracker: Tracker) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    ask = ("action", "ticket", f"{GOOD}#1", "--review", "--missing", *NOW)
    assert tracker.incident(*ask).status == 0
    assert (
        tracker.incident(
            "action", "ticket", f"{GOOD}#1", "--review", "https://x.org/i/7", *NOW
        ).status
        == 0
    )
    text = (tracker.root / REVIEW).read_text("utf-8")
    assert OPEN.replace("prevent)", "prevent, Ticket: https://x.org/i/7)") in text
    assert tracker.incident(*ask).status == 1
    said = tracker.incident("action", "ticket", f"{GOOD}#1", "--review", "OPS-8", *NOW)
    assert (said.status, (tracker.root / REVIEW).read_text("utf-8")) == (2, text)
    assert "has the ticket https://x.org/i/7; OPS-8 was not written" in said.err
    assert (
        tracker.incident(
            "action", "ticket", f"{GOOD}#1", "--review", "OPS-8", "--again", *NOW
        ).status
        == 0
    )
    text = (tracker.root / REVIEW).read_text("utf-8")
    assert OPEN.replace("prevent)", "prevent, Ticket: OPS-8)") in text


@pytest.mark.parametrize(
    "reference",
    ["", " \n ", "a, Owner: eve", "x) (Owner: eve, Due: 2026-01-01", "a, Done: 2026-01-01"],
)
def test_a_reference_that_would_say_something_else_is_not_written(
    tracker: Tracker, reference: str
) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    said = tracker.incident("action", "ticket", f"{GOOD}#1", reference, *NOW)
    assert said.status == 2, said.out
    assert OPEN in (tracker.root / REVIEW).read_text("utf-8")


def test_what_the_commands_open_is_recorded_and_a_second_run_opens_nothing(
    tracker: Tracker, tmp_path: Path
) -> None:
    tracker.change(REVIEW, DONE, OPEN.replace("an index", f"{HOSTILE} an index"))
    tracker.change(
        RECORD, OURS, OURS.replace("[x]", "[ ]").replace(", Ticket: OPS-101, Done: 2026-03-12", "")
    )
    opener = tmp_path / "open.py"
    opener.write_text(
        "import json, sys\n"
        f"with open({str(tmp_path / 'opened')!r}, 'a') as file:\n"
        "    print(json.dumps(sys.argv[1:]), file=file)\n"
        "print('OPS-' + str(len(sys.argv[1])))\n"
    )
    template = f"{sys.executable} {opener} {{title}} --body={{body}}"
    said = tracker.incident("action", "tickets", "--open-with", template, *NOW)
    assert said.status == 0, said.err
    ours = f'incident() {{ {sys.executable} -m incident_tracker "$@"; }}\n'
    for _ in range(2):
        subprocess.run(["sh"], input=ours + said.out, text=True, cwd=tracker.root, check=False)
    opened = [json.loads(line) for line in (tmp_path / "opened").read_text().splitlines()]
    assert sorted(title for title, _ in opened) == sorted(
        [
            f"Test releases with {HOSTILE} an index of the previous release",
            "Test releases with the old index",
        ]
    )
    assert all(body.startswith("--body=Owner: bo\nDue: 2026-03-20\n") for _, body in opened)
    assert not list(tracker.root.rglob("pwned"))
    found = json.loads(tracker.incident("action", "tickets", "--format", "json", *NOW).out)
    assert found["summary"] == {"tickets": 0}


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("open 'x", "cannot be read"),
        ("open {title} {password}", "asks for {password}"),
        ("open --body={body}", "takes no {title}"),
    ],
)
def test_a_command_that_cannot_be_filled_is_refused(template: str, problem: str) -> None:
    with pytest.raises(Refusal, match=problem):
        list(commands_for([], template))


def test_every_place_of_the_template_is_filled_and_none_twice() -> None:
    ticket = Ticket(
        action="a#1", flag=" --incident", title="{body}", owner="bo", due=None, type="prevent",
        link="x.md", is_internal=False,
    )  # fmt: skip
    (line,) = commands_for([ticket], " ".join(f"{{{place}}}" for place in PLACES))
    assert line.startswith("incident action ticket 'a#1' --incident --missing && ")
    assert "$('{body}' 'Owner: bo\nDue: no date\n" in line


def test_the_command_is_a_setting_and_may_be_missing(tracker: Tracker) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    said = tracker.incident("action", "tickets", "--format", "commands", *NOW)
    assert "$(gh issue create '--title=Test releases" in said.out
    text = (tracker.root / "protocol/protocol.yml").read_text("utf-8")
    kept = [line for line in text.splitlines(keepends=True) if "OPEN_TICKET" not in line]
    tracker.write("protocol/protocol.yml", "".join(kept))
    said = tracker.incident("action", "tickets", "--format", "commands", *NOW)
    assert (said.status, said.out) == (2, "")
    assert "--open-with" in said.err


@pytest.mark.parametrize(
    ("reference", "is_one"),
    [
        ("OPS-412", True),
        ("https://tickets.example/412", True),
        ("shop:412", True),
        ("javascript:alert(1)", False),
        (" JavaScript :alert(1)", False),
        ("data:text/html,x", False),
        ("T" * 501, False),
        ("TBD", False),
        ("none", False),
    ],
)
def test_a_ticket_is_a_number_or_an_address(
    tracker: Tracker, reference: str, *, is_one: bool
) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    before = (tracker.root / REVIEW).read_text("utf-8")
    said = tracker.incident("action", "ticket", f"{GOOD}#1", reference, "--review", *NOW)
    assert said.status == (0 if is_one else 2), said.err
    if not is_one:
        assert "is no ticket" in said.err
        assert len(said.err) < 300
        assert (tracker.root / REVIEW).read_text("utf-8") == before


def test_a_ticket_links_to_the_page_where_the_site_has_an_address(tracker: Tracker) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    assert f"Record: {REVIEW}" in tracker.incident("action", "tickets", *NOW).out
    tracker.write("mkdocs.yml", "site_url: https://ops.example.org/i/\nuse_directory_urls: false\n")
    told = tracker.incident("action", "tickets", *NOW).out
    assert "Record: https://ops.example.org/i/pir/2026/2026-03-02-good.html" in told


def test_a_ticket_of_a_security_incident_asks_who_reads_it(tracker: Tracker) -> None:
    tracker.change(REVIEW, DONE, OPEN)
    assert "internal" not in tracker.incident("action", "tickets", *NOW).err
    tracker.change(RECORD, "kind: outage", "kind: security")
    assert (
        "2026-03-02-good#1 is of an internal incident"
        in tracker.incident("action", "tickets", *NOW).err
    )


def test_a_repeat_is_said_where_its_cause_becomes_known(tracker: Tracker) -> None:
    new = ("new", "Search fails again", "--severity", "P2", "--slug", "again")
    tracker.incident(*new, "--now", "2026-03-20T10:00-05:00")
    said = tracker.incident("set", "again", "root_cause=index-format-changed", *NOW)
    repeat = "repeats: 2026-03-02-good, the same root cause within 90 days\n"
    owed = "  a review is owed for that: incident pir new again\n"
    assert said.out.endswith(repeat + owed)
    assert repeat in tracker.incident("show", "again", *NOW).out
    assert "repeats" not in tracker.incident("show", GOOD, *NOW).out
