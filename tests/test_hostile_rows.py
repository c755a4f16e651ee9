"""The table of hostile input: every row is described, has tests, and can be run by its number."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from conftest import ROOT

ROWS: dict[str, list[str]] = tomllib.loads(
    (ROOT / "tests" / "hostile_rows.toml").read_text("utf-8")
)
PAGE = (ROOT / "docs" / "hostile-input.md").read_text("utf-8")
NAMED = re.compile(r"row_(\d\d)")


def defined() -> list[str]:
    """Every test by its file and name."""
    return [
        f"{path.name}::{node.name}"
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_the_37_rows_are_those_of_the_page_in_its_order() -> None:
    told = re.findall(r"^\| (\d\d) \|.*\| `pytest -k row_(\d\d)` \|$", PAGE, re.MULTILINE)
    numbers = [f"{number:02d}" for number in range(1, 38)]
    assert told == [(number, number) for number in numbers]
    assert list(ROWS) == [f"row_{number}" for number in numbers]


def test_each_row_has_a_test_of_its_name_and_each_such_test_is_listed() -> None:
    tests = defined()
    for row, listed in ROWS.items():
        named = {test for test in tests if row in {f"row_{n}" for n in NAMED.findall(test)}}
        assert named, row
        assert named <= set(listed), (row, named - set(listed))
        assert set(listed) <= set(tests), (row, set(listed) - set(tests))
        assert len(listed) == len(set(listed)), row


def test_a_row_is_a_keyword_of_its_tests(request: pytest.FixtureRequest) -> None:
    ours = {
        f"{item.path.name}::{item.name.partition('[')[0]}": item.extra_keyword_matches
        for item in request.session.items
    }
    for row, listed in ROWS.items():
        for test in listed:
            assert row in ours.get(test, {row}), test
