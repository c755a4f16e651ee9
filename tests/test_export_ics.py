"""The calendar: read by another program, the same entries as elsewhere, nobody invited."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import icalendar
from poison import public, with_records_of

from builder import incident, tracker
from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.due import due
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.formats.duty_events import duty_calendar
from incident_tracker.model import Tracker
from incident_tracker.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WINDOW = {"kind": "maintenance", "status": "scheduled", "severity": None}


def text_of(records: Tracker, audience: Audience = Audience.INTERNAL) -> str:
    settings = Settings(audience=audience, mkdocs="site_url: https://status.example.org\n")
    (data,) = exports()["ics"].files(records, NOW, settings).values()
    return data.decode()


def entries(records: Tracker, audience: Audience = Audience.INTERNAL) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text_of(records, audience)).events)


def planned(records: Tracker) -> list[Any]:
    return [e for e in entries(records) if e["CATEGORIES"].cats[0] == "Maintenance"]


def kinds(found: list[Any]) -> Counter[str]:
    return Counter(str(event["CATEGORIES"].cats[0]) for event in found)


def test_it_holds_planned_work_meetings_drills_and_what_is_due() -> None:
    records = Workspace.find(ROOT).load()
    found = kinds(entries(records))
    planned = [i for i in records.incidents if i.is_maintenance and not i.is_cancelled]
    assert found == {
        "Maintenance": len(planned),
        "Review meeting": sum(review.held_at is not None for review in records.reviews),
        "Drill": sum(i.is_drill and not i.is_cancelled for i in records.incidents),
        "Due": len(due(records, NOW)),
    }
    assert min(found.values()) > 0


def test_an_entry_is_known_by_the_same_name_in_every_calendar_of_ours() -> None:
    records = Workspace.find(ROOT).load()
    owed = icalendar.Calendar.from_ical(duty_calendar(due(records, NOW), records.protocol, NOW))
    names = [str(event["UID"]) for event in entries(records)]
    assert {str(event["UID"]) for event in owed.events} <= set(names)
    assert len(names) == len(set(names))


def test_planned_work_has_its_two_times_and_its_page() -> None:
    window = incident(
        "upgrade",
        scheduled_start="2026-03-02T02:00-06:00",
        scheduled_end="2026-03-02T04:00-06:00",
        **WINDOW,  # type: ignore[arg-type] # None removes a field
    )
    (event,) = planned(tracker(window))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        datetime(2026, 3, 2, 8, tzinfo=UTC),
        datetime(2026, 3, 2, 10, tzinfo=UTC),
    )
    assert str(event["SUMMARY"]) == "Maintenance: About upgrade"
    assert str(event["URL"]) == (f"https://status.example.org/incidents/2026/{window.id}/")


def test_an_end_before_the_start_is_no_end() -> None:
    window = incident(
        "upgrade",
        scheduled_start="2026-03-02T02:00-06:00",
        scheduled_end="2026-03-02T01:00-06:00",
        **WINDOW,  # type: ignore[arg-type] # None removes a field
    )
    (event,) = planned(tracker(window))
    assert "DTEND" not in event
    cancelled = replace(window, status="cancelled")
    assert planned(tracker(cancelled)) == []


def test_whoever_subscribes_is_not_invited() -> None:
    text = text_of(Workspace.find(ROOT).load())
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text


def test_the_public_sees_planned_work_that_is_public_and_nothing_else() -> None:
    found = entries(public(), Audience.PUBLIC)
    assert kinds(found) == {"Maintenance": 1}
    assert kinds(entries(public()))["Review meeting"] == 1


def test_row_20_a_hostile_text_is_one_value_of_one_entry() -> None:
    text = "semi; comma, \\n \r\nBEGIN:VEVENT\r\nSUMMARY:x\x00\u202e </script>"
    clean = entries(public())
    found = entries(with_records_of(public(), text))
    assert kinds(found)["Maintenance"] == kinds(clean)["Maintenance"]
    raw = text_of(with_records_of(public(), text))
    assert raw.count("\r\nBEGIN:VEVENT\r\n") == len(found)
    assert not any(c in raw for c in "\x00\u202e")
    assert "\n" not in raw.replace("\r\n", "")
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= 75
    assert "semi; comma, \\n \nBEGIN:VEVENT" in str(found[0]["SUMMARY"])
    days = [event.decoded("DTSTART") for event in found]
    assert all(isinstance(day, date) for day in days)
