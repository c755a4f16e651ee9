"""`incident import gcp`: the incidents of a public cloud's status page."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import planned_files, read_back

from incident_tracker.check import check
from incident_tracker.finding import Level
from incident_tracker.importers.plan import Plan
from incident_tracker.model import Milestone

BERLIN = {"title": "Berlin (europe-west10)", "id": "europe-west10"}
IOWA = {"title": "Iowa (us-central1)", "id": "us-central1"}


def told(status: str, clock: str, text: str = "x") -> dict[str, object]:
    """One update of the third of February."""
    at = f"2026-02-03T{clock}:00+00:00"
    return {"created": at, "modified": at, "when": at, "text": text, "status": status}


def incident(**changed: object) -> dict[str, object]:
    """An incident as it is served, newest update first, with other values."""
    good: dict[str, object] = {
        "id": "Ab1",
        "number": "123",
        "begin": "2026-02-03T09:30:00+00:00",
        "created": "2026-02-03T10:00:00+00:00",
        "end": "2026-02-03T11:00:00+00:00",
        "modified": "2026-02-03T11:05:00+00:00",
        "external_desc": "Buckets answer slowly in one region",
        "updates": [
            told("AVAILABLE", "11:05", "It is over."),
            told("SERVICE_DISRUPTION", "10:00", "# Summary\n* [we](https://example.org) look"),
        ],
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "affected_products": [{"title": "Buckets", "id": "x1"}, {"title": "Compute"}],
        "uri": "incidents/Ab1",
        "currently_affected_locations": [BERLIN],
        "previously_affected_locations": [IOWA, BERLIN],
    }
    return good | changed


def served(*incidents: object) -> bytes:
    """The file, on one line as it is served."""
    return json.dumps(incidents).encode()


def of(**changed: object) -> Plan:
    """What becomes of one incident."""
    return planned_files("gcp", {"incidents.json": served(incident(**changed))})


def test_an_incident_becomes_a_record_that_knows_when_they_first_spoke() -> None:
    found = of()
    assert found.defects() == ()
    assert found.files[0].text == (
        "---\n"
        "title: Buckets answer slowly in one region\n"
        "severity: P2\n"
        "status: resolved\n"
        "components: [buckets, compute]\n"
        "started_at: 2026-02-03T03:30-06:00\n"
        "detected_at: 2026-02-03T04:00-06:00\n"
        "resolved_at: 2026-02-03T05:00-06:00\n"
        'origin: {system: gcp, id: Ab1, url: "https://status.cloud.google.com/incidents/Ab1", '
        "digest: sha-6163aeca5d17}\n"
        "protocol: 2.0.0\n"
        "---\n"
        "## Summary\n"
        "Locations: Berlin (europe-west10), Iowa (us-central1).\n"
        "\n"
        "## Timeline\n"
        "- 03:30 - Impact started\n"
        "\n"
        "## Updates\n"
        "### 2026-02-03 04:00 - Investigating\n"
        "&#35; Summary\n"
        "\n"
        "&#42; &#91;we&#93;(https://example.org) look\n"
        "\n"
        "### 2026-02-03 05:05 - Resolved\n"
        "It is over.\n"
    )
    assert check(read_back(found)).findings == ()


@pytest.mark.parametrize(("theirs", "ours"), [("high", "P1"), ("medium", "P2"), ("low", "P3")])
def test_each_severity_is_one_of_ours_and_may_be_another(theirs: str, ours: str) -> None:
    assert of(severity=theirs).files[0].settled.draft.severity == ours
    data = served(incident(severity=theirs))
    found = planned_files("gcp", {"x": data}, (f"severity.{theirs}", "P0"))
    assert found.files[0].settled.draft.severity == "P0"


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("incidents/x", "https://status.cloud.google.com/incidents/x"),
        ("/incidents/x", "https://status.cloud.google.com/incidents/x"),
        ("https://example.org/x", "https://example.org/x"),
        ("javascript://x", ""),
        ("a b", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_stands_below_the_one_of_the_page(uri: str | None, url: str) -> None:
    assert of(uri=uri).files[0].settled.draft.url == url


def test_another_page_of_the_same_form_has_another_address() -> None:
    found = planned_files("gcp", {"x": served(incident())}, ("base", "https://status.example.org/"))
    assert found.files[0].settled.draft.url == "https://status.example.org/incidents/Ab1"


@pytest.mark.parametrize("end", [None, ""])
def test_an_incident_without_an_end_is_open(end: str | None) -> None:
    found = of(end=end, updates=[told("SERVICE_OUTAGE", "10:00")])
    assert found.files[0].settled.status == "investigating"
    assert Milestone.RESOLVED not in found.files[0].settled.times
    assert check(read_back(found)).findings == ()


def test_a_title_that_is_too_long_stands_whole_in_the_summary() -> None:
    title = "Buckets answer slowly. " * 20
    draft = of(external_desc=title).files[0].settled.draft
    assert draft.text.splitlines()[0] == title.strip()
    assert len(draft.title) < len(title)


def test_an_incident_that_was_told_after_its_end_is_kept_and_the_check_says_so() -> None:
    found = of(created="2026-02-03T11:02:00+00:00", updates=[told("AVAILABLE", "11:05")])
    (defect,) = found.defects()
    assert defect.is_kept
    assert "end: 2026-02-03 11:00:00+00:00 lies before created" in defect.reason
    assert [finding.code for finding in check(read_back(found)).findings] == ["INC010"]


def test_a_later_capture_adds_what_it_knows_and_loses_nothing() -> None:
    early = incident(
        modified="2026-02-03T10:00:00+00:00",
        end=None,
        updates=[told("SERVICE_OUTAGE", "10:00", "Deleted later.")],
    )
    files = {"1.json": served(early), "2.json": served(incident())}
    (file,) = planned_files("gcp", files).files
    assert sorted(u.text for u in file.settled.updates)[1:] == ["Deleted later.", "It is over."]
    assert Milestone.RESOLVED in file.settled.times


def test_every_field_that_is_not_taken_is_counted() -> None:
    assert of(most_recent_update=told("AVAILABLE", "11:05")).untaken() == {
        "modified": 1,
        "most_recent_update": 1,
        "number": 1,
        "status_impact": 1,
        "updates[].created": 1,
        "updates[].modified": 1,
    }


@pytest.mark.parametrize(
    ("data", "kept", "told_why"),
    [
        (served(incident())[:-9], 0, "[0]: no JSON: "),
        (served(incident(), 7), 1, "[1]: the row is no object with fields"),
        (served(incident(created=None)), 0, "[0]: created: no time of detection"),
        (served(incident(created="1600")), 0, '[0]: created: "1600" is no time'),
        (served(incident(external_desc=None)), 0, "[0]: external_desc: no title"),
        (served(incident(), incident()), 1, '[1]: id: "Ab1" stands in [0] already'),
        (b'{"incidents": []}', 0, "external_desc: no title"),
    ],
)
def test_what_becomes_no_record_is_named_with_its_place(
    data: bytes, kept: int, told_why: str
) -> None:
    found = planned_files("gcp", {"incidents.json": data})
    assert len(found.files) == kept
    assert told_why in found.skipped[-1].reason


@pytest.mark.parametrize(
    ("changed", "told_why"),
    [
        ({"severity": "huge"}, '[0]: severity: "huge" has no severity in the mapping'),
        ({"begin": "14.43"}, '[0]: begin: "14.43" is no time'),
        ({"updates": "none"}, "[0]: updates: no list of updates"),
        ({"updates": [{"text": "x"}]}, "[0]: updates[0].when: no time; the update is left out"),
        ({"affected_products": [{"id": "x"}]}, "affected_products: a component without a name"),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_and_named(
    changed: dict[str, object], told_why: str
) -> None:
    (defect,) = of(**changed).defects()
    assert told_why in defect.reason


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
INCIDENT = st.fixed_dictionaries(
    {key: ANY | st.just(value) for key, value in incident().items()}
    | {
        "updates": st.lists(
            st.fixed_dictionaries(
                {key: ANY | st.just(value) for key, value in told("AVAILABLE", "11:05").items()}
            ),
            max_size=3,
        )
    }
)


@settings(max_examples=100)
@given(st.lists(ANY | INCIDENT, max_size=4))
def test_whatever_stands_in_the_fields_each_incident_is_a_record_or_is_named(
    incidents: list[Mapping[str, object]],
) -> None:
    found = planned_files("gcp", {"incidents.json": served(*incidents)})
    tracker = read_back(found)
    assert len(found.files) + len(found.skipped) == len(incidents)
    assert (tracker.unread, [f for f in tracker.findings if f.level is Level.ERROR]) == ((), [])
