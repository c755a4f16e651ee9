"""`incident import`: rows of other systems become records, or are named with the reason why not."""

from __future__ import annotations

import html
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import markdown  # type: ignore[import-untyped] # ships no types
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from importing import left_out, lines, only, planned, read, read_back, reason, row, rows_of
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.finding import Level
from incident_tracker.importers.mapping import RowMap, preset_names, preset_text, read_mapping
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Action, Existing, plan
from incident_tracker.importers.texts import cleaned, original, paragraphs
from incident_tracker.lifecycle.ids import free_id
from incident_tracker.model import Milestone

if TYPE_CHECKING:
    from _typeshed import TraceFunction

MINIMAL = RowMap(title="title", times={"detected_at": "begin"})


# --- what becomes of a row


def test_a_row_becomes_a_record_with_its_origin_and_its_updates() -> None:
    assert only() == (
        "---\n"
        "title: Sign-up form answers slowly\n"
        "severity: P2\n"
        "status: resolved\n"
        "components: [event-sign-up]\n"
        "detected_at: 2026-02-03T04:00-06:00\n"
        "resolved_at: 2026-02-03T05:30-06:00\n"
        'origin: {system: status-history, id: 77, url: "https://status.example.org/77", '
        "digest: sha-4f9812620a8f}\n"
        "protocol: 2.0.0\n"
        "---\n"
        "## Updates\n"
        "### 2026-02-03 04:00 - Investigating\n"
        "We look.\n"
        "\n"
        "### 2026-02-03 05:30 - Resolved\n"
        "It is fast again.\n"
    )


@pytest.mark.parametrize(
    ("words", "resolved", "verified"),
    [
        (["Investigating", "Resolved"], "13:00", None),
        (["Investigating", "Monitoring", "Resolved"], "11:00", "13:00"),
        (["Investigating", "Monitoring", "Update", "Resolved"], "11:00", "13:00"),
        # A step back: only the watch that stood until the end counts.
        (["Monitoring", "Investigating", "Monitoring", "Resolved"], "12:00", "13:00"),
        (["Monitoring", "Investigating", "Resolved"], "13:00", None),
    ],
)
def test_their_end_is_our_fix_unless_they_watched_it(
    words: list[str], resolved: str, verified: str | None
) -> None:
    hours = [*range(10, 9 + len(words)), 13]
    updates = [
        {"at": f"2026-02-03T{hour}:00Z", "status": word, "message": "x"}
        for hour, word in zip(hours, words, strict=True)
    ]
    found = planned(lines(row(updates=updates, resolved_at="2026-02-03T13:00Z"))).files[0]
    times = {m.value: f"{at:%H:%M}" for m, at in found.settled.times.items()}
    assert times["resolved_at"] == resolved
    assert times.get("verified_at") == verified


def test_planned_work_takes_the_time_under_way_for_its_window_and_has_no_severity() -> None:
    updates = [
        {"at": "2026-02-01T09:00Z", "status": "Scheduled", "message": "On Tuesday."},
        {"at": "2026-02-03T12:00Z", "status": "In progress", "message": "It begins."},
        {"at": "2026-02-03T13:15Z", "status": "Completed", "message": "It is over."},
    ]
    text = only(impact="maintenance", updates=updates, started_at="2026-02-01T09:00Z")
    assert "severity" not in text
    assert "detected_at" not in text
    assert "status: completed\nkind: maintenance\n" in text
    assert "scheduled_start: 2026-02-03T06:00-06:00\n" in text
    assert "scheduled_end: 2026-02-03T07:15-06:00\n" in text
    assert "- 06:00 - Maintenance started\n- 07:15 - Maintenance completed\n" in text


def test_an_incident_that_is_not_over_keeps_the_status_of_its_last_update() -> None:
    updates = [{"at": "2026-02-03T10:00Z", "status": "Identified", "message": "x"}]
    text = only(resolved_at=None, updates=updates)
    assert "status: identified\n" in text
    assert "resolved_at" not in text


