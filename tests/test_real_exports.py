"""The exports held against other people's data: their shape, and a whole history.

The records stay outside of this repository: the variable TRACKER_REAL_DATA names their folder.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from importing import planned_files, read_back
from jsonschema import Draft202012Validator
from test_real_data import FOLDER, HISTORY, imported, pytestmark  # noqa: F401 # the mark of this file as well

from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.model import Tracker

RAW = Path(FOLDER) / "statuspage-raw/cloud-incident-atlas-fixtures/tests/fixtures/statuspage.json"
NOW = datetime(2026, 8, 1, tzinfo=UTC)


@cache
def history() -> Tracker:
    """The imported history, every record of it public."""
    read = imported()[1]
    return replace(read, incidents=tuple(replace(i, visibility="public") for i in read.incidents))


def written(form: str, audience: Audience = Audience.INTERNAL) -> dict[str, bytes]:
    return dict(exports()[form].files(history(), NOW, Settings(audience=audience)))


def shape(value: object) -> Any:  # noqa: ANN401 # JSON
    """The keys and the types of JSON, lists by their first members."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return type(value).__name__


def lacking(theirs: object, ours: object, place: str = "") -> list[str]:
    """Where a client that knows theirs would find nothing, or another type, in ours."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        missing = [f"{place}.{key}" for key in theirs if key not in ours]
        inner = [lacking(theirs[k], ours[k], f"{place}.{k}") for k in theirs if k in ours]
        return [*missing, *(found for several in inner for found in several)]
    if isinstance(theirs, list) and isinstance(ours, list):
        return lacking(theirs[0], ours[0], f"{place}[]") if theirs and ours else []
    is_none = "NoneType" in (theirs, ours)
    return [] if is_none or theirs == ours else [f"{place}: {theirs} is {ours}"]


def test_a_client_of_statuspage_finds_every_key_with_its_type() -> None:
    theirs = shape(json.loads(RAW.read_text("utf-8"))["incidents"])
    ours = json.loads(written("statuspage")["api/v2/incidents.json"])["incidents"]
    most = max(ours, key=lambda one: (len(one["components"]), len(one["incident_updates"])))
    assert lacking(theirs, shape([most])) == []


@pytest.mark.parametrize("form", [n for n, one in exports().items() if one.schema is not None])
@pytest.mark.parametrize("audience", Audience)
def test_a_whole_history_is_as_its_schema_says(form: str, audience: Audience) -> None:
    schema = exports()[form].schema
    assert schema is not None
    check = Draft202012Validator(schema())
    for data in written(form, audience).values():
        assert list(check.iter_errors(json.loads(data))) == []


def test_nothing_of_a_history_is_lost_on_the_way_out() -> None:
    rows = [json.loads(line) for line in HISTORY.read_bytes().splitlines()]
    told = json.loads(written("statuspage")["api/v2/history.json"])
    every = [*told["incidents"], *told["scheduled_maintenances"]]
    assert len(every) == len(history().incidents)
    assert sum(len(one["incident_updates"]) for one in every) == sum(
        len(incident.log.updates) for incident in history().incidents
    )
    started = {one["started_at"] for one in told["incidents"]}
    assert {f"{row['started_at'][:-1]}.000Z" for row in rows} >= started


def test_what_leaves_as_a_statuspage_comes_back_as_it_was() -> None:
    data = written("statuspage")["api/v2/history.json"]
    back = read_back(planned_files("statuspage", {"history.json": data}))
    files = exports()["statuspage"].files(back, NOW, Settings())
    before, after = (json.loads(one) for one in (data, files["api/v2/history.json"]))
    keys = ("id", "name", "impact", "started_at", "resolved_at", "scheduled_for")
    differ = 0
    for kind in ("incidents", "scheduled_maintenances"):
        told = [
            {
                one["id"]: [*(one[key] for key in keys), len(one["incident_updates"])]
                for one in side[kind]
            }
            for side in (before, after)
        ]
        assert set(told[0]) == set(told[1])
        differ += sum(told[0][own] != told[1][own] for own in told[0])
    # Where the source's own end contradicts its updates, an import goes by the updates.
    assert differ <= 2
