"""The metrics: read by another program's parser, with the numbers of the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from poison import public, with_records_of
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.utils import floatToGoString

from builder import PROTOCOL, incident, review, tracker
from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.exports.openmetrics_text import number
from incident_tracker.model import Tracker
from incident_tracker.registers import Component
from incident_tracker.workspace import Workspace

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def families(records: Tracker, audience: Audience = Audience.INTERNAL) -> Mapping[str, Any]:
    """The families by name, as the parser of Prometheus' own library reads them."""
    (data,) = exports()["openmetrics"].files(records, NOW, Settings(audience=audience)).values()
    read = text_string_to_metric_families(data.decode())  # type: ignore[no-untyped-call] # theirs
    return {one.name: one for one in read}


def values(family: Any, *labels: str) -> dict[tuple[str, ...], float]:  # noqa: ANN401 # untyped
    return {
        (s.name.removeprefix(family.name), *(s.labels[label] for label in labels)): s.value
        for s in family.samples
        if all(label in s.labels for label in labels)
    }


RECORDS = tracker(
    incident("a", severity="P0", acknowledged="2026-03-01T10:05Z", resolved="2026-03-01T10:50Z"),
    incident("b", severity="P0", acknowledged="2026-03-01T10:15Z", resolved="2026-03-01T11:00Z"),
    incident("c", severity="P0", acknowledged="2026-03-01T10:16Z", resolved="2026-03-02T12:00Z"),
    incident("d", severity="P2"),
    incident("e", severity="P0", drill="site-down"),
    incident("f", severity="P1", status="cancelled"),
)


def test_incidents_are_counted_by_severity_and_by_being_open() -> None:
    found = families(RECORDS)
    assert values(found["incidents"], "severity") == {
        ("", "P0"): 3,
        ("", "P1"): 0,
        ("", "P2"): 1,
        ("", "P3"): 0,
    }
    assert values(found["incidents_open"], "severity")["", "P2"] == 1
    assert values(found["incident"], "title", "severity", "status") == {
        ("_info", "About a", "P0", "monitoring"): 1,
        ("_info", "About b", "P0", "monitoring"): 1,
        ("_info", "About c", "P0", "monitoring"): 1,
        ("_info", "About d", "P2", "investigating"): 1,
    }
    assert {one.type for one in found.values()} == {"gauge", "info", "stateset", "gaugehistogram"}


def test_the_buckets_end_at_what_the_protocol_gives_time_for() -> None:
    found = families(RECORDS)
    taken = values(found["incident_time_to_acknowledge_seconds"], "severity", "le")
    assert [taken["_bucket", "P0", end] for end in ("900.0", "3600.0", "14400.0", "+Inf")] == [
        2,
        3,
        3,
        3,
    ]
    resolved = found["incident_time_to_resolve_seconds"]
    assert values(resolved, "severity")["_gcount", "P0"] == 3
    assert values(resolved, "severity")["_gsum", "P0"] == 3000 + 3600 + 26 * 3600
    ends = [end for _, severity, end in values(resolved, "severity", "le") if severity == "P0"]
    targets = {terms.resolve_target for terms in PROTOCOL.severities.values()}
    assert ends == [
        *(f"{t.total_seconds()}" for t in sorted(filter(None, targets))),
        "+Inf",
    ]


def test_what_is_late_can_be_alerted_on() -> None:
    one = incident("a", severity="P0", resolved="2026-03-01T11:00Z", closed="2026-03-01T12:00Z")
    held = review(
        one,
        actions=[
            "- [ ] Late (Owner: bo, Due: 2026-03-10)",
            "- [ ] Soon (Owner: bo, Due: 2026-04-10)",
            "- [x] Done (Owner: bo, Due: 2026-03-10, Done: 2026-03-09)",
        ],
    )
    found = families(tracker(one, held))
    assert values(found["pir_overdue"]) == {("",): 1}
    assert values(found["action_items_open"], "state") == {
        ("", "overdue"): 1,
        ("", "in_time"): 1,
        ("", "undated"): 0,
    }
    assert values(found["incident_export_time_seconds"]) == {("",): NOW.timestamp()}


def test_a_component_is_in_one_state() -> None:
    open_ = incident("a", components="{api: partial_outage}")
    known = (Component(id="api", name="API"), Component(id="mail", name="Mail"))
    found = families(replace(tracker(open_), components=known))["component_status"]
    held = [key[1:] for key, on in values(found, "component", "component_status").items() if on]
    assert held == [("api", "partial_outage"), ("mail", "operational")]
    assert len(found.samples) == 2 * len(PROTOCOL.component_levels)


def test_the_public_reads_nothing_about_the_team() -> None:
    assert set(families(public(), Audience.PUBLIC)) == {
        "component_status",
        "incident",
        "incident_export_time_seconds",
        "incidents",
        "incidents_open",
    }


@pytest.mark.parametrize("text", ['a\\"b\n# EOF\nx 1', "\x00\x1b\u202e\u2028</script>", "\ud800 é"])
def test_a_hostile_text_is_one_value(text: str) -> None:
    hostile = replace(incident("a"), title=text)
    (sample,) = families(tracker(hostile))["incident"].samples
    assert sample.labels["severity"] == "P1"
    plain = sample.labels["title"]
    assert plain == text or (plain.isprintable() and plain.strip() in text.replace("\u2028", " "))
    assert families(with_records_of(public(), text))


def test_all_records_of_this_repository_are_read() -> None:
    records = Workspace.find(ROOT).load()
    counted = values(families(records)["incidents"], "severity")
    assert sum(counted.values()) == sum(incident.counts for incident in records.incidents)


@pytest.mark.parametrize(
    "value", [0.5, 1.0, 60.0, 900.0, 86400.0, 604800.0, 999999.5, 1e6, 1209600.0, 12345678.9]
)
def test_a_bound_is_written_as_everybody_writes_it(value: float) -> None:
    theirs = floatToGoString(value)  # type: ignore[no-untyped-call] # theirs
    assert number(value) == theirs