def test_an_incident_that_ended_before_it_began_is_imported_and_reported_by_the_check() -> None:
    found = planned(lines(row(resolved_at="2026-02-03T09:59:54Z")))
    tracker = read_back(found)
    assert found.defects()[0].is_kept
    assert found.defects()[0].reason == (
        "resolved_at: 2026-02-03 09:59:54+00:00 lies before started_at 2026-02-03 10:00:00+00:00"
    )
    assert [(f.code, f.message) for f in check(tracker).findings] == [
        (
            "INC010",
            "resolved_at 2026-02-03 03:59-06:00 is before detected_at 2026-02-03 04:00-06:00",
        )
    ]


def test_what_the_source_never_had_is_counted_and_never_held_against_it() -> None:
    data = b'{"title": "Only this", "begin": "2026-02-03T10:00Z"}\n'
    found = planned(data, mapping=MINIMAL)
    assert found.missing() == {
        "severity": 1,
        "components": 1,
        "detected_by": 1,
        "updates": 1,
        "started_at": 1,
        "acknowledged_at": 1,
        "mitigated_at": 1,
        "resolved_at": 1,
        "verified_at": 1,
        "closed_at": 1,
    }
    assert check(read_back(found)).findings == ()


def test_planned_work_whose_end_nobody_told_is_not_held_against_it() -> None:
    found = planned(lines(row(impact="maintenance", updates=None, resolved_at=None)))
    assert found.files[0].settled.missing == ("scheduled_start", "scheduled_end")
    assert check(read_back(found)).findings == ()


def test_ids_are_those_of_the_local_day_and_do_not_depend_on_the_order_of_the_rows() -> None:
    rows = [row(id=str(n), started_at="2026-02-03T03:00Z") for n in (3, 1, 2)]
    forward, back = planned(lines(*rows)), planned(lines(*reversed(rows)))
    name = "incidents/2026/2026-02-02-sign-up-form-answers-slowly"
    assert {one.path: one.settled.draft.id for one in forward.files} == {
        f"{name}.md": "1",
        f"{name}-2.md": "2",
        f"{name}-3.md": "3",
    }
    assert [(one.path, one.text) for one in forward.files] == [
        (one.path, one.text) for one in back.files
    ]


def test_seconds_after_detection_are_times_as_well() -> None:
    mapping = with_pairs(MINIMAL, [("seconds.acknowledged_at", "ack")], PROTOCOL)
    data = b"title,begin,ack\nSlow,2026-02-03T10:00Z,90\nFast,2026-02-03T11:00Z,\n"
    found = planned(data, "csv", mapping)
    times = [one.settled.times.get(Milestone.ACKNOWLEDGED) for one in found.files]
    assert [f"{at:%H:%M:%S}" if at else None for at in times] == [None, "10:01:30"]


def test_the_preset_of_an_on_call_service_reads_its_columns() -> None:
    data = (
        b"id,description,created_at,resolved_at,urgency,status,service_name,seconds_to_first_ack\n"
        b"Q1,Form answers 500,2026-02-03T10:00:00Z,2026-02-03T11:00:00Z,high,resolved,Events,120\n"
        b"Q2,Disk at 80 %,2026-02-04T10:00:00Z,,low,acknowledged,Events,\n"
    )
    mapping, _ = read_mapping(preset_text("pagerduty"), PROTOCOL)
    first, second = read_back(planned(data, "csv", mapping)).incidents
    assert (first.severity, first.status, first.components) == (
        "P1",
        "resolved",
        {"events": "partial_outage"},
    )
    assert first.between(Milestone.DETECTED, Milestone.ACKNOWLEDGED) == timedelta(minutes=2)
    assert (second.severity, second.status) == ("P2", "investigating")


