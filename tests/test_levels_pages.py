"""How an incident's page shows its components: in colour only while something is broken."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from builder import incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.pages import Site, build
from incident_tracker.registers import Component

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
