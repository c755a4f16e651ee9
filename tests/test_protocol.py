"""protocol.yml becomes typed tables, and its own mistakes come back with their place."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from incident_tracker.assemble import read_known_protocol
from incident_tracker.protocol import Protocol, read_protocol

TEXT = (Path(__file__).parent.parent / "protocol" / "protocol.yml").read_text(encoding="utf-8")


def faults(old: str, new: str) -> list[tuple[int, int, str, str | None]]:
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times"
    protocol, found = read_known_protocol(TEXT.replace(old, new))
    assert protocol is None
    return [(f.position.line, f.position.column, f.message, f.help) for f in found]


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


def test_the_shipped_protocol_is_read_without_a_fault() -> None:
    protocol, found = read_known_protocol(TEXT)
    assert found == ()
    assert isinstance(protocol, Protocol)
    assert protocol.severities["P0"].response.total_seconds() == 900
    assert list(protocol.severities) == ["P0", "P1", "P2", "P3"]


@pytest.mark.parametrize(
    ("old", "new", "column", "message", "remedy"),
    [
        (
            "version: 2.0.0\nreleased",
            "verison: 2.0.0\nreleased",
            1,
            'no key "verison" in the file',
            'did you mean "version"?',
        ),
        (
            "watch: {least: 30m",
            "watch: {least: half an hour",
            16,
            '"least: half an hour" is not a duration',
            "write a duration such as 90s, 15m, 4h or 7d",
        ),
        (
            "near_phrase: 0.86",
            "near_phrase: much",
            14,
            '"near_phrase: much" is not a number',
            "write a number",
        ),
        (
            "zone: America/Chicago",
            "zone: America/Chicagoo",
            7,
            '"zone" names "America/Chicagoo"',
            'did you mean "America/Chicago"?',
        ),
        (
            "acknowledger_role: ic ",
            "acknowledger_role: scrib ",
            20,
            '"acknowledger_role" names "scrib"',
            'did you mean "scribe"?',
        ),
        (
            "detection_default: team ",
            "detection_default: tam ",
            20,
            '"detection_default" names "tam"',
            'did you mean "team"?',
        ),
        (
            "internal_kinds: [security]",
            "internal_kinds: [securty]",
            18,
            '"internal_kinds" names "securty"',
            'did you mean "security"?',
        ),
        (
            "released: 2025-11-05",
            "released: 2025-13-05",
            11,
            '"released: 2025-13-05" is not a date',
            "write a date such as 2026-11-03",
        ),
    ],
)
def test_a_mistake_is_named_at_its_place_with_a_remedy(
    old: str, new: str, column: int, message: str, remedy: str
) -> None:
    found = faults(old, new)
    assert len([f for f in found if f[2].startswith(message)]) == 1, found
    line, at, _, help_ = next(f for f in found if f[2].startswith(message))
    assert (line, at, help_) == (line_of(old), column, remedy)


@pytest.mark.parametrize(
    ("old", "new", "word", "message", "remedy"),
    [
        (
            "      identified: [impact]\n",
            "      identified: [impacts]\n",
            "impacts]",
            '"severities.P3.owes.identified" names "impacts", which nothing defines',
            'did you mean "impact"?',
        ),
        (
            "fixing: [preserved]",
            "fixing: [preservd]",
            "preservd",
            '"security.owes.fixing" names "preservd", which nothing defines',
            'did you mean "preserved"?',
        ),
        (
            "watch: {least: 30m, most: 60m}",
            "watch: {least: 90m, most: 60m}",
            "90m, most",
            '"least" is longer than "most" in watch',
            "make least the shorter one, or both alike",
        ),
        (
            "update: {remind: 2h, late: 4h}",
            "update: {remind: 5h, late: 4h}",
            "5h, late",
            '"remind" is longer than "late" in severities.P1.update',
            "make remind the shorter one, or both alike",
        ),
        (
            "follow_up: 14d ",
            "follow_up: 0d ",
            "0d ",
            '"follow_up" lasts no time',
            "write a longer one, or remove the line where it may be missing",
        ),
        (
            "contained: {text: [Contained]",
            "contained: {text: [Cancelled]",
            "Cancelled], shape: text",
            'the phrase "Cancelled" already stands under "cancelled"',
            "keep one of the two",
        ),
        (
            "{text: [Runbook used], shape: runbook",
            "{text: [Runbook used], shape: runbok",
            "runbok",
            '"phrases.runbook-used.shape" names "runbok", which nothing defines',
            'did you mean "runbook"?',
        ),
        (
            "shape: text, sets: mitigated_at}",
            "shape: text, sets: mitigatd_at}",
            "mitigatd_at",
            '"phrases.service-restored.sets" names "mitigatd_at", which nothing defines',
            'did you mean "mitigated_at"?',
        ),
        (
            "yes: fix-forward, no: workaround",
            "yes: fix-forward, no: workround",
            "workround",
            '"decision_tree.no" names "workround", which nothing defines',
            'did you mean "workaround"?',
        ),
        (
            "component_level: operational\n    component_needed: identified",
            "component_level: operational\n    component_needed: identifed",
            "identifed\n",
            '"severities.P3.component_needed" names "identifed", which nothing defines',
            'did you mean "identified"?',
        ),
    ],
)
def test_names_and_numbers_that_clash_are_named_at_their_place(
    old: str, new: str, word: str, message: str, remedy: str
) -> None:
    found = faults(old, new)
    text = TEXT.replace(old, new)
    begin = text.index(word)
    place = (text[:begin].count("\n") + 1, begin - text.rindex("\n", 0, begin))
    assert found == [(*place, message, remedy)]


@pytest.mark.parametrize("table", ["severities", "statuses"])
def test_an_empty_table_is_one_fault(table: str) -> None:
    begin = TEXT.index(f"\n{table}:\n") + 1
    end = begin + next(m.start() for m in re.finditer(r"\n(?=[a-z])", TEXT[begin:]))
    found = faults(TEXT[begin:end], f"{table}: {{}}")
    assert [(f[0], f[2]) for f in found] == [(line_of(f"\n{table}:") + 1, f'"{table}" is empty')]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("interval_confidence: 95", "interval_confidence: 0"),
        ("interval_confidence: 95", "interval_confidence: 100"),
        ("p90_from: 10", "p90_from: -1"),
        ("completion_target: 100", "completion_target: 101"),
        ("near_phrase: 0.86", "near_phrase: 7"),
        ("least_words: 3", "least_words: -3"),
    ],
)
def test_a_number_that_nothing_can_be_counted_with_is_a_fault(old: str, new: str) -> None:
    ((line, _, message, help_),) = faults(old, new)
    assert line == line_of(old)
    assert "must lie from" in message
    assert help_ is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("text: [War room opened]", "text: []", '"phrases.war-room.text" is empty'),
        ("words: [logs, log]", "words: []", '"checks.checked-logs.words" is empty'),
        ("words: [withdrawn]", "words: []", '"cancellations.withdrawn.words" is empty'),
        ("  via: [via]", "  via: []", '"words.via" is empty'),
        (
            "gates: {incident: [resolved, closed]",
            "gates: {incident: []",
            '"gates.incident" is empty',
        ),
        ("\nversion: 2.0.0", "\nversion: two", '"version" is "two", which cannot be compared'),
    ],
)
def test_words_that_rules_and_commands_speak_in_are_there(old: str, new: str, message: str) -> None:
    ((line, _, said, help_),) = faults(old, new)
    assert line == line_of(old.strip())
    assert said.startswith(message)
    assert help_ is not None


@pytest.mark.parametrize("name", ["checked-logs", "war-room", "preserved"])
def test_a_duty_that_no_word_of_the_protocol_fulfils_is_a_fault(name: str) -> None:
    begin = TEXT.index(f"\n  {name}: {{") + 1
    found = faults(TEXT[begin : TEXT.index("\n", begin) + 1], "")
    assert any(one[2].startswith(f'"{name}" is owed, and ') for one in found)


def test_a_missing_table_is_named() -> None:
    found = faults("same_day_least: 4h ", "# gone ")
    assert [f[2] for f in found] == ['"same_day_least" is missing in the file']


def test_a_fault_of_the_yaml_itself_is_a_fault_and_no_exception() -> None:
    protocol, found = read_protocol("version: [1\n")
    assert protocol is None
    assert found
    assert read_protocol("")[1]
    assert read_protocol("- a\n- b\n")[1]


def test_an_older_record_finds_its_own_version() -> None:
    current, _ = read_protocol(TEXT)
    older, _ = read_protocol(TEXT.replace("version: 2.0.0\nreleased", "version: 1.0.0\nreleased"))
    assert current is not None
    assert older is not None
    both = replace(current, superseded={older.version: older})
    assert both.at_version("1.0.0") is older
    assert both.at_version("7.0.0") is both
    assert both.at_version(None) is both
