"""What an open incident's page and card say of what is owed: the same as `incident due`."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest

from builder import PROTOCOL, incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.due import due
from incident_tracker.examples import tracker_of
from incident_tracker.model import Incident
from incident_tracker.pages import Site, build

pytestmark = pytest.mark.usefixtures("own_pages")

BEGAN = "2026-03-01T10:00-06:00"
DETECTED = datetime.fromisoformat(BEGAN)
UPDATE = ["### 2026-03-01 10:20 - Investigating", "We look.", ""]
PROMISE = [*UPDATE[:2], "- Next update: 10:40", ""]


def pages(one: Incident, minutes: float, audience: Audience = Audience.INTERNAL) -> dict[str, str]:
    site = Site(now=DETECTED + timedelta(minutes=minutes), audience=audience)
    return {page.path: page.markdown for page in build(tracker(one), site)}


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text.replace("\u00a0", " ")).split())


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


PATH = "incidents/2026/2026-03-01-slow.md"


def test_of_two_updates_of_one_minute_every_page_has_the_promise_of_the_last() -> None:
    soon = [line.replace("10:40", "10:20") for line in PROMISE]
    later = [*PROMISE[:1], "We still look.", "", "- Next update: 11:30", ""]
    one = incident("slow", detected=BEGAN, severity="P3", updates=[*soon, *later])
    internal = pages(one, 30)
    public = pages(one, 30, Audience.PUBLIC)
    status = internal["status.md"]
    assert "11:30" in the_clock(status)
    assert "it-v--missed" not in status.partition(" update</th>")[2].partition("</tr>")[0]
    for page in (internal[PATH], public[PATH]):
        assert "promised by 11:30" in words(page) or "2026, 11:30" in words(page)
        assert words(page).count("replaced within the same minute") == 1
        assert "it-v--missed" not in section(page, "Updates")


@pytest.mark.parametrize(
    ("closed", "said"), [("10:35", "over before that"), ("11:00", "none came")]
)
def test_no_promise_runs_on_the_page_of_what_is_over(closed: str, said: str) -> None:
    one = incident(
        "slow", detected=BEGAN, severity="P0", updates=PROMISE, closed=f"2026-03-01T{closed}-06:00"
    )
    for minutes in (36, 39, 600):
        updates = section(pages(one, minutes + 30)[PATH], "Updates")
        assert said in words(updates)
        assert "it-v--pending" not in updates


def section(page: str, title: str) -> str:
    return page.partition(f"## {title}\n")[2].partition("\n## ")[0].partition("<aside")[0]


def test_an_open_incident_begins_with_what_it_owes_as_incident_due_lists_it() -> None:
    one = incident("slow", detected=BEGAN, severity="P0", actions=["- [ ] Look (Due: 2026-03-01)"])
    now = DETECTED + timedelta(minutes=20)
    expected = [item for item in due(tracker(one), now) if item.record == one.id]

    page = pages(one, 20)[PATH]

    found = section(page, "Owed now")
    commands = re.findall("<code>(.*?)</code>", found)
    assert [html.unescape(command) for command in commands] == [d.command for d in expected]
    assert len(expected) > 5, "some of them are folded"
    assert found.index("<details") > found.index(commands[4])
    assert "5 min late" in words(found)
    assert page.index("## Owed now") < page.index("<aside") < page.index("## Checklist")


def test_where_nothing_is_owed_or_it_is_over_no_list_stands() -> None:
    imported = incident("slow", detected=BEGAN, origin="{system: statuspage, id: x}")
    assert imported.is_open
    assert imported.origin
    over = incident("slow", detected=BEGAN, resolved="2026-03-01T10:30-06:00", status="resolved")

    assert "Owed now" not in pages(imported, 300)[PATH]
    assert "Owed first" not in pages(imported, 300)["status.md"]
    assert "Owed now" not in pages(over, 300)[PATH]
    assert "At hand" not in pages(over, 300)[PATH]


def test_an_action_is_owed_by_its_day_as_in_the_table_of_actions() -> None:
    action = "- [ ] Free the disk (Owner: bo, Due: 2026-03-03, Type: prevent)"
    files = {PATH: f"{incident('slow', detected=BEGAN).document.text}\n## Action Items\n{action}\n"}
    whole = tracker_of({path: text.encode() for path, text in files.items()}, PROTOCOL)
    found = {page.path: page.markdown for page in build(whole, Site(now=DETECTED))}

    owed, _, table = found[PATH].partition("## Action items")

    by = '<time datetime="2026-03-03">3 Mar</time>'
    assert by in owed
    assert by in table


def test_what_fits_is_at_hand_on_the_page_and_on_the_card() -> None:
    files = {f"runbooks/{name}.md": runbook(name, kind) for name, kind in RUNBOOKS.items()}
    record = incident("slow", detected=BEGAN).document.text
    before = incident(
        "before",
        detected="2026-02-01T10:00-06:00",
        closed="2026-02-01T11:00-06:00",
        timeline=["- 10:10 - Runbook used: b, fix 1: worked"],
    )
    files |= {
        one: text.encode()
        for one, text in {PATH: record, before.path: before.document.text}.items()
    }
    found = {
        page.path: page.markdown
        for page in build(tracker_of(files, PROTOCOL), Site(now=DETECTED + timedelta(minutes=5)))
    }

    hand = section(found[PATH], "At hand")

    links = re.findall(r"runbooks/(\w)\.md", hand)
    assert links == ["b", "a", "d"], "the kind's, first the one that the component needed before"
    assert "#incident-20260301-slow" in hand
    assert "not opened yet" in hand
    assert "protocol/contacts.md" in hand
    assert 'href="runbooks/b.md">Runbook: About b</a>' in found["status.md"]
    assert f'href="{PATH}#owed-now">Acknowledgement</a>' in found["status.md"]


RUNBOOKS = {"a": "outage", "b": "outage", "c": "security", "d": "outage"}


def runbook(name: str, kind: str) -> bytes:
    front = f"title: About {name}\ncovers: [{kind}]\nowner: gil\n"
    return f"---\n{front}---\n## Response\n1. Look\n".encode()


def test_the_link_to_an_open_war_room_is_at_hand() -> None:
    line = "- 10:02 - War room opened: #slow https://meet.example.org/slow"
    hand = section(pages(incident("slow", detected=BEGAN, timeline=[line]), 20)[PATH], "At hand")

    assert "<code>#slow</code>" in hand
    assert 'href="https://meet.example.org/slow"' in hand
    assert "not opened" not in hand


def test_the_card_names_no_verification_that_may_come_but_need_not_yet() -> None:
    one = incident("slow", detected=BEGAN, updates=UPDATE, resolved="2026-03-01T10:30-06:00")

    found = pages(one, 120)

    assert "Can be verified once" in found[PATH]
    assert "Owed first" in found["status.md"]
    assert "Can be verified once" not in found["status.md"]
