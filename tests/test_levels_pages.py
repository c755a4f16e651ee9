"""How an incident's page shows its components: in colour only while something is broken."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import PROTOCOL, incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.exports.badges import badges
from incident_tracker.exports.declare import Settings
from incident_tracker.exports.statuspage import statuspage_export
from incident_tracker.model import Incident
from incident_tracker.pages import Site, build
from incident_tracker.pages.book import Book
from incident_tracker.pages.calendar_bars import levels_now
from incident_tracker.pages.levels import spells
from incident_tracker.registers import Component

pytestmark = pytest.mark.usefixtures("own_pages")

NOW = datetime.fromisoformat("2026-03-02T12:00-06:00")
UPDATES = (
    "### 2026-03-01 10:20 - Investigating",
    "We look.",
    "- Components: website major_outage",
    "",
)


def components(audience: Audience, **fields: str) -> str:
    one = incident("slow", components="{website: partial_outage}", updates=UPDATES, **fields)
    whole = replace(tracker(one), components=(Component(id="website", name="Website"),))
    found = {page.path: page.markdown for page in build(whole, Site(now=NOW, audience=audience))}
    return found[one.path].partition("<dt>Components</dt><dd>")[2].partition("</dd>")[0]


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.PUBLIC])
def test_what_is_over_is_told_as_the_past_and_without_a_colour(audience: Audience) -> None:
    closed = components(audience, closed="2026-03-01T23:00Z")

    assert re.sub("<[^>]+>", "|", closed) == "||Website|at worst: major outage|||"
    assert "it-state" not in closed
    assert "reported: major outage" in components(audience, status="cancelled")


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.PUBLIC])
def test_what_is_broken_now_stands_in_its_colour(audience: Audience) -> None:
    still = components(audience)

    assert "it-state--major" in still
    assert "at worst" not in still


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.PUBLIC])
@pytest.mark.parametrize(
    ("status", "is_over"), [("scheduled", False), ("in-progress", False), ("completed", True)]
)
def test_planned_work_was_under_maintenance_once_it_is_done(
    audience: Audience, status: str, *, is_over: bool
) -> None:
    one = incident(
        "work",
        kind="maintenance",
        severity="",
        status=status,
        components="{website: under_maintenance}",
        scheduled_start="2026-03-02T10:00-06:00",
        scheduled_end="2026-03-02T14:00-06:00",
    )
    found = {p.path: p.markdown for p in build(tracker(one), Site(now=NOW, audience=audience))}

    assert one.is_maintenance
    assert ("was under maintenance" in found[one.path]) is is_over
    assert ("it-state--maint" in found[one.path]) is not is_over


# --- What is over is never taken for the present


def reversed_times(status: str = "resolved") -> Incident:
    """An incident whose end lies before its beginning, as some sources have them."""
    return incident(
        "puppet",
        detected="2026-02-23T10:01Z",
        status=status,
        resolved="2026-02-20T13:00Z",
        components="{website: partial_outage}",
        origin="{system: cstate, id: puppet}",
        visibility="public",
        public_summary="Puppet failed.",
    )


def book(*records: Incident) -> Book:
    parts = (Component(id="website", name="Website"), Component(id="shop", name="Shop"))
    return Book(replace(tracker(*records), components=parts), Site(now=NOW))


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_an_end_before_the_beginning_counts_for_the_day_of_the_beginning(status: str) -> None:
    one = book(reversed_times(status))

    assert [(spell.start, spell.end) for spell in one.spells] == [
        (datetime(2026, 2, 23, 10, 1, tzinfo=UTC),) * 2
    ]
    assert levels_now(one) == {}
    page = next(p.markdown for p in build(one.tracker, one.site) if p.path == "status.md")
    assert "No open incident" in page
    assert "2 components, none with an open incident." in page
    assert "Partial outage: Website" not in page
    days = re.findall(r"Last 90 days: ([^<.;]*)", page)
    assert any(day.startswith("1 day") for day in days), days
    assert [badge.message.partition(" as of")[0] for badge in badges(one)] == [
        "No open incident"
    ] * 3


@pytest.mark.parametrize("known", ["mitigated", "closed"])
@pytest.mark.parametrize(
    ("at", "end"), [("2026-03-01T11:00Z", "11:00"), ("2026-02-27T11:00Z", "10:00")]
)
def test_any_time_at_which_it_was_over_ends_it(known: str, at: str, end: str) -> None:
    one = incident("slow", status="closed", components="{website: partial_outage}", **{known: at})
    (spell,) = spells(one, NOW)
    assert spell.start == datetime.fromisoformat("2026-03-01T10:00Z")
    assert spell.end == datetime.fromisoformat(f"2026-03-01T{end}Z")


def test_the_files_of_statuspage_say_the_same_of_an_end_before_the_beginning() -> None:
    one = book(reversed_times())
    files = statuspage_export(one.tracker, NOW, Settings())
    whole = json.loads(files["api/v2/summary.json"])

    assert {part["status"] for part in whole["components"]} == {"operational"}
    assert whole["incidents"] == []


MOMENTS = st.none() | st.integers(-3000, 3000).map(
    lambda minutes: datetime(2026, 2, 23, 10, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(max_examples=200, deadline=None)
@given(
    status=st.sampled_from(sorted(PROTOCOL.statuses)),
    times=st.fixed_dictionaries(
        dict.fromkeys(("started", "mitigated", "resolved", "verified", "closed"), MOMENTS)
    ),
    told=MOMENTS,
)
def test_only_what_is_open_has_a_level_now_whatever_its_times(
    status: str, times: dict[str, datetime | None], told: datetime | None
) -> None:
    updates = (
        [f"### {told:%Y-%m-%d %H:%M} - Monitoring", "Slow.", "- Components: website major_outage"]
        if told
        else []
    )
    given_ = {name: at.isoformat() for name, at in times.items() if at is not None}
    one = incident("any", detected="2026-02-23T10:00Z", status=status, updates=updates, **given_)

    found = list(spells(one, NOW))
    assert all(spell.end is None or spell.start <= spell.end for spell in found)
    assert one.is_open or all(spell.end is not None for spell in found)
    assert one.is_open or levels_now(book(one)) == {}


def test_planned_work_that_was_completed_early_is_no_longer_under_way() -> None:
    one = incident(
        "work",
        kind="maintenance",
        severity="",
        status="completed",
        scheduled_start="2026-03-02T10:00-06:00",
        scheduled_end="2026-03-02T14:00-06:00",
        timeline=["- 2026-03-02 11:00 - Maintenance completed: it runs"],
    )
    (spell,) = spells(one, NOW)
    assert spell.end == datetime.fromisoformat("2026-03-02T11:00-06:00")
    assert levels_now(book(one)) == {}


# --- An update names its components as the rest of the page does


def test_an_update_names_components_and_levels_in_words() -> None:
    one = incident("slow", updates=UPDATES)
    whole = replace(tracker(one), components=(Component(id="website", name="Website"),))
    found = {p.path: p.markdown for p in build(whole, Site(now=NOW))}[one.path]

    assert "Website: major outage" in found
    assert "website major_outage" not in found
