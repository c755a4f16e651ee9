"""The computed pages: pure functions from records and a moment to Markdown.

Their expected text lies in golden/pages; UPDATE_GOLDEN=1 writes it anew, to be read in the diff.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown import markdown  # type: ignore[import-untyped] # ships no types

from builder import incident, tracker
from incident_tracker.examples import tracker_of
from incident_tracker.lines import ActionState
from incident_tracker.model import Tracker
from incident_tracker.pages import Page, Site, build, footer
from incident_tracker.pages.book import Book
from incident_tracker.pages.calendar_bars import NARROWEST, RECENT, SHOWN, _ticks
from incident_tracker.pages.items import items
from incident_tracker.pages.prose import of_review, with_room_for_lists, without_hints
from incident_tracker.pages.wording import length, listed, said, used_of
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registers import Component
from incident_tracker.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden" / "pages"
ROOT = Path(__file__).parents[1]
NOW = datetime.fromisoformat("2026-11-23T14:32:00-06:00")
SITE = Site(now=NOW, edit_url="https://git.example.org/edit/main/", commit="a1b2c3d")
# Pages that say what the shipped protocol and rules are; their own files are the expectation.
REFERENCE = re.compile(r"(rules|format|protocol|metrics)[./]|protocol\.md")
LINK = re.compile(r'href="([^"]+?\.md)(?:#([^"]*))?"|\]\(([^()\s]+?\.md)(?:#([^()\s]*))?\)')
SCHEMES = ("", "https", "mailto")
COMPONENTS = tuple(Component(id=name.lower(), name=name) for name in ("Website", "A", "B", "C"))
HOSTILE = '<b id="x" onclick="y()">[z](javascript:z)</b>'


class Attributes(HTMLParser):
    """The names of all attributes of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    found, faults = read_protocol((ROOT / "protocol/protocol.yml").read_text(encoding="utf-8"))
    assert found is not None, faults
    return found


def files_below(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small(protocol: Protocol) -> Tracker:
    """One of each: open and closed incidents, planned work, faults, a draft review, a runbook."""
    return tracker_of(files_below(GOLDEN / "small" / "records"), protocol)


@pytest.fixture(scope="module")
def empty(protocol: Protocol) -> Tracker:
    return tracker_of({}, protocol)


@pytest.fixture(scope="module")
def small_pages(small: Tracker) -> dict[str, str]:
    return by_path(build(small, SITE))


@pytest.fixture(scope="module")
def empty_pages(empty: Tracker) -> dict[str, str]:
    return by_path(build(empty, SITE))


def by_path(pages: Sequence[Page]) -> dict[str, str]:
    return {page.path: page.markdown for page in pages}


@pytest.mark.parametrize("name", ["small", "empty"])
def test_the_pages_of_a_small_tracker_are_as_expected(
    name: str, request: pytest.FixtureRequest
) -> None:
    pages: dict[str, str] = request.getfixturevalue(f"{name}_pages")
    folder = GOLDEN / name / "expected"

    made = {path: text for path, text in pages.items() if not REFERENCE.match(path)}

    if os.environ.get("UPDATE_GOLDEN"):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in made.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    assert made == {path: data.decode() for path, data in files_below(folder).items()}


def test_the_same_records_and_moment_give_the_same_pages(
    small: Tracker, small_pages: dict[str, str]
) -> None:
    assert by_path(build(small, SITE)) == small_pages


def test_a_closed_incident_without_open_actions_does_not_change_with_the_clock(
    small: Tracker, small_pages: dict[str, str]
) -> None:
    path = "incidents/2026/2026-11-01-search-empty.md"
    later = replace(SITE, now=NOW + timedelta(days=400), commit="ffffff")

    assert by_path(build(small, later))[path] == small_pages[path]


def test_what_is_finished_names_the_year_of_its_date(small: Tracker) -> None:
    known = next(action for review in small.reviews for action in review.actions)
    of_today = [
        replace(known, state=state, due=NOW.date())
        for state in (ActionState.DONE, ActionState.OPEN)
    ]

    done, still = items(of_today, Book(small, SITE), "status.md")

    assert str(NOW.year) in done.due.striptags()
    assert str(NOW.year) not in still.due.striptags()


def test_the_build_is_stamped_on_the_status_page_only(small_pages: dict[str, str]) -> None:
    assert [path for path, text in small_pages.items() if "a1b2c3d" in text] == ["status.md"]


@pytest.mark.parametrize("name", ["small", "empty"])
def test_every_link_between_pages_leads_to_a_page(
    name: str, request: pytest.FixtureRequest
) -> None:
    tracker: Tracker = request.getfixturevalue(name)
    pages: dict[str, str] = request.getfixturevalue(f"{name}_pages")
    linked = [
        (path, posixpath.normpath(posixpath.join(posixpath.dirname(path), one or two)))
        for path, text in pages.items()
        for one, _, two, _ in LINK.findall(re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL))
        if not (one or two).startswith("https:")
    ]
    linked += [("footer", link.target.partition("#")[0]) for link in footer(tracker).links]

    assert linked
    assert [pair for pair in linked if pair[1] not in pages] == []