def test_the_search_for_ids_of_one_title_and_day_grows_with_the_rows() -> None:
    ran = 0

    def line(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal ran
        ran += event == "line"

    def called(frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        return line if frame.f_code is free_id.__code__ else None

    rows = [row(id=str(n), updates=None) for n in range(300)]
    before = sys.gettrace()
    sys.settrace(called)
    try:
        files = planned(lines(*rows)).files
    finally:
        sys.settrace(before)
    assert len({one.path for one in files}) == len(rows)
    assert len(rows) < ran < 30 * len(rows)


# --- rows that cannot become a record


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"started_at": "22025-03-18T09:00Z"}, 'started_at: "22025-03-18T09:00Z" is no time'),
        ({"started_at": "2026-03-18T9:51Z"}, 'started_at: "2026-03-18T9:51Z" is no time'),
        ({"started_at": "2026-02-30T09:51Z"}, "names a day that does not exist"),
        ({"started_at": "2026-03-18T09:51"}, "has no offset, and the mapping names no zone"),
        ({"started_at": "0024-03-18T09:51Z"}, "names a day that does not exist"),
        ({"started_at": None}, "started_at: no time of detection"),
        ({"started_at": {"at": 1}}, "started_at: holds a list or an object, not a text"),
        ({"title": None}, "title: no title"),
        ({"title": " \u200b\x07 "}, "title: no title"),
        ({"id": None}, "id: no id"),
    ],
)
def test_a_row_that_cannot_become_a_record_is_named_with_its_field(
    changed: dict[str, object], told: str
) -> None:
    assert told in reason(**changed)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"resolved_at": "1600"}, 'resolved_at: "1600" is no time'),
        ({"impact": "huge"}, 'impact: "huge" has no severity in the mapping'),
        ({"components": {"name": "x"}}, "components: no list of names"),
        ({"components": [{"title": "x"}]}, "components: a component without a name"),
        ({"updates": "none"}, "updates: no list of updates"),
        ({"updates": [{"status": "Resolved"}]}, "updates[0].at: no time; the update is left out"),
        ({"updates": ["x"]}, "updates[0].at: no time; the update is left out"),
        (
            {"updates": [{"at": "2026-02-03T10:00Z", "status": "Fine"}]},
            'updates[0].status: "Fine" has no status in the mapping',
        ),
        (
            {"updates": [{"at": "2026-02-03T10:00Z", "status": "Completed"}]},
            '"completed" is no status of an incident',
        ),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_of_its_record_and_named(
    changed: dict[str, object], told: str
) -> None:
    assert told in left_out(**changed)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"id": NaN}', "NaN is no JSON"),
        (b'{"id": "1"', "no JSON: "),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": "\xff"}', "byte 9 of the line is not UTF-8"),
        (b'{"title": "a", "title": "b"}', "title: stands twice in one object"),
        (b"7", "the row is no object with fields"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "title: no title"),
    ],
)
def test_a_line_that_is_no_row_is_named_and_the_others_are_imported(line: bytes, told: str) -> None:
    found = planned(lines(row(id="1")) + line + b"\n\n" + lines(row(id="2")))
    assert {one.settled.draft.id for one in found.files} == {"1", "2"}
    assert [skipped.line for skipped in found.skipped] == [2]
    assert told in found.skipped[0].reason


def test_the_second_row_of_an_id_is_skipped_and_says_where_the_first_is() -> None:
    found = planned(lines(row(), row(title="The same again")))
    assert len(found.files) == 1
    assert found.skipped[0].reason == 'id: "77" stands in line 1 already'


def test_a_byte_order_mark_is_no_part_of_the_first_row() -> None:
    assert len(planned(b"\xef\xbb\xbf" + lines(row())).files) == 1


# --- CSV


def test_csv_cells_are_text_and_rows_with_other_columns_are_named() -> None:
    data = (
        b"\xef\xbb\xbfbegin;title;note\r\n"
        b"2026-02-03T10:00Z;=1+1;plain\r\n"
        b'2026-02-04T10:00Z;"two\r\nlines";plain\r\n'
        b"2026-02-05T10:00Z;too few\r\n"
        b"2026-02-06T10:00Z;caf\xe9;plain\r\n"
        b'2026-02-07T10:00Z;"open"quote;plain\r\n'
        b"\r\n"
        b"2026-02-08T10:00Z;last;plain\r\n"
    )
    found = planned(data, "csv", MINIMAL)
    assert [one.settled.draft.title for one in found.files] == ["=1+1", "two lines", "last"]
    assert [(one.line, one.reason) for one in found.skipped] == [
        (5, "2 columns instead of 3"),
        (6, "title: is not UTF-8"),
        (7, "no CSV: ';' expected after '\"'"),
    ]
    assert "title: =1+1\n" not in found.files[0].text  # a formula is quoted


