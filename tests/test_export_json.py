"""The JSON export: everything that was read stands in it, as its schema says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from poison import public, with_records_of
from typed import Tracker as Typed

from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.exports.json_schema import json_schema
from incident_tracker.model import Milestone, Origin, Tracker
from incident_tracker.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHECK = Draft202012Validator(json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def here() -> Tracker:
    return Workspace.find(ROOT).load()


def exported(tracker: Tracker, audience: Audience = Audience.INTERNAL) -> Any:  # noqa: ANN401 # JSON
    files = exports()["json"].files(tracker, NOW, Settings(audience=audience))
    (data,) = files.values()
    assert data.isascii()
    return json.loads(data)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("audience", Audience)
def test_every_export_is_as_its_schema_says(audience: Audience) -> None:
    imported = replace(
        public().incidents[0],
        origin=Origin(system="statuspage", id="x", url="u"),
        stated={Milestone.RESOLVED: timedelta(hours=2)},
    )
    texts = "</script> \x00\u202e \ud800"
    several = (
        here(),
        public(),
        with_records_of(public(), texts),
        replace(public(), incidents=(imported,), reviews=(), runbooks=()),
    )
    for tracker in several:
        assert list(CHECK.iter_errors(exported(tracker, audience))) == []


def test_a_length_that_a_source_states_is_told_in_seconds_and_to_the_team_alone() -> None:
    stated = replace(public().incidents[0], stated={Milestone.RESOLVED: timedelta(hours=2)})
    tracker = replace(public(), incidents=(stated,), reviews=(), runbooks=())
    assert exported(tracker)["incidents"][0]["stated"] == {"resolved_at": 7200}
    assert exported(tracker, Audience.PUBLIC)["incidents"][0]["stated"] == {}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), 2),
        (("incidents", 0, "detected_at"), 5),
        (("incidents", 0, "new"), "x"),
        (("incidents", 0, "timeline", 0, "at"), {}),
        (("reviews", 0, "attendees"), "bo"),
    ],
)
def test_the_schema_refuses_what_is_of_another_form(place: tuple[Any, ...], value: object) -> None:
    told = exported(public())
    inner = told
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert list(CHECK.iter_errors(told))


def test_nothing_of_a_record_is_lost() -> None:
    told = exported(here())
    for record, incident in zip(told["incidents"], here().incidents, strict=True):
        assert record["id"] == incident.id
        assert [one["text"] for one in record["timeline"]] == [e.text for e in incident.log.entries]
        assert [one["text"] for one in record["updates"]] == [u.text for u in incident.log.updates]
        body = "\n".join(one["text"] for one in record["sections"])
        assert len(body) > 0 or not incident.sections
    down = next(i for i in told["incidents"] if i["id"] == "2026-11-03-site-down")
    assert down["detected_at"] == "2026-11-03T14:05:00-06:00"  # the offset as it was written
    assert down["timeline"][6]["said"] == {
        "phrase": "war-room",
        "text": "https://meet.example.org/site-down",
        "via": "#incident-20261103-site-down",
    }
    assert down["updates"][4]["components"] == {
        "website": "operational",
        "donations": "operational",
    }
    review = next(r for r in told["reviews"] if r["id"] == "2026-11-03-site-down")
    assert [one["state"] for one in review["actions"]] == [
        "done",
        "open",
        "done",
        "open",
        "dropped",
    ]


def test_a_hostile_text_is_exact_and_ends_no_script() -> None:
    hostile = "</script><!-- ]]> ##[x] \u202e \x00 \x7f é \U0001f600"
    data = exports()["json"].files(with_records_of(public(), hostile), NOW, Settings())[
        "tracker.json"
    ]
    assert b"<" not in data
    assert json.loads(data)["incidents"][0]["title"] == hostile


def test_contacts_are_in_no_export() -> None:
    assert "555-0100" not in json.dumps(exported(public()))


def test_the_command_prints_the_schema(good_tracker: Typed) -> None:
    said = good_tracker.incident("schema", "export-json")
    assert (said.status, json.loads(said.out)) == (0, json_schema())
