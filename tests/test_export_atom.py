"""The feeds: what stands in an entry, what never changes about it, and that no text runs there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import feedparser
import pytest
from poison import public, with_records_of
from test_plugin import NEVER, VECTORS

from builder import incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.exports.atom import MOST
from incident_tracker.exports.atom_text import LONGEST
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.formats.home import Home
from incident_tracker.model import Incident, Tracker
from incident_tracker.registers import Component

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SITE = Home(url="https://status.example.org")
FIRST = ("### 2026-03-01 10:20 - Investigating", "Mail is slow.", "", "- Impact: **some** wait", "")
SECOND = ("### 2026-03-01 11:00 - Resolved", "See `queue` and [this](https://example.org/x).", "")
WINDOW: dict[str, str | None] = {
    "kind": "maintenance",
    "status": "scheduled",
    "severity": None,
    "detected": "2026-03-25T02:00Z",
    "scheduled_start": "2026-03-25T02:00Z",
    "scheduled_end": "2026-03-25T03:00Z",
}


def raw(
    records: Tracker,
    *,
    path: str = "feed.xml",
    home: Home = SITE,
    now: datetime = NOW,
    audience: Audience = Audience.INTERNAL,
) -> bytes:
    return exports()["atom"].files(records, now, Settings(audience=audience, home=home))[path]


def read(records: Tracker, **wanted: Any) -> Any:  # noqa: ANN401 # the parser's own untyped answer
    found = feedparser.parse(raw(records, **wanted))
    assert not found.bozo, found.get("bozo_exception")
    return found


def told(*updates: Sequence[str], name: str = "mail", **fields: str | None) -> Incident:
    return incident(name, updates=[line for one in updates for line in one], **fields)  # type: ignore[arg-type] # its fields


def test_an_entry_says_status_title_text_and_key_lines() -> None:
    (newest, first) = read(tracker(told(FIRST, SECOND))).entries
    assert (newest.title, first.title) == ("Resolved: About mail", "Investigating: About mail")
    assert first.updated == first.published == "2026-03-01T16:20:00Z"
    assert first.content[0].type == "text/html"
    assert "<p>Mail is slow.</p>" in first.content[0].value
    assert "<strong>Impact:</strong> <strong>some</strong> wait" in first.content[0].value
    assert "<code>queue</code>" in newest.content[0].value
    assert 'href="https://example.org/x"' in newest.content[0].value
    assert {tag.term for tag in first.tags} == {"P1", "website"}


def test_a_component_is_called_by_its_name() -> None:
    known = Component(id="website", name="Our website")
    records = replace(tracker(told(FIRST)), components=(known, Component(id="api", name="API")))
    (entry,) = read(records, path="feeds/website.xml").entries
    assert "<strong>Components:</strong> Our website" in entry.content[0].value
    assert "Our website" in {tag.label for tag in entry.tags}
    assert read(records, path="feeds/api.xml").entries == []


@pytest.mark.parametrize(
    "now", [NOW, NOW + timedelta(days=400)], ids=["at its moment", "a year later"]
)
def test_the_clock_changes_nothing(now: datetime) -> None:
    records = tracker(told(FIRST, SECOND), incident("quiet", resolved="2026-03-01T12:00Z"))
    assert raw(records, now=now) == raw(records)
    assert read(tracker(), now=now).feed.updated == read(tracker()).feed.updated


def test_what_is_dated_later_than_now_is_not_told_yet() -> None:
    records = tracker(told(FIRST, SECOND))
    before = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert [e.title for e in read(records, now=before).entries] == ["Investigating: About mail"]


def ids(records: Tracker, **wanted: Any) -> dict[str, str]:  # noqa: ANN401 # passed on
    return {entry.id: entry.title for entry in read(records, **wanted).entries}


def test_ids_stay_when_something_else_is_written_removed_or_moved() -> None:
    every = ids(tracker(told(FIRST, SECOND), told(FIRST, name="other"), incident("quiet")))
    alone = ids(tracker(told(FIRST, SECOND)))
    assert len(every) == 4
    assert alone.items() <= every.items()
    assert ids(tracker(told(SECOND))).items() <= alone.items()
    assert ids(tracker(told(FIRST, SECOND)), home=Home()) == alone
    changed = told((FIRST[0], "Mail is very slow.", ""), SECOND, severity="P0", title="Other")
    assert set(ids(tracker(changed))) == set(alone)


def test_two_updates_of_one_minute_are_two_entries() -> None:
    again = ("### 2026-03-01 10:20 - Identified", "The queue is full.", "")
    assert len(ids(tracker(told(FIRST, again)))) == 2


def test_an_incident_that_nobody_told_of_has_one_entry_that_moves_with_it() -> None:
    (opened,) = read(tracker(incident("quiet", public_summary="Search is slow."))).entries
    fixed = incident("quiet", public_summary="Search is slow.", resolved="2026-03-01T12:00Z")
    (closed,) = read(tracker(fixed)).entries
    assert opened.id == closed.id
    assert (opened.title, closed.title) == ("Investigating: About quiet", "Monitoring: About quiet")
    assert (opened.updated, closed.updated) == ("2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z")
    assert "Search is slow." in closed.content[0].value


def test_planned_work_is_told_with_its_window_and_when_it_is_called_off() -> None:
    (planned,) = read(tracker(incident("window", **WINDOW))).entries  # type: ignore[arg-type] # its fields
    assert planned.title == "Scheduled: About window"
    assert "<strong>From:</strong> 24 Mar 2026, 21:00 −05:00" in planned.content[0].value
    assert "<strong>Until:</strong> 24 Mar 2026, 22:00 −05:00" in planned.content[0].value
    off = {**WINDOW, "status": "cancelled", "resolution": "cancelled"}
    (called_off,) = read(tracker(incident("window", **off))).entries  # type: ignore[arg-type] # its fields
    assert (called_off.id, called_off.title) == (planned.id, "Cancelled: About window")


def test_planned_work_to_come_does_not_date_the_feed() -> None:
    found = read(tracker(told(FIRST), incident("window", **WINDOW)))  # type: ignore[arg-type] # its fields
    assert [entry.updated[:10] for entry in found.entries] == ["2026-03-25", "2026-03-01"]
    assert found.feed.updated == "2026-03-01T16:20:00Z"


def test_drills_are_told_to_nobody_and_a_false_alarm_only_as_far_as_it_was() -> None:
    drill = told(FIRST, name="drill", drill="site-down")
    quiet = incident("false", status="cancelled")
    alarm = told(FIRST, name="alarm", status="cancelled")
    entries = read(tracker(drill, quiet, alarm)).entries
    assert [entry.title for entry in entries] == ["Investigating: About alarm"]


def test_two_updates_of_one_minute_lead_to_two_places() -> None:
    entries = read(tracker(told(FIRST, FIRST))).entries
    links = {entry.link.partition("#")[2] for entry in entries}
    assert links == {"update-20260301-1020", "update-20260301-1020-2"}


def test_links_are_whole_where_the_site_is_known_and_relative_where_it_is_not() -> None:
    records = replace(tracker(told(FIRST)), components=(Component(id="website", name="W"),))
    page = "incidents/2026/2026-03-01-mail"
    (entry,) = read(records).entries
    assert entry.link == f"https://status.example.org/{page}/#update-20260301-1020"
    plain = Home(folders=False)
    assert f'href="{page}.html#update-20260301-1020"'.encode() in raw(records, home=plain)
    inside = raw(records, home=plain, path="feeds/website.xml")
    assert f'href="../{page}.html#update-20260301-1020"'.encode() in inside
    assert b'rel="self"' not in inside
    assert b'rel="self" href="https://status.example.org/feeds/website.xml"' in raw(
        records, path="feeds/website.xml"
    )


def test_a_feed_holds_the_newest_entries_and_no_text_without_end() -> None:
    many = [
        incident(f"n{n}", detected=f"2026-02-{n % 28 + 1:02}T{n // 28:02}:00Z")
        for n in range(MOST + 5)
    ]
    assert len(read(tracker(*many)).entries) == MOST
    long = told((FIRST[0], *["x" * 999] * 30, ""))
    assert len(raw(tracker(long))) < 2 * LONGEST


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


@pytest.mark.parametrize("text", VECTORS)
@pytest.mark.parametrize("audience", Audience)
def test_no_text_runs_in_a_reader(text: str, audience: Audience) -> None:
    records = with_records_of(public(), text)
    written = raw(records, audience=audience).decode()
    # Not read by feedparser here: it would clean what we did not.
    from xml.etree.ElementTree import fromstring  # noqa: PLC0415 # only here, and our own text

    root = fromstring(written)  # noqa: S314 # what we wrote ourselves
    contents = [one.text or "" for one in root.iter("{http://www.w3.org/2005/Atom}content")]
    assert contents
    for content in contents:
        found = Elements(content)
        assert found.tags <= {"a", "br", "code", "p", "strong"}
        assert not found.tags & NEVER
        assert set(found.attributes) <= {"href", "rel"}
        assert all(
            href.startswith(("http://", "https://", "mailto:"))
            for href in found.attributes.get("href", [])
        )


def test_the_public_reads_no_internal_incident() -> None:
    records = tracker(told(FIRST), told(FIRST, name="open", visibility="public"))
    found = read(records, audience=Audience.PUBLIC)
    assert [entry.title for entry in found.entries] == ["Investigating: About open"]
    assert "internal" not in found.feed.subtitle
    assert "internal" in read(records).feed.subtitle