def test_every_file_of_a_record_folder_has_a_page(small_pages: dict[str, str]) -> None:
    records = files_below(GOLDEN / "small" / "records")
    found = {path for path in records if not path.startswith("protocol/")}

    assert found - set(small_pages) == {"incidents/2026/2026-10-20-broken.md"}
    assert "cannot be read" in small_pages["broken/incidents/2026/2026-10-20-broken.md"]


def test_what_cannot_be_seen_in_a_broken_record_is_written_out(protocol: Protocol) -> None:
    files = {
        "incidents/2026/2026-03-02-odd.md": b"---\r\ntitle: a\x1bb\x0c\r\n---\r\n\x01\r\nend\r\n"
    }
    page = by_path(build(tracker_of(files, protocol), SITE))[
        "broken/incidents/2026/2026-03-02-odd.md"
    ]

    assert "---\ntitle: a&lt;U+001B&gt;b&lt;U+000C&gt;\n---\n&lt;U+0001&gt;\nend" in page
    assert not re.findall(r"[\x00-\x08\x0b-\x1f]", page)


def test_updates_of_one_minute_have_addresses_of_their_own_and_keep_them() -> None:
    updates = ["### 2026-03-01 10:20 - Investigating", "We look.", ""]

    def anchors(*lines: str) -> list[str]:
        page = by_path(build(tracker(incident("twice", updates=lines)), SITE))
        return re.findall(r'id="(update[^"]*)"', page["incidents/2026/2026-03-01-twice.md"])

    assert anchors(*updates) == ["update-20260301-1020"]
    assert anchors(*updates, *updates) == ["update-20260301-1020-2", "update-20260301-1020"]


def test_an_incident_leads_to_the_feeds_that_tell_of_it() -> None:
    def links(**fields: str) -> Mapping[str, str]:
        found = replace(tracker(incident("fed", **fields)), components=COMPONENTS)
        page = by_path(build(found, SITE))["incidents/2026/2026-03-01-fed.md"]
        aside = page.partition("</aside>")[0].partition("it-asidelinks")[2]
        return {label: href for href, label in re.findall(r'href="(.+?)">(.+?)<', aside)}

    subscribe = {"Subscribe": "../../subscribe.md"}
    of_all = {"Feed: all updates": "../../feed.xml"} | subscribe
    assert links().items() >= ({"Feed: Website": "../../feeds/website.xml"} | subscribe).items()
    assert links(components="[unknown]").items() >= of_all.items()
    assert links(components="[a, b, c, website]").items() >= of_all.items()
    assert "Subscribe" not in links(drill="site-down")


def test_an_update_of_an_unknown_status_has_a_heading() -> None:
    odd = incident("odd", updates=["### 2026-03-01 10:20 - Fine", "We look.", ""])
    page = by_path(build(tracker(odd), SITE))["incidents/2026/2026-03-01-odd.md"]

    assert re.search(r"</svg>Update</span></h3>", page)


def test_an_incident_with_faults_says_so_on_its_page_and_on_the_first_one(
    small_pages: dict[str, str],
) -> None:
    path = "incidents/2026/2026-10-21-wrong-word.md"

    assert "&#34;P7&#34; is no severity" in small_pages[path]
    assert path in small_pages["status.md"]


