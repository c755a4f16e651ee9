"""`incident import json`: any JSON array of objects, by a mapping."""

from __future__ import annotations

import json

import pytest
from importing import planned, row

from incident_tracker.importers.mapping import RowMap

MINIMAL = RowMap(title="title", id="id", times={"detected_at": "started_at"})


@pytest.mark.parametrize("name", ["", "incidents", "items", "data", "results", "rows"])
def test_an_array_stands_alone_or_in_an_object(name: str) -> None:
    rows = [row(id="1"), row(id="2")]
    data = json.dumps({"version": 1, name: rows} if name else rows, indent=1).encode()
    found = planned(data, "json", MINIMAL)
    assert {one.settled.draft.id for one in found.files} == {"1", "2"}
    assert min(one.settled.draft.line for one in found.files) == (4 if name else 2)


def test_a_row_that_is_none_is_named_with_its_place_and_costs_no_other() -> None:
    rows = [row(id="1"), 7, row(id="2", started_at="1600"), row(id="1")]
    found = planned(json.dumps(rows).encode(), "json", MINIMAL)
    assert len(found.files) == 1
    assert [one.reason for one in found.skipped] == [
        "[1]: the row is no object with fields",
        '[2]: started_at: "1600" is no time',
        '[3]: id: "1" stands in [0] already',
    ]


def test_broken_syntax_costs_what_stands_behind_it() -> None:
    data = json.dumps([row(id="1")]).encode()[:-1] + b", {]"
    found = planned(data, "json", MINIMAL)
    assert len(found.files) == 1
    (told,) = found.skipped
    assert told.reason.startswith("[1]: no JSON: ")
