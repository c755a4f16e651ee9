"""`incident import markdown`: post-mortems become incidents and reviews, and nothing is lost."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import EMPTY, planned_files, read
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.finding import Level
from incident_tracker.importers.mapping import MappingError, preset_text, read_mapping
from incident_tracker.importers.markdown_stamps import Calendar, length_of
from incident_tracker.importers.plan import Action, Plan
from incident_tracker.importers.prose import linked
from incident_tracker.importers.story import Noted, Story, Task
from incident_tracker.model import ActionState, Milestone, Tracker

NAME = "2026-02-03-form.md"
WHOLE = """\
---
title: "Sign-up form: every answer lost"
url: https://wiki.example.org/77
severity: Sev 2
---
# Sign-up form

**Detected**: 2026-02-03 10:05
**Time to repair**: 1h 10m (in hours of support)

## Summary
The form took every answer
and kept none of them.

## What we saw
A queue that only grew, see [the graph](https://graphs.example.org/7).

## Root cause
A release renamed the field.

## Contributing factors
- No test sends a form.

## Lessons learned
### What went well
- The probe told us.

### Where we got lucky
1. It was night.

## Action items
### Tests
- [x] Send a form in each release
- Alert on a growing queue ([#12](https://issues.example.org/12)) (Owner: gil, Due: 2026-03-01)

## Timeline
All times in CET

- 10:02 The release is out. (**outage starts**)
- 11:15 - Decision: roll back
  at once
- 11:20: rolled back (outage ends)
- somebody sleeps

## Attendees
asha, gil
"""


def planned(text: str | bytes, *pairs: tuple[str, str], there: Tracker = EMPTY) -> Plan:
    """What an import of one file would do."""
    data = text if isinstance(text, bytes) else text.encode()
    return planned_files("markdown", {NAME: data}, ("zone", "UTC"), *pairs, there=there)


def story_of(text: str, *pairs: tuple[str, str]) -> Story:
    """What the importer takes out of one file."""
    found = planned(text, *pairs).files[0].settled.draft.story
    assert found is not None
    return found


def texts(found: Plan) -> list[tuple[str, str]]:
    """The files of a plan, records and reviews."""
    return [(one.path, one.text) for one in (*found.files, *found.reviews)]


def back(found: Plan) -> Tracker:
    """The tracker that the files of a plan make."""
    return read(texts(found))


# --- a whole one


def test_a_post_mortem_becomes_an_incident_and_a_review() -> None:
    (incident,), (review,) = planned(WHOLE).files, planned(WHOLE).reviews
    assert incident.path == "incidents/2026/2026-02-03-form.md"
    assert incident.text == (
        "---\n"
        'title: "Sign-up form: every answer lost"\n'
        "status: closed\n"
        "started_at: 2026-02-03T03:02-06:00\n"
        "detected_at: 2026-02-03T04:05-06:00\n"
        "mitigated_at: 2026-02-03T04:20-06:00\n"
        "stated: {mitigated_at: 1h10m}\n"
        'origin: {system: markdown, id: 2026-02-03-form.md, url: "https://wiki.example.org/77", '
        "digest: sha-10db76589cbf}\n"
        "protocol: 2.0.0\n"
        "---\n"
        "## Summary\n"
        "The form took every answer and kept none of them.\n"
        "\n"
        "## Timeline\n"
        "- 03:02 - Impact started\n"
        "- 03:02 - The release is out. (**outage starts**)\n"
        "- 04:05 - Detected\n"
        "- 04:15 - &#68;ecision: roll back at once\n"
        "- 04:20 - Service restored\n"
        "- 04:20 - rolled back (outage ends)\n"
        "  &#45; somebody sleeps\n"
        "\n"
        "## Notes\n"
        "**Facts**\n"
        "\n"
        "**Time to repair**: 1h 10m (in hours of support)\n"
        "\n"
        "**What we saw**\n"
        "\n"
        "A queue that only grew, see [the graph](https://graphs.example.org/7).\n"
        "\n"
        "**Timeline**\n"
        "\n"
        "All times in CET\n"
        "\n"
        "Sign-up form\n"
    )
    assert review.path == "pir/2026/2026-02-03-form.md"
    assert review.text == (
        "---\n"
        "status: published\n"
        "attendees: [asha, gil]\n"
        'origin: {system: markdown, id: 2026-02-03-form.md, url: "https://wiki.example.org/77", '
        "digest: sha-e0db55a20761}\n"
        "---\n"
        "## Timeline\n"
        "[The incident](../../incidents/2026/2026-02-03-form.md) tells it.\n"
        "\n"
        "## Root Cause\n"
        "A release renamed the field.\n"
        "\n"
        "**Contributing factors**\n"
        "\n"
        "- No test sends a form.\n"
        "\n"
        "## What Went Well\n"
        "- The probe told us.\n"
        "\n"
        "## Action Items\n"
        "**Tests**\n"
        "\n"
        "- [x] Send a form in each release\n"
        "- [ ] Alert on a growing queue ([#12](https://issues.example.org/12)) "
        "(Owner: gil, Due: 2026-03-01, Ticket: https://issues.example.org/12)\n"
        "\n"
        "## Lessons Learned\n"
        "**Where we got lucky**\n"
        "\n"
        "1. It was night.\n"
    )


def test_what_it_could_not_place_is_named_with_its_line_and_kept() -> None:
    found = planned(WHOLE)
    assert [(one.line, one.what) for one in found.unplaced()] == [
        (15, '"What we saw", 1 block of text; kept below Notes'),
        (43, '"somebody sleeps" begins with no time; kept as text'),
    ]
    assert found.untaken() == {"front.severity": 1}
    assert found.defects() == ()


def test_both_are_read_without_a_finding_and_say_what_the_source_says() -> None:
    tracker = back(planned(WHOLE, ("severity", "front.severity"), ("severity.Sev 2", "P1")))
    assert check(tracker).findings == ()
    (incident,), (review,) = tracker.incidents, tracker.reviews
    assert incident.severity == "P1"
    assert incident.stated == {Milestone.MITIGATED: timedelta(minutes=70)}
    assert [(a.text[:12], a.state, a.owner, a.due, a.ticket) for a in review.actions] == [
        ("Send a form ", ActionState.DONE, "", None, ""),
        (
            "Alert on a g",
            ActionState.OPEN,
            "gil",
            date(2026, 3, 1),
            "https://issues.example.org/12",
        ),
    ]
    assert review.origin == incident.origin
    assert review.attendees == ("asha", "gil")


def test_without_a_cause_a_lesson_or_an_action_there_is_no_review() -> None:
    found = planned("# Slow\n## Summary\nIt was slow.\n## Actions\n- N/A\n")
    assert len(found.files) == 1
    assert found.reviews == ()
    assert "N/A" in found.files[0].text


# --- title and day


@pytest.mark.parametrize(
    ("name", "text", "title", "path"),
    [
        ("2026-02-03-slow.md", "# Search is slow\n", "Search is slow", "2026-02-03-slow"),
        ("pm-7.md", "---\ntitle: A\ndate: 2026-02-04\n---\n# B\n", "A", "2026-02-04-a"),
        (
            "pm-7.md",
            "# 2026-02-05: Search is slow\n",
            "Search is slow",
            "2026-02-05-search-is-slow",
        ),
        ("pm-7.md", "# Slow, February 5th, 2026\n", "Slow, February 5th, 2026", None),
        ("2026-02-03.md", "text\n", "2026-02-03", "2026-02-03-2026-02-03"),
        ("pm-7.md", "Slow\n====\nDate: 6 Feb 2026\n", "Slow", "2026-02-06-slow"),
        ("pm-7.md", "# S\n## Timeline\n- 2026-02-07 10:00 x\n", "S", "2026-02-07-s"),
    ],
)
def test_title_and_day_are_found_in_front_matter_heading_name_or_timeline(
    name: str, text: str, title: str, path: str | None
) -> None:
    (one,) = planned_files("markdown", {name: text.encode()}, ("zone", "UTC")).files
    assert one.settled.draft.title == title
    assert path is None or one.path == f"incidents/2026/{path}.md"


def test_without_any_day_there_is_no_record_and_the_first_unreadable_line_is_named() -> None:
    text = "# Slow\n## Timeline\n| Time | Event |\n|---|---|\n| 20202-01-16 12:00 | x |\n"
    found = planned_files("markdown", {"pm-7.md": text.encode()}, ("zone", "UTC"))
    assert [(one.line, one.reason) for one in found.skipped] == [
        (
            1,
            (
                "no day in its front matter, name, title and lines; "
                'line 5: "20202-01-16 12:00" is no time'
            ),
        )
    ]


def test_days_that_contradict_each_other_are_kept_and_told() -> None:
    found = planned("# 2025-01-01: x\n## Timeline\n- 2025-02-03 10:00 a\n")
    assert [(one.line, one.reason) for one in found.defects()] == [
        (1, "date: the title says 2025-01-01, the name of the file 2026-02-03"),
        (3, "timeline: 2025-02-03 lies 365 days from the 2026-02-03 that this is about"),
    ]


# --- the timeline


def entries(text: str) -> list[str]:
    """The entries of a timeline in UTC, ``~`` where estimated, with what belongs to them."""
    told = story_of(f"# T\n\n## Timeline\n{text}").entries
    return [_entry(one) for one in told]


def _entry(one: Noted) -> str:
    about = "~" if one.is_estimated else ""
    return " / ".join([f"{about}{one.at.astimezone(UTC):%m-%d %H:%M} {one.text}", *one.more])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "- 10:00 a\n- 10:05 - b\n* **10:06**: c\n",
            ["02-03 10:00 a", "02-03 10:05 b", "02-03 10:06 c"],
        ),
        ("- [10:00] a\n- `10:05` b\n", ["02-03 10:00 a", "02-03 10:05 b"]),
        ("- 2:05 PM: a\n- 12 am - b\n", ["02-03 14:05 a", "02-04 00:00 b"]),
        (
            "- 14.05 - a\n- 14h06: b\n- 1407 UTC - c\n",
            ["02-03 14:05 a", "02-03 14:06 b", "02-03 14:07 c"],
        ),
        (
            "- ~10:00 a\n- ca. 10:05 b\n- 10:06~ c\n",
            ["~02-03 10:00 a", "~02-03 10:05 b", "~02-03 10:06 c"],
        ),
        ("- 10:00–10:30 a\n", ["02-03 10:00 (until 10:30) a"]),
        ("- 23:50 a\n- 00:10 b\n", ["02-03 23:50 a", "02-04 00:10 b"]),
        ("- 2026-02-04 10:00 a\n- 10:05 b\n", ["02-04 10:00 a", "02-04 10:05 b"]),
        ("2026-02-04\n\n- 10:05 b\n", ["02-04 10:05 b"]),
        (
            "- [02-04 10:05] b\n- Feb 5, 11:00: c\n- 6. February 12:00 d\n",
            ["02-04 10:05 b", "02-05 11:00 c", "02-06 12:00 d"],
        ),
        (
            "### 10:00\n\na\n\nb\n\n- 10\n\n### 10:05 - c\n",
            ["02-03 10:00 a / b / - 10", "02-03 10:05 c"],
        ),
        ("### 2026-02-04 7:01am\na\n### 7:30\nb\n", ["02-04 07:01 a", "02-04 07:30 b"]),
        ("| Time | Event |\n| :--- | --- |\n| 10:00 | a \\| b |\n", ["02-03 10:00 a | b"]),
        (
            "| Date | Time | Who | What |\n|-|-|-|-|\n| 2026-02-04 | 10:00 | gil | a |\n",
            ["02-04 10:00 gil; a"],
        ),
        ("| Time (UTC+1) | Event |\n|-|-|\n| 2026-02-04 10:00 | a |\n", ["02-04 09:00 a"]),
        ("All times are in CEST.\n\n- 10:00 a\n", ["02-03 08:00 a"]),
        ("*(All times US/Pacific, 24-hour clock.)*\n\n- 10:00 a\n", ["02-03 18:00 a"]),
        (
            "- 10:00 PST: a\n- 10:00 +02:00 b\n- 10:00Z c\n",
            ["02-03 18:00 a", "02-03 08:00 b", "02-03 10:00 c"],
        ),
        (
            "- 10:00 a\ngoes on\n\n  ```\n  code\n  ```\n- b\n",
            ["02-03 10:00 a goes on / code / - b"],
        ),
        ("- 10:00 a\n  - b\n    - c\n", ["02-03 10:00 a / - b / - c"]),
        ("- 2.30 GB were lost\n- 100% gone\n- 25:00 x\n", []),
    ],
)
def test_every_shape_of_a_timeline_becomes_entries(text: str, told: list[str]) -> None:
    assert entries(text) == told


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("- 10:00 a\n- b\n", 5, '"b" begins with no time; kept as text'),
        (
            "- 10:00 a\n\n### 2X:XX (about)\nb\n",
            6,
            '"2X:XX (about)" begins with no time; kept as text',
        ),
        (
            "| Time | E |\n|-|-|\n| 2026-02-04 | b |\n",
            6,
            "2026-02-04 has no time of the day; kept as text",
        ),
        ("| Time | E |\n|-|-|\n| soon | b |\n", 6, '"soon" is no time; kept as text'),
        (
            "- 10:00 a\n\n### 2026-02-30 10:00\nb\n",
            6,
            '"2026-02-30 10:00" begins with no time; kept as text',
        ),
    ],
)
def test_an_entry_without_a_readable_time_is_kept_as_text_and_named(
    text: str, line: int, told: str
) -> None:
    found = planned(f"# T\n\n## Timeline\n{text}")
    assert [(one.line, one.what) for one in found.unplaced()] == [(line, told)]
    assert re.search(r"\bb\b", found.files[0].text)


def test_times_without_a_zone_stay_text_and_the_remedy_is_said_once() -> None:
    text = "# T\n\nResolved: 12:00\n\n## Timeline\n- 10:00 a\n- 10:05 b\n"
    found = planned_files("markdown", {NAME: text.encode()})
    assert [(one.line, one.reason) for one in found.defects()] == [
        (
            3,
            (
                "zone: 3 times have no zone; kept as text; "
                "--map zone=UTC, or as Europe/Berlin, says which it is"
            ),
        )
    ]
    assert found.files[0].settled.times == {}
    assert "10:05 b" in found.files[0].text


def test_a_time_that_the_clocks_went_over_is_named() -> None:
    text = "# T\n\n## Timeline\n- 2026-03-29 02:30 Europe/Berlin: a\n"
    (told,) = planned(text).unplaced()
    assert told.what == "2026-03-29 02:30 did not happen in Europe/Berlin; kept as text"


def test_a_word_of_a_zone_that_means_several_is_yours_to_say() -> None:
    text = "# T\n\n## Timeline\nAll times in CST\n\n- 10:00 a\n"
    (one,) = story_of(text, ("zones.CST", "+08:00")).entries
    assert one.at == datetime(2026, 2, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Incident closed by bo",
        "Resolution implemented (rollback): x",
        "IC assigned: gil",
        "Severity changed: P9",
        "Decision: roll back",
        "Notified: nobody we know",
        "Evidence: ../../secret",
        "Ressolution implemented (rollback)",
        "PM the rest",
        "CST again",
        "| x",
        "– x",
    ],
)
def test_prose_never_sets_a_milestone_and_is_no_fault(text: str) -> None:
    found = planned(f"# T\n\n## Timeline\n- 10:00 - {text}\n")
    tracker = back(found)
    assert [f for f in tracker.findings if f.level is Level.ERROR] == []
    assert check(tracker).findings == ()
    (entry,) = tracker.incidents[0].log.entries
    assert entry.said is None
    assert tracker.incidents[0].times == {}
    assert entry.at is not None
    assert html.unescape(entry.text).endswith(text.lstrip("–| "))


def test_a_phrase_that_only_tells_stays_one() -> None:
    (incident,) = back(planned("# T\n\n## Timeline\n- 10:00 - Impact: no form works\n")).incidents
    assert incident.impact_last_told == "no form works"


# --- lines that say one thing


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("**Detected**: 2026-02-03 10:00", {"detected_at": "10:00"}),
        (
            "**Detected:** 2026-02-03 10:00\n**Resolved:** 11:00 UTC",
            {"detected_at": "10:00", "resolved_at": "11:00"},
        ),
        ("Started 09:55\nResolved 11:00", {"started_at": "09:55", "resolved_at": "11:00"}),
        (
            "- **Key events**\n  - First detected 2026-02-03 9:29\n  - Repaired 2026-02-03 10.46",
            {"detected_at": "09:29", "mitigated_at": "10:46"},
        ),
        (
            "| Field | Value |\n|-|-|\n| Detected | 2026-02-03 10:00 (by the probe) |",
            {"detected_at": "10:00"},
        ),
        ("## Details\n- Detected: 2026-02-03 10:00\n- Team: search", {"detected_at": "10:00"}),
        (
            "## Timeline\n- 10:00 gone (problem started)\n- 11:00 **Service is restored** now",
            {"started_at": "10:00", "mitigated_at": "11:00"},
        ),
        ("## Timeline\n### 10:00 - Problem starts\nno form works", {"started_at": "10:00"}),
        ("## Timeline\n- 10:00 we think that the problem started here", {}),
        ("Detected: unknown", {}),
    ],
)
def test_milestones_are_those_that_a_label_states(text: str, times: dict[str, str]) -> None:
    (one,) = planned(f"# T\n\n{text}\n").files
    found = {m.value: f"{at.astimezone(UTC):%H:%M}" for m, at in one.settled.times.items()}
    assert found == times


def test_a_fact_that_cannot_be_read_is_left_out_named_and_kept_as_text() -> None:
    found = planned("# T\n\n**Detected**: 1600 h\n\n**Time to repair**: quick\n")
    assert [(one.line, one.field, one.reason, one.is_kept) for one in found.defects()] == [
        (3, "Detected", 'Detected: "1600 h" is no time', False),
        (5, "Time to repair", 'Time to repair: "quick" is no duration', False),
    ] or found.files[0].settled.times
    assert "quick" in found.files[0].text


def test_what_else_such_lines_say_is_a_column_that_a_mapping_can_take() -> None:
    text = "# T\n\n**Level**: Sev 1\n\n## Stats\n- Area: Search\n"
    pairs = [("severity", "facts.level"), ("severity.Sev 1", "P0"), ("components", "facts.area")]
    (one,) = planned(text, *pairs).files
    assert (one.settled.draft.severity, one.settled.draft.components) == (
        "P0",
        {"search": "Search"},
    )
    assert planned(text).untaken() == {"facts.area": 1, "facts.level": 1}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h 10m", 70),
        ("0h 7m", 7),
        ("27m", 27),
        ("33h 15m (during support hours 10:00-17:00 M-F)", 1995),
        ("84 minutes", 84),
        ("1 hour and 5 minutes", 65),
        ("about 2 days", 2880),
        ("~1.5 hours", 90),
        ("0 minutes", 0),
        ("?", None),
        ("quick", None),
        ("7 people", None),
        ("10m late", None),
        ("99999 days", None),
        ("", None),
    ],
)
def test_lengths_as_people_write_them(text: str, minutes: int | None) -> None:
    assert length_of(text) == (None if minutes is None else timedelta(minutes=minutes))


# --- actions


def tasks(text: str) -> tuple[Task, ...]:
    """The actions below a heading."""
    return story_of(f"# T\n\n## Next steps\n{text}").tasks


@pytest.mark.parametrize(
    ("text", "is_done", "owner", "due", "ticket"),
    [
        ("- Test the form", False, "", None, ""),
        ("1. Test the form", False, "", None, ""),
        ("- [ ] Test the form", False, "", None, ""),
        ("- [x] Test the form", True, "", None, ""),
        ("- ~~Test the form~~", True, "", None, ""),
        ("- Test the form (DONE)", True, "", None, ""),
        ("- Test the form **(Done during this incident)**", True, "", None, ""),
        (
            "- Test the form DONE in [#7](https://x.example/7)",
            True,
            "",
            None,
            "https://x.example/7",
        ),
        ("- Test what is done by the form", False, "", None, ""),
        ("- Test the form (owner: gil)", False, "gil", None, ""),
        ("- Test the form (@gil-1)", False, "gil-1", None, ""),
        ("- Test the form. Due: 2026-03-01", False, "", "2026-03-01", ""),
        (
            "- [x] Test it (Owner: gil, Due: 2026-03-01, Done: 2026-02-09)",
            True,
            "gil",
            "2026-03-01",
            "",
        ),
        (
            "- [ ] Test the form [Issue](https://x.example/7)",
            False,
            "",
            None,
            "https://x.example/7",
        ),
        (
            "| Action | Owner | Due | Status |\n|-|-|-|-|\n| Test it | gil | 2026-03-01 | Done |",
            True,
            "gil",
            "2026-03-01",
            "",
        ),
        (
            "| Task | Ticket |\n|-|-|\n| Test the form | https://x.example/7 |",
            False,
            "",
            None,
            "https://x.example/7",
        ),
    ],
)
def test_actions_of_lists_and_tables(
    text: str,
    is_done: bool,  # noqa: FBT001 # one of the parametrized values
    owner: str,
    due: str | None,
    ticket: str,
) -> None:
    (one,) = tasks(f"{text}\n")
    assert (one.is_done, one.owner, one.ticket) == (is_done, owner, ticket)
    assert one.due == (date.fromisoformat(due) if due else None)
    assert one.text.startswith(("Test", "DONE"))
    tracker = back(planned(f"# T\n\n## Next steps\n{text}\n"))
    assert check(tracker).findings == ()
    (action,) = tracker.reviews[0].actions
    assert (action.state is ActionState.DONE, action.owner, action.ticket) == (
        is_done,
        owner,
        ticket,
    )


def test_what_explains_an_action_stays_below_it_and_is_no_action() -> None:
    (one,) = tasks("- Test the form\n  - with a name\n  - without\n")
    assert one.more == ("with a name", "without")
    (action,) = back(planned("# T\n\n## Actions\n- Test\n  - [x] how\n")).reviews[0].actions
    assert action.state is ActionState.OPEN


def test_a_text_below_action_items_that_is_none_stays_text() -> None:
    found = planned("# T\n\n## Actions\nWe met on it.\n\n- Test the form\n- N/A\n\n### Later\n")
    (action,) = back(found).reviews[0].actions
    assert action.text == "Test the form"
    assert "We met on it.\n\nN/A\n" in found.reviews[0].text
    assert [one.what for one in found.unplaced()] == ['"Later" has no action below it; left out']


@pytest.mark.parametrize("tail", ["(Owner: bo, Due: tomorrow)", "(Type: magic)", "(Owner: a,b)"])
def test_brackets_of_an_action_that_say_no_value_of_ours_are_text(tail: str) -> None:
    tracker = back(planned(f"# T\n\n## Actions\n- Test the form {tail}\n"))
    assert tracker.findings == ()
    assert tracker.reviews[0].actions[0].text.startswith("Test the form")


# --- text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("see [it](https://x.example/a_b)", "see [it](https://x.example/a_b)"),
        ("[it](javascript:alert)", "&#91;it&#93;(javascript:alert)"),
        ("[it](../x.md)", "&#91;it&#93;(../x.md)"),
        ("run `make_all` now", "run `make_all` now"),
        ("`<b>`", "&#96;&#60;b>&#96;"),
        ("``a``", "&#96;&#96;a&#96;&#96;"),
        ("**so** it is", "**so** it is"),
        ("**a****b**", "&#42;&#42;a&#42;&#42;&#42;&#42;b&#42;&#42;"),
        ("*a* _b_ <i>c</i>", "&#42;a&#42; &#95;b&#95; &#60;i>c&#60;/i>"),
        ("# no heading", "&#35; no heading"),
    ],
)
def test_links_short_code_and_bold_text_are_kept_and_nothing_else(text: str, made: str) -> None:
    assert linked(text) == made
    assert html.unescape(made) == text


def test_a_link_whose_address_stands_further_down_is_a_link() -> None:
    further = "".join(f"[{name}]: https://x.example/{name}\n" for name in "abd")
    text = f"# T\n\n## Summary\nSee [it][a], [B] and [c].\n\n{further}"
    made = planned(text).files[0].text
    assert "See [it](https://x.example/a), [B](https://x.example/b) and &#91;c&#93;." in made
    assert made.endswith("&#91;d&#93;: https://x.example/d\n")


def test_lists_code_and_tables_keep_their_shape() -> None:
    listed = "- a\n  - b\n\n      goes on\n\n```bash\nls -l  # all\n```\n\n"
    text = f"# T\n\n## Impact\n{listed}| x | y |\n|-|-|\n| 1 | 2 |\n"
    made = planned(text).files[0].text.partition("## Impact\n")[2]
    assert made == "- a\n    - b\n\ngoes on\n\n```\nls -l  # all\n```\n\nx | y\n\n1 | 2\n"


@pytest.mark.parametrize("code", ["## Timeline", "<!-- x", "{{ 7*7 }}", "<<<<<<< ours", "~~~"])
def test_code_that_would_be_read_is_written_as_text(code: str) -> None:
    found = planned(f"# T\n\n## Impact\n````\nls\n{code}\n````\n")
    assert "```" not in found.files[0].text
    assert html.unescape(found.files[0].text).count(code) == 1
    assert check(back(found)).findings == ()


def test_a_comment_is_left_out_and_named() -> None:
    found = planned("# T\n\n## Summary\n<!-- a hint\nof two lines -->\nIt broke.\n")
    assert [(one.line, one.what) for one in found.unplaced()] == [
        (4, "a comment, which no page shows; left out")
    ]
    assert "hint" not in found.files[0].text


# --- the second run


def test_a_second_run_leaves_both_as_they_are() -> None:
    found = planned(WHOLE, there=back(planned(WHOLE)))
    assert [one.action for one in (*found.files, *found.reviews)] == [Action.SAME] * 2
    assert found.written() == ()


def test_what_changed_at_the_source_is_updated_and_what_people_changed_is_kept() -> None:
    files = dict(texts(planned(WHOLE)))
    changed = WHOLE.replace("took every", "ate every").replace("renamed", "lost")
    again = planned(changed, there=read(files.items()))
    assert [one.action for one in (*again.files, *again.reviews)] == [Action.CHANGED] * 2
    review = "pir/2026/2026-02-03-form.md"
    files[review] = files[review].replace("asha, gil", "asha, bo")
    again = planned(changed, there=read(files.items()))
    assert [one.action for one in (*again.files, *again.reviews)] == [Action.CHANGED, Action.KEPT]


def test_a_review_that_people_wrote_themselves_is_never_touched() -> None:
    files = dict(texts(planned(WHOLE)))
    for own in ("---\nstatus: draft\n---\n## Root Cause\nOurs.\n", "no record\n"):
        files["pir/2026/2026-02-03-form.md"] = own
        assert [one.action for one in planned(WHOLE, there=read(files.items())).reviews] == [
            Action.KEPT
        ]


def test_a_review_follows_its_incident_to_another_name() -> None:
    moved = {path.replace("-form.md", "-sign-up.md"): text for path, text in texts(planned(WHOLE))}
    again = planned(WHOLE, there=read(moved.items()))
    assert [one.path for one in (*again.files, *again.reviews)] == sorted(moved)


# --- strangers' texts

HEADINGS = [
    "## Timeline",
    "## Action items",
    "## Summary",
    "# T",
    "### 10:05",
    "### 14:05 - Decision: roll back",
    "## Causes",
    "## Root cause",
    "## What went well",
    "## Odd one",
    "## Stats",
    "## Attendees",
    "#### Timeline",
    "## Impact",
    "## Lessons learned",
    "### Checklist",
    "## Updates",
    "## #x",
    "## [a](b)",
    "Title\n===",
]
HOSTILE = [
    "- 10:00 Incident closed by bo",
    "- 10:01 - Resolution implemented (rollback): x",
    "- 10:03–10:09 range",
    "- [x] Functionality restored",
    "- [ ] do it all (Owner: bo, Due: tomorrow)",
    "- ~~old thing~~ (Dropped: x)",
    "<!-- incident: ok INC010 because -->",
    "<!-- open",
    "<script>alert(1)</script> <%= ENV %> {{ 7*7 }} {% x %}",
    "[x](javascript:alert(1)) [y](https://e.org/a_b*c) **b****c** `a` ``b``",
    "[a]: https://e.org",
    "[a][] [a] [b][a] ![a]",
    "```",
    "~~~~",
    "| Time | Event |\n|---|---|\n| 10:00 | a \\| b |\n| 2026-02-03 | --:-- | x |",
    "| Action | Owner | Due |\n|-|-|-|\n| do it | (Owner: x) | 1 March |",
    "**Detected**: 2026-02-03 10:00\nTime to repair: 1h 10m",
    "Started 13:05",
    "    - deep\n        - deeper\n\t- tab",
    "> quote\n>> # q",
    "===\n---\n***",
    "<<<<<<< ours\n=======\n>>>>>>> x",
    "10) ten\n    code",
    "\u202ebidi &lt;b&gt; &#8203; &copy; AT&T",
    "x" * 3_000,
    f"- {'y ' * 1_200}",
    f"- 10:30 {'[' * 400}",
    "- 12:00 - | x\n- 2:05 PM: afternoon\n- Feb 3 14h05 - h\n- 24:61 no",
    "",
]
DOCUMENTS = st.lists(
    st.sampled_from(HEADINGS) | st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=25
).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_whatever_a_file_holds_its_records_are_read_without_a_fault(text: str) -> None:
    data = text.encode("utf-8", "replace")
    found = planned(data)
    tracker = back(found)
    assert len(found.files) == 1
    assert tracker.unread == ()
    assert [one for one in tracker.findings if one.level is Level.ERROR] == []
    wrong = {one.code for one in check(tracker).findings} - {"INC010"}
    assert wrong == set()
    (incident,) = tracker.incidents
    assert (incident.waivers, incident.boxes, incident.document.comments) == ((), (), ())
    again = planned(data, there=tracker)
    assert again.written() == ()


WORD = re.compile(r"[^\W\d_]{3,}")
LINES = st.lists(
    st.sampled_from([*HEADINGS, *(line for line in HOSTILE if len(line) < 200)])
    | st.text("abc -*|:#>1\n", max_size=40),
    max_size=20,
)
# What is read and not repeated: times, heads of tables, and the headings that mean one of ours.
SAID_BY_THE_FORM = re.compile(
    r"^#+ (?:timeline|action items|summary|t|causes|root cause|what went well|stats|attendees"
    r"|impact|lessons learned)$|^\| (?:time|action) |^\s*(?:`{3}|~{3})|\b(?:Feb|March)\b",
    re.IGNORECASE,
)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_every_word_of_a_file_stands_in_a_record_or_its_line_is_named(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = planned(text)
    named = {one.line for one in found.unplaced()} | {one.line for one in found.defects()}
    held = " ".join(html.unescape(made) for _, made in texts(found)).casefold()
    hidden = "<!-- " in text
    for number, line in enumerate(text.split("\n"), start=1):
        if number in named or hidden or SAID_BY_THE_FORM.search(line):
            continue
        words = WORD.findall(html.unescape(line).casefold().replace("\u202e", ""))
        assert [word for word in words if word not in held] == [], (number, line)


def test_a_title_that_looks_like_a_waiver_is_none() -> None:
    (incident,) = back(planned("# <!-- incident: ok INC010 because -->\n")).incidents
    assert incident.title == "<!-- incident: ok INC010 because -->"
    assert incident.waivers == ()


BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n# T\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "front matter: cannot be read: an alias"),
        (f"---\na: {'[' * 9_000}\n---\n# T\n", "front matter: cannot be read"),
        (
            "---\n" + "a: b\n" * 9_000 + "---\n# T\n",
            "front matter: has more than 20,000 characters",
        ),
        ("---\na: [\n---\n# T\n", "front matter: cannot be read: while parsing"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_and_the_rest_goes_on(
    text: str, told: str
) -> None:
    found = planned(text)
    assert found.files[0].settled.draft.title == "T"
    assert found.defects()[0].reason.startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "# T\n## Timeline\n" + "- 10:00 a\n" * 50_000,
        "# T\n## Timeline\n" + "- a\n" * 60_000,
        "# T\n## Actions\n- " + "(Owner: a, " * 20_000,
        "# T\n## Odd\n" + "###### a\n" * 50_000,
        "# T\n## Summary\n" + "[" * 300_000,
        "".join(" " * (n % 400) + "- x\n" for n in range(5_000)),
    ],
    ids=["entries", "untimed", "brackets", "headings", "opened", "nested"],
)
def test_very_much_is_cut_named_and_still_read(text: str) -> None:
    found = planned(text)
    assert len(found.unplaced()) <= 101
    tracker = back(found)
    assert tracker.unread == ()
    assert tracker.findings == ()
    assert text.startswith("-") or any(
        one.reason.endswith("too much for one record from here on") for one in found.defects()
    )


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b"- a\n" * 1_250_000, 1, "has 5,000,000 bytes, more than 1,000,000: split it by incident"),
        (b"# T\n\nx\xff\n", 3, "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(data: bytes, line: int, told: str) -> None:
    assert [(one.line, one.reason) for one in planned(data).skipped] == [(line, told)]


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789:.-/hAPMamp TZ+UCFeb~[]()*", max_size=40))
def test_no_text_crashes_the_reading_of_a_time(text: str) -> None:
    stamp = Calendar(zones={}, base=date(2026, 2, 3)).stamp(text)
    assert stamp is None or stamp.day or stamp.clock


# --- mappings


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (("headings.Odd one", "summry"), '"summry" is no section of ours'),
        (("labels.found", "found_at"), '"found_at" is no field of ours'),
        (("zones.CST", "Mars"), '"Mars" is no time zone'),
    ],
)
def test_a_table_of_words_that_does_not_fit_is_refused(pair: tuple[str, str], told: str) -> None:
    with pytest.raises(MappingError, match=told):
        planned(WHOLE, pair)


def test_headings_and_labels_are_the_mappings_and_the_command_line_changes_them() -> None:
    text = "# T\n\n**Fault found**: 2026-02-03 10:00\n\n## Where we failed\n- Here and there\n"
    found = planned(
        text,
        ("labels.fault found", "detected_at"),
        ("headings.Where we failed", "needs-improvement"),
    )
    assert "detected_at: " in found.files[0].text
    assert (
        "## What Needs Improvement\n**Where we failed**\n\n- Here and there"
        in found.reviews[0].text
    )
    assert found.unplaced() == ()


def test_the_preset_names_no_heading_twice() -> None:
    found, faults = read_mapping(preset_text("markdown"), PROTOCOL)
    assert faults == ()
    assert found is not None
    assert len(found.headings) > 90


# --- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of post-mortems, one of them a template."""
    path = tmp_path / "post-mortems"
    (path / "2026").mkdir(parents=True)
    (path / "2026" / NAME).write_text(WHOLE, "utf-8")
    (path / "2026-02-09-slow.html.md.erb").write_text("# Slow\n\n<%= partial %>\n", "utf-8")
    (path / "template.md").write_text("# [Title]\n\n## Summary\n", "utf-8")
    return path


def test_a_folder_is_imported_and_a_second_run_changes_no_byte(
    empty_tracker: Typed, folder: Path
) -> None:
    command = ("import", "markdown", str(folder), "--write")
    said = empty_tracker.incident(*command)
    assert said.status == 1
    assert "wrote 2 records\n" in said.out
    assert "wrote 1 review\n  pir/2026/2026-02-03-form.md\n" in said.out
    assert "not placed 2026/2026-02-03-form.md:15: " in said.out
    assert "skipped template.md:1: no day in its front matter, name, title and lines\n" in said.out
    assert "2 not placed; 1 rows skipped\n" in said.out
    assert empty_tracker.incident("check", "--strict").status == 0
    files = {path: path.read_bytes() for path in empty_tracker.root.glob("*/2026/*.md")}
    assert len(files) == 3
    again = empty_tracker.incident(*command).out
    assert "left as they were: 2 records\n" in again
    assert "left as they were: 1 review\n" in again
    assert {path: path.read_bytes() for path in files} == files


def test_a_file_that_is_named_is_the_record_of_its_folder(
    empty_tracker: Typed, folder: Path
) -> None:
    empty_tracker.incident("import", "markdown", str(folder / "2026"), "--write")
    said = empty_tracker.incident("import", "markdown", str(folder / "2026" / NAME))
    assert "would leave as they are: 1 record\n" in said.out


def test_json_tells_reviews_and_what_was_not_placed(empty_tracker: Typed, folder: Path) -> None:
    said = empty_tracker.incident("import", "markdown", str(folder), "--format", "json")
    told = json.loads(said.out)
    assert told["reviews"] == [{"path": "pir/2026/2026-02-03-form.md", "action": "new"}]
    assert told["not_placed"][0]["line"] == 15


def test_what_a_source_states_is_measured_though_nobody_knows_when_it_was_detected(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    path = tmp_path / NAME
    path.write_text("# Slow\n\n**Time to resolve**: 1h 10m\n", "utf-8")
    empty_tracker.incident("import", "markdown", str(path), "--write")
    ask = ("metrics", "--metric", "time-to-resolve", "--pooled")
    assert "all severities: 1 h 10 min; n 1;" in empty_tracker.incident(*ask, "--stated").out
    assert "all severities: none; n 0;" in empty_tracker.incident(*ask).out
