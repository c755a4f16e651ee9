"""`incident import statuspage`: captures of a status page's public addresses, in every shape."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import planned_files, read_back
from typed import Tracker as Typed

from builder import PROTOCOL
from incident_tracker.check import check
from incident_tracker.finding import Level
from incident_tracker.importers.mapping import MappingError
from incident_tracker.importers.plan import Action, Existing, Plan, plan
from incident_tracker.importers.texts import original

NOBODY = {"name": "No components were affected by this update."}
SIGN_UP = {"code": "c1", "name": "Sign-up", "old_status": "operational"}


def told(status: str, clock: str, body: str = "x", **more: object) -> dict[str, object]:
    """One update of the third of February."""
    at = f"2026-02-03T{clock}.250Z"
    return {"id": f"u{clock}", "status": status, "body": body, "created_at": at} | {
        "display_at": at,
        **more,
    }


def incident(**changed: object) -> dict[str, object]:
    """An incident as it is served, newest update first, with other values."""
    good: dict[str, object] = {
        "id": "a1",
        "name": "Sign-up form fails",
        "status": "resolved",
        "impact": "critical",
        "created_at": "2026-02-03T10:00:00.250Z",
        "updated_at": "2026-02-03T11:30:00.250Z",
        "started_at": "2026-02-03T10:00:00.250Z",
        "monitoring_at": "2026-02-03T10:30:00.250Z",
        "resolved_at": "2026-02-03T11:30:00.250Z",
        "shortlink": "https://short.example.org/a1",
        "page_id": "p1",
        "incident_updates": [
            told("resolved", "11:30:00", "It works.", affected_components=[NOBODY]),
            told("monitoring", "10:30:00", "We watch it.", affected_components=None),
            told(
                "investigating",
                "10:00:00",
                "<p>We look.</p>\n# Timeline",
                affected_components=[SIGN_UP | {"new_status": "major_outage"}],
            ),
        ],
        "components": [{"id": "c1", "name": "Sign-up", "status": "operational"}],
    }
    return good | changed


def served(*incidents: object, **more: object) -> bytes:
    """A capture of incidents.json."""
    page = {"id": "p1", "name": "Example", "url": "https://status.example.org"}
    return json.dumps({"page": page, "incidents": incidents, **more}).encode()


def of(**changed: object) -> Plan:
    """What becomes of one incident."""
    return planned_files("statuspage", {"x.json": served(incident(**changed))})


def text_of(**changed: object) -> str:
    """The record that one incident becomes."""
    (file,) = of(**changed).files
    return file.text


def times(found: Plan) -> Mapping[str, str]:
    """The times of the only record."""
    (file,) = found.files
    return {m.value: f"{at:%H:%M}" for m, at in file.settled.times.items()}


# --- an incident


def test_an_incident_becomes_a_record_that_holds_what_the_page_said() -> None:
    found = of()
    assert found.defects() == ()
    assert found.files[0].text == (
        "---\n"
        "title: Sign-up form fails\n"
        "severity: P0\n"
        "status: resolved\n"
        "components: [sign-up]\n"
        "detected_at: 2026-02-03T04:00-06:00\n"
        "resolved_at: 2026-02-03T04:30-06:00\n"
        "verified_at: 2026-02-03T05:30-06:00\n"
        'origin: {system: statuspage, id: a1, url: "https://short.example.org/a1", '
        "digest: sha-e2a034d89f33}\n"
        "protocol: 2.0.0\n"
        "---\n"
        "## Updates\n"
        "### 2026-02-03 04:00 - Investigating\n"
        "We look.\n"
        "\n"
        "&#35; Timeline\n"
        "\n"
        "- Components: sign-up major_outage\n"
        "\n"
        "### 2026-02-03 04:30 - Monitoring\n"
        "We watch it.\n"
        "\n"
        "### 2026-02-03 05:30 - Resolved\n"
        "It works.\n"
    )
    assert check(read_back(found)).findings == ()


def test_what_a_way_back_needs_stands_in_the_record() -> None:
    (one,) = read_back(of()).incidents
    assert one.origin is not None
    assert (one.origin.id, one.origin.url) == ("a1", "https://short.example.org/a1")
    assert [(u.status, original(u.text)) for u in one.log.updates] == [
        ("investigating", "We look.\n# Timeline"),
        ("monitoring", "We watch it."),
        ("resolved", "It works."),
    ]


@pytest.mark.parametrize(
    ("impact", "severity"),
    [("critical", "P0"), ("major", "P1"), ("minor", "P2"), ("none", "P3"), (None, "")],
)
def test_each_impact_is_a_severity(impact: str | None, severity: str) -> None:
    assert of(impact=impact).files[0].settled.draft.severity == severity


@pytest.mark.parametrize(
    ("affected", "levels", "amiss"),
    [
        (None, {}, ""),
        ([], {}, ""),
        ([NOBODY], {}, ""),
        ([SIGN_UP | {"new_status": "partial_outage"}], {"sign-up": "partial_outage"}, ""),
        (
            [SIGN_UP | {"new_status": "operational"}, {"name": "Mail", "new_status": None}],
            {"sign-up": "operational"},
            "",
        ),
        ("all", {}, "incident_updates[0].affected_components: no list of components"),
        ([SIGN_UP | {"new_status": "on_fire"}], {}, '"on_fire" has no level in the mapping'),
        ([None, 7, []], {}, ""),
    ],
)
def test_each_shape_of_affected_components_gives_the_levels_that_it_tells(
    affected: object, levels: Mapping[str, str], amiss: str
) -> None:
    update = told("investigating", "10:00:00", affected_components=affected)
    found = of(incident_updates=[update], components=None)
    assert found.files[0].settled.updates[0].levels == levels
    assert amiss in "".join(defect.reason for defect in found.defects())
    assert bool(amiss) == bool(found.defects())


def test_a_level_that_the_mapping_lacks_is_given_one_on_the_command_line() -> None:
    affected = [SIGN_UP | {"new_status": "on_fire"}]
    update = told("investigating", "10:00:00", affected_components=affected)
    data = served(incident(incident_updates=[update]))
    found = planned_files("statuspage", {"x": data}, ("levels.on_fire", "major_outage"))
    assert found.files[0].settled.updates[0].levels == {"sign-up": "major_outage"}
    with pytest.raises(MappingError, match='"burning" is no level'):
        planned_files("statuspage", {"x": data}, ("levels.on_fire", "burning"))


def test_where_no_update_says_that_they_watched_the_incident_does() -> None:
    updates = [told("resolved", "11:30:00"), told("investigating", "10:00:00")]
    assert times(of(incident_updates=updates))["verified_at"] == "11:30"
    assert times(of(incident_updates=updates))["resolved_at"] == "10:30"
    assert times(of(incident_updates=updates, monitoring_at=None))["resolved_at"] == "11:30"
    back = [
        told("resolved", "11:30:00"),
        told("investigating", "10:40:00"),
        told("monitoring", "10:30:00"),
    ]
    assert times(of(incident_updates=back))["resolved_at"] == "11:30"


def test_an_older_page_that_has_no_started_at_began_when_it_was_written() -> None:
    assert times(of(started_at=None))["detected_at"] == "10:00"
    update = told("investigating", "10:05:00", display_at=None)
    assert f"{of(incident_updates=[update]).files[0].settled.updates[0].at:%H:%M}" == "10:05"


def test_a_published_post_mortem_closes_the_incident_and_is_its_last_update() -> None:
    body = "## What happened\nA release."
    found = of(
        status="postmortem",
        postmortem_body=body,
        postmortem_published_at="2026-02-05T09:00:00Z",
    )
    assert found.defects() == ()
    assert found.files[0].settled.status == "closed"
    assert (
        "### 2026-02-05 03:00 - Closed\n&#35;# What happened\n\nA release.\n" in found.files[0].text
    )
    assert "closed_at: 2026-02-05T03:00-06:00\n" in found.files[0].text
    assert check(read_back(found)).findings == ()


def test_a_post_mortem_that_an_update_tells_is_told_once() -> None:
    updates = [told("postmortem", "18:00:00", "A release."), told("resolved", "11:30:00")]
    found = of(status="postmortem", incident_updates=updates, postmortem_body="A release.")
    assert found.files[0].text.count("A release.") == 1
    assert times(found)["closed_at"] == "18:00"
    assert check(read_back(found)).findings == ()


def test_a_post_mortem_that_was_never_published_is_not_taken_and_said() -> None:
    found = of(postmortem_body="Only for us.", postmortem_published_at=None)
    assert "Only for us." not in found.files[0].text
    assert found.untaken()["postmortem_body"] == 1


# --- planned work


def work(**changed: object) -> dict[str, object]:
    """Planned work as it is served."""
    planned = {
        "id": "m1",
        "name": "Database work",
        "status": "completed",
        "impact": "maintenance",
        "scheduled_for": "2026-02-03T02:00:00Z",
        "scheduled_until": "2026-02-03T04:00:00Z",
        "monitoring_at": None,
        "resolved_at": "2026-02-03T03:30:00Z",
        "incident_updates": [
            told("completed", "03:30:00"),
            told("verifying", "03:00:00"),
            told("in_progress", "02:01:00"),
            told("scheduled", "01:00:00"),
        ],
    }
    return incident(**planned) | changed


@pytest.mark.parametrize(
    "data",
    [
        served(scheduled_maintenances=[work()]),
        served(scheduled_maintenances=[work(impact="none")]),
        served(work(impact="minor")),
        json.dumps(work()).encode(),
    ],
)
def test_planned_work_has_its_window_wherever_it_is_listed(data: bytes) -> None:
    found = planned_files("statuspage", {"x.json": data})
    text = found.files[0].text
    assert "status: completed\nkind: maintenance\n" in text
    assert "scheduled_start: 2026-02-02T20:00-06:00\n" in text
    assert "scheduled_end: 2026-02-02T22:00-06:00\n" in text
    assert "- 20:01 - Maintenance started\n- 21:30 - Maintenance completed\n" in text
    assert "severity" not in text
    assert (found.defects(), check(read_back(found)).findings) == ((), ())


@pytest.mark.parametrize(
    ("status", "ours"),
    [("scheduled", "scheduled"), ("in_progress", "in-progress"), ("verifying", "in-progress")],
)
def test_planned_work_that_is_not_over_stands_where_the_page_says(status: str, ours: str) -> None:
    data = served(work(status=status, resolved_at=None, incident_updates=[]))
    found = planned_files("statuspage", {"x.json": data})
    assert found.files[0].settled.status == ours


# --- files


@pytest.mark.parametrize(
    "data",
    [
        served(incident()),
        served(incident(), components=[{"id": "c1"}], status={"indicator": "none"}),
        json.dumps([incident()]).encode(),
        json.dumps(incident(), indent=2).encode(),
        b"\xef\xbb\xbf" + served(incident()),
        json.dumps({"incidents": [incident()]}).encode("utf-16"),
    ],
)
def test_every_shape_of_a_capture_gives_the_same_record(data: bytes) -> None:
    found = planned_files("statuspage", {"x.json": data})
    assert [one.text for one in found.files] == [text_of()]


def test_a_place_is_the_line_and_the_element() -> None:
    data = json.dumps({"incidents": [incident(), incident(id="a2", impact="huge")]}, indent=1)
    (defect,) = planned_files("statuspage", {"x.json": data.encode()}).defects()
    assert data.splitlines()[defect.line].strip() == '"id": "a2",'
    assert defect.reason.startswith('incidents[1]: impact: "huge" has no severity in the mapping')


def test_a_page_without_incidents_says_so_and_does_no_harm_beside_others() -> None:
    page = json.dumps({"page": {"id": "p1"}, "status": {"indicator": "none"}}).encode()
    alone = planned_files("statuspage", {"status.json": page})
    assert alone.skipped[0].reason == "no list incidents or scheduled_maintenances"
    beside = planned_files("statuspage", {"status.json": page, "x.json": served(incident())})
    assert (len(beside.files), beside.skipped) == (1, ())
    assert planned_files("statuspage", {"unresolved.json": served()}) == Plan()


# --- several captures


def test_the_newest_capture_tells_the_incident_and_older_updates_are_kept() -> None:
    early = incident(
        name="Form slow",
        updated_at="2026-02-03T10:00:00Z",
        impact="minor",
        status="investigating",
        resolved_at=None,
        incident_updates=[
            told("investigating", "10:10:00", "Deleted later."),
            told("investigating", "10:00:00", "As it was first."),
        ],
    )
    late = incident()
    one = planned_files("statuspage", {"1.json": served(early), "2.json": served(late)})
    other = planned_files("statuspage", {"1.json": served(late), "2.json": served(early)})
    assert [file.text for file in one.files] == [file.text for file in other.files]
    assert (one.defects(), one.skipped) == ((), ())
    draft = one.files[0].settled.draft
    assert (draft.title, draft.severity) == ("Sign-up form fails", "P0")
    bodies = [update.text for update in draft.updates]
    assert bodies == ["We look.\n# Timeline", "Deleted later.", "We watch it.", "It works."]


def test_updates_without_ids_are_the_same_by_time_and_text() -> None:
    without = [{k: v for k, v in u.items() if k != "id"} for u in (told("resolved", "11:30:00"),)]
    more = [
        *without,
        told("resolved", "11:30:00", "y", id=None),
        told("resolved", "11:30:00", "y", id=None),
    ]
    files = {
        "1": served(incident(incident_updates=without)),
        "2": served(incident(incident_updates=more[:2], updated_at="2026-02-03T11:00:00Z")),
        "3": served(incident(incident_updates=more[2:], updated_at="nonsense")),
    }
    (file,) = planned_files("statuspage", files).files
    assert sorted(update.text for update in file.settled.updates) == ["x", "y"]


def test_the_lists_of_one_summary_may_name_an_incident_both() -> None:
    found = planned_files("statuspage", {"x": served(work(), scheduled_maintenances=[work()])})
    assert (len(found.files), found.skipped) == (1, ())


def test_an_id_twice_in_one_list_is_no_later_capture_and_is_named() -> None:
    found = planned_files("statuspage", {"x": served(incident(), incident(name="Another"))})
    assert len(found.files) == 1
    (skipped,) = found.skipped
    assert skipped.reason == 'incidents[1]: id: "a1" stands in incidents[0] already'


def test_two_pages_stand_in_one_tracker_by_two_names() -> None:
    one = planned_files("statuspage", {"x": served(incident())}, ("system", "github"))
    there = read_back(one)
    other = planned_files("statuspage", {"x": served(incident())}, ("system", "npm"), there=there)
    again = planned_files(
        "statuspage", {"x": served(incident())}, ("system", "github"), there=there
    )
    assert [file.action for file in other.files] == [Action.NEW]
    assert [file.action for file in again.files] == [Action.SAME]


# --- who may read it


def test_what_was_public_is_internal_until_somebody_says_otherwise() -> None:
    assert "visibility" not in text_of()
    assert read_back(of()).incidents[0].is_internal


@pytest.mark.parametrize(
    ("changed", "summary"),
    [
        ({}, "We look. # Timeline"),
        ({"incident_updates": [told("resolved", "11:30:00", "y" * 3_000)]}, "y" * 498 + " …"),
        ({"incident_updates": [told("resolved", "11:30:00", "")]}, "Sign-up form fails"),
        ({"incident_updates": None}, "Sign-up form fails"),
        ({"incident_updates": [told("resolved", "11:30:00", "a\n: b \u202e")]}, "a : b"),
    ],
)
def test_a_public_record_says_what_everybody_could_read_first(
    changed: dict[str, object], summary: str
) -> None:
    data = served(incident(**changed))
    found = planned_files("statuspage", {"x": data}, ("visibility", "public"))
    tracker = read_back(found)
    assert not tracker.incidents[0].is_internal
    assert tracker.incidents[0].public_summary == summary
    assert check(tracker).findings == ()


def test_a_column_may_be_the_public_summary_and_a_wrong_word_is_refused() -> None:
    pairs = [("visibility", "public"), ("public_summary", "name")]
    found = planned_files("statuspage", {"x": served(incident())}, *pairs)
    assert "public_summary: Sign-up form fails\n" in found.files[0].text
    with pytest.raises(MappingError, match='"secret" is no visibility of ours'):
        planned_files("statuspage", {"x": served(incident())}, ("visibility", "secret"))


def test_other_names_for_levels_and_components_are_given_on_the_command_line() -> None:
    update = told("investigating", "10:00:00", touched=[{"label": "Mail", "now": "major_outage"}])
    data = served(incident(incident_updates=[update], components=[{"label": "Forms"}]))
    pairs = [
        ("levels.column", "touched"),
        ("levels.name", "label"),
        ("levels.level", "now"),
        ("components.name", "label"),
        ("watch", "nothing"),
    ]
    (file,) = planned_files("statuspage", {"x": data}, *pairs).files
    assert file.settled.updates[0].levels == {"mail": "major_outage"}
    assert file.settled.draft.components == {"forms": "Forms", "mail": "Mail"}
    assert file.settled.draft.watched is None


# --- what is not taken


def test_every_field_that_is_not_taken_is_counted_once_for_each_incident() -> None:
    rows = (incident(custom_tweet="a", reminder=None), incident(id="a2", custom_tweet=""))
    found = planned_files("statuspage", {"x": served(*rows)})
    assert found.untaken() == {
        "created_at": 2,
        "incident_updates[].created_at": 2,
        "incident_updates[].id": 2,
        "page_id": 2,
        "updated_at": 2,
        "custom_tweet": 1,
    }


def test_what_is_not_taken_is_said_with_the_way_to_take_it(
    empty_tracker: Typed, tmp_path: object
) -> None:
    odd = {f"field_{n:02}": "x" for n in range(50)}
    path = empty_tracker.write("x.json", served(incident(**odd, **{"a\x1b[2Jb": "x"})))
    said = empty_tracker.incident("import", "statuspage", str(path))
    assert said.status == 0
    line = next(line for line in said.out.splitlines() if line.startswith("not taken: "))
    assert line.startswith("not taken: a[2Jb 1, created_at 1, field_00 1, ")
    assert line.endswith(" and 16 more; --map FIELD=COLUMN takes one")
    told_all = json.loads(
        empty_tracker.incident("import", "statuspage", str(path), "--format", "json").out
    )
    assert len(told_all["not_taken"]) == 56
    taken = empty_tracker.incident("import", "statuspage", str(path), "--map", "text=field_00")
    assert "field_00" not in taken.out


# --- strangers' files


@pytest.mark.parametrize(
    ("data", "kept", "told_why"),
    [
        (b"", 0, "neither an object nor a list"),
        (b"7", 0, "neither an object nor a list"),
        (served(incident())[:-40], 0, "incidents[0]: no JSON: "),
        (served(incident(), incident(id="a2"))[:-40], 1, "incidents[1]: no JSON: "),
        (served(None, incident()), 1, "incidents[0]: the row is no object with fields"),
        (b"[" + b'{"id":' * 10_000 + b"1" + b"}" * 10_000 + b"]", 0, "nested too deeply"),
        (b'[{"id": "a", "id": "b"}]', 0, "id: stands twice in one object"),
        (served(incident(id=None)), 0, "incidents[0]: id: no id"),
        (served(incident(name=None)), 0, "incidents[0]: name: no title"),
        (served(incident(started_at=None, created_at=None)), 0, "no time of detection"),
        (served(incident(started_at=["x"])), 0, "holds a list or an object, not a text"),
        (served(incident(id={"a": "b"})), 0, "holds a list or an object, not a text"),
        (b'{"incidents": "none"}', 0, "name: no title"),
        (b"[\xff]", 0, "byte 2 is not UTF-8"),
    ],
)
def test_what_becomes_no_record_is_named_with_its_place(
    data: bytes, kept: int, told_why: str
) -> None:
    found = planned_files("statuspage", {"x.json": data})
    assert len(found.files) == kept
    assert told_why in found.skipped[-1].reason
    assert found.skipped[-1].line == 1


@pytest.mark.parametrize(
    "body", ["<" * 2_000_000, "\\" * 100_000, "[" * 20_000, "\x1b\u202e" * 9_000]
)
def test_a_monstrous_body_is_cut_and_its_record_is_read(body: str) -> None:
    found = of(incident_updates=[told("resolved", "11:30:00", body)])
    assert found.files[0].cut == 1
    assert read_back(found).unread == ()


def test_of_a_thousand_updates_the_newest_stay_and_the_others_are_counted() -> None:
    updates = [
        told("investigating", f"{10 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", str(n))
        for n in reversed(range(1_000))
    ]
    found = of(incident_updates=updates)
    assert found.files[0].cut == 600
    assert [u.text for u in found.files[0].settled.updates] == [str(n) for n in range(600, 1_000)]
    assert read_back(found).unread == ()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
UPDATE = ANY | st.fixed_dictionaries(
    {key: ANY | st.just(value) for key, value in told("resolved", "11:30:00").items()}
    | {"affected_components": ANY | st.lists(ANY | st.just(SIGN_UP), max_size=2)}
)
INCIDENT = st.fixed_dictionaries(
    {key: ANY | st.just(value) for key, value in incident().items()}
    | {
        "scheduled_for": ANY,
        "postmortem_body": ANY,
        "postmortem_published_at": ANY | st.just("2026-02-05T10:00:00Z"),
        "incident_updates": ANY | st.lists(UPDATE, max_size=3),
    }
)


@settings(max_examples=150)
@given(st.lists(ANY | INCIDENT, max_size=4), st.lists(INCIDENT, max_size=2))
def test_whatever_stands_in_the_fields_each_incident_is_a_record_or_is_named(
    first: list[object], second: list[object]
) -> None:
    files = {"1": served(*first), "2": served(*second)}
    found = planned_files("statuspage", files)
    tracker = read_back(found)
    given_ids = [one.get("id") for one in [*first, *second] if isinstance(one, dict)]
    marks = {mark for mark in given_ids if isinstance(mark, str) and mark}
    assert len(found.files) + len(found.skipped) <= len(first) + len(second)
    assert len(found.files) + len(found.skipped) >= len(marks)
    assert (tracker.unread, [f for f in tracker.findings if f.level is Level.ERROR]) == ((), [])
    drafts = [one.settled.draft for one in found.files]
    again = plan(drafts, PROTOCOL, Existing.of(tracker))
    assert {one.action for one in again.files} <= {Action.SAME}
