"""Two versions of a record become one: nothing of either is lost, and only a real contradiction
stands between markers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import PROTOCOL
from incident_tracker.examples import good_files
from incident_tracker.lifecycle.actions import Promise, with_action
from incident_tracker.lifecycle.boxes import with_tick
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.summary import folded
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.merging import merge
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import flow_list

PATH = "incidents/2026/2026-03-30-site-down.md"
REVIEW = "pir/2026/2026-03-02-good.md"
START = datetime.fromisoformat("2026-03-30T09:00-05:00")
BASE = """---
title: The site is down
severity: P1
status: investigating
components: [website]
detected_by: monitoring
detected_at: 2026-03-30T09:00-05:00
---
## Summary
First words.

## Timeline
- 09:00 - Incident detected via monitoring: probe
- 09:30 - Looked at the dashboards

## Updates
### 2026-03-30 09:20 - Investigating
We look into it.
- Next update: 10:00

## Checklist
- [ ] Functionality restored
- [ ] No new errors in logs

## Action Items
- [ ] Add a probe (Owner: bo, Due: 2026-04-10)
"""


def changed(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def merged(ours: str, theirs: str, base: str | None = BASE, path: str = PATH) -> str:
    made = merge(path, base, ours, theirs, PROTOCOL)
    assert made.conflicts == (), made.text
    return made.text


LAST = "- 09:30 - Looked at the dashboards\n"
UPDATE = "- Next update: 10:00\n"
PROBE = "- [ ] Add a probe (Owner: bo, Due: 2026-04-10)\n"


def test_lines_that_both_add_at_the_end_stand_by_time() -> None:
    ours = changed((LAST, f"{LAST}- 09:45 - Ours\n- 10:05 - Ours again\n"))
    theirs = changed((LAST, f"{LAST}- 09:40 - Theirs\n- 10:10 - Theirs again\n"))
    expected = changed(
        (LAST, f"{LAST}- 09:40 - Theirs\n- 09:45 - Ours\n- 10:05 - Ours again\n")
    ).replace("- 10:05 - Ours again\n", "- 10:05 - Ours again\n- 10:10 - Theirs again\n")
    assert merged(ours, theirs) == expected


def test_the_summary_is_folded_anew_from_both() -> None:
    ours = changed((LAST, f"{LAST}- 09:35 - Acknowledged by bo\n"), ("status: inv", "status: inv"))
    theirs = changed((LAST, f"{LAST}- 09:50 - Resolution implemented (rollback): back\n"))
    text = merged(ours, theirs)
    assert "status: monitoring\n" in text
    assert "acknowledged_at: 2026-03-30T09:35-05:00\n" in text
    assert "resolution: rollback\n" in text


def test_updates_stay_whole_and_in_order() -> None:
    ours = changed((UPDATE, f"{UPDATE}\n### 2026-03-30 10:20 - Identified\nOurs.\n- Impact: a\n"))
    theirs = changed((UPDATE, f"{UPDATE}\n### 2026-03-30 09:50 - Identified\nTheirs.\n"))
    text = merged(ours, theirs)
    assert text.index("Theirs.") < text.index("### 2026-03-30 10:20") < text.index("- Impact: a")


def test_boxes_actions_and_fields_are_merged_one_by_one() -> None:
    ours = changed(
        ("- [ ] Functionality restored", "- [x] Functionality restored"),
        ("components: [website]", "components: [website, search]"),
        ("2026-04-10)\n", "2026-04-10)\n- [ ] Ours (Owner: bo, Due: 2026-04-11)\n"),
    )
    theirs = changed(
        ("- [ ] No new errors in logs", "- [x] No new errors in logs (one hour)"),
        ("components: [website]", "components: [website, admin]\nticket: OPS-1"),
        ("2026-04-10)\n", "2026-04-10)\n- [ ] Theirs (Owner: chen, Due: 2026-04-12)\n"),
    )
    text = merged(ours, theirs)
    assert "components: [website, search, admin]\n" in text
    assert "ticket: OPS-1\n" in text
    assert "- [x] Functionality restored\n- [x] No new errors in logs (one hour)\n" in text
    assert text.index("Add a probe") < text.index("Ours (Owner") < text.index("Theirs (Owner")


def test_what_only_one_side_changed_or_took_away_is_so_afterwards() -> None:
    ours = changed(("First words.", "Better words."))
    theirs = changed((LAST, ""), ("We look into it.", "We look into it now."))
    text = merged(ours, theirs)
    assert "Better words." in text
    assert LAST not in text
    assert "We look into it now." in text
    assert "We look into it.\n" not in text


def test_a_line_that_one_side_corrected_is_not_there_twice() -> None:
    ours = changed(("Looked at the dashboards", "Looked at all dashboards"))
    theirs = changed((LAST, f"{LAST}- 09:31 - More\n"))
    text = merged(ours, theirs)
    assert "Looked at all dashboards" in text
    assert text.count("dashboards") == 1


def test_a_section_that_one_side_lacks_is_made() -> None:
    base = BASE.split("## Timeline", maxsplit=1)[0]
    theirs = base + "## Timeline\n- 09:10 - Theirs\n"
    ours = base + "## Impact\nMany.\n"
    text = merged(ours, theirs, base)
    assert "## Impact\nMany.\n" in text
    assert "## Timeline\n- 09:10 - Theirs\n" in text


@pytest.mark.parametrize(
    ("ours", "theirs", "where"),
    [
        (("title: The site is down", "title: A"), ("title: The site is down", "title: B"), "title"),
        (("at the dashboards", "at our dashboards"), ("at the dashboards", "at the new dashboards"),
         "Timeline"),
        (("[ ] Functionality restored", "[x] Functionality restored (one)"),
         ("[ ] Functionality restored", "[x] Functionality restored (two)"), "Checklist"),
        (("First words.", "Ours."), ("First words.", "Theirs."), "Summary"),
        (("We look into it.", "We see it."), ("We look into it.", "We look into it, too."),
         "Updates"),
    ],
)  # fmt: skip
def test_a_contradiction_stands_between_markers_and_the_rest_is_merged(
    ours: tuple[str, str], theirs: tuple[str, str], where: str
) -> None:
    made = merge(
        PATH,
        BASE,
        changed((LAST, f"{LAST}- 09:41 - Ours\n"), ours),
        changed((LAST, f"{LAST}- 09:42 - Theirs\n"), theirs),
        PROTOCOL,
    )
    assert [conflict.where for conflict in made.conflicts] == [where]
    assert made.text.count("<<<<<<<") == made.text.count(">>>>>>>") == 1
    assert "- 09:41 - Ours\n- 09:42 - Theirs\n" in made.text
    between = made.text.partition("<<<<<<< ours\n")[2].partition(">>>>>>> theirs")[0]
    mine, _, yours = between.partition("=======\n")
    assert ours[1].split()[-1] in mine
    assert theirs[1].split()[-1] in yours


def test_what_cannot_be_read_is_merged_by_line() -> None:
    broken = BASE.replace("severity: P1", "severity: [P1")
    made = merge(PATH, BASE, broken, changed(("First words.", "Other words.")), PROTOCOL)
    assert made.conflicts == ()
    assert "severity: [P1\n" in made.text
    assert "Other words." in made.text


def test_the_same_id_on_both_branches_is_united_or_says_what_contradicts() -> None:
    ours = changed((LAST, "- 09:31 - Ours\n"))
    theirs = changed((LAST, "- 09:32 - Theirs\n"), ("title: The site is down", "title: B"))
    made = merge(PATH, None, ours, theirs, PROTOCOL)
    assert [conflict.where for conflict in made.conflicts] == ["title"]
    assert "- 09:31 - Ours\n- 09:32 - Theirs\n" in made.text


def test_windows_line_ends_and_a_missing_last_one_stay() -> None:
    ours = changed((LAST, f"{LAST}- 09:45 - Ours\n")).replace("\n", "\r\n").rstrip()
    theirs = changed(("First words.", "Other words.")).replace("\n", "\r\n").rstrip()
    text = merged(ours, theirs, BASE.replace("\n", "\r\n").rstrip())
    assert text.count("\n") == text.count("\r\n")
    assert not text.endswith("\n")


def test_a_review_is_merged_by_section() -> None:
    base = good_files()[REVIEW].decode()
    ours = base.replace("attendees: [asha, bo, chen, dana]", "attendees: [asha, bo, dana]")
    theirs = base.replace("followed_up_at: 2026-03-13", "followed_up_at: 2026-03-14")
    theirs = theirs.replace("dana]", "dana, finn]")
    text = merged(ours, theirs, base, REVIEW)
    assert "attendees: [asha, bo, dana, finn]\n" in text
    assert "followed_up_at: 2026-03-14\n" in text


# --- what only one side has is kept as it was written


@pytest.mark.parametrize(
    "there",
    [
        ("## Summary", "Known since March.\n\n## Summary"),
        ("severity: P1", "# as the pager said\nseverity: P1 # agreed by phone"),
        (LAST, f"{LAST}- 09:40 - Theirs <!-- incident: ok TML001 said so -->\n"),
        (LAST, f"{LAST}- 09:40 - Theirs\n    - one\n      - two\n  ```\n  $ df\n\n  full\n  ```\n"),
        (LAST, f"{LAST}<!-- nothing until ten -->\n"),
        ("First words.", "First words. <!-- whose? -->"),
        (UPDATE, f"{UPDATE}\n### 2026-03-30 10:20 - Identified\nA\n<!-- draft -->\n\nB\n"),
        ("- [ ] No new errors in logs", "<!-- asked twice -->\n- [ ] No new errors in logs"),
        (PROBE, f"{PROBE}  More of it.\n- [ ] New (Owner: bo, Due: 2026-04-11)\n"),
        ("We look into it.", "We LOOK into it."),
    ],
)
def test_no_word_of_theirs_is_dropped_wherever_it_stands(there: tuple[str, str]) -> None:
    ours = changed((LAST, f"{LAST}- 09:45 - Ours\n"))
    for one, other in ((ours, changed(there)), (changed(there), ours)):
        text = merge(PATH, BASE, one, other, PROTOCOL).text
        assert set(there[1].splitlines()) <= set(text.splitlines())
        assert "- 09:45 - Ours\n" in text


def test_an_action_that_one_side_does_and_the_other_hands_over_is_both() -> None:
    old = "- [ ] Add a probe (Owner: bo, Due: 2026-04-10)"
    ours = changed((old, "- [x] Add a probe (Owner: bo, Due: 2026-04-10, Done: 2026-04-02)"))
    theirs = changed((old, "- [ ] Add a probe (Owner: chen, Due: 2026-04-10)"))
    both = "- [x] Add a probe (Owner: chen, Due: 2026-04-10, Done: 2026-04-02)"
    assert merged(ours, theirs) == changed((old, both))


def test_the_same_new_action_is_there_once() -> None:
    one, other = (f"- [ ] {name} (Owner: bo, Due: 2026-04-11)\n" for name in ("One", "Other"))
    ours = changed(("2026-04-10)\n", f"2026-04-10)\n{one}{other}"))
    theirs = changed(("2026-04-10)\n", f"2026-04-10)\n{other}"))
    assert merged(ours, theirs) == ours


@pytest.mark.parametrize("name", ["severity: P", "acknowledged_at: 2026-03-30T09:05-05:0"])
def test_a_field_that_no_line_proves_contradicts(name: str) -> None:
    texts = [
        changed(("severity: P1\n", f"severity: P1\n{name}{n}\n"))
        if name not in BASE
        else changed(("severity: P1\n", f"{name}{n}\n"))
        for n in ("0", "2")
    ]
    texts[1] = texts[1].replace("09:05-05:02", "09:06-05:00")
    made = merge(PATH, BASE, texts[0], texts[1], PROTOCOL)
    assert [conflict.where for conflict in made.conflicts] == [name.partition(":")[0]]


def test_a_field_that_a_line_proves_is_what_the_line_says() -> None:
    line = "- 09:40 - Severity changed: P1 → P0 because donations fail\n"
    ours = changed(("severity: P1\n", "severity: P0\n"), (LAST, LAST + line))
    theirs = changed(("severity: P1\n", "severity: P2\n"))
    assert merged(ours, theirs) == ours


# --- days and repeated hours

NEXT_DAY = f"{LAST}\n### 2026-03-31\n- 00:10 - Next day\n"


def moments(text: str, path: str = PATH) -> list[tuple[str, str]]:
    found = Draft(read_document(path, text.encode()), PROTOCOL).incident.log.entries
    return [(entry.at.isoformat()[5:], entry.text) for entry in found if entry.at]


def test_days_are_brought_under_one_heading_each() -> None:
    ours = changed((LAST, f"{LAST}\n### 2026-03-31\n- 00:10 - Ours\n"))
    theirs = changed(
        (LAST, f"{LAST}- 2026-03-31 00:05 - One\n- 00:20 - Two\n- 2026-04-01 00:01 - Three\n")
    )
    text = merged(ours, theirs)
    assert "### 2026-03-31\n- 00:05 - One\n- 00:10 - Ours\n- 00:20 - Two\n\n" in text
    assert "\n\n### 2026-04-01\n- 00:01 - Three\n" in text


def test_a_day_goes_with_its_last_line() -> None:
    base = changed((LAST, NEXT_DAY))
    ours = base.replace(LAST, f"- 09:20 - Ours\n{LAST}")
    assert merged(ours, BASE, base) == changed((LAST, f"- 09:20 - Ours\n{LAST}"))
    assert merged(BASE, ours, base) == changed((LAST, f"- 09:20 - Ours\n{LAST}"))


def test_a_date_outlives_the_line_that_it_stood_in() -> None:
    base = changed((LAST, f"{LAST}- 2026-03-31 00:10 - A\n- 00:20 - B\n- 00:30 - C\n"))
    theirs = base.replace("- 2026-03-31 00:10 - A\n- 00:20", "- 2026-03-31 00:20")
    ours = base.replace("- 00:30 - C\n", "- 00:30 - C\n- 00:40 - D\n")
    assert moments(merged(ours, theirs, base))[2:] == [
        ("03-31T00:20:00-05:00", "B"),
        ("03-31T00:30:00-05:00", "C"),
        ("03-31T00:40:00-05:00", "D"),
    ]


def test_in_the_repeated_hour_each_line_keeps_its_moment() -> None:
    path = "incidents/2026/2026-11-01-site-down.md"
    last = "- 00:50 - Looked\n"
    base = BASE.replace("2026-03-30T09:00", "2026-11-01T00:10").replace("- 09:00 -", "- 00:10 -")
    base = base.replace("### 2026-03-30 09:20", "### 2026-11-01 00:20").replace(LAST, last)
    ours = base.replace(last, f"{last}- 01:30 - A\n- 01:20 - B\n")
    theirs = base.replace(last, f"{last}- 01:35 - C\n- 01:25-06:00 - D\n")
    assert moments(merged(ours, theirs, base, path), path)[2:] == [
        ("11-01T01:30:00-05:00", "A"),
        ("11-01T01:35:00-05:00", "C"),
        ("11-01T01:20:00-06:00", "B"),
        ("11-01T01:25:00-06:00", "D"),
    ]


# --- what no structure can be trusted in


def test_what_would_be_no_record_by_line_is_left_to_a_person() -> None:
    base = BASE + "\n## Notes\nA\n\n## Notes\nB\n"
    ours = base.replace("---\ntitle", "---\nticket: OPS-1\ntitle")
    theirs = base.replace("detected_by", "ticket: OPS-2\ndetected_by")
    made = merge(PATH, base, ours, theirs, PROTOCOL)
    assert [conflict.where for conflict in made.conflicts] == ["the file"]
    assert made.text.count("ticket: OPS-1") == made.text.count("ticket: OPS-2") == 1


def test_a_file_made_to_be_slow_is_cut_short() -> None:
    same = "a\n" * 40_000
    made = merge(PATH, same, f"x\n{same}a\ny\n", f"z\n{same}a\na\nw\n", PROTOCOL)
    assert {line for line in made.text.splitlines() if len(line) == 1} == set("axyzw")
    lines = "".join(f"- 09:45 - Line {number}\n" for number in range(1_200))
    ours, theirs = lines.replace("Line", "Ours"), lines.replace("Line", "Other")
    made = merge(
        PATH, changed((LAST, lines)), changed((LAST, ours)), changed((LAST, theirs)), PROTOCOL
    )
    assert [conflict.where for conflict in made.conflicts] == ["the file"]


def test_a_conflict_names_its_line() -> None:
    ours = changed(("title: The site is down", "title: A"), ("First words.", "Ours."))
    theirs = changed(("title: The site is down", "title: B"), ("First words.", "Theirs."))
    made = merge(PATH, BASE, ours, theirs, PROTOCOL)
    lines = made.text.splitlines()
    assert [(c.where, lines[c.line - 1]) for c in made.conflicts] == [
        ("title", "<<<<<<< ours"),
        ("Summary", "<<<<<<< ours"),
    ]


def test_a_runbook_is_merged_by_section() -> None:
    path = "runbooks/search-fails.md"
    base = (
        "---\ntitle: Search\ncovers: [disruption]\nowner: bo\nlast_reviewed: 2026-03-01\n---\n"
        "## Symptoms\nA.\n\n## Fixes\n1. One\n"
    )
    ours = base.replace("[disruption]", "[disruption, security]").replace("A.", "Aa.")
    theirs = base.replace("[disruption]", "[disruption, outage]").replace("One", "One\n2. Two")
    both = base.replace("[disruption]", "[disruption, security, outage]").replace("A.", "Aa.")
    assert merged(ours, theirs, base, path) == both.replace("One", "One\n2. Two")


# --- whatever is logged on both sides

WORDS = st.sampled_from(
    [
        "Looked around",
        "Checked: logs: nothing",
        "Root cause hypothesis: release 42",
        "TODO: alert on it",
        "Acknowledged by bo",
        "IC assigned: asha",
        "Service restored",
        "Resolution implemented (rollback): 42 → 41",
        "more words\nand a second line",
    ]
)
MOMENT = st.integers(min_value=1, max_value=30 * 60).map(lambda n: START + timedelta(minutes=n))
Step = Callable[[Draft], Draft]
ENTRY = st.tuples(MOMENT, WORDS).map(lambda it: lambda draft: with_entry(draft, it[0], it[1]))
TOLD = st.tuples(MOMENT, st.sampled_from(["one", "other"])).map(
    lambda it: (
        lambda draft: with_update(draft, Telling(at=it[0], status="investigating", message=it[1]))
    )
)
PROMISED = st.sampled_from(["Alert", "Probe", "Runbook"]).map(
    lambda text: lambda draft: with_action(draft, Promise(text=text, owner="bo", due=START.date()))
)
TICKED = st.sampled_from(sorted(PROTOCOL.verification_boxes)).map(
    lambda key: lambda draft: with_tick(draft, key)
)
NAMED = st.sampled_from(["search", "admin", "mail"]).map(
    lambda name: (
        lambda draft: draft.with_field(
            "components", flow_list(sorted({*draft.incident.written.components, name}))
        )
    )
)
SIDE = st.lists(st.one_of(ENTRY, TOLD, PROMISED, TICKED, NAMED), max_size=5)


def draft(text: str) -> Draft:
    return Draft(read_document(PATH, text.encode()), PROTOCOL)


def after(steps: list[Step]) -> Draft:
    made = draft(BASE)
    for step in steps:
        made = step(made)
    return folded(made)


def entries(of: Draft) -> list[tuple[datetime | None, str]]:
    return [(entry.at, entry.text) for entry in of.incident.log.entries]


def boxes(of: Draft) -> set[str]:
    return {box.box for box in of.incident.boxes if box.answered}


def actions(of: Draft) -> list[str]:
    return [of.document.line_text(action.position.line) for action in of.incident.actions]


@settings(max_examples=200, deadline=None)
@given(SIDE, SIDE)
def test_nothing_of_either_side_is_lost(one: list[Step], other: list[Step]) -> None:
    ours, theirs = after(one), after(other)
    made = merge(PATH, BASE, ours.document.text, theirs.document.text, PROTOCOL)
    assert made.conflicts == ()
    found = draft(made.text)
    assert not [fault for fault in found.parsed.faults if fault.code != "TML013"]
    assert set(entries(found)) == {*entries(ours), *entries(theirs)}
    moments = [entry.at for entry in found.incident.log.entries if entry.at]
    assert moments == sorted(moments)
    told = {(update.at, update.text) for update in found.incident.log.updates}
    assert told == {(u.at, u.text) for side in (ours, theirs) for u in side.incident.log.updates}
    assert boxes(found) == boxes(ours) | boxes(theirs)
    assert len({box.box for box in found.incident.boxes}) == len(found.incident.boxes)
    assert actions(found)[: len(actions(ours))] == actions(ours)
    assert set(actions(found)) == {*actions(ours), *actions(theirs)}
    named = [set(side.incident.components) for side in (found, ours, theirs)]
    assert named[0] == named[1] | named[2]
    assert folded(found).document.text == made.text


@settings(max_examples=100, deadline=None)
@given(SIDE, SIDE)
def test_who_merges_whom_changes_only_the_order_of_what_is_at_one_time(
    one: list[Step], other: list[Step]
) -> None:
    ours, theirs = after(one).document.text, after(other).document.text
    there = draft(merge(PATH, BASE, ours, theirs, PROTOCOL).text)
    back = draft(merge(PATH, BASE, theirs, ours, PROTOCOL).text)
    assert sorted(entries(there), key=str) == sorted(entries(back), key=str)
    assert {(u.at, u.text) for u in there.incident.log.updates} == {
        (u.at, u.text) for u in back.incident.log.updates
    }
    assert boxes(there) == boxes(back)
    assert sorted(actions(there)) == sorted(actions(back))


@settings(max_examples=50, deadline=None)
@given(SIDE)
def test_a_side_that_did_nothing_changes_no_byte(one: list[Step]) -> None:
    text = after(one).document.text
    assert merge(PATH, BASE, text, BASE, PROTOCOL).text == text
    assert merge(PATH, BASE, BASE, text, PROTOCOL).text == text
    assert merge(PATH, BASE, text, text, PROTOCOL).text == text


@settings(max_examples=50, deadline=None)
@given(SIDE, SIDE)
def test_what_is_merged_once_is_merged_for_good(one: list[Step], other: list[Step]) -> None:
    ours, theirs = after(one).document.text, after(other).document.text
    text = merge(PATH, BASE, ours, theirs, PROTOCOL).text
    assert merge(PATH, BASE, text, theirs, PROTOCOL).text == text
    assert merge(PATH, ours, text, ours, PROTOCOL).text == text