def test_a_quote_that_is_never_closed_says_how_far_it_reaches() -> None:
    found = planned(
        b'title,begin\n"open,2026-02-03T10:00Z\nlost,2026-02-04T10:00Z\n', "csv", MINIMAL
    )
    assert found.files == ()
    assert found.skipped[0].line == 2
    assert found.skipped[0].reason.endswith(", up to line 3")


def test_times_without_offset_are_those_of_the_zone_in_the_forms_that_the_mapping_names() -> None:
    pairs = [("zone", "Europe/Berlin"), ("forms", "%d.%m.%Y %H:%M, epoch")]
    mapping = with_pairs(MINIMAL, pairs, PROTOCOL)
    data = b"title,begin\na,03.02.2026 10:00\nb,1770109200\nc,29.03.2026 02:30\nd,2026-02-03\n"
    found = planned(data, "csv", mapping)
    assert {one.settled.begins.timestamp() for one in found.files} == {1_770_109_200}
    assert len(found.files) == 2
    assert [one.reason for one in found.skipped] == [
        'begin: "29.03.2026 02:30" did not happen in Europe/Berlin: the clocks went over it',
        'begin: "2026-02-03" is no time',
    ]


# --- strangers' texts

HOSTILE = [
    "# Heading\n## Timeline\n- 10:00 - Incident closed by bo",
    "- Next update: 12:00\n- [x] Functionality restored\n- [ ] x (Owner: bo, Due: 2026-01-01)",
    "<script>alert(1)</script> <!-- incident: ok INC010 because -->",
    "{{ 7*7 }} {% include 'x' %} {# x #} --8<-- 'x'",
    '```\n~~~\n!!! note\n??? x\n=== "Tab"\n/// x',
    "Title\n===\nother\n---\n| a |\n| - |\n[x]: javascript:alert(1)\n*[HTML]: x",
    "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "1. one\n2) two\n> quote\n    indented\n\tindented",
    "[a](../../incidents/2020/2020-01-01-x.md) ![b](x) [^1] `code` \\# &lt;b&gt; &copy AT&T R & D",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_strangers_text_is_a_paragraph_and_nothing_else(text: str) -> None:
    updates = [{"at": "2026-02-03T10:00Z", "status": "Resolved", "message": text}]
    found = planned(lines(row(updates=updates)))
    tracker = read_back(found)
    incident = tracker.incidents[0]
    assert check(tracker).findings == ()
    assert [section.title for section in incident.sections] == ["Updates"]
    assert len(incident.log.updates) == 1
    assert incident.log.updates[0].keys == ()
    assert (incident.boxes, incident.actions, incident.waivers) == ((), (), ())
    assert incident.document.comments == ()
    body = found.files[0].text.partition("## Updates")[2]
    assert not any(sign in body for sign in ("<", "{", "`", "\\", "]("))
    assert original(incident.log.updates[0].text) == cleaned(text).text


SIGNS = [*"#-*+>`~|=:{}[]()<>!?/\\&^_\"' \n\t1.", "---", "ab", "lt;", "[TOC]", "!!! n"]
MARKDOWN = ["tables", "admonition", "attr_list", "def_list", "footnotes", "abbr", "md_in_html"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=16).map("".join) | st.sampled_from(HOSTILE))
@example("#*#**#*#")
@example("#_#__#_# a_b _c_")
def test_a_page_makes_paragraphs_of_it_with_the_same_words(text: str) -> None:
    kept = cleaned(text).text
    made = markdown.markdown("\n".join(paragraphs(kept)), extensions=MARKDOWN)
    assert set(re.findall(r"<(\w+)", made)) <= {"p"}
    shown = html.unescape(re.sub(r"<[^>]+>", "", made)).split()
    assert "".join(shown) == re.sub(r"\s", "", kept)


@given(st.text(max_size=300))
def test_a_text_is_found_again_as_it_was_but_for_what_no_record_may_hold(text: str) -> None:
    kept = cleaned(text)
    assert original("\n".join(paragraphs(kept.text))) == kept.text


def test_what_no_record_may_hold_is_removed_and_counted() -> None:
    found = planned(lines(row(title="Bell\x07 and\u202e turned", updates=None))).files[0]
    assert found.settled.draft.title == "Bell and turned"
    assert found.settled.draft.removed == 2


