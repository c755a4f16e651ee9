"""Whatever is typed at whatever time: one more entry, the others as they were, summary in step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from incident_tracker.examples import PATHS, good_files
from incident_tracker.finding import Level
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.fielding import with_value
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.phrasing import without_mark
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.summary import folded, summary_of
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registry import rules
from incident_tracker.text.document import read_document

FIRST = datetime(2026, 2, 28, tzinfo=UTC)
NO_ENTRY = ("TML001", "TML002", "TML003", "TML004", "TML005", "TML006", "TML007", "TML008")


def protocol() -> Protocol:
    found, faults = read_protocol((ROOT / "protocol/protocol.yml").read_text("utf-8"))
    assert found is not None, faults
    return found


CURRENT = protocol()
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "- 14:05 - x",
            "14:05–14:20 tried it",
            "14:05 x",
            "### 2026-03-05",
            "## Updates",
            "<!-- x",
            "```",
            "a\n```\nb",
            "| a | b |",
            "2 pm",
            "--- ",
            "Severity changed: P1 → P0 because x",
            "Incident closed by bo",
            ": x",
            "#12 is done",
        ]
    ),
)


def good(name: str = "incident") -> Draft:
    return Draft(read_document(PATHS[name], good_files()[PATHS[name]]), CURRENT)


def entries(draft: Draft) -> list[tuple[datetime | None, str]]:
    return [(entry.at, entry.text) for entry in draft.incident.log.entries]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=TEXTS, minutes=st.integers(0, 8 * 24 * 60), name=st.sampled_from(["incident", "security"])
)
def test_one_more_entry_in_its_place_and_the_others_as_they_were(
    text: str, minutes: int, name: str
) -> None:
    before = good(name)
    at = FIRST + timedelta(minutes=minutes)
    try:
        after = with_entry(before, at, text)
    except Refusal:
        assert not text.strip(" \t\r\n|:–—-") or not text.isprintable()
        return
    old, new = entries(before), entries(after)
    assert len(new) == len(old) + 1
    assert [entry for entry in new if entry in old] == old
    times = [found for found, _ in new if found is not None]
    assert times == sorted(times)
    faults = {fault.code for fault in after.new_faults(before)}
    assert not faults & set(NO_ENTRY), faults
    assert [s.title for s in after.record.sections] == [s.title for s in before.record.sections]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, minutes=st.integers(0, 8 * 24 * 60))
def test_an_update_is_one_more_update_whatever_it_says(text: str, minutes: int) -> None:
    before = good()
    at = FIRST + timedelta(minutes=minutes)
    telling = Telling(at=at, status="fixing", message=text, keys={"impact": text})
    try:
        after = with_update(before, telling)
    except Refusal:
        assert not text.strip() or not text.isprintable()
        return
    assert len(after.incident.log.updates) == len(before.incident.log.updates) + 1
    assert [s.title for s in after.record.sections] == [s.title for s in before.record.sections]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| 1a2b3c4", ">>>>>>> theirs", ">>>>>>>"])
def test_what_looks_left_of_a_merge_is_text_in_an_update(mark: str) -> None:
    telling = Telling(at=FIRST, status="fixing", message=f"Pasted:\n{mark}\nthat is all.")
    after = with_update(good(), telling)
    assert f"\\{mark}" in after.incident.log.updates[0].text.split("\n")
    assert not after.new_faults(good())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    key=st.sampled_from(["title", "kind", "components", "roles", "ticket", "zone", "waive"]),
    text=TEXTS,
)
def test_a_field_is_set_so_that_it_can_be_read_or_not_at_all(key: str, text: str) -> None:
    before = good()
    try:
        after = with_value(before, key, text)
    except Refusal:
        return
    errors = [f for f in after.new_faults(before) if rules()[f.code].level is Level.ERROR]
    assert not errors, (after.document.text, errors)
    assert after.document.text.split("---\n")[2:] == before.document.text.split("---\n")[2:]


@pytest.mark.parametrize("name", ["incident", "security", "maintenance"])
def test_the_summary_of_a_good_record_is_what_its_log_says(name: str) -> None:
    draft = good(name)
    assert summary_of(draft.incident) == {}
    assert folded(draft) is draft


@pytest.mark.parametrize(
    "path", sorted((ROOT / "incidents").rglob("*.md")), ids=lambda path: path.stem
)
def test_folding_a_record_of_this_repository_changes_nothing(path: object) -> None:
    name = str(path).removeprefix(f"{ROOT}/")
    draft = Draft(read_document(name, (ROOT / name).read_bytes()), CURRENT)
    assert folded(draft).document.text == draft.document.text


@pytest.mark.parametrize("times", [1, 2, 20])
def test_a_field_that_is_taken_away_is_gone_however_often_it_stands_there(times: int) -> None:
    text = good().document.text
    twice = text.replace("kind:", "ticket: OPS-1\n" * times + "kind:", 1)
    draft = Draft(read_document(PATHS["incident"], twice.encode()), good().current)
    assert with_value(draft, "ticket", "").document.text == text


def test_every_derived_field_can_be_taken_away_and_comes_back() -> None:
    draft = good()
    bare = draft
    for key in (
        "detected_by",
        "detected_at",
        "acknowledged_at",
        "resolved_at",
        "roles",
        "resolution",
    ):
        bare = bare.with_field(key, None)
    assert folded(bare).document.text == draft.document.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Root cause hypothesis release 42", "Root cause hypothesis: release 42"),
        ("impact half of all visitors", "Impact: half of all visitors"),
        ("Root cause hypothesis: release 42", None),
        ("Acknowledged by bo", None),
        ("the root cause hypothesis is weak", None),
        ("Impacted customers call", None),
    ],
)
def test_a_typed_phrase_without_its_mark_is_asked_about(typed: str, meant: str | None) -> None:
    protocol, _ = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    assert protocol is not None
    assert without_mark(protocol, typed) == meant
