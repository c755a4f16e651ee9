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
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.merging import merge
from incident_tracker.text.document import read_document

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
SIDE = st.lists(st.one_of(ENTRY, TOLD), max_size=5)


def draft(text: str) -> Draft:
    return Draft(read_document(PATH, text.encode()), PROTOCOL)


def after(steps: list[Step]) -> Draft:
    made = draft(BASE)
    for step in steps:
        made = step(made)
    return made


def entries(of: Draft) -> list[tuple[datetime | None, str]]:
    return [(entry.at, entry.text) for entry in of.incident.log.entries]


@settings(max_examples=150, deadline=None)
@given(SIDE, SIDE)
def test_no_line_and_no_update_of_either_side_is_lost(one: list[Step], other: list[Step]) -> None:
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
    back = merge(PATH, BASE, theirs.document.text, ours.document.text, PROTOCOL)
    assert set(entries(draft(back.text))) == set(entries(found))


@settings(max_examples=50, deadline=None)
@given(SIDE)
def test_a_side_that_did_nothing_changes_no_byte(one: list[Step]) -> None:
    text = after(one).document.text
    assert merge(PATH, BASE, text, BASE, PROTOCOL).text == text
    assert merge(PATH, BASE, BASE, text, PROTOCOL).text == text
    assert merge(PATH, BASE, text, text, PROTOCOL).text == text