def test_long_texts_are_cut_and_counted_and_the_record_can_still_be_read() -> None:
    told = {"at": "2026-02-03T10:00Z", "status": "Update", "message": "<" * 10_001}
    few = planned(lines(row(title="x" * 5_000, updates=[told]))).files[0]
    many = planned(lines(row(updates=[told] * 402))).files[0]
    assert few.cut == 2  # the title and the update
    assert many.cut == 402  # two are left out, the others shortened to what fits into one file
    tracker = read([(few.path, few.text), (many.path, many.text)])
    assert tracker.unread == ()
    assert tracker.findings == ()
    assert len(tracker.incidents[0].log.updates) == 400


WORDS = st.sampled_from(["Investigating", "Update", "Monitoring", "Resolved", "Completed", ""])
TIMES = st.sampled_from(
    [
        "2026-03-29T01:30Z",
        "2026-11-01T06:30Z",
        "2026-11-01T07:30:59.9Z",
        "1999-12-31T23:59-11:30",
        "",
    ]
)
TEXTS = st.text(max_size=80) | st.sampled_from(HOSTILE)
ANY = st.recursive(
    TEXTS | st.none() | st.integers() | st.booleans(), lambda x: st.lists(x, max_size=3)
)
UPDATE = st.fixed_dictionaries({"at": TIMES, "status": WORDS, "message": TEXTS | ANY})
ROW = st.fixed_dictionaries(
    {
        "id": TEXTS,
        "title": TEXTS,
        "url": TEXTS,
        "impact": st.sampled_from(["minor", "critical", "none", "maintenance"]),
        "started_at": TIMES,
        "resolved_at": TIMES,
        "components": st.lists(TEXTS, max_size=3) | ANY,
        "updates": st.lists(UPDATE, max_size=5) | ANY,
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, max_size=6))
def test_whatever_the_rows_hold_the_records_are_read_without_a_fault(
    rows: list[dict[str, object]],
) -> None:
    found = planned(lines(*rows))
    tracker = read_back(found)
    assert len(found.files) + len(found.skipped) == len(rows)
    assert tracker.unread == ()
    assert [f for f in tracker.findings if f.level is Level.ERROR] == []
    assert {i.origin.id for i in tracker.incidents if i.origin} == {
        one.settled.draft.id for one in found.files
    }
    again = plan((one.settled.draft for one in found.files), PROTOCOL, Existing.of(tracker))
    assert [one.action for one in again.files] == [Action.SAME] * len(found.files)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet='",;\n\r ab', max_size=60).map(str.encode))
def test_no_bytes_crash_an_importer(data: bytes) -> None:
    planned(data)
    planned(b"title,begin\n" + data, "csv", MINIMAL)


# --- the second run


def test_a_second_run_updates_what_changed_at_the_source_and_keeps_what_people_changed() -> None:
    rows = [row(id=str(n), title=f"Number {n}") for n in range(4)]
    first = planned(lines(*rows))
    files = {one.path: one.text for one in first.files}
    edited, broken = (f"incidents/2026/2026-02-03-number-{n}.md" for n in (1, 2))
    files[edited] = files[edited].replace("severity: P2", "severity: P1")
    files[broken] = files[broken].replace("title:", "titel").replace("---\n", "--\n", 1)
    rows[3]["title"] = "Another title"
    existing = Existing.of(read(files.items()))
    rows.append(row(id="9", title="Number 3"))
    again = plan(rows_of(lines(*rows)), PROTOCOL, existing)
    assert {one.settled.draft.id: (one.path[-11:], one.action) for one in again.files} == {
        "0": ("number-0.md", Action.SAME),
        "1": ("number-1.md", Action.KEPT),
        "2": ("number-2.md", Action.KEPT),
        "3": ("number-3.md", Action.CHANGED),
        "9": ("mber-3-2.md", Action.NEW),
    }


# --- mappings


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_a_mapping_without_a_mistake(name: str) -> None:
    assert read_mapping(preset_text(name), PROTOCOL)[1] == ()


