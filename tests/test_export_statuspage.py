"""The files of /api/v2/: what a client of Statuspage finds in them, and what never stands there."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from poison import public, with_records_of

from builder import PROTOCOL, incident, review
from builder import tracker as of
from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.exports.statuspage_schema import statuspage_schema
from incident_tracker.formats.home import Home
from incident_tracker.model import Incident, Origin, Tracker
from incident_tracker.registers import Component
from incident_tracker.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHECK = Draft202012Validator(
    statuspage_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)
FILES = {
    "components": {"components"},
    "history": {"incidents", "scheduled_maintenances"},
    "incidents": {"incidents"},
    "incidents/unresolved": {"incidents"},
    "scheduled-maintenances": {"scheduled_maintenances"},
    "scheduled-maintenances/active": {"scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"scheduled_maintenances"},
    "status": {"status"},
    "summary": {"components", "incidents", "scheduled_maintenances", "status"},
}
WINDOW = {"kind": "maintenance", "scheduled_start": "2026-03-02T02:00Z", "severity": None}


@cache
def here() -> Tracker:
    return Workspace.find(ROOT).load()


def exported(
    tracker: Tracker, *, now: datetime = NOW, audience: Audience = Audience.INTERNAL
) -> dict[str, Any]:
    """The files by their names, without folder and ending."""
    settings = Settings(audience=audience, home=Home(url="https://status.example.org"))
    files = exports()["statuspage"].files(tracker, now, settings)
    assert all(data.isascii() and b"<" not in data for data in files.values())
    return {
        path.removeprefix("api/v2/").removesuffix(".json"): json.loads(data)
        for path, data in files.items()
    }


def only(*records: Incident, components: Sequence[Component] = ()) -> Any:  # noqa: ANN401 # JSON
    """The one incident or window that there is."""
    history = exported(replace(of(*records), components=tuple(components)))["history"]
    every = history["incidents"] + history["scheduled_maintenances"]
    assert len(every) == 1
    return every[0]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(statuspage_schema())


@pytest.mark.parametrize("audience", Audience)
def test_every_file_is_as_the_schema_says(audience: Audience) -> None:
    for tracker in (here(), public(), with_records_of(public(), "</script>\x00\ud800")):
        for name, data in exported(tracker, audience=audience).items():
            assert list(CHECK.iter_errors(data)) == []
            assert set(data) == {"page", *FILES[name]}


@pytest.mark.parametrize(
    ("key", "value"),
    [("status", "closed"), ("started_at", 5), ("incident_updates", {}), ("roles", {"ic": "asha"})],
)
def test_the_schema_refuses_what_is_no_statuspage(key: str, value: object) -> None:
    told = exported(here())["incidents"]
    told["incidents"][0][key] = value
    assert list(CHECK.iter_errors(told))


def test_the_page_is_that_of_the_organisation() -> None:
    page = exported(here())["status"]["page"]
    assert (page["name"], page["url"], page["time_zone"]) == (
        "Campaign website",
        "https://status.example.org",
        "America/Chicago",
    )
    last = max(u.at for i in here().incidents for u in i.log.updates if u.at and u.at <= NOW)
    assert page["updated_at"] == f"{last.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


@pytest.mark.parametrize(
    ("severity", "impact"), [("P0", "critical"), ("P1", "major"), ("P2", "minor"), ("P3", "none")]
)
def test_the_severity_is_the_impact(severity: str, impact: str) -> None:
    one = only(incident("a", severity=severity))
    assert one["impact"] == impact


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("investigating", "investigating"),
        ("identified", "identified"),
        ("fixing", "identified"),
        ("monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("closed", "resolved"),
    ],
)
def test_the_status_is_theirs(ours: str, theirs: str) -> None:
    assert only(incident("a", status=ours))["status"] == theirs


@pytest.mark.parametrize(("status", "shown"), [("published", "postmortem"), ("draft", "resolved")])
def test_a_published_review_is_a_postmortem(status: str, shown: str) -> None:
    one = incident("a", closed="2026-03-01T12:00Z")
    held = review(one, status=status, published_at="2026-03-05T10:00-06:00")
    told = exported(of(one, held))["incidents"]["incidents"][0]
    assert told["status"] == shown
    published = "2026-03-05T16:00:00.000Z" if shown == "postmortem" else None
    assert told["postmortem_published_at"] == published


@pytest.mark.parametrize(
    ("times", "monitoring", "resolved"),
    [
        ({"resolved": "11:00", "verified": "11:40"}, "11:00", "11:40"),
        ({"resolved": "11:00", "status": "resolved"}, None, "11:00"),
        ({"resolved": "11:00"}, "11:00", None),
        ({}, None, None),
        ({"closed": "12:00", "status": "closed"}, None, "12:00"),
    ],
)
def test_a_fix_is_where_monitoring_begins_and_its_verification_the_end(
    times: dict[str, str], monitoring: str | None, resolved: str | None
) -> None:
    given = {k: v if k == "status" else f"2026-03-01T{v}Z" for k, v in times.items()}
    one = only(incident("a", started="2026-03-01T09:50Z", **given))
    expected = [t and f"2026-03-01T{t}:00.000Z" for t in (monitoring, resolved)]
    assert [one["monitoring_at"], one["resolved_at"]] == expected
    assert one["started_at"] == "2026-03-01T09:50:00.000Z"


def test_times_are_in_utc_whatever_their_offset() -> None:
    assert only(incident("a", detected="2026-03-01T23:30-06:00"))["started_at"] == (
        "2026-03-02T05:30:00.000Z"
    )


def test_practice_and_what_was_none_stand_on_no_page() -> None:
    cancelled = "- 10:20 - Cancelled: false alarm because the probe was wrong"
    records = (
        incident("drill", drill="site-down"),
        incident("no", status="cancelled", timeline=["- 10:00 - Incident detected", cancelled]),
        incident("yes"),
    )
    assert [one["name"] for one in exported(of(*records))["history"]["incidents"]] == ["About yes"]


UPDATES = (
    "### 2026-03-01 04:05 - Investigating",
    "We look.",
    "",
    "### 2026-03-01 04:30 - Identified",
    "It is <b>the cache</b> & more.",
    "",
    "Second line.",
    "- Impact: nobody can pay",
    "- Components: website partial_outage",
    "- Next update: 05:00",
    "- Sent: on-call team",
    "- Approved by: erin",
    "",
    "### 2026-03-01 05:00 - Resolved",
    "Over.",
    "- Components: website operational",
)


def told() -> Any:  # noqa: ANN401 # JSON
    return only(incident("a", severity="P0", resolved="2026-03-01T11:00Z", updates=UPDATES))


def test_updates_stand_newest_first_with_what_they_told() -> None:
    updates = told()["incident_updates"]
    assert [(u["status"], u["created_at"][11:16]) for u in updates] == [
        ("resolved", "11:00"),
        ("identified", "10:30"),
        ("investigating", "10:05"),
    ]
    assert updates[1]["body"] == (
        "It is &lt;b&gt;the cache&lt;/b&gt; &amp; more.<br /><br />Second line.<br /><br />"
        "Impact: nobody can pay<br />Next update: 05:00"
    )
    assert {u["incident_id"] for u in updates} == {told()["id"]}
    assert len({u["id"] for u in updates}) == 3


def test_levels_of_components_go_from_update_to_update() -> None:
    changes = [
        [(c["name"], c["old_status"], c["new_status"]) for c in u["affected_components"]]
        for u in reversed(told()["incident_updates"])
    ]
    assert changes == [
        [("website", "operational", "major_outage")],
        [("website", "major_outage", "partial_outage")],
        [("website", "partial_outage", "operational")],
    ]


def test_without_levels_in_updates_a_component_is_well_once_the_service_is_restored() -> None:
    updates = [line for line in UPDATES if not line.startswith("- Components")]
    one = only(
        incident(
            "a",
            mitigated="2026-03-01T10:20Z",
            resolved="2026-03-01T11:00Z",
            updates=updates,
        )
    )
    levels = [u["affected_components"][0]["new_status"] for u in reversed(one["incident_updates"])]
    assert levels == ["partial_outage", "operational", "operational"]


def test_an_incident_without_updates_tells_its_summary() -> None:
    one = only(incident("a", visibility="public", public_summary="It was slow."))
    (update,) = one["incident_updates"]
    assert (update["body"], update["status"]) == ("It was slow.", "investigating")
    assert only(incident("a"))["incident_updates"] == []


REGISTER = (
    Component(id="api", name="API", since=date(2025, 3, 1)),
    Component(id="pay", name="Payments", group="Giving", description="Cards"),
    Component(id="form", name="Form", group="Giving"),
    Component(id="mail", name="Mail"),
)


def test_components_stand_in_their_groups_in_the_order_of_their_register() -> None:
    open_ = incident("a", components="{form: partial_outage, gone: major_outage}")
    files = exported(replace(of(open_), components=REGISTER))
    listed = files["components"]["components"]
    assert [(c["name"], c["group"], c["position"], c["status"]) for c in listed] == [
        ("API", False, 1, "operational"),
        ("Giving", True, 2, "partial_outage"),
        ("Payments", False, 1, "operational"),
        ("Form", False, 2, "partial_outage"),
        ("Mail", False, 3, "operational"),
    ]
    group = listed[1]
    assert group["components"] == [listed[2]["id"], listed[3]["id"]]
    assert [c["group_id"] for c in listed] == [None, None, group["id"], group["id"], None]
    assert (listed[0]["start_date"], listed[0]["created_at"]) == (
        "2025-03-01",
        "2025-03-01T06:00:00.000Z",
    )
    assert [c["name"] for c in files["history"]["incidents"][0]["components"]] == ["Form", "gone"]


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ((), ("none", "All Systems Operational")),
        ((incident("a", components="{api: major_outage}"),), ("critical", "Major Service Outage")),
        (
            (incident("a", severity="P2", components="{api: operational}"),),
            ("minor", "Minor Service Outage"),
        ),
        ((incident("a", severity="P3", components="{}"),), ("none", "All Systems Operational")),
        (
            (incident("a", components="{api: degraded_performance}", severity="P3"),),
            ("minor", "Partially Degraded Service"),
        ),
        (
            (
                incident(
                    "w",
                    status="in-progress",
                    components="[api]",
                    **{**WINDOW, "scheduled_start": "2026-11-24T08:00Z"},  # type: ignore[arg-type] # its fields
                ),
            ),
            ("none", "Service Under Maintenance"),
        ),
    ],
)
def test_the_status_of_the_page_is_the_worst(
    records: tuple[Incident, ...], status: tuple[str, str]
) -> None:
    said = exported(replace(of(*records), components=REGISTER))["status"]["status"]
    assert (said["indicator"], said["description"]) == status


def test_planned_work_stands_by_itself() -> None:
    window = {**WINDOW, "scheduled_end": "2026-03-02T04:00Z"}
    records = [
        incident(name, status=name, **window)  # type: ignore[arg-type] # None removes a field
        for name in ("scheduled", "in-progress", "completed", "cancelled")
    ]
    files = exported(of(*records))
    names = {
        name: [one["name"].removeprefix("About ") for one in data["scheduled_maintenances"]]
        for name, data in files.items()
        if "scheduled_maintenances" in data
    }
    assert names == {
        "summary": ["in-progress", "scheduled"],
        "scheduled-maintenances": ["scheduled", "in-progress", "completed"],
        "scheduled-maintenances/active": ["in-progress"],
        "scheduled-maintenances/upcoming": ["scheduled"],
        "history": ["scheduled", "in-progress", "completed"],
    }
    done = files["history"]["scheduled_maintenances"][2]
    assert (done["impact"], done["status"], done["scheduled_for"], done["scheduled_until"]) == (
        "maintenance",
        "completed",
        "2026-03-02T02:00:00.000Z",
        "2026-03-02T04:00:00.000Z",
    )


def test_a_list_holds_the_fifty_newest_and_the_history_all() -> None:
    many = [
        incident(f"n{number:02}", detected=f"2026-03-{1 + number % 28:02}T10:{number // 28:02}Z")
        for number in range(60)
    ]
    files = exported(of(*many))
    newest = files["incidents"]["incidents"]
    assert (len(newest), len(files["history"]["incidents"])) == (50, 60)
    assert newest == files["history"]["incidents"][:50]
    assert [one["started_at"] for one in newest] == sorted(
        (one["started_at"] for one in newest), reverse=True
    )
    assert len(files["incidents/unresolved"]["incidents"]) == 60


# --- ids


def ids(*records: Incident) -> list[str]:
    history = exported(of(*records))["history"]["incidents"]
    by_name = {one["name"]: one["id"] for one in history}
    return [by_name[record.title] for record in records]


def from_elsewhere(record: Incident, system: str = "statuspage", own: str = "5jf") -> Incident:
    return replace(record, origin=Origin(system=system, id=own))


def test_a_record_from_a_statuspage_keeps_its_id_and_others_get_one() -> None:
    one = incident("a")
    (kept,), (made,) = ids(from_elsewhere(one)), ids(one)
    assert kept == "5jf"
    assert ids(from_elsewhere(one, "pagerduty")) == [made]
    assert ids(from_elsewhere(one, own="../../etc")) == [made]
    assert len(made) == 12
    assert made.isalnum()


def test_an_id_that_two_lay_claim_to_is_nobody_s() -> None:
    one, two = incident("a"), incident("b")
    assert ids(from_elsewhere(one), from_elsewhere(two)) == ids(one, two)


def test_an_id_stays_when_a_record_is_renamed() -> None:
    before, after = incident("a"), incident("b")
    renamed = replace(after, formerly=(before.id, "2026-03-01-between"))
    assert ids(renamed) == ids(before)
    assert len(set(ids(renamed, before))) == 2


def test_an_update_keeps_its_id_when_its_text_is_mended() -> None:
    mended = [line.replace("We look.", "We are looking.") for line in UPDATES]
    changed = only(incident("a", severity="P0", resolved="2026-03-01T11:00Z", updates=mended))
    assert [u["id"] for u in changed["incident_updates"]] == [
        u["id"] for u in told()["incident_updates"]
    ]


def test_the_public_reads_only_what_is_public() -> None:
    files = exported(public(), audience=Audience.PUBLIC)
    assert [one["name"] for one in files["history"]["incidents"]] == [
        "Search shows an error for every visitor"
    ]
    assert files["history"]["incidents"][0]["status"] == "postmortem"
    whole = json.dumps(files)
    assert not any(text in whole for text in ("asha", "#incident", "index-format-changed"))


def test_a_hostile_text_is_exact_and_runs_nowhere() -> None:
    hostile = "</script><img src=x onerror=alert(1)> \u202e\x00 &lt;"
    one = exported(with_records_of(public(), hostile))["history"]["incidents"][0]
    assert one["name"] == hostile
    body = one["incident_updates"][0]["body"]
    assert "<img" not in body
    assert html.unescape(hostile) in html.unescape(body)


def test_every_public_incident_is_in_the_history_once() -> None:
    history = exported(here())["history"]
    shown = [one["name"] for one in history["incidents"] + history["scheduled_maintenances"]]
    expected = [i.title for i in here().incidents if not (i.is_drill or i.is_cancelled)]
    assert sorted(shown) == sorted(expected)
    assert PROTOCOL.organisation == "Campaign website"
