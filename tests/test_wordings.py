"""Wordings come with the tracker: what one does wrong is its own fault, and said in time."""

from __future__ import annotations

import shutil

import pytest
from typed import Tracker

from conftest import ROOT
from incident_tracker.wordings import WordingProblem, filled


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ('{% include "x" %}', "no loader"),
        ("{% for n in range(9999) %}{% endfor %}", "more than 1,000 rounds"),
        ('{{ "x" * 10 ** 9 }}', "not for wordings"),
        ('{{ "x" * 1000000000 }}', "numbers up to 10,000 only"),
        ("{{ 9 ** 9999 }}", "not for wordings"),
        ('{{ "%1000000000d" % 1 }}', "numbers up to 10,000 only"),
        ('{{ "x".ljust(1000000000) }}', "a number above 10,000"),
        ('{{ "x"|center(1000000000) }}', "center"),
        ("{% for n in range(999) %}{% for m in range(999) %}xx{% endfor %}{% endfor %}", "letters"),
        ("{{ nobody }}", "undefined"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_what_a_wording_does_wrong_is_its_own_fault(wording: str, why: str) -> None:
    with pytest.raises(WordingProblem, match="the wording of the notice, ") as found:
        filled(wording, {})
    assert why in str(found.value)
    assert found.value.hint == "mend it in protocol/messages"


def test_a_wording_may_count_and_repeat_within_bounds() -> None:
    made = filled(
        "{% for n in range(3) %}{{ n * 2 }} {{ what|indent(2) }} {% endfor %}", {"what": "a"}
    )
    assert made == "0 a 2 a 4 a\n"


def test_no_command_calls_it_a_defect_of_the_tracker(good_tracker: Tracker) -> None:
    shutil.copytree(ROOT / "protocol" / "messages", good_tracker.root / "protocol" / "messages")
    good_tracker.write("protocol/messages/initial.txt.j2", '{% include "x" %}')
    said = good_tracker.incident("notify", "2026-03-02-good", "initial")
    assert said.status == 2
    assert "internal error" not in said.err
    assert "error: the wording of the notice, " in said.err
