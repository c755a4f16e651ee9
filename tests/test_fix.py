"""`--fix`: mends what needs no decision, and keeps every byte of what was right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_broken import BROKEN, PLACES
from test_rules import PROTOCOL
from typed import Tracker

from incident_tracker.check import check
from incident_tracker.checking import check_files
from incident_tracker.cli._judging import Judging
from incident_tracker.examples import PATHS, files_with, good_files, tracker_of
from incident_tracker.finding import Level
from incident_tracker.fix import Fixed, fix
from incident_tracker.model import Tracker as Records
from incident_tracker.registry import Example, rules
from incident_tracker.text.document import MOST_BYTES
from incident_tracker.workspace import Workspace

BAD = [
    pytest.param(example, id=f"{rule.code}-{number}")
    for rule in rules().values()
    for number, example in enumerate(rule.bad)
    if "protocol/protocol.yml" not in example.beside
]
INCIDENT = "incidents/2026/2026-03-02-good.md"
LAST = "- 12:00 - Incident closed by asha\n"


def _records(example: Example) -> Records:
    return tracker_of(files_with(example), PROTOCOL)


def _fixed(**change: str) -> Fixed:
    return fix(_records(Example(replace=change)))


def test_good_records_stay_as_they_are() -> None:
    assert fix(tracker_of(good_files(), PROTOCOL)).after == {}


@pytest.mark.parametrize("example", BAD)
def test_a_second_fix_finds_nothing_more_to_do(example: Example) -> None:
    once = fix(_records(example))
    assert fix(once.tracker).after == {}
    assert not [finding for finding in check(once.tracker).findings if finding.fixable]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_second_fix_of_a_broken_record_finds_nothing_more_to_do(file: Path) -> None:
    path = PLACES[file.parent.name]
    once = fix(tracker_of({**good_files(), path: file.read_bytes()}, PROTOCOL))
    assert fix(once.tracker).after == {}
    assert set(once.after) <= {path}


@pytest.mark.parametrize("example", BAD)
def test_a_fix_brings_no_new_error_to_a_record_that_could_be_read(example: Example) -> None:
    before, after = _records(example), fix(_records(example)).tracker
    errors = [
        [f.code for f in check(records).findings if f.level is Level.ERROR]
        for records in (before, after)
    ]
    form = {"FMT003", "FMT006", "FMT008", "CHK001"}  # behind these, more comes to light
    if not form & set(errors[0]):
        assert set(errors[1]) <= set(errors[0])


def test_only_the_lines_that_must_change_do() -> None:
    fixed = _fixed(**{LAST: LAST + "- 2:05 PM - Flags taken down\n"})
    changes = [line for line in fixed.diff().split("\n") if line[:1] in "+-"]
    assert changes == [
        f"--- a/{INCIDENT}",
        f"+++ b/{INCIDENT}",
        "-- 2:05 PM - Flags taken down",
        "+- 14:05 - Flags taken down",
        "",
    ]


@pytest.mark.parametrize("end", ["\u00a0", "\u3000", " \u2003 ", " \t", "\u00a0 # x", ""])
def test_a_value_is_put_in_quotes_once_whatever_blank_it_ends_with(end: str) -> None:
    record = f"---\ntitle: Search: slow{end}\nstatus: investigating\n---\n".encode()
    once = fix(tracker_of({**good_files(), INCIDENT: record}, PROTOCOL))
    assert once.after[INCIDENT].split("\n")[1].startswith('title: "Search: slow')
    assert once.after[INCIDENT].count('"') == 2
    assert not fix(once.tracker).after


def test_a_file_that_a_fix_would_make_too_large_stays_as_it_is() -> None:
    begun = b"---\ntitle: Search: slow\nstatus: investigating\n---\n"
    record = begun + b"a\n" * ((MOST_BYTES - len(begun)) // 2)
    tracker = tracker_of({**good_files(), INCIDENT: record}, PROTOCOL)
    assert any(f.fixable for f in check(tracker).findings if f.path == INCIDENT)
    assert not fix(tracker).after


def test_carriage_returns_stay() -> None:
    text = good_files()[INCIDENT].decode().replace(LAST, LAST + "- 14.05 - Flags taken down\n")
    data = text.replace("\n", "\r\n").encode()
    fixed = fix(tracker_of({**good_files(), INCIDENT: data}, PROTOCOL))
    assert fixed.after[INCIDENT] == text.replace("14.05", "14:05").replace("\n", "\r\n")


def test_entries_are_written_as_commands_write_them() -> None:
    fixed = _fixed(**{"- 10:14 - Impact: no": "* **10:14:00** | Impact: no"})
    assert "- 10:14 - Impact: no visitor can search\n" in fixed.after[INCIDENT]


def test_a_closed_record_gets_what_its_log_proves() -> None:
    fields = (
        "detected_by",
        "started_at",
        "detected_at",
        "acknowledged_at",
        "mitigated_at",
        "resolved_at",
        "verified_at",
        "roles",
        "resolution",
    )
    example = Example(set=dict.fromkeys(fields))
    fixed = fix(_records(example))
    assert fixed.after[INCIDENT] == good_files()[INCIDENT].decode()


def test_an_update_behind_midnight_gets_the_date_of_the_next_day() -> None:
    text = (
        "---\ntitle: Search is slow\nseverity: P3\nstatus: investigating\n---\n\n## Timeline\n"
        "- 23:50 - Incident detected via monitoring: ten seconds\n\n## Updates\n"
        "### 00:10 - Investigating\nWe look.\n"
    )
    path = "incidents/2026/2026-11-18-slow.md"
    fixed = fix(tracker_of({**good_files(), path: text.encode()}, PROTOCOL))
    assert "\n### 2026-11-19 00:10 - Investigating\n" in fixed.after[path]


def test_a_tick_that_the_log_denies_is_taken_away() -> None:
    last = "- [x] No side effects observed\n"
    line = "* [X] War room established (#incident)\n"
    no_room = {"- 10:12 - War room opened: #incident-20260302-good\n": ""}
    fixed = _fixed(**{last: last + line}, **no_room)
    assert line.replace("[X]", "[ ]") in fixed.after[INCIDENT]


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("owner: jim", "known: title, "),
        ("region: {system: statuspage, id: a1}", "known: title, "),
        ("notes: {ic: jim}", "known: title, "),
        ("acknowledged_by: jim", "known: title, "),
        ("detected: 10:00", 'did you mean "detected_by" or "detected_at"?'),
        ("orgin: {system: statuspage, id: a1}", 'did you mean "origin"?'),
    ],
)
def test_a_field_that_is_no_slip_of_the_hand_stays_as_it_is(line: str, help_: str) -> None:
    unset = Example(set=dict.fromkeys(("roles", "detected_by", "detected_at", "acknowledged_at")))
    files = files_with(unset)
    text = files[INCIDENT].decode().replace("---\n", f"---\n{line}\n", 1)
    before = tracker_of({**files, INCIDENT: text.encode()}, PROTOCOL)
    (found,) = [finding for finding in check(before).findings if finding.code == "FMT002"]
    assert (found.help or "").startswith(help_)
    assert fix(before).after == {}


@pytest.mark.parametrize(
    ("slip", "field"),
    [
        ("titel", "title"),
        ("Severity", "severity"),
        ("detcted-at", "detected_at"),
        ("role", "roles"),
    ],
)
def test_a_slip_of_the_hand_is_mended_where_the_field_is_missing(slip: str, field: str) -> None:
    good = good_files()[INCIDENT].decode()
    text = good.replace(f"\n{field}: ", f"\n{slip}: ")
    fixed = fix(tracker_of({**good_files(), INCIDENT: text.encode()}, PROTOCOL))
    assert text != good
    assert fixed.after == {INCIDENT: good}


def test_fields_that_were_left_behind_follow_the_log() -> None:
    behind = {
        "status": "monitoring",
        "roles": "{ic: bo, technical_lead: bo, communications_lead: chen, scribe: dana}",
    }
    fixed = fix(_records(Example(set=behind)))
    assert "\nstatus: closed\n" in fixed.after[INCIDENT]
    assert "\nroles: {ic: asha, " in fixed.after[INCIDENT]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resolved_at", "2026-03-02T11:20-06:00"),
        ("severity", "P2"),
        ("detected_by", "team"),
        ("resolution", "failover"),
        ("roles", "{ic: erin, technical_lead: bo, communications_lead: chen, scribe: dana}"),
    ],
)
def test_no_side_is_taken_where_field_and_log_disagree(field: str, value: str) -> None:
    assert fix(_records(Example(set={field: value}))).after == {}


def test_a_waived_finding_is_left_alone() -> None:
    waived = {"closed_at": None, "waive": '{INC013: "another tool owns this field"}'}
    assert fix(_records(Example(set=waived))).after == {}


PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "---\n",
            "\n",
            "\r\n",
            "- 2:05 PM - x\n",
            "- 14.05 - x\n",
            "### 14:05\n",
            "| 1 | 2 |\n",
            "- 09:00 - Impact started\n",
            "- 00:05 - Decision: x\n",
            "status: fixing\n",
            "titel: x\n",
            "<!--",
            "-->",
            "```\n",
            "\u200b",
            "\ufeff",
            "- [] x\n",
            "### 10:00 - Fixing\n",
            ": ",
            '"',
            "- **9:05** - x\n",
            "- 2026-11-01 01:30 - x\n",
            "## Timeline\n",
            "  x\n",
            "[",
            "severity: p1\n",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PATHS.values())), st.lists(st.tuples(st.integers(0, 3_000), PIECES)))
def test_row_37_a_second_fix_finds_nothing_more_whatever_stands_in_the_file(
    path: str, pieces: list[tuple[int, str]]
) -> None:
    text = good_files()[path].decode()
    for at, piece in pieces:
        text = text[: at % len(text)] + piece + text[at % len(text) :]
    data = text.encode("utf-8", "replace")
    once = fix(tracker_of({**good_files(), path: data}, PROTOCOL))
    assert fix(once.tracker).after == {}


# --- the command


def test_the_command_writes_reports_and_has_nothing_left_to_do(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, LAST, LAST + "- 2:05 PM - Flags taken down\n")
    good_tracker.change("runbooks/good.md", "title: Search fails\n", "")
    said = good_tracker.incident("check", "--fix")
    assert said.status == 1
    assert said.out.startswith(f"fixed {INCIDENT}\nerror[RUN")
    assert "- 14:05 - Flags taken down\n" in (good_tracker.root / INCIDENT).read_text("utf-8")
    assert "fixed" not in good_tracker.incident("check", "--fix").out


def test_diff_writes_nothing_and_judges_what_is_there(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, LAST, LAST + "- 2:05 PM - Flags taken down\n")
    before = (good_tracker.root / INCIDENT).read_bytes()
    said = good_tracker.incident("check", "--fix", "--diff")
    assert said.status == 1
    assert "\n+- 14:05 - Flags taken down\n" in said.out
    assert (good_tracker.root / INCIDENT).read_bytes() == before
    good_tracker.change(INCIDENT, "2:05 PM", "14:05")
    assert good_tracker.incident("check", "--diff").out == "nothing to fix\n"


def test_what_mends_reads_the_records_once_and_judges_them_like_any_check(
    good_tracker: Tracker,
) -> None:
    good_tracker.change(INCIDENT, LAST, LAST + "- 2:05 PM - Flags taken down\n")
    good_tracker.change("runbooks/good.md", "title: Search fails\n", "")
    workspace = Workspace(good_tracker.root)
    judging = Judging.start(workspace, (), None, staged=False, mends=True)
    assert judging.checked is None
    assert judging.report.findings == check_files(workspace).report.findings != ()


def test_only_the_named_paths_are_fixed(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, LAST, LAST + "- 2:05 PM - Flags taken down\n")
    before = (good_tracker.root / INCIDENT).read_bytes()
    assert good_tracker.incident("check", "--fix", "runbooks").status == 0
    assert (good_tracker.root / INCIDENT).read_bytes() == before
