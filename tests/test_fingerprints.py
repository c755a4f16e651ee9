"""Fingerprints: the same mistake keeps its own, however the file grows around it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from incident_tracker.check import check
from incident_tracker.finding import Finding, Level
from incident_tracker.formats.fingerprints import fingerprint, fingerprints
from incident_tracker.formats.line_hashes import line_hashes
from incident_tracker.workspace import Workspace

INCIDENT = "incidents/2026/2026-03-02-good.md"
PLAIN = Finding(
    path=INCIDENT,
    line=7,
    column=1,
    code="TML013",
    name="nearly-a-phrase",
    level=Level.WARNING,
    message="m",
    source="- 10:00 - Nearly",
)


@pytest.mark.parametrize(
    "same",
    [
        replace(PLAIN, line=90),
        replace(PLAIN, column=4, end_column=9),
        replace(PLAIN, message="said otherwise", help="h", note="n"),
        replace(PLAIN, level=Level.ERROR),
        replace(PLAIN, source="  - 10:00 -\tNearly "),
        replace(PLAIN, path="incidents/2027/2026-03-02-good.md"),
    ],
)
def test_what_may_change_around_a_mistake_is_no_part_of_its_fingerprint(same: Finding) -> None:
    assert fingerprint(same) == fingerprint(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, code="TML012"),
        replace(PLAIN, path="pir/2026/2026-03-02-good.md"),
        replace(PLAIN, path="incidents/2026/2026-03-02-good-2.md"),
        replace(PLAIN, source="- 10:00 - Nearer"),
    ],
)
def test_what_makes_another_mistake_gives_another_fingerprint(other: Finding) -> None:
    assert fingerprint(other) != fingerprint(PLAIN)


def test_without_a_line_it_is_the_field_that_counts_and_without_a_field_the_message() -> None:
    bare = replace(PLAIN, source=None)
    named = [replace(bare, field="severity"), replace(bare, field="status"), bare]
    assert len({fingerprint(finding) for finding in named}) == 3
    assert fingerprint(replace(bare, message="n")) != fingerprint(bare)
    assert fingerprint(replace(named[0], message="n")) == fingerprint(named[0])


def test_like_mistakes_are_counted_by_place_in_whatever_order_they_come() -> None:
    first, second, third = (replace(PLAIN, line=line) for line in (3, 5, 8))
    keys = fingerprints([first, second, third])
    assert len(set(keys)) == 3
    assert keys[0] == fingerprint(PLAIN)
    assert fingerprints([third, first, second]) == (keys[2], keys[0], keys[1])
    assert fingerprints([replace(first, line=30), replace(second, line=50)]) == keys[:2]


@given(st.lists(st.builds(lambda text: replace(PLAIN, source=text), st.text(max_size=3))))
def test_no_two_findings_of_a_list_have_the_same(found: list[Finding]) -> None:
    assert len(set(fingerprints(found))) == len(found)


def test_lines_above_change_no_fingerprint_of_a_real_check(good_tracker: Tracker) -> None:
    good_tracker.change(INCIDENT, "severity: P1", "severity: P9\nunknown: 1")
    good_tracker.change(INCIDENT, "## Timeline\n", "## Timeline\n- nonsense\n")

    def found() -> dict[str, int]:
        findings = check(Workspace.find(good_tracker.root).load()).findings
        return dict(zip(fingerprints(findings), [f.line for f in findings], strict=True))

    before = found()
    good_tracker.change(INCIDENT, "---\ntitle:", "---\n# one\n# two\ntitle:")
    after = found()
    assert len(before) > 2
    assert {key: line + 2 for key, line in before.items()} == after


HELLO = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", HELLO),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", HELLO),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", HELLO),
    ],
)
def test_hashes_of_lines_are_those_that_codeql_actions_own_test_expects(
    text: str, expected: list[str]
) -> None:
    assert list(line_hashes(text)) == expected


def test_a_repeated_line_is_counted_as_codeql_action_counts_it() -> None:
    found = line_hashes("Lorem ipsum dolor sit amet.\n" * 10)
    assert found[:6] == tuple(f"a7f2ff13bc495cf2:{count}" for count in range(1, 7))
    assert found[6:8] == ("a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1")


def rolling(text: str) -> list[str]:
    """The hashes by rolling a window over the text, character by character."""
    stream = [*text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-16-le")]
    units = [low + 256 * high for low, high in zip(stream[::2], stream[1::2], strict=True)]
    found, seen = [], dict[int, int]()
    starts = [0] + [at + 1 for at, unit in enumerate(units) if unit == 10]
    for start in starts:
        window = [unit for unit in units[start:] if unit not in {9, 32}][:100]
        window = [*window, 0xFFFF, *[0] * 100][:100]
        value = 0
        for unit in window:
            value = (value * 37 + unit) % 2**64
        seen[value] = seen.get(value, 0) + 1
        found.append(f"{value:x}:{seen[value]}")
    return found


@given(st.text(st.sampled_from("ab \t\r\n東\U0001f600"), max_size=300))
def test_hashes_of_lines_are_those_of_a_window_rolled_over_them(text: str) -> None:
    assert list(line_hashes(text)) == rolling(text)
