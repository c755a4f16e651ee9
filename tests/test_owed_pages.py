"""What an open incident's page and card say of what is owed: the same as `incident due`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from builder import incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.due import due
from incident_tracker.model import Incident
from incident_tracker.pages import Site, build

BEGAN = "2026-03-01T10:00-06:00"
DETECTED = datetime.fromisoformat(BEGAN)
UPDATE = ["### 2026-03-01 10:20 - Investigating", "We look.", ""]
PROMISE = [*UPDATE[:2], "- Next update: 10:40", ""]


def pages(one: Incident, minutes: float, audience: Audience = Audience.INTERNAL) -> dict[str, str]:
    site = Site(now=DETECTED + timedelta(minutes=minutes), audience=audience)
    return {page.path: page.markdown for page in build(tracker(one), site)}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("\u00a0", " ")).split())


def the_clock(status: str) -> str:
    """The row of the update among the clocks of the card, without its drawing."""
    row = re.search(r"<tr><th scope=\"row\">(?:First|Next) update.*?</tr>", status)
    return words(row[0]) if row else ""


@pytest.mark.parametrize(
    ("updates", "minutes", "said"),
    [
        ([], 10, "First update due {} in {}"),
        ([], 300, "First update due {} {} late"),
        (UPDATE, 30, "Next update due {} in {}"),
        (UPDATE, 300, "Next update due {} {} late"),
        (PROMISE, 30, "Next update due {} in {}"),
        (PROMISE, 50, "Next update due {} {} late"),
    ],
)
def test_the_card_says_when_the_update_is_due_as_incident_due_does(
    updates: list[str], minutes: float, said: str
) -> None:
    one = incident("slow", detected=BEGAN, updates=updates)
    now = DETECTED + timedelta(minutes=minutes)
    [owed] = [d for d in due(tracker(one), now) if d.clock in {"update", "promise"}]
    zone = one.protocol.tzinfo

    status = pages(one, minutes)["status.md"]

    away = abs(owed.when - now)
    hours, rest = divmod(int(away.total_seconds()) // 60, 60)
    length = " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (rest, "min")) if n)
    assert the_clock(status) == said.format(f"{owed.when.astimezone(zone):%H:%M}", length)
    assert "no update promised" not in status
    assert ("it-v--missed" in status.partition(" update</th>")[2].partition("</tr>")[0]) is (
        "late" in said
    )


def test_the_last_update_says_when_the_protocol_asks_for_the_next_one() -> None:
    path = "incidents/2026/2026-03-01-slow.md"
    twice = [*UPDATE, "### 2026-03-01 10:30 - Investigating", "We still look.", ""]
    one = incident("slow", detected=BEGAN, severity="P0", updates=twice)

    page = words(pages(one, 40)[path])

    assert page.count("Update due by") == 1
    late = one.protocol.severities["P0"].update
    assert late is not None
    minutes = int(late.late.total_seconds()) // 60
    assert re.search(rf"Update due by \d\d:\d\d \(every {minutes} min for P0\): in \d+ min", page)
    over = incident(
        "slow", detected=BEGAN, severity="P0", updates=twice, resolved="2026-03-01T10:35-06:00"
    )
    assert "Update due" in pages(over, 40)[path], "it is watched, and people wait"
    done = incident(
        "slow", detected=BEGAN, severity="P0", updates=twice, closed="2026-03-01T10:35-06:00"
    )
    assert "Update due" not in pages(done, 40)[path]


def test_the_public_is_told_of_no_clock_that_nobody_promised_it() -> None:
    path = "incidents/2026/2026-03-01-slow.md"
    for one in (incident("slow", detected=BEGAN), incident("slow", detected=BEGAN, updates=UPDATE)):
        found = pages(one, 30, Audience.PUBLIC)
        for page in (found["status.md"], found[path]):
            assert "no time was promised" in page
            assert not re.search("due by|update due|Owed", page, re.IGNORECASE)
    promised = pages(incident("slow", detected=BEGAN, updates=PROMISE), 30, Audience.PUBLIC)[path]
    assert "no time was promised" not in promised
    assert "Next update promised by" in promised
