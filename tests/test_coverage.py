"""Every requirement of the protocol, by its row in `coverage.yml`: seen, and not seen without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from covering import changes, clean, requirements, seen, unchanged

from incident_tracker.coverage import Requirement

ROOT = Path(__file__).parents[1]
REQUIREMENTS, BY_PEOPLE = 236, 20
SEEN: dict[tuple[str, str], str] = {}
"""What is seen in states that many rows compare with, so that each is made once."""


@pytest.mark.parametrize("row", requirements(), ids=lambda row: row.id)
def test_a_requirement_is_met(
    row: Requirement,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def read() -> tuple[str, str]:
        captured = capsys.readouterr()
        return captured.out, captured.err

    with_it = seen(row, row.given, clean(tmp_path / "tracker"), read, monkeypatch)
    assert [text for text in row.expect if text not in with_it] == [], with_it

    # A text that is always there would prove nothing: without the reason for it, it is missing.
    assert row.without or changes(row.given), "say what makes the difference: without"
    state = row.without or unchanged(row.given)
    known = (row.see, repr(state))
    if known not in SEEN:
        SEEN[known] = seen(row, state, clean(tmp_path / "tracker"), read, monkeypatch)
    without = SEEN[known]
    assert [text for text in row.expect if text not in without] != [], without


def test_every_requirement_has_one_row() -> None:
    wanted = [f"R{number}" for number in range(1, REQUIREMENTS + 1)]
    assert [row.id for row in requirements()] == wanted


def test_the_source_of_a_row_is_a_heading_of_the_protocol() -> None:
    text = (ROOT / "protocol" / "incident-response.md").read_text("utf-8")
    headings = {line.lstrip("# ") for line in text.splitlines() if line.startswith("#")}
    named = {heading for row in requirements() for heading in row.source}
    assert named - headings - {"Header"} == set()


def test_few_rows_are_met_by_people_and_say_who_is_asked_where() -> None:
    by_people = [row for row in requirements() if row.people]
    assert len(by_people) <= BY_PEOPLE
    assert all(row.expect and row.how for row in by_people)


def test_no_two_rows_look_for_the_same_text_in_the_same_place() -> None:
    looked = Counter((row.see, row.given.now, row.expect) for row in requirements())
    assert [place for place, times in looked.items() if times > 1] == []