@pytest.mark.parametrize(
    ("text", "line", "told", "remedy"),
    [
        ("titel: x\n", 1, 'no key "titel"', 'did you mean "title"?'),
        ("title: x\nseverity:\n  words:\n    bad: P7\n", 4, '"P7" is no severity', "one of: P0"),
        ("title: x\ntimes:\n  begun_at: x\n", 3, '"begun_at" is no time', "one of:"),
        ("title: x\nzone: Berlin\n", 2, '"Berlin" is no time zone', "as Europe/Berlin"),
        ("title: x\nforms: [when]\n", 2, 'the form "when" does not say', "iso, epoch"),
        ("title: x\nupdates: {at: a}\n", 2, "are not those of one list", "updates[].at"),
        ("title: x\ndelimiter: ab\n", 2, "a delimiter is one character", ";"),
        ("title: x\ntitle: y\n", 2, "title", ""),
    ],
)
def test_a_mistake_in_a_mapping_is_told_with_its_line(
    text: str, line: int, told: str, remedy: str
) -> None:
    found, faults = read_mapping(text, PROTOCOL)
    assert found is None
    assert len(faults) == 1
    assert faults[0].position.line == line
    assert told in faults[0].message
    assert remedy in (faults[0].help or "")


# --- the command


@pytest.fixture
def table(empty_tracker: Typed, tmp_path: Path) -> Path:
    """Two good rows and a bad one."""
    path = tmp_path / "history.jsonl"
    rows = (row(id="1"), row(id="2", impact="critical"), row(id="3", started_at="1600"))
    path.write_bytes(lines(*rows))
    return path


def test_without_write_nothing_is_written_and_everything_is_said(
    empty_tracker: Typed, table: Path
) -> None:
    said = empty_tracker.incident("import", "jsonl", str(table), "--map", "status-history")
    assert said.status == 1
    assert not (empty_tracker.root / "incidents").exists()
    assert "would write 2 records\n" in said.out
    assert "severity: P0 1, P2 1\n" in said.out
    assert "the source never had: " in said.out
    assert f'skipped {table}:3: started_at: "1600" is no time\n1 rows skipped\n' in said.out
    assert "nothing was written; --write does it\n" in said.out


def test_what_is_written_passes_the_check_and_a_second_run_changes_no_byte(
    empty_tracker: Typed, table: Path
) -> None:
    command = ("import", "jsonl", str(table), "--map", "status-history", "--write")
    assert empty_tracker.incident(*command).status == 1
    files = {
        path: path.read_bytes() for path in sorted(empty_tracker.root.rglob("incidents/**/*.md"))
    }
    assert len(files) == 2
    assert empty_tracker.incident("check", "--strict").status == 0
    assert "left as they were: 2 records\n" in empty_tracker.incident(*command).out
    assert {
        p: p.read_bytes() for p in sorted(empty_tracker.root.rglob("incidents/**/*.md"))
    } == files


def test_a_record_that_people_changed_stays_as_it_is(empty_tracker: Typed, table: Path) -> None:
    command = ("import", "jsonl", str(table), "--map", "status-history", "--write")
    empty_tracker.incident(*command)
    path = "incidents/2026/2026-02-03-sign-up-form-answers-slowly.md"
    empty_tracker.change(path, "severity: P2", "severity: P1")
    before = (empty_tracker.root / path).read_bytes()
    assert f"kept what people changed: 1 record\n  {path}\n" in empty_tracker.incident(*command).out
    assert (empty_tracker.root / path).read_bytes() == before


def test_unknown_components_are_named_and_added_where_that_is_asked_for(
    empty_tracker: Typed, table: Path
) -> None:
    register = empty_tracker.write("protocol/components.yml", "components:\n  - id: a\n    name: A")
    command = ("import", "jsonl", str(table), "--map", "status-history")
    named = "protocol/components.yml: event-sign-up\n"
    assert f"components not in {named}" in empty_tracker.incident(*command).out
    adding = (*command, "--add-components")
    assert f"components would be added to {named}" in empty_tracker.incident(*adding).out
    assert f"components added to {named}" in empty_tracker.incident(*adding, "--write").out
    assert register.read_text("utf-8") == (
        "components:\n  - id: a\n    name: A\n  - id: event-sign-up\n    name: Event sign-up\n"
    )


def test_json_tells_the_same(empty_tracker: Typed, table: Path) -> None:
    said = empty_tracker.incident(
        "import", "jsonl", str(table), "--map", "status-history", "--format", "json"
    )
    told = json.loads(said.out)
    assert told["written"] is False
    assert [one["action"] for one in told["files"]] == ["new", "new"]
    reason = 'started_at: "1600" is no time'
    assert told["skipped"] == [{"source": str(table), "line": 3, "reason": reason}]
    assert told["defects"] == []


