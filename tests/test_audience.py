"""Who may see what: every text of a tracker is marked, and only the allowed ones come through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest
from poison import PUBLIC, public, with_texts

from builder import PROTOCOL
from conftest import ROOT
from incident_tracker.audience import Audience, published, seen_by, withheld
from incident_tracker.examples import PATHS
from incident_tracker.model import Origin
from incident_tracker.text import telling
from incident_tracker.workspace import Workspace

MARK = re.compile(r"§([^§]+)§")
TITLES = (
    "Incident Summary",
    "Impact",
    "Root Cause",
    "What Went Well",
    "What Needs Improvement",
    "Prevention",
    "Lessons Learned",
)
TOLD_IN_UPDATES = (
    "impact",
    "next-steps",
    "next-update",
    "eta",
    "components",
    "root-cause",
    "resolution",
    "prevention",
)
TOLD = {
    "Connectives.unchanged",
    "Component.description",
    "Component.group",
    "Component.id",
    "Component.name",
    "Document.path",
    "Incident.components",
    "Incident.path",
    "Incident.public_summary",
    "Incident.severity",
    "Incident.title",
    *(f"Keyed {key}.value" for key in TOLD_IN_UPDATES),
    "Origin.id",
    "Protocol.organisation",
    "Protocol.version",
    "Review.id",
    "Review.path",
    *(f"Section {title}.{part}" for title in TITLES for part in ("items", "text")),
    "Severity.component_level",
    "Severity.meaning",
    "Severity.name",
    "Update.components",
    "Update.status",
    "Update.text",
    "Word.about",
    "Word.label",
    "Word.look",
    "Word.text",
    "Word.words",
    "Protocol.maintenance_level",
}


def mark(label: str, _: str) -> str:
    return f"§{label}§"


def texts(value: object) -> set[str]:
    """Every text in it, however deep, keys too."""
    if isinstance(value, str):
        return {value}
    if is_dataclass(value) and not isinstance(value, type):
        return set().union(*(texts(getattr(value, row.name)) for row in fields(value)))
    if isinstance(value, Mapping):
        return set().union(*(texts(one) for pair in value.items() for one in pair))
    return set().union(*map(texts, value)) if isinstance(value, tuple) else set()


def test_no_text_of_a_tracker_is_public_but_those_that_are_named() -> None:
    own = Workspace.find(ROOT).load()
    waived = ("incident", "TODO: test a", "TODO: <!-- incident: ok TML012 said --> test a")
    good = public(waived)
    told = tuple(replace(i, origin=Origin(system="statuspage", id="x")) for i in good.incidents)
    for tracker in (own, replace(good, incidents=told)):
        found = " ".join(texts(published(with_texts(tracker, mark))))
        assert set(MARK.findall(found)) <= TOLD
    seen = {"Review.path", "Section Root Cause.text", "Origin.id", "Keyed root-cause.value"}
    assert seen <= set(MARK.findall(found))


def test_a_value_that_is_public_is_as_it_was() -> None:
    before = public()
    (incident, window), (review,) = published(before).incidents, published(before).reviews
    original = before.incident_by_id[incident.id]
    kept = ("id", "path", "title", "status", "severity", "components", "times", "public_summary")
    assert [getattr(incident, name) for name in kept] == [getattr(original, name) for name in kept]
    assert [u.text for u in incident.log.updates] == [u.text for u in original.log.updates]
    assert (window.is_maintenance, window.scheduled_start) == (
        True,
        before.incident_by_id[window.id].scheduled_start,
    )
    titles = [section.title for section in review.sections]
    assert titles == list(TITLES)
    assert (incident.log.entries, incident.roles, incident.boxes, review.actions) == (
        (),
        {},
        (),
        (),
    )


@pytest.mark.parametrize(
    ("record", "old", "new", "left"),
    [
        ("incident", "visibility: public\n", "", ["2026-03-15-good"]),
        ("incident", "visibility: public\n", "visibility: internal\n", ["2026-03-15-good"]),
        ("maintenance", "visibility: public\n", "", ["2026-03-02-good"]),
        ("incident", "severity: P1", "severity: P1\ndrill: site-down", ["2026-03-15-good"]),
        ("incident", "### 2026-03-02 11:50 - Resolved", "### Timeline\n- 11:51 - secret", []),
        ("security", "visibility: internal", PUBLIC.rpartition("\n")[0], None),
    ],
)
def test_a_record_is_public_only_if_it_says_so_and_is_well_formed(
    record: str, old: str, new: str, left: list[str] | None
) -> None:
    tracker = public((record, old, new))
    found = [incident.id for incident in published(tracker).incidents]
    if left == []:
        assert withheld(tracker) == (PATHS["incident"],)
        assert found == ["2026-03-15-good"]
    elif left is None:
        assert PATHS[record].rpartition("/")[2].removesuffix(".md") in found
    else:
        assert found == left
        assert withheld(tracker) == ()


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_review_is_public_only_with_its_incident_and_once_it_is_published(status: str) -> None:
    drafted = ("review", "status: published", f"status: {status}")
    assert bool(published(public(drafted)).reviews) is (status == "published")
    hidden = ("incident", "visibility: public\n", "")
    assert published(public(drafted, hidden)).reviews == ()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[the log](<../../evidence/a b.log>)", "the log"),
        ("[a]( ../../evidence/x.log) [b](\n../../y)", "a b"),
        ("[![a](x.png)](../../evidence/y) [a [b] c](../z)", "a a [b] c"),
        ("[x](https://example.org/) [y]( <https://example.org/>)",) * 2,
        ("See [a].\n\n  [a]: evidence/x.log 'a title'", "See [a]."),
        ("[b]: <../x y>\n[c]: https://example.org/", "[c]: https://example.org/"),
        ("[Note]: we are on it",) * 2,
        (
            "a <b>c</b> <img src='x.png' alt=y> <https://example.org/?a=b> <your name>",
            "a <b>c</b>  <https://example.org/?a=b> <your name>",
        ),
    ],
)
def test_a_public_text_does_not_say_where_the_tracker_keeps_files(written: str, told: str) -> None:
    assert telling.told(written) == told


def test_an_update_within_a_comment_that_another_began_is_not_told() -> None:
    assert list(telling.told_in_turn(["a <!-- b", "c", "d --> e", "f <!-- g", "h"])) == [
        "a",
        None,
        "e",
        "f",
        "h",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "The check of Mara Example failed, mara said.",
            "The check of (name) failed, (name) said.",
        ),
        ("Summaries are marathon work.", "Summaries are marathon work."),
        ("Read [the log](../../evidence/a_(b).log), now.", "Read the log, now."),
        (
            "Read [the log][1] and ![a picture](x.png).\n\n[1]: secret",
            "Read the log and a picture.",
        ),
        ("See https://grafana.example/d/1?x=y and <a.b@example.org>.", "See (link) and (link)."),
        ("It<!-- a --> ended. <!-- left open", "It ended."),
        ("Call 555-0100, ask BO.", "Call (name), ask (name)."),
        ("Mara\nExample, mara  example and **Mara** Example.", "(name), (name) and **(name)."),
        ("_Mara_ and Example's team, for example.", "_(name)_ and (name)'s team, for example."),
        ("[![a](x.png)](../../evidence/y) www.example.org/x <img src=z.png>.", "a (link) ."),
    ],
)
def test_a_public_review_names_nobody_and_links_nowhere(written: str, told: str) -> None:
    cause = "The release test builds a fresh index, so no test ever meets an index that an older"
    (review,) = published(public(("review", f"{cause} release has written.", written))).reviews
    section = review.section("Root Cause")
    assert section is not None
    assert section.text.startswith(told)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("See [the log](../../evidence/a_(b).log).", "See the log."),
        ("![A graph](../../evidence/a.png) shows it.", "A graph shows it."),
        (
            "See [it](runbook.md#x) and [that](HTTPS://example.org/x).",
            "See it and [that](HTTPS://example.org/x).",
        ),
        ("Write [us](mailto:help@example.org).", "Write [us](mailto:help@example.org)."),
        ("See [it][1].\n\n[1]: ../../evidence/a.log", "See [it][1]."),
        ("[Note]: all is well. a[0](x", "[Note]: all is well. a[0](x"),
    ],
)
def test_what_users_are_told_leads_to_no_file_of_the_tracker(written: str, told: str) -> None:
    tracker = public(("incident", "Searching works again.", written))
    assert published(tracker).incidents[0].log.updates[-1].text == told


def test_a_comment_in_an_update_is_not_public() -> None:
    noted = ("incident", "Searching works again.", "Searching works.<!-- ok UPD001 bo was late -->")
    incident = published(public(noted)).incidents[0]
    assert incident.log.updates[-1].text == "Searching works."


@pytest.mark.parametrize(("system", "kept"), [("statuspage", True), ("pagerduty", False)])
def test_only_an_id_that_was_public_before_stays(system: str, *, kept: bool) -> None:
    came = f"protocol: 2.0.0\norigin: {{system: {system}, id: 9x, url: https://in.example}}"
    incident = published(public(("incident", "protocol: 2.0.0", came))).incidents[0]
    assert incident.origin == (Origin(system=system, id="9x") if kept else None)


def test_what_is_public_can_be_published_again() -> None:
    once = published(public())
    assert published(once) == once


def test_an_internal_audience_sees_everything() -> None:
    tracker = public()
    assert seen_by(Audience.INTERNAL, tracker) is tracker
    assert seen_by(Audience.PUBLIC, tracker) == published(tracker)


def test_the_public_words_name_no_setting_and_no_audience() -> None:
    protocol = published(public()).protocol
    assert (protocol.settings, protocol.owner, protocol.severities["P0"].audiences) == ((), "", ())
    assert protocol.statuses == PROTOCOL.statuses
    assert isinstance(protocol.released, date)
