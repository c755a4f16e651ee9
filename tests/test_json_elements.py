"""The elements of a JSON file: each with its line and its place, what is broken named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_tracker.importers.json_elements import elements

JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


def found(data: bytes) -> list[tuple[int, str, object]]:
    """Line, place, and value or reason of each element."""
    return [(one.line, one.at, one.reason or one.value) for one in elements(data, ("rows", "more"))]


def test_each_element_has_its_line_and_its_place_in_the_list() -> None:
    data = b'{\n  "page": {"rows": 1},\n  "rows": [\n    {"a": 1},\n\n    7],\n  "more": [[]]\n}\n'
    assert found(data) == [
        (4, "rows[0]", {"a": "1"}),
        (6, "rows[1]", "7"),
        (7, "more[0]", []),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[]", []),
        (b'{"rows": []}', []),
        (b' {"a": "b"} ', [(1, "", {"a": "b"})]),
        (b"{}", [(1, "", {})]),
        (b'{"rows": {"a": "b"}}', [(1, "", {"rows": {"a": "b"}})]),
        (b'\xef\xbb\xbf["x"]', [(1, "[0]", "x")]),
        ('["x"]'.encode("utf-16"), [(1, "[0]", "x")]),
        ('["x"]'.encode("utf-32-le"), [(1, "[0]", "x")]),
    ],
)
def test_every_shape_of_a_file_is_read(data: bytes, expected: list[object]) -> None:
    assert found(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            b'[{"a": 1, "a": 2}, "x"]',
            [(1, "[0]", "a: stands twice in one object"), (1, "[1]", "x")],
        ),
        (b'[NaN, "x"]', [(1, "[0]", "NaN is no JSON"), (1, "[1]", "x")]),
        (b'[{"a": NaN, "]": "}"}, "x"]', [(1, "[0]", "NaN is no JSON"), (1, "[1]", "x")]),
        (
            b"[" + b"[" * 100_000 + b"]" * 100_000 + b', "x"]',
            [(1, "[0]", "nested too deeply"), (1, "[1]", "x")],
        ),
        (b'{"a": "b", "a": "c"}', [(1, "a", "stands twice in one object")]),
        (b'{"page": NaN, "rows": ["x"]}', [(1, "page", "NaN is no JSON"), (1, "rows[0]", "x")]),
    ],
)
def test_what_cannot_be_taken_costs_its_own_element_and_no_other(
    data: bytes, expected: list[object]
) -> None:
    assert found(data) == expected


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b"", 1, "neither an object nor a list"),
        (b"null", 1, "neither an object nor a list"),
        (b'["x"] []', 1, "something stands behind the end"),
        (b'["x",\n', 2, "Expecting value at column 1"),
        (b'["x"\n"y"]', 2, "neither , nor ] follows"),
        (b'["x",\n{"a": "b]', 2, "Unterminated string starting at at column 7"),
        (b'{"rows": ["x"],\n"a"', 2, "a name and a colon are missing"),
        (b'{"rows": ["x"],\n7: 1}', 2, "a name and a colon are missing"),
        (b'{"rows": ["x"]\n', 2, "neither , nor } follows"),
        (b'["x", ' + b"[" * 50_000, 1, "nothing behind it was read"),
    ],
)
def test_broken_syntax_is_named_once_and_what_stands_before_it_is_kept(
    data: bytes, line: int, told: str
) -> None:
    *before, last = found(data)
    assert [value for _, _, value in before if value != "nested too deeply"] == ["x"] * (
        b"x" in data
    )
    assert last[0] == line
    assert told in str(last[2])


def test_bytes_that_are_no_text_are_named() -> None:
    assert found(b'["\xff"]') == [(1, "", "byte 3 is not UTF-8")]


@given(st.lists(JSON, max_size=6), st.sampled_from([None, 1]), st.integers(min_value=0))
def test_a_list_gives_its_elements_and_a_cut_one_those_before_the_cut(
    values: list[object], indent: int | None, cut: int
) -> None:
    text = json.dumps(values, indent=indent)
    whole = list(elements(text.encode(), ()))
    assert [one.value for one in whole] == values
    assert all(not one.reason for one in whole)
    *before, last = elements(text[: cut % len(text)].encode(), ())
    assert [one.value for one in before] == values[: len(before)]
    assert last.reason


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\ \n1aN', max_size=60).map(str.encode))
def test_no_bytes_crash_the_walk(data: bytes) -> None:
    assert all(one.line >= 1 for one in elements(data, ("", "a")))
