"""The timeline: entries as people type them, phrases and their values, and what is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import CHICAGO, FIRST_LINE, codes, document, entry, mended, protocol, said, timeline

from incident_tracker.log.phrases import phrasebook
from incident_tracker.log.timeline import canonical_line, entry_line
from incident_tracker.model import Said

SUM = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("line", "at", "canonical"),
    [
        ("- 14:05 - x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("* 14:05 – x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("+ 14:05 | x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("-  9:05: x", "2026-11-03T09:05-06:00", "- 09:05 - x"),
        ("- **14:05** x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("- `14:05` - x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("- [14:05] x", "2026-11-03T14:05-06:00", "- 14:05 - x"),
        ("- 14:05:30 — x", "2026-11-03T14:05:30-06:00", "- 14:05:30 - x"),
        ("- 2026-11-04 00:10 - x", "2026-11-04T00:10-06:00", "- 2026-11-04 00:10 - x"),
        ("- 2026-11-04T00:10-05:00 - x", "2026-11-04T00:10-05:00", "- 2026-11-04 00:10-05:00 - x"),
        ("- 01:05 -06:00 - x", "2026-11-03T01:05-06:00", "- 01:05-06:00 - x"),
        ("- 14:05Z - x", "2026-11-03T14:05+00:00", "- 14:05Z - x"),
    ],
)
def test_an_entry_is_read_as_it_is_naturally_typed(line: str, at: str, canonical: str) -> None:
    found = entry(line)
    assert found.at == datetime.fromisoformat(at)
    assert found.text == "x"
    assert canonical_line(found, document(line)) == canonical


def test_a_moment_has_a_fixed_offset_as_it_was_written() -> None:
    at = entry("- 14:05+05:30 - x").at
    assert at is not None
    assert at.tzinfo == timezone(timedelta(hours=5, minutes=30))


def test_a_tilde_marks_an_estimated_time() -> None:
    assert entry("- ~13:58 - x").estimated
    assert not entry("- 13:58 - x").estimated


def test_a_day_heading_and_a_full_date_hold_for_the_entries_below() -> None:
    entries, faults = timeline(
        "- 23:00 - a\n\n### 2026-11-04\n- 00:10 - b\n- 2026-11-05 01:00 - c\n- 02:00 - d"
    )
    assert faults == ()
    assert [e.at.day for e in entries if e.at] == [3, 4, 5, 5]


def test_indented_lines_belong_to_the_entry_above() -> None:
    body = "- 14:05 - Impact: all pages\n  and the form\n\n  and the feed\n- 14:06 - x"
    entries, faults = timeline(body)
    assert faults == ()
    assert entries[0].text == "Impact: all pages\nand the form\nand the feed"
    assert entries[0].said == Said(phrase="impact", text="all pages")
    assert entries[0].lines == (FIRST_LINE, FIRST_LINE + 3)


def test_comments_and_blank_lines_are_no_entries() -> None:
    body = (
        "<!-- one -->\n\n<!-- two\n- 99:99 - lines -->\n- 14:05 - Verification complete <!-- ok -->"
    )
    entries, faults = timeline(body)
    assert faults == ()
    assert [e.said for e in entries] == [Said(phrase="verified")]


REFUSED = [
    ("- 2:05 PM - x", "TML002", 3, "14:05"),
    ("- 2:05 p.m. - x", "TML002", 3, "14:05"),
    ("- 2 pm - x", "TML002", 3, "14:00"),
    ("- 12:05 AM - x", "TML002", 3, "00:05"),
    ("- **2:05 PM** - x", "TML002", 5, "14:05"),
    ("- 14.05 - x", "TML003", 3, "14:05"),
    ("- 14h05 - x", "TML003", 3, "14:05"),
    ("- 1405 - x", "TML003", 3, "14:05"),
    ("### 14:05 - x", "TML004", 1, "14:05"),
    ("### 14:05\nx", "TML004", 1, "14:05"),
    ("| 14:05 | x |", "TML004", 1, "14:05"),
    ("| Time | What |\n|---|---|\n| 14:05 | x |", "TML004", 1, "14:05"),
    ("- 14:05 CST - x", "TML007", 9, "14:05-06:00"),
    ("- 14:05 UTC - x", "TML007", 9, "14:05Z"),
    ("14:05 - x", "TML001", 1, "14:05"),
    ("1. 14:05 - x", "TML001", 1, "14:05"),
    ("- 14:05 -- x", "TML001", 1, "14:05"),
    ("- 14:05, x", "TML001", 1, "14:05"),
    ("- 24:00 - x", "TML005", 3, None),
    ("- 14:65 - x", "TML005", 3, None),
    ("- 13:05 PM - x", "TML005", 3, None),
    ("- 2026-02-30 14:05 - x", "TML005", 3, None),
    ("### 2026-02-30", "TML005", 5, None),
    ("- 14:05–14:20 - x", "TML006", 3, None),
    ("- 14:05 - 14:20 - x", "TML006", 3, None),
    ("- 14:05 MSK - x", "TML007", 9, None),
    ("- x", "TML001", 1, None),
    ("x", "TML001", 1, None),
    ("- 14:05", "TML001", 3, None),
    ("- 14:05 - ", "TML001", 3, None),
    ("### Afternoon", "TML001", 1, None),
    ("- 1405 people wrote", "TML001", 1, None),
    ("| Time | What |", "TML004", 1, None),
]


@pytest.mark.parametrize(("line", "code", "column", "meant"), REFUSED)
def test_a_refused_form_is_reported_at_its_place_with_what_was_meant(
    line: str, code: str, column: int, meant: str | None
) -> None:
    _, faults = timeline(f"- 00:00 - y\n{line}")
    assert codes(faults) == [code]
    assert (faults[0].position.line, faults[0].position.column) == (FIRST_LINE + 1, column)
    assert faults[0].help
    assert bool(faults[0].fix) == (meant is not None)
    if meant is not None:
        assert mended(f"- 00:00 - y\n{line}") == f"- 00:00 - y\n- {meant} - x"


@pytest.mark.parametrize("line", ["- 14:05 EST x", "- 14:05 IST - x"])
def test_the_name_of_a_foreign_zone_is_refused_and_not_guessed(line: str) -> None:
    entries, faults = timeline(line)
    assert codes(faults) == ["TML007"]
    assert faults[0].fix == ()
    assert entries == ()


@pytest.mark.parametrize("text", ["DNS - changed", "CPU: 100 %", "TODO: x", "REST - down"])
def test_capital_letters_are_not_taken_for_a_zone(text: str) -> None:
    assert entry(f"- 14:05 - {text}").text == text
    assert entry(f"- 14:05 {text}").text == text


def test_a_timeline_of_headings_becomes_a_list() -> None:
    body = "### 14:05\nSite is down.\nAll pages.\n\n### 14:20 PM\n\n- bo looks\n- asha calls"
    assert mended(body.replace(" PM", "")) == (
        "- 14:05 - Site is down.\n  All pages.\n\n- 14:20 - bo looks\n- 14:20 - asha calls"
    )


def test_a_table_becomes_a_list_and_no_row_gets_lost() -> None:
    body = "| Day | Time | What | Who |\n|---|---|---|---|\n| 2026-11-03 | 2:05 pm | a \\| b | bo |"
    assert mended(body) == "- 2026-11-03 14:05 - a | b; bo"
    _, faults = timeline(body + "\n| later | b |")
    assert codes(faults) == ["TML004"]
    assert faults[0].fix == ()


def test_a_line_past_the_limit_is_refused() -> None:
    _, faults = timeline("- 14:05 - " + "x" * 2000)
    assert codes(faults) == ["TML014"]


def test_a_missing_day_heading_is_added() -> None:
    body = "- 23:50 - a\n- 00:10 - b\n- 00:20 - c"
    entries, faults = timeline(body)
    assert codes(faults) == ["TML008"]
    assert (faults[0].position.line, faults[0].position.column) == (FIRST_LINE + 1, 3)
    assert [e.at.day for e in entries if e.at] == [3, 4, 4]
    assert mended(body) == "- 23:50 - a\n\n### 2026-11-04\n- 00:10 - b\n- 00:20 - c"


def test_a_line_that_is_mended_gets_its_day_afterwards() -> None:
    assert mended("- 23:50 - a\n00:10 - b") == "- 23:50 - a\n\n### 2026-11-04\n- 00:10 - b"


def test_columns_are_right_behind_a_comment() -> None:
    _, faults = timeline("- 14:05 <!-- x --> - Decision: wait")
    assert codes(faults) == ["TML012"]
    assert faults[0].position.column == len("- 14:05 <!-- x --> - Decision: ") + 1


@pytest.mark.parametrize(
    ("body", "sorted_body"),
    [
        (
            "- 14:00 - a\n- 15:00 - b\n- 14:30 - c\n  more",
            "- 14:00 - a\n- 14:30 - c\n  more\n- 15:00 - b",
        ),
        (
            "- 14:00 - a\n- 2026-11-04 01:00 - b\n- 2026-11-03 15:00 - c\n- 16:00 - d",
            "- 14:00 - a\n- 2026-11-03 15:00 - c\n- 16:00 - d\n- 2026-11-04 01:00 - b",
        ),
        (
            "- 14:00 - a\n\n### 2026-11-04\n- 01:00 - b\n- 2026-11-03 15:00 - c",
            "- 14:00 - a\n- 2026-11-03 15:00 - c\n\n### 2026-11-04\n- 01:00 - b",
        ),
        ("- 14:00 - a\n- 15:00 - b\n- 2:30 pm - c", "- 14:00 - a\n- 14:30 - c\n- 15:00 - b"),
    ],
)
def test_entries_out_of_order_are_moved_up(body: str, sorted_body: str) -> None:
    assert "TML009" in codes(timeline(body)[1])
    assert mended(body) == sorted_body
    assert timeline(sorted_body)[1] == ()


def test_an_entry_out_of_order_does_not_make_the_next_one_so() -> None:
    _, faults = timeline("- 14:00 - a\n- 15:00 - b\n- 14:30 - c\n- 15:30 - d")
    assert [(f.code, f.position.line) for f in faults] == [("TML009", FIRST_LINE + 2)]


def test_order_is_that_of_the_moments_not_of_the_clocks() -> None:
    assert timeline("- 14:00 - a\n- 21:30Z - b\n- 15:40 - c")[1] == ()


def test_a_repeated_hour_is_read_forward_and_asks_for_the_offset() -> None:
    body = "- 00:55 - a\n- 01:30 - b\n- 01:10 - c\n- 02:00 - d"
    entries, faults = timeline(body, "2026-11-01")
    assert [e.at.isoformat()[11:] for e in entries if e.at] == [
        "00:55:00-05:00",
        "01:30:00-05:00",
        "01:10:00-06:00",
        "02:00:00-06:00",
    ]
    assert codes(faults) == ["TML010", "TML010"]
    assert mended(body, "2026-11-01") == (
        "- 00:55 - a\n- 01:30-05:00 - b\n- 01:10-06:00 - c\n- 02:00 - d"
    )


def test_a_skipped_hour_is_no_time() -> None:
    entries, faults = timeline("- 02:30 - a", "2026-03-08")
    assert codes(faults) == ["TML011"]
    assert entries[0].at is None


@pytest.mark.parametrize(
    ("at", "day", "line"),
    [
        ("2026-11-03T20:05+00:00", "2026-11-03", "- 14:05 - x"),
        ("2026-11-04T06:10+00:00", "2026-11-03", "- 2026-11-04 00:10 - x"),
        ("2026-11-01T07:05+00:00", "2026-11-01", "- 01:05-06:00 - x"),
        ("2026-11-01T06:05+00:00", "2026-11-01", "- 01:05-05:00 - x"),
    ],
)
def test_a_new_entry_is_written_so_that_it_is_read_as_the_same_moment(
    at: str, day: str, line: str
) -> None:
    moment = datetime.fromisoformat(at)
    assert entry_line(moment, "x", CHICAGO, day=date.fromisoformat(day)) == line
    assert timeline(line, day)[0][0].at == moment


PHRASES = [
    ("Impact started: first 503", Said(phrase="impact-started", text="first 503")),
    (
        "Incident detected via monitoring: probe",
        Said(phrase="detected", option="monitoring", text="probe"),
    ),
    (
        "Detected via user report, form 12",
        Said(phrase="detected", option="user-report", text="form 12"),
    ),
    ("Detected via vendor", Said(phrase="detected", option="third-party")),
    ("Acknowledged by bo", Said(phrase="acknowledged", by="bo")),
    (
        "IC assigned: asha, looks at it",
        Said(phrase="ic-assigned", names=("asha",), text="looks at it"),
    ),
    ("Technical lead assigned: bo", Said(phrase="technical-lead-assigned", names=("bo",))),
    (
        "Communications lead assigned: chen",
        Said(phrase="communications-lead-assigned", names=("chen",)),
    ),
    ("Scribe assigned - dana", Said(phrase="scribe-assigned", names=("dana",))),
    (
        "IC handed over: asha → finn because asha leaves",
        Said(phrase="ic-handed-over", old="asha", new="finn", reason="asha leaves"),
    ),
    ("Scribe handed over: dana => bo", Said(phrase="scribe-handed-over", old="dana", new="bo")),
    ("Triage complete: real, P1", Said(phrase="triage-complete", text="real, P1")),
    ("Triage complete", Said(phrase="triage-complete")),
    ("Impact: all pages", Said(phrase="impact", text="all pages")),
    (
        "Severity changed: P1 → P0 because donations fail",
        Said(phrase="severity-changed", old="P1", new="P0", reason="donations fail"),
    ),
    (
        "severity changed: p1 -> critical (donations fail)",
        Said(phrase="severity-changed", old="P1", new="P0", reason="donations fail"),
    ),
    (
        "Status changed: Monitoring → investigating since errors are back",
        Said(
            phrase="status-changed", old="monitoring", new="investigating", reason="errors are back"
        ),
    ),
    (
        "Notified: on-call, team leads via phone",
        Said(phrase="notified", names=("on-call team", "team lead"), via="phone"),
    ),
    (
        "Contacted: hostco via emergency line, ticket HC-1: no fault seen",
        Said(
            phrase="contacted",
            names=("hostco",),
            via="emergency line",
            ticket="HC-1",
            text="no fault seen",
        ),
    ),
    (
        "Notified by chen: campaign manager",
        Said(phrase="notified", by="chen", names=("campaign manager",)),
    ),
    (
        "War room opened: #inc-1, https://meet.example.org/x",
        Said(phrase="war-room", via="#inc-1", text="https://meet.example.org/x"),
    ),
    (
        "Checked: changes, logs, tea: nothing since 12:30",
        Said(
            phrase="checked",
            names=("checked-changes", "checked-logs", "tea"),
            text="nothing since 12:30",
        ),
    ),
    ("Root cause hypothesis: the update", Said(phrase="hypothesis", text="the update")),
    ("Hypothesis confirmed: it leaks", Said(phrase="hypothesis-confirmed", text="it leaks")),
    ("Hypothesis rejected", Said(phrase="hypothesis-rejected")),
    (
        "Assigned: bo, put the files back",
        Said(phrase="assigned", names=("bo",), text="put the files back"),
    ),
    (
        "Runbook used: site-down, fix 3 - failed",
        Said(phrase="runbook-used", names=("site-down",), fix=3, outcome="failed"),
    ),
    (
        "Runbook used: site-down - worked",
        Said(phrase="runbook-used", names=("site-down",), outcome="worked"),
    ),
    (
        "Decision: roll back (recent deployment: yes, quick fix: no) because it is new",
        Said(
            phrase="decision",
            text="roll back",
            reason="it is new",
            facts={"recent deployment": True, "quick fix": False},
        ),
    ),
    (
        "Decision: wait (nobody is harmed)",
        Said(phrase="decision", text="wait", reason="nobody is harmed"),
    ),
    (
        "Mitigation attempted: files from backup of 2026-11-02 02:00",
        Said(phrase="mitigation", text="files from backup of 2026-11-02 02:00"),
    ),
    (
        f"Evidence: evidence/x/auth.log sha256:{SUM} log",
        Said(phrase="evidence", names=("evidence/x/auth.log",), sha256=SUM, text="log"),
    ),
    (
        "Evidence: https://example.org/a.png a picture",
        Said(phrase="evidence", names=("https://example.org/a.png",), text="a picture"),
    ),
    ("TODO: fail back", Said(phrase="todo", text="fail back")),
    ("Done: fail back", Said(phrase="done", text="fail back")),
    ("Service restored: restarted", Said(phrase="service-restored", text="restarted")),
    ("Service restored by bo", Said(phrase="service-restored", by="bo")),
    (
        "Resolution implemented (Fix forward): 4.2 → 4.1",
        Said(phrase="resolution", option="fix-forward", text="4.2 → 4.1"),
    ),
    ("Resolution implemented", Said(phrase="resolution")),
    ("Verification complete.", Said(phrase="verified")),
    ("Incident closed by finn", Said(phrase="closed", by="finn")),
    (
        "Cancelled: false alarm because the probe was broken",
        Said(phrase="cancelled", option="false-alarm", reason="the probe was broken"),
    ),
    (
        "Cancelled: duplicate of 2026-11-03-x (same cause)",
        Said(phrase="cancelled", option="duplicate", names=("2026-11-03-x",), reason="same cause"),
    ),
    ("Contained: account disabled", Said(phrase="contained", text="account disabled")),
    ("Scope assessed: one account", Said(phrase="assessed", text="one account")),
    ("Evidence preserved: login log", Said(phrase="preserved", text="login log")),
    ("Attacker access removed: gone", Said(phrase="removed", text="gone")),
    ("Secure state restored: named accounts", Said(phrase="recovered", text="named accounts")),
    ("Credentials rotated – all", Said(phrase="rotated", text="all")),
    ("Maintenance started", Said(phrase="maintenance-started")),
    ("Maintenance completed: PHP 8.4", Said(phrase="maintenance-completed", text="PHP 8.4")),
]


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_a_phrase_is_read_with_its_value(text: str, expected: Said) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Impact started at the weekend",
        "Detected by a user",
        "Acked bo",
        "Tech assigned: bo",
        "Scribe dana",
        "Impact unclear",
        "notified everyone",
        "Contacted the host",
        "checked the logs",
        "Hypothesis ok",
        "assigned bo to it",
        "Evidence:",
        "Evidence is preserved",
        "TODO",
        "Done, going home",
        "Service is back",
        "closed the door",
        "Contained in the database only",
        "Attacker removed",
        "Maintenance begins",
        "Service restored by restarting all PHP workers again",
    ],
)
def test_free_text_is_a_note_without_a_hint(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("IC asigned: asha", "ic assigned"),
        ("Triage completed", "triage complete"),
        ("Root cause hypotesis: the update", "root cause hypothesis"),
        ("Verfication complete", "verification complete"),
        ("Scope assesed", "scope assessed"),
        ("Credential rotated", "credentials rotated"),
        ("Maintenance complete", "maintenance completed"),
    ],
)
def test_a_note_that_is_nearly_a_phrase_gets_a_hint(text: str, phrase: str) -> None:
    entries, faults = timeline(f"- 14:05 - {text}")
    assert entries[0].said is None
    assert codes(faults) == ["TML013"]
    assert faults[0].help == f'did you mean "{phrase}"?'
    assert faults[0].position.column == len("- 14:05 - ") + 1


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Incident detected via", 0),
        ("Detected via pigeon", 13),
        ("Acknowledged by", 0),
        ("IC assigned", 0),
        ("IC handed over: finn", 16),
        ("Severity changed: P0", 18),
        ("Severity changed: P1 → P0", 18),
        ("Severity changed: P1 → P9 because x", 18),
        ("Status changed: back", 16),
        ("Status changed: fixing → fixed", 16),
        ("War room opened", 0),
        ("War room opened: upstairs", 17),
        ("Runbook used", 0),
        ("Runbook used: site-down", 14),
        ("Root cause hypothesis", 0),
        ("Mitigation attempted", 0),
        ("Decision: roll back", 10),
        ("Decision: roll back (recent deployment: maybe) because x", 10),
        ("Assigned: bo", 10),
        ("Resolution implemented (magic): x", 24),
        ("Cancelled: got bored", 11),
        ("Cancelled: false alarm", 11),
        ("Cancelled: duplicate of because x", 11),
        ("Evidence: a screenshot", 10),
        ("Evidence: a/b sha256:12", 10),
    ],
)
def test_a_phrase_with_a_value_of_the_wrong_shape_is_reported_at_its_column(
    text: str, start: int
) -> None:
    entries, faults = timeline(f"- 14:05 - {text}")
    assert entries[0].said is None
    assert codes(faults) == ["TML012"]
    assert faults[0].position.column == len("- 14:05 - ") + 1 + start
    assert faults[0].help


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Impact - all pages", "impact:"),
        ("impact = all pages", "impact:"),
        ("Notified – team lead", "notified:"),
        ("Imapct: all pages", "impact:"),
        ("Chekced: logs", "checked:"),
        ("Impact all pages", None),
        ("Impact-free change of a text", None),
        ("Imapct unclear", None),
        ("Done, going home", None),
        ("Impact of the change: none", None),
    ],
)
def test_a_phrase_with_another_sign_for_its_colon_or_swapped_letters_is_asked_about(
    text: str, near: str | None
) -> None:
    entries, faults = timeline(f"- 14:05 - {text}")
    assert entries[0].said is None
    assert [fault.help for fault in faults] == ([f'did you mean "{near}"?'] if near else [])


def test_a_protocol_without_words_makes_every_entry_a_note() -> None:
    words = protocol().words
    none = replace(words, **{column.name: () for column in fields(words)})
    book = phrasebook(replace(protocol(), words=none, phrases={}))
    assert book.read("Verification complete") is None
    assert book.nearest("Verfication complete") is None


STORY = [
    ("08:58", "Impact started: first 503"),
    ("09:05", "Incident detected via monitoring: probe"),
    ("09:09", "Acknowledged by bo"),
    ("09:16", "Severity changed: P1 → P0 because all pages fail"),
    ("09:30", "IC handed over: asha → finn"),
    ("10:40", "Resolution implemented (rollback): old plugin"),
    ("17:15", "Verification complete"),
]


@given(st.data())
def test_retyped_entries_are_read_alike(data: st.DataObject) -> None:
    for clock, text in STORY:
        typed = data.draw(st.sampled_from([clock, clock.lstrip("0"), f"{clock}:00"]))
        open_, close = data.draw(st.sampled_from([("", ""), ("**", "**"), ("`", "`"), ("[", "]")]))
        bullet = data.draw(st.sampled_from(["-", "*", "+", "-  ", "-\t"]))
        dash = data.draw(st.sampled_from([" - ", " – ", " — ", ": ", " | ", " "]))
        arrow = data.draw(st.sampled_from(["→", "->", "=>"]))
        spoken = data.draw(st.sampled_from([text, text.lower(), text.replace(": ", " - ", 1)]))
        retyped = entry(f"{bullet} {open_}{typed}{close}{dash}{spoken.replace('→', arrow)}")
        plain = entry(f"- {clock} - {text}")
        assert retyped.at == plain.at
        assert _lower(retyped.said) == _lower(plain.said)


def _lower(said: Said | None) -> str:
    return repr(said).casefold()


LINES = st.one_of(
    st.sampled_from([line for line, *_ in REFUSED]),
    st.sampled_from([f"- 12:00 - {text}" for text, _ in PHRASES]),
    st.sampled_from(
        ["### 2026-11-04", "", "  more", "<!-- x -->", "```", "- 01:30 - x", "- 02:10 - y"]
    ),
    st.times().map(lambda time: f"- {time:%H:%M} - x"),
    st.text(max_size=30).map(lambda text: "".join(c for c in text if c.isprintable())),
)


@given(
    st.lists(LINES, max_size=12),
    st.sampled_from(["2026-11-03", "2026-11-01", "2026-03-08", "2999-12-31"]),
)
def test_no_text_makes_the_reader_fail_and_what_is_fixable_gets_fixed(
    lines: list[str], day: str
) -> None:
    body = mended("\n".join(lines), day)
    assert all(fault.fix == () for fault in timeline(body, day)[1])
