"""What is left of a template is found in whatever case it is written."""

from __future__ import annotations

import re
import sys

import pytest

from incident_tracker.filled import left_over


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("- INSERT TITLE here", "INSERT TITLE"),
        ("- \u0130nsert t\u0131tle here", "\u0130nsert t\u0131tle"),
        ("- in\u017fert title", "in\u017fert title"),
        ("- i\u0307nsert title", None),
        ("- reinsert title", None),
        ("- insert titles", None),
    ],
)
def test_text_of_a_template_is_found_as_a_word_of_its_own(text: str, left: str | None) -> None:
    assert left_over(text, ["Nothing of it", "insert title"]) == left


def test_a_letter_is_found_wherever_a_pattern_blind_to_case_finds_it() -> None:
    kin: dict[str, set[str]] = {}
    for letter in map(chr, range(sys.maxunicode + 1)):
        if letter.isalpha():
            others = {letter.lower(), letter.upper(), letter.title(), letter.casefold()}
            for one in (others | {letter.upper().lower(), letter.casefold().upper()}) - {letter}:
                kin.setdefault(one[0], {one[0]}).add(letter)
    pairs = [
        (one, other) for many in kin.values() if len(many) > 1 for one in many for other in many
    ]
    assert len(pairs) > 5_000
    alike = [
        (one, other)
        for one, other in pairs
        if one != other and re.fullmatch(one, other, re.IGNORECASE)
    ]
    assert ("i", "\u0130") in alike
    assert [pair for pair in alike if left_over(pair[1], [pair[0]]) is None] == []
