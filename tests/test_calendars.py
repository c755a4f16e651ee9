"""Calendars: read by another program, whatever stands in the records they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from incident_tracker.formats.events import Event, Guest, calendar, uid

Entry: TypeAlias = Mapping[str, Any]
GOOD = "2026-03-02-good"
REVIEW = "pir/2026/2026-03-02-good.md"
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
HELD = "2026-03-06T10:00-06:00"
HOSTILE = [
    "semi; comma, back\\slash \\n \\, end",
    'BEGIN:VEVENT\r\nATTENDEE;CN="x":mailto:x@example.org',
    'quote " colon : caret ^n',
    "ü" * 80 + "日本語" * 40 + "🧯" * 30,
    "zero\u200bwidth, bell \x07, right-to-left \u202e, next line \u0085",
    " leading and trailing ",
    "END:VCALENDAR",
]


def entries(text: str) -> list[Entry]:
    found: list[Entry] = list(icalendar.Calendar.from_ical(text).events)
    return found


def of(**values: object) -> str:
    given: dict[str, object] = {"uid": "a@b", "start": NOW, "summary": "Title", **values}
    return calendar([Event(**given)], NOW, "Duties")  # type: ignore[arg-type] # any field of it


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_one_value_and_nothing_else(text: str) -> None:
    guests = (Guest(name=text, address="a@example.org"), Guest(name=text, address=text))
    made = of(summary=text, description=f"one\n{text}\ntwo", guests=guests, host=guests[0])
    (event,) = entries(made)
    visible = str(event["SUMMARY"])
    assert not any(ord(character) < 32 and character != "\n" for character in visible)
    for part in ("semi; comma, back\\slash", "BEGIN:VEVENT", "quote", "日本語", "END:VCALENDAR"):
        assert (part in text) == (part in visible)
    assert [str(guest) for guest in event["ATTENDEE"]] == ["mailto:a@example.org", "invalid:nomail"]
    lines = made.split("\r\n")
    assert lines[-1] == ""
    assert not [line for line in lines if len(line.encode()) > 75 or "\n" in line or "\r" in line]
    assert len([line for line in lines if line.startswith("BEGIN:VEVENT")]) == 1


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Zl", "Zp"))))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    (event,) = entries(of(summary=f"x{text}x"))
    assert str(event["SUMMARY"]) == f"x{text}x"


@given(st.text())
def test_no_line_is_longer_than_75_bytes_whatever_it_says(text: str) -> None:
    made = of(summary=text, description=text, guests=(Guest(name=text),))
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert len(entries(made)) == 1


def test_a_calendar_keeps_moments_in_utc_and_days_as_days() -> None:
    start = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/Chicago"))
    (event,) = entries(of(start=start, end=start + timedelta(hours=1), is_busy=True))
    assert event["DTSTART"].dt == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    assert (str(event["TRANSP"]), event["DTSTAMP"].dt) == ("OPAQUE", NOW)
    (event,) = entries(of(start=date(2026, 12, 31)))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert str(event["TRANSP"]) == "TRANSPARENT"


def test_a_later_calendar_counts_as_the_newer_one() -> None:
    later = calendar([Event(uid="a@b", start=NOW, summary="x")], NOW + timedelta(minutes=1), "x")
    assert entries(later)[0]["SEQUENCE"] == entries(of())[0]["SEQUENCE"] + 1
    assert 0 < entries(later)[0]["SEQUENCE"] < 2**31


def test_an_identity_is_made_of_what_never_changes() -> None:
    assert uid("Möwe & Söhne", "2026-03-02-good", "", "review") == (
        "2026-03-02-good.review@m-we-s-hne.incident-tracker"
    )
    assert uid("日本", "a") == "a@incidents.incident-tracker"


def invited(tracker: Tracker, *, now: str = "2026-03-05T09:00-06:00") -> Entry:
    said = tracker.incident("pir", "invite", GOOD, "--format", "ics", "--now", now)
    assert said.status == 0, said.err
    (event,) = entries(said.out)
    return event


def test_the_invitation_lasts_as_long_as_the_protocol_says_with_the_agendas_times(
    good_tracker: Tracker,
) -> None:
    event = invited(good_tracker)
    assert event["DTSTART"].dt == datetime.fromisoformat(HELD)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    told = str(event["DESCRIPTION"]).split("\n")
    assert "10:00-10:15 Review timeline (15 min)" in told
    assert "10:55-11:00 Assign owners and deadlines (5 min)" in told
    assert "- Focus on systems, not individuals" in told
    good_tracker.change("protocol/protocol.yml", "meeting: 1h", "meeting: 90m")
    good_tracker.change("protocol/protocol.yml", "timeline, for: 15m}", "timeline, for: 45m}")
    event = invited(good_tracker)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)
    assert "10:00-10:45 Review timeline (45 min)" in str(event["DESCRIPTION"])


def test_a_meeting_that_is_moved_is_the_same_entry(good_tracker: Tracker) -> None:
    before = invited(good_tracker)
    good_tracker.change(REVIEW, HELD, "2026-03-06T15:00-06:00")
    after = invited(good_tracker, now="2026-03-05T10:00-06:00")
    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(hours=5)


def test_who_is_known_has_an_address_and_who_is_not_a_name(good_tracker: Tracker) -> None:
    contacts = (
        "people:\n"
        "  - {id: bo, name: Bo, role: on-call, methods: [{kind: email, value: bo@example.org}]}\n"
        "  - {id: lea, name: Lea, role: team lead}\n"
    )
    good_tracker.write("protocol/contacts.yml", contacts)
    good_tracker.change(REVIEW, "attendees: [asha, bo, chen, dana]\n", "apologies: [chen]\n")
    event = invited(good_tracker)
    found = {guest.params["CN"]: str(guest) for guest in event["ATTENDEE"]}
    nowhere = "invalid:nomail"
    assert found == {
        "asha": nowhere,
        "Bo": "mailto:bo@example.org",
        "dana": nowhere,
        "Lea": nowhere,
    }
    roles = {guest.params["CN"]: guest.params["ROLE"] for guest in event["ATTENDEE"]}
    assert roles["asha"] == "REQ-PARTICIPANT"
    assert roles["Lea"] == "OPT-PARTICIPANT"  # told of a P1, so welcome
    assert event["ORGANIZER"].params["CN"] == "asha"


def test_without_a_time_there_is_nothing_to_invite_to(good_tracker: Tracker) -> None:
    good_tracker.change(REVIEW, f"held_at: {HELD}\n", "")
    said = good_tracker.incident("pir", "invite", GOOD)
    assert (said.status, said.out) == (2, "")
    assert "incident pir schedule 2026-03-02-good --at" in said.err


def duties(tracker: Tracker, now: str) -> dict[str, Entry]:
    said = tracker.incident("due", "--format", "ics", "--now", now)
    found = {str(event["UID"]): event for event in entries(said.out)}
    assert len(found) == len(entries(said.out)), "two duties with one identity"
    return found


def test_every_duty_is_one_entry_that_keeps_its_identity(good_tracker: Tracker) -> None:
    new = ("new", "Checkout; fails, \\n", "--severity", "P0", "--slug", "checkout", "--by", "bo")
    good_tracker.incident(*new, "--now", "2026-03-20T10:00-05:00")
    good_tracker.change(REVIEW, "- [x] Test releases", "- [ ] Test releases")
    good_tracker.change(REVIEW, ", Done: 2026-03-18", "")
    record = "incidents/2026/2026-03-02-good.md"
    good_tracker.change(record, "- [x] Test releases", "- [ ] Test releases")
    good_tracker.change(record, ", Done: 2026-03-12", "")
    before = duties(good_tracker, "2026-03-20T10:05-05:00")
    said = good_tracker.incident("due", "--now", "2026-03-20T10:05-05:00")
    assert len(before) == len(said.out.splitlines()) // 2 > 5
    after = duties(good_tracker, "2026-03-21T12:00-05:00")
    assert set(before) == set(after)
    late = [event for event in after.values() if str(event["SUMMARY"]).startswith("overdue: ")]
    assert len(late) > len([e for e in before.values() if str(e["SUMMARY"])[:9] == "overdue: "])
    actions = [event for event in after.values() if ".action" in str(event["UID"])]
    assert [event["DTSTART"].dt for event in actions] == [date(2026, 3, 20)] * 2
    assert {str(event["DESCRIPTION"]) for event in actions} == {
        "incident action done 2026-03-02-good#1 --review",
        "incident action done 2026-03-02-good#1 --incident",
    }


def test_an_action_keeps_its_identity_when_the_review_has_its_number_as_well(
    good_tracker: Tracker,
) -> None:
    record = "incidents/2026/2026-03-02-good.md"
    good_tracker.change(record, "- [x] Test releases", "- [ ] Test releases")
    good_tracker.change(record, ", Done: 2026-03-12", "")
    review = (good_tracker.root / REVIEW).read_text("utf-8")
    (good_tracker.root / REVIEW).unlink()
    alone = {name for name in duties(good_tracker, "2026-03-21T12:00-05:00") if ".action" in name}
    good_tracker.write(
        REVIEW, review.replace("- [x] Test", "- [ ] Test").replace(", Done: 2026-03-18", "")
    )
    both = {name for name in duties(good_tracker, "2026-03-21T12:00-05:00") if ".action" in name}
    assert (len(alone), len(both), alone < both) == (1, 2, True)


def test_a_calendar_of_nothing_is_empty_and_the_status_is_as_without(
    empty_tracker: Tracker,
) -> None:
    said = empty_tracker.incident("due", "--format", "ics")
    assert (said.status, entries(said.out)) == (0, [])


def test_a_duty_of_a_person_keeps_its_identity_while_some_of_it_is_done(
    good_tracker: Tracker,
) -> None:
    def way(kind: str) -> str:
        return f"{{kind: {kind}, value: a{kind}, tested: [2026-01-02]}}"

    people = "\n".join(
        f"  - id: {who}\n    name: Bo\n    role: on-call\n"
        f"    methods: [{way('phone')}, {way('chat')}]"
        for who in ("bo", "bob")
    )
    good_tracker.write("protocol/contacts.yml", f"confirmed: 2026-06-01\npeople:\n{people}\n")
    now = "2026-06-20T12:00-05:00"
    before = {name for name in duties(good_tracker, now) if "contact" in name or "train" in name}
    assert len(before) == 4, before
    for done in (("contacts", "tested", "bo", "phone"), ("trained", "bo", "process")):
        said = good_tracker.incident(*done, "--now", now)
        assert said.status == 0, said.err
    after = {name for name in duties(good_tracker, now) if "contact" in name or "train" in name}
    assert after == before
