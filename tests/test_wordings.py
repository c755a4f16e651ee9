"""Wordings come with the tracker: what one does wrong is its own fault, and said in time."""

from __future__ import annotations

import shutil

import pytest
from typed import Tracker

from conftest import ROOT
from incident_tracker.wordings import WordingProblem, filled

LOOPS = "{% for a in range(999) %}{% for b in range(999) %}"
ENDS = "{% endfor %}{% endfor %}"
MACRO = "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}"
DOUBLES = "{% set o = namespace(x='aaaaaaaa') %}{% for a in range(60) %}"


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
        (f"{LOOPS}{{% for c in range(999) %}}{{% endfor %}}{ENDS}", "too much work"),
        (f"{MACRO}{{{{ f(40) }}}}", "too much work"),
        (f"{DOUBLES}{{% set o.x = o.x ~ o.x %}}{{% endfor %}}", "too much work"),
        (f"{DOUBLES}{{% set o.x = o.x + o.x %}}{{% endfor %}}", "too much work"),
        (f"{DOUBLES}{{% set o.x = [o.x, o.x] %}}{{% endfor %}}{{{{ o.x }}}}", "too much work"),
        (f"{DOUBLES}{{% set o.x %}}{{{{ o.x }}}}{{{{ o.x }}}}{{% endset %}}{{% endfor %}}", "work"),
        (f"{DOUBLES}{{% set o.x = o.x|replace('a', 'aa') %}}{{% endfor %}}", "too much work"),
        (f"{DOUBLES}{{% set o.x = o.x.replace('a', 'aa') %}}{{% endfor %}}", "too much work"),
        ("{{ 'a'|indent(999999999, true) }}", "too much work"),
        ("{{ range(999)|join('a'|indent(9999, true)) }}", "too much work"),
        ("{{ '{:999999999}'.format(1) }}", "not for wordings"),
        ("{{ '{x:999999999}'['format_map']({'x': 1}) }}", "not for wordings"),
        ("{{ lipsum() }}", "undefined"),
        ("x" * 20_001, "more than 20,000 letters"),
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


def test_what_a_wording_may_say_is_said_as_before() -> None:
    made = filled(
        "{% set x %}{{ a }}!{% endset %}{{ x ~ 1 }} {{ (a, 2)|join('-') }} {{ [a] + [a] }} "
        "{% for k, v in {a: 3}.items() %}{{ loop.length }}{{ loop.last }}{{ k }}{{ v }}"
        "{% endfor %} {% for n in [1, [2, [3]]] recursive %}"
        "{{ n if n is number else loop(n) }}{% endfor %} "
        "{{ a.replace('a', 'b') }} {{ 'yes' if a in ('a', 'b') else 'no' }} "
        "{{ none or 'unknown' }}",
        {"a": "a"},
    )
    assert made == "a!1 a-2 ['a', 'a'] 1Truea3 123 b yes unknown\n"


def test_no_command_calls_it_a_defect_of_the_tracker(good_tracker: Tracker) -> None:
    shutil.copytree(ROOT / "protocol" / "messages", good_tracker.root / "protocol" / "messages")
    good_tracker.write("protocol/messages/initial.txt.j2", '{% include "x" %}')
    said = good_tracker.incident("notify", "2026-03-02-good", "initial")
    assert said.status == 2
    assert "internal error" not in said.err
    assert "error: the wording of the notice, " in said.err
