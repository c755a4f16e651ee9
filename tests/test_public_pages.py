"""What the public pages say: every state of an incident, and nothing of the team's promises."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builder import incident, review, tracker
from incident_tracker import pages
from incident_tracker.audience import Audience, published
from incident_tracker.model import Component, Incident, Origin, Review
from incident_tracker.pages.declare import DECLARED

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ASKED = ["### 2026-03-01 05:10 - Investigating", "We look.", "- Next update: 06:30"]
# The zone of the protocol is that of Chicago: 06:00 there.


def site(*records: Incident | Review, now: datetime = NOW, withheld: int = 0) -> dict[str, str]:
    """The public pages by path."""
    whole = replace(tracker(*records), components=(Component(id="website", name="Website"),))
    known = pages.Site(now=now, audience=Audience.PUBLIC, commit="abc1234", withheld=withheld)
    return {page.path: page.markdown for page in pages.build(published(whole), known)}


def told(name: str = "down", **fields: str | list[str]) -> Incident:
    """An incident that says it is public."""
    given = {"visibility": "public", "public_summary": f"Nobody sees {name}.", **fields}
    return incident(name, **given)  # type: ignore[arg-type] # its fields


def page(shown: Incident, **more: object) -> str:
    return site(shown, **more)[shown.path]  # type: ignore[arg-type] # passed on


def text(markdown: str) -> str:
    """A page's words without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", markdown).replace("\u00a0", " ").split())


