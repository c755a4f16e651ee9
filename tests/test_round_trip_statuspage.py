"""What came from a Statuspage leaves as it came, and comes again as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from importing import planned_files, read_back
from test_import_statuspage import incident, served, told, work
from test_real_feeds import FOLDER, SOURCES

from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.importers.html_text import shown
from incident_tracker.importers.plan import Plan
from incident_tracker.importers.texts import cleaned

NOW = datetime(2026, 9, 1, tzinfo=UTC)
OPEN = {"monitoring_at": None, "resolved_at": None}
INVENTED = served(
    incident(),
    incident(
        id="a2",
        impact="none",
        monitoring_at=None,
        incident_updates=[told("resolved", "11:30:00", "a<br />b &lt; c")],
    ),
    incident(
        id="a3",
        status="identified",
        impact="minor",
        incident_updates=[told("identified", "10:20:00", "Found.")],
        **OPEN,
    ),
    scheduled_maintenances=[work()],
)
FEEDS = [INVENTED, *([SOURCES["statuspage"].read_bytes()] if FOLDER else [])]
# What the page alone knows: an address of its own, and levels of components in every update.
OURS = re.compile(r'(, url: "[^"]*")?, digest: sha-[0-9a-f]+|\n+- Components: .*')


def imported(data: bytes) -> Plan:
    """What becomes of a feed, every record of it public."""
    return planned_files("statuspage", {"feed.json": data}, ("visibility", "public"))


def exported(found: Plan) -> bytes:
    """The history that leaves for everybody."""
    settings = Settings(audience=Audience.PUBLIC)
    files = dict(exports()["statuspage"].files(read_back(found), NOW, settings))
    return files["api/v2/history.json"]


def incidents(data: bytes) -> Mapping[str, Mapping[str, object]]:
    """The incidents of a feed by id: seconds for their times, minutes for those of updates."""
    return {
        one["id"]: {
            **{key: one[key] for key in ("name", "status", "impact")},
            **{key: (one[key] or "")[:19] for key in ("started_at", *OPEN)},
            "updates": [_update(update) for update in one["incident_updates"]],
        }
        for one in json.loads(data)["incidents"]
    }


def _update(update: Mapping[str, Any]) -> tuple[str, str, str]:
    return (update["status"], cleaned(shown(update["body"])).text, update["display_at"][:16])


@pytest.mark.parametrize("data", FEEDS)
def test_an_incident_that_came_from_a_page_leaves_as_it_came(data: bytes) -> None:
    assert incidents(exported(imported(data))) == incidents(data)


def test_planned_work_keeps_its_id_its_window_and_what_was_told() -> None:
    (ours,) = json.loads(exported(imported(INVENTED)))["scheduled_maintenances"]
    theirs = json.loads(INVENTED)["scheduled_maintenances"][0]
    for key in ("id", "name", "status", "impact"):
        assert ours[key] == theirs[key]
    for key in ("scheduled_for", "scheduled_until"):
        assert datetime.fromisoformat(ours[key]) == datetime.fromisoformat(theirs[key])
    # That it was being verified is no status of ours.
    words = [
        update["status"].replace("verifying", "in_progress")
        for update in theirs["incident_updates"]
    ]
    assert [update["status"] for update in ours["incident_updates"]] == words


@pytest.mark.parametrize("data", FEEDS)
def test_what_left_comes_again_as_the_same_records(data: bytes) -> None:
    first = imported(data)
    again = imported(exported(first))
    assert again.skipped == ()
    assert again.defects() == ()
    assert [(file.path, OURS.sub("", file.text)) for file in again.files] == [
        (file.path, OURS.sub("", file.text)) for file in first.files
    ]