def test_what_people_write_is_text_on_every_page(protocol: Protocol) -> None:
    front = f"""---
title: '{HOSTILE}'
severity: P1
status: investigating
kind: outage
components: {{website: partial_outage}}
roles: {{ic: '{HOSTILE}'}}
ticket: '{HOSTILE}'
---
## Summary
{HOSTILE}

## Timeline
- 10:00 - Incident detected via monitoring: {HOSTILE}
- 10:01 - {HOSTILE}
- 10:02 - Decision: {HOSTILE} because {HOSTILE}

## Updates
### 2026-11-23 10:05 - Investigating
{HOSTILE}
- Impact: {HOSTILE}

## Notes
{HOSTILE}

## Action Items
- [ ] {HOSTILE} (Owner: {HOSTILE}, Due: 2026-11-25)
"""
    components = f"components:\n  - {{id: website, name: '{HOSTILE}', group: '{HOSTILE}'}}\n"
    tracker = tracker_of(
        {
            "incidents/2026/2026-11-23-x.md": front.encode(),
            "protocol/components.yml": components.encode(),
        },
        protocol,
    )

    pages = by_path(build(tracker, SITE))

    named = {path: text for path, text in pages.items() if "onclick" in text}
    assert {"status.md", "history/2026.md", "actions.md"} < set(named)
    for path, text in named.items():
        found = Attributes(markdown(text, extensions=["attr_list", "md_in_html", "tables", "toc"]))
        assert "onclick" not in found.names, path
        # In what a link asks for, as an owner's name, it is text.
        assert all(urlsplit(value.strip()).scheme in SCHEMES for value in found.links), path


def test_every_page_of_this_repository_has_one_first_heading() -> None:
    tracker = Workspace(ROOT).load()
    for page in build(tracker, SITE):
        without_code = re.sub(r"```.*?```|<pre.*?</pre>", "", page.markdown, flags=re.DOTALL)
        firsts = re.findall(r"^# |<h1>", without_code, flags=re.MULTILINE)
        assert len(firsts) == 1, page.path


def test_a_page_is_added_by_one_module_and_one_template(tmp_path: Path) -> None:
    package = tmp_path / "incident_tracker"
    shutil.copytree(ROOT / "tools" / "incident_tracker", package)
    (package / "pages" / "lessons.py").write_text(
        '"""Lessons."""\n'
        "from incident_tracker.pages.book import Book\n"
        "from incident_tracker.pages.declare import page\n\n\n"
        '@page("lessons.md", template="lessons.md.j2", title="Lessons", section="Reviews",'
        " order=22)\n"
        "def lessons(book: Book) -> int:\n"
        "    return len(book.tracker.reviews)\n"
    )
    (package / "templates" / "pages" / "lessons.md.j2").write_text("# {{ v }} lessons\n")
    script = (
        "from datetime import datetime, UTC\n"
        "from pathlib import Path\n"
        "from incident_tracker.pages import Site, build\n"
        "from incident_tracker.workspace import Workspace\n"
        f"tracker = Workspace(Path({str(ROOT)!r})).load()\n"
        "for page in build(tracker, Site(now=datetime(2026, 11, 23, tzinfo=UTC))):\n"
        "    if page.path == 'lessons.md':\n"
        "        print(page.section, page.markdown)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("Reviews # ")
    assert done.stdout.split()[-1] == "lessons"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (125, "2 h 05 min"),
        (24 * 60, "1 d"),
        (26 * 60 + 40, "1 d 3 h"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert length(timedelta(minutes=minutes)) == words.replace(" ", "\u00a0")


def test_what_was_used_of_what_was_allowed_is_said_in_one_unit_where_that_is_readable() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)

    assert used_of(0.75 * hour, hour) == "45 of 60\u00a0min"
    assert used_of(3 * day, 7 * day) == "3 of 7\u00a0d"
    assert used_of(12 * day + 4 * hour, day) == "12\u00a0d\u00a04\u00a0h of 1\u00a0d"


def test_names_in_a_row_are_cut_behind_three_of_many() -> None:
    assert listed(["a", "b", "c", "d"]) == "a, b, c, d"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b", "a &lt; b"),
        ("`x < y`", "<code>x &lt; y</code>"),
        ("**now**", "<strong>now</strong>"),
        (
            "see https://e.example.org/a?b=1&c=2.",
            (
                'see <a href="https://e.example.org/a?b=1&amp;c=2">'
                "https://e.example.org/a?b=1&amp;c=2</a>."
            ),
        ),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[up](../pir/2026/a.md#top)", '<a href="../pir/2026/a.md#top">up</a>'),
        ("[out](https://e.example.org/)", '<a href="https://e.example.org/">out</a>'),
    ],
)
def test_a_line_that_somebody_wrote_keeps_code_bold_and_harmless_links(
    text: str, html: str
) -> None:
    assert said(text, page="incidents/x.md") == html


