"""Lengths of time: as records keep them, and as strangers write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import planned, rows_of
from typed import Tracker as Typed

from builder import PROTOCOL, incident
from incident_tracker.importers.draft import Draft
from incident_tracker.importers.lengths import NoLengthError, length
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.model import Milestone
from incident_tracker.text.lengths import length_text, parse_length

STATED = RowMap(
    title="title",
    times={"detected_at": "begin"},
    stated={"resolved_at": "took"},
    stated_unit="minutes",
)


@given(st.integers(0, 99_999 * 86_400))
def test_a_length_is_read_as_it_was_written(seconds: int) -> None:
    whole = timedelta(seconds=seconds)
    assert parse_length(length_text(whole)) == whole


@pytest.mark.parametrize(
    "text", ["", "h", "2", "2h 3m", "3m2h", "-2h", "2.5h", "1000000d", "\uff12h"]
)
def test_what_is_no_length_of_a_record_is_none(text: str) -> None:
    assert parse_length(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("3h 23m", "", 12_180),
        ("3h23", "minutes", None),
        ("1 hour, 10 minutes", "", 4_200),
        ("1 hour and 5 seconds", "", 3_605),
        ("47 minutes", "", 2_820),
        ("2 days 1h", "", 176_400),
        ("358.4", "minutes", 21_504),
        ("1.5 hours", "", 5_400),
        ("0", "seconds", 0),
        ("47", "", None),
        ("", "minutes", None),
        ("soon", "minutes", None),
        ("3 fortnights", "", None),
        ("9" * 60, "minutes", None),
        ("99999999 days", "", None),
    ],
)
def test_a_strangers_length(text: str, unit: str, seconds: int | None) -> None:
    if seconds is None:
        with pytest.raises(NoLengthError):
            length(text, unit)
    else:
        assert length(text, unit) == timedelta(seconds=seconds)


def test_a_stated_length_is_kept_beside_the_times_and_read_back() -> None:
    data = b'{"title": "a", "begin": "2026-02-03T10:00Z", "took": 169283.5}\n'
    (draft,) = rows_of(data, mapping=STATED)
    assert isinstance(draft, Draft)
    assert draft.stated == {Milestone.RESOLVED: timedelta(minutes=169_283, seconds=30)}
    assert "stated: {resolved_at: 117d13h23m30s}\n" in planned(data, mapping=STATED).files[0].text
    read = incident("one", stated="{resolved_at: 117d13h23m30s}", origin="{system: a, id: b}")
    assert read.stated == draft.stated


def test_a_stated_length_that_is_none_is_named_and_left_out() -> None:
    data = b'{"title": "a", "begin": "2026-02-03T10:00Z", "took": "a while"}\n'
    found = planned(data, mapping=STATED)
    assert [defect.reason for defect in found.defects()] == ['took: "a while" is no length of time']
    assert "stated" not in found.files[0].text


def test_the_pairs_of_the_command_line_name_stated_lengths_and_a_providers_column() -> None:
    pairs = [("stated.mitigated_at", "repair"), ("stated_unit", "hours"), ("provider", "who")]
    mapping = with_pairs(STATED, pairs, PROTOCOL)
    data = b'{"title": "a", "begin": "2026-02-03T10:00Z", "took": 2, "repair": 1, "who": "npm"}\n'
    text = planned(data, mapping=mapping).files[0].text
    assert "stated: {mitigated_at: 1h, resolved_at: 2h}\n" in text
    assert "origin: {system: npm, " in text


@pytest.mark.parametrize("value", ["{}", "3h", "{resolved_at: soon}", "{fixed_at: 3h}"])
def test_a_stated_field_of_another_form_is_a_finding(good_tracker: Typed, value: str) -> None:
    (path,) = sorted((good_tracker.root / "incidents").rglob("*.md"))[:1]
    name = path.relative_to(good_tracker.root).as_posix()
    good_tracker.change(name, "\n---\n", f"\nstated: {value}\n---\n")
    said = good_tracker.incident("check", name)
    assert said.status == 1
    assert "FMT016" in said.out