def test_fields_on_the_command_line_are_a_mapping_in_short(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Subject,Opened,Level\nSlow,2026-02-03 10:00,high\n", "utf-8")
    pairs = [
        "title=Subject",
        "detected_at=Opened",
        "zone=UTC",
        "severity=Level",
        "severity.high=P1",
    ]
    maps = [word for pair in pairs for word in ("--map", pair)]
    said = empty_tracker.incident("import", "csv", str(path), *maps, "--write")
    assert said.status == 0
    text = (empty_tracker.root / "incidents/2026/2026-02-03-slow.md").read_text("utf-8")
    assert "severity: P1\n" in text
    assert "detected_at: 2026-02-03T04:00-06:00\n" in text


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (
            ["jsonl", "nowhere.jsonl", "--map", "status-history"],
            3,
            "no file or folder nowhere.jsonl",
        ),
        (["jsonl", "{table}", "--map", "nothing"], 3, "neither a file nor a preset"),
        (["jsnl", "{table}", "--map", "status-history"], 2, "did you mean jsonl?"),
        (["jsonl", "{table}"], 2, "which column is the title"),
        (["jsonl", "{table}", "--map", "titel=x"], 2, "did you mean title?"),
        (["jsonl", "{table}", "--map", "{broken}"], 2, 'no key "titel"'),
        (["csv", "{table}", "--map", "title=x", "--map", "detected_at=y"], 2, "no column"),
    ],
)
def test_wrong_use_is_one_sentence_and_a_way_out(
    empty_tracker: Typed, table: Path, arguments: list[str], status: int, told: str
) -> None:
    broken = table.with_name("broken.yml")
    broken.write_text("titel: x\n", "utf-8")
    typed = [word.format(table=table, broken=broken) for word in arguments]
    said = empty_tracker.incident("import", *typed)
    assert said.status == status
    assert told in said.err
    assert "help: " in said.err


def test_an_incident_that_is_still_to_come_is_a_mistake_in_the_row(
    empty_tracker: Typed, table: Path
) -> None:
    command = ("import", "jsonl", str(table), "--map", "status-history")
    said = empty_tracker.incident(*command, "--now", "2026-02-03T09:00Z")
    told = f"skipped {table}:1: detected_at: 2026-02-03 10:00:00+00:00 is still to come"
    assert told in said.out


def test_an_end_that_is_still_to_come_is_none_yet(empty_tracker: Typed, table: Path) -> None:
    table.write_bytes(lines(row(updates=None)))
    command = ("import", "jsonl", str(table), "--map", "status-history")
    said = empty_tracker.incident(*command, "--now", "2026-02-03T11:00Z", "--write")
    assert said.status == 1
    told = f"left out {table}:1: end: 2026-02-03 11:30:00+00:00 is still to come\n"
    assert told in said.out
    (file,) = empty_tracker.root.rglob("incidents/**/*.md")
    assert "resolved_at" not in file.read_text("utf-8")


def test_a_folder_is_read_file_by_file_and_each_place_is_named(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    folder = tmp_path / "history"
    (folder / "2026").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.jsonl").write_bytes(lines(row(id="hidden")))
    (folder / "notes.txt").write_text("no table", "utf-8")
    (folder / "a.jsonl").write_bytes(lines(row(id="1")))
    (folder / "2026" / "b.jsonl").write_bytes(lines(row(id="2"), row(id="1")))
    (folder / "link.jsonl").symlink_to(folder / "a.jsonl")
    said = empty_tracker.incident("import", "jsonl", str(folder), "--map", "status-history")
    assert "would write 2 records\n" in said.out
    assert 'skipped 2026/b.jsonl:2: id: "1" stands in a.jsonl already\n' in said.out


def test_a_folder_without_a_file_of_the_format_says_which_it_takes(
    empty_tracker: Typed, tmp_path: Path
) -> None:
    said = empty_tracker.incident("import", "csv", str(tmp_path), "--map", "pagerduty")
    assert said.status == 3
    assert "ends with .csv, .tsv" in said.err