def test_a_list_may_follow_a_line_directly_but_code_is_left_alone() -> None:
    assert with_room_for_lists("Because:\n- one\n- two") == "Because:\n\n- one\n- two"
    assert with_room_for_lists("```\na\n- b\n```") == "```\na\n- b\n```"
    assert with_room_for_lists("- a\n  more\n- b") == "- a\n  more\n- b"


def test_no_record_however_broken_stops_the_pages(protocol: Protocol) -> None:
    folders = {"incidents": "incidents/2026", "pir": "pir/2026", "runbooks": "runbooks"}
    files = {
        f"{folders[file.parent.name]}/2026-03-{number % 28 + 1:02d}-broken-{number}.md": (
            file.read_bytes()
        )
        for number, file in enumerate(sorted((ROOT / "tests" / "broken").glob("*/*.md")))
    }

    pages = by_path(build(tracker_of(files, protocol), SITE))

    assert len(files) > 100
    assert {path for path in files if path not in pages and f"broken/{path}" not in pages} == set()


def test_an_open_incident_has_one_state_and_one_length_on_every_page() -> None:
    slow = incident(
        "slow", severity="P2", status="monitoring", components="{website: degraded_performance}",
        acknowledged="2026-03-01T10:05Z", resolved="2026-03-02T11:00Z",
        updates=["### 2026-03-01 04:20 - Investigating", "It is slow.",
                 "### 2026-03-02 05:10 - Monitoring", "It is fast.",
                 "- Components: website operational"],
    )  # fmt: skip
    website = Component(id="website", name="Website")
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    made = by_path(build(replace(tracker(slow), components=(website,)), Site(now=now)))
    assert 'Operational, 1 open<span class="it-vh"> incident</span>' in made["status.md"]
    assert "operational now; worst: degraded performance" in made[slow.path]
    assert "<strong>2\u00a0d\u00a02\u00a0h</strong>" in made["status.md"]
    for path in ("status.md", "history/2026.md"):
        assert "open for 2\u00a0d\u00a02\u00a0h" in made[path]
    assert "2 Mar, 05:30</time>" in made[slow.path].partition("can be verified since")[2][:60]


@pytest.mark.parametrize("shown", [SHOWN, RECENT])
def test_labels_of_the_days_never_touch_whatever_the_day(shown: int) -> None:
    for day in range(366):
        today = date(2026, 1, 1) + timedelta(days=day)
        first, *months = _ticks(today, shown)
        assert first.left == "0%"
        places = [float(tick.left.rstrip("%")) / 100 * NARROWEST[shown] for tick in months]
        assert all(52 <= place <= NARROWEST[shown] - 60 for place in places), today


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Taken from it.\n<!-- only what is new -->", "Taken from it.\n"),
        ("It broke. <!-- incident: ok PIR015 a quotation -->\nThen", "It broke. \nThen"),
        ("a <!-- over\nlines --> b", "a  b"),
        ("never closed <!-- so it is text", "never closed <!-- so it is text"),
        ("say `<!-- so -->`", "say `<!-- so -->`"),
        ("```\n<!-- code -->\n```\n<!-- gone -->", "```\n<!-- code -->\n```\n"),
        ("~~~\n```\n<!-- code -->\n~~~", "~~~\n```\n<!-- code -->\n~~~"),
    ],
)
def test_comments_are_not_shown_and_code_is(text: str, shown: str) -> None:
    assert without_hints(text) == shown


def test_a_review_promises_nothing_learned_where_nothing_follows() -> None:
    taken = "Taken from [the incident](../../incidents/2026/2026-03-02-good.md#timeline)."
    line, page = f"{taken} Learned afterwards:\n", "pir/2026/2026-03-02-good.md"
    for nothing in (line, f"{line}<!-- only what is new -->\n"):
        shown = of_review(nothing, page=page)
        assert "the incident" in shown
        assert "Learned" not in shown
    assert "Learned afterwards:" in of_review(f"{line}- It began on Sunday.\n", page=page)