def facts(markdown: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", markdown.partition("</aside>")[0])
    return {name: text(value) for name, value in found}


def test_these_pages_are_for_everybody_and_no_other() -> None:
    site()
    public = {name for name, kind in DECLARED.items() if Audience.PUBLIC in kind.audiences}
    assert public == {
        "about.md",
        "history",
        "public incidents",
        "public reviews",
        "status.md",
        "subscribe.md",
    }


def test_an_open_incident_says_what_is_broken_and_when_somebody_writes_again() -> None:
    shown = told(severity="P0", components="{website: major_outage}", updates=ASKED)
    held = facts(page(shown))
    assert list(held) == ["Status", "Next update", "Components", "Severity", "Detected", "Duration"]
    assert held["Status"] == "Investigating we know that something is wrong"
    assert held["Next update"] == "1 Mar 2026, 06:30 −06:00 in 30 min"
    assert held["Components"] == "Website Major outage"
    assert held["Severity"] == "P0 Critical"
    assert held["Detected"] == "1 Mar 2026, 04:00 −06:00"
    assert held["Duration"] == "2 h so far, from detection"


@pytest.mark.parametrize(
    ("updates", "said"),
    [
        ([], "no time was promised"),
        (["### 2026-03-01 05:10 - Investigating", "We look."], "no time was promised"),
        ([*ASKED[:2], "- Next update: 05:48"], "1 Mar 2026, 05:48 −06:00 12 min late"),
    ],
)
def test_a_next_update_that_is_late_or_was_not_promised_is_said_to_be(
    updates: list[str], said: str
) -> None:
    assert facts(page(told(updates=updates)))["Next update"] == said


def test_updates_stand_newest_first_each_with_an_address_of_its_own() -> None:
    twice = [*ASKED, "", "### 2026-03-01 05:10 - Identified", "We know.", "- Impact: unchanged"]
    markdown = page(told(updates=[*twice, "- Components: website degraded_performance"]))
    assert re.findall(r'id="(update[^"]*)"', markdown) == [
        "update-20260301-0510-2",
        "update-20260301-0510",
    ]
    assert 'href="#update-20260301-0510-2"' in markdown
    assert markdown.index("We know.") < markdown.index("We look.")
    assert "Website: degraded performance" in text(markdown)
    assert "Next update promised by 1 Mar 2026, 06:30 −06:00" in text(markdown)


def test_the_moments_that_matter_to_users_are_told_and_the_others_are_not() -> None:
    shown = told(
        started="2026-03-01T09:50Z",
        acknowledged="2026-03-01T10:02Z",
        mitigated="2026-03-01T10:30Z",
        resolved="2026-03-01T10:40Z",
        verified="2026-03-01T11:20Z",
        closed="2026-03-01T11:30Z",
    )
    held = facts(page(shown))
    assert held["Began"] == "1 Mar 2026, 03:50 −06:00"
    assert held["Working again"] == "1 Mar 2026, 04:30 −06:00"
    assert held["Resolved"] == "1 Mar 2026, 04:40 −06:00"
    assert held["Duration"] == "40 min from detection to the fix"
    assert "Next update" not in held
    assert "04:02" not in page(shown)
    assert "05:20" not in page(shown)


def test_an_imported_incident_without_times_says_only_what_is_known() -> None:
    came = replace(told(status="closed", severity="P3"), origin=Origin(system="csv", id="7"))
    bare = replace(came, times={})
    markdown = page(bare)
    assert list(facts(markdown)) == ["Status", "Components", "Severity"]
    assert "No update was published." in markdown
    assert "csv" not in markdown


def test_planned_work_has_its_window_and_no_severity() -> None:
    window = told(
        "move",
        severity="",
        kind="maintenance",
        status="scheduled",
        components="{website: under_maintenance}",
        scheduled_start="2026-03-02T08:00Z",
        scheduled_end="2026-03-02T10:00Z",
    )
    markdown = page(window)
    assert list(facts(markdown)) == ["Status", "Planned for", "Components", "Duration"]
    assert facts(markdown)["Planned for"] == (
        "2 Mar 2026, 02:00 −06:00 until 2 Mar 2026, 04:00 −06:00"
    )
    assert "No update yet." in markdown
    assert "Nobody sees move." in site(window)["status.md"]


def test_what_is_no_incident_is_marked_as_such() -> None:
    shown = told(status="cancelled")
    assert '<span class="it-flag">cancelled</span>' in page(shown)
    assert text(site(shown)["status.md"]).startswith("No open incident")


def test_a_drill_is_on_no_page_whatever_it_says() -> None:
    drill = told("practised", drill="site-down", resolved="2026-03-01T10:20Z")
    pages = site(drill, told("other"))
    assert not [path for path, markdown in pages.items() if "practised" in path + markdown]


def test_no_page_speaks_of_drills_which_are_never_published() -> None:
    for path, shown in site(told(), told("played", drill="P0")).items():
        assert "drill" not in shown.lower(), path


def test_no_page_says_what_the_team_means_by_a_severity() -> None:
    down = told(severity="P0")
    assert facts(page(down))["Severity"] == "P0 Critical"
    meanings = {terms.meaning for terms in down.protocol.severities.values()}
    for path, shown in site(down).items():
        assert not [m for m in meanings if m.lower() in shown.lower()], path


def test_neighbours_are_the_published_incidents_before_and_after() -> None:
    first, second, third = (
        told(name, detected=f"2026-03-01T0{hour}:00Z")
        for hour, name in enumerate(("one", "two", "three"), start=7)
    )
    hidden = incident("hidden", detected="2026-03-01T07:30Z")
    made = site(first, hidden, second, third)
    assert "Newer About three Older About one" in text(made[second.path])
    assert "Newer" not in made[third.path]
    assert "Older" not in made[first.path]


def test_a_public_review_is_linked_and_names_nobody() -> None:
    shown = told(resolved="2026-03-01T10:40Z", roles="{ic: asha}")
    given = {"status": "published", "visibility": "public", "attendees": "[asha]"}
    written = review(shown, published_at="2026-03-05T10:00Z", actions=["- [ ] x"], **given)
    made = site(shown, written)
    assert "Post-incident review" in made[shown.path]
    assert ">Review</a>" in made["history/2026.md"]
    assert "published 5 Mar 2026" in text(made[written.path])
    assert "asha" not in "".join(made.values())
    assert "- [ ]" not in made[written.path]


def test_an_empty_site_says_so_and_shows_no_command() -> None:
    made = site()
    assert set(made) == {"status.md", "history/2026.md", "about.md", "subscribe.md"}
    assert "No incident was published yet." in made["status.md"]
    assert "No incident was published in 2026." in made["history/2026.md"]
    assert "<code>incident " not in "".join(made.values())


def test_the_first_page_says_how_many_published_incidents_cannot_be_shown() -> None:
    assert "1 published incident cannot be shown at the moment and is missing" in text(
        site(withheld=1)["status.md"]
    )
    assert "cannot be shown" not in site()["status.md"]


def test_an_open_incident_on_the_first_page_tells_the_last_that_was_told() -> None:
    more = ["", "### 2026-03-01 05:40 - Identified", "We know.", "- Impact: unchanged"]
    asked = [*ASKED, "- Impact: nobody can read"]
    status = text(site(told(updates=[*asked, *more]))["status.md"])
    assert "We know. Impact nobody can read Next update no time was promised" in status
    silent = text(site(told())["status.md"])
    assert "None yet. Nobody sees down. Next update no time was promised" in silent


def test_no_page_says_what_became_of_the_targets_of_the_team() -> None:
    late = told("late", severity="P0", acknowledged="2026-03-01T10:50Z", updates=ASKED)
    over = told("over", severity="P0", resolved="2026-03-01T11:50Z", updates=ASKED)
    whole = text(" ".join(site(late, over).values())).lower()
    for word in ("acknowledg", "target", "kept", "owed", "overdue", "clock", "first draft"):
        assert word not in whole


def test_the_page_about_the_site_explains_every_word_of_the_protocol_that_is_shown() -> None:
    about = text(site()["about.md"])
    protocol = tracker().protocol
    for word in (
        *protocol.statuses.values(),
        *protocol.maintenance_statuses.values(),
        *protocol.component_levels.values(),
    ):
        assert word.label in about
    for name, terms in protocol.severities.items():
        assert f"{name} {terms.name}" in about
    assert "America/Chicago" in about
