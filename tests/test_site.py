"""This repository's own site in a real browser: every kind of page, both widths, both colours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from browser import VIEWS, Reader, Scheme, View, Width

pytestmark = pytest.mark.browser

WIDE = View(width=Width.WIDE, scheme=Scheme.LIGHT)
NARROW = View(width=Width.NARROW, scheme=Scheme.LIGHT)
# Reading a page aloud takes seconds: each width and each scheme once, not each with each.
READ_ALOUD = (WIDE, View(width=Width.NARROW, scheme=Scheme.DARK))
INCIDENT = "incidents/2026/2026-11-03-site-down.html"
SLOW_IMPORT = "incidents/2026/2026-11-20-volunteer-import-slow.html"
REVIEW = "pir/2026/2026-11-03-site-down.html"
# One of each kind; records differ in what they hold, so there are several of them.
KINDS = (
    "index.html",
    "subscribe.html",
    "history/2026.html",
    INCIDENT,
    "incidents/2026/2026-03-08-skipped-hour.html",
    "incidents/2026/2026-03-24-donor-export-readable.html",
    "incidents/2026/2026-11-08-probe-timeout.html",
    "incidents/2026/2026-11-19-drill-database.html",
    "incidents/2026/2026-11-20-volunteer-import-slow.html",
    "incidents/2026/2026-11-29-database-upgrade.html",
    REVIEW,
    "reviews.html",
    "actions.html",
    "metrics.html",
    "runbooks.html",
    "runbooks/site-down.html",
    "protocol.html",
    "protocol/incident-response.html",
    "protocol/severities.html",
    "protocol/definitions.html",
    "protocol/components.html",
    "protocol/contacts.html",
    "rules.html",
    "rules/INC.html",
    "format.html",
)
# Results come while one types; these are there to stay once they are there, or never.
FOUND_FIRST = """(wanted) => {
  const found = [...document.querySelectorAll(".md-search-result__item > a")];
  return wanted.every((address, place) => found[place]?.href.split(/[?#]/)[0] === address);
}"""
LARGEST_STATUS_PAGE = 75_000  # bytes
LARGEST_SEARCH_ENTRY = 700  # bytes for each record


@pytest.mark.parametrize("path", KINDS)
def test_a_page_fits_and_can_be_read_by_everyone(reader: Reader, path: str) -> None:
    with reader.visit(path, WIDE) as visit:
        for view in VIEWS:
            visit.turn(view)
            assert visit.overflow() == [], view
            assert visit.clipped() == [], view
            if view in READ_ALOUD:
                assert [str(found) for found in visit.violations()] == [], view
        assert visit.foreign == visit.dialogs == visit.errors == []


@pytest.mark.parametrize("path", ["index.html", INCIDENT, REVIEW, "metrics.html"])
def test_every_drawing_is_hidden_from_screen_readers_or_has_a_name(
    reader: Reader, path: str
) -> None:
    with reader.visit(path, WIDE) as visit:
        unnamed = visit.page.evaluate(
            "() => [...document.querySelectorAll('.md-content svg')].filter((svg) =>"
            " !svg.closest('[aria-hidden=true]') && !svg.getAttribute('aria-label')).length"
        )
        assert unnamed == 0


def test_filters_of_the_history_narrow_the_list_and_stand_in_the_address(reader: Reader) -> None:
    with reader.visit("history/2026.html", WIDE) as visit:
        page = visit.page
        chips, said = page.locator("input[name=severity]"), page.locator(".it-filter output")
        rows = page.locator(".it-row:visible")
        everything = rows.count()
        assert [chips.count(), page.locator("input[name=severity]:checked").count()] == [4, 0]
        assert said.inner_text() == f"{everything} records"

        chips.first.focus()
        page.keyboard.press("Space")
        assert 0 < rows.count() < everything
        assert rows.count() == page.locator('.it-row:visible[data-severity="P0"]').count()
        assert said.inner_text() == f"{rows.count()} records"
        assert page.url.endswith("?severity=P0")

        one = rows.count()
        page.locator("input[value=P2]").check()
        assert one < rows.count() < everything
        assert page.url.endswith("?severity=P0%2CP2")
        page.reload()
        assert page.locator("input:checked").evaluate_all("(on) => on.map((box) => box.value)") == [
            "P0",
            "P2",
        ]
        page.go_back()
        assert rows.count() == one
        chips.first.uncheck()
        assert rows.count() == everything
        assert page.url.endswith("/history/2026.html")


def test_on_a_phone_a_target_says_its_mean_where_it_has_one(reader: Reader) -> None:
    with reader.visit("metrics.html", NARROW) as visit:
        cells = visit.page.locator(".it-tgt td:nth-child(3)")
        shown = cells.evaluate_all(
            "(cells) => cells.map((cell) => [!!cell.textContent, cell.checkVisibility(),"
            " getComputedStyle(cell, '::before').content === '\"mean \"'])"
        )
        assert [True, True, True] in shown
        assert [False, False, False] in shown
        assert all(len({*each}) == 1 for each in shown)


def test_on_a_phone_the_year_has_all_its_months_the_latest_first(reader: Reader) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    with reader.visit("history/2026.html", NARROW) as visit:
        heads = visit.page.locator(".it-matrix thead th a:visible").all_inner_texts()
        assert len(heads) > 6
        assert heads == months[: len(heads)]
        area = visit.page.locator(".it-scroll")
        left, most = area.evaluate("(e) => [e.scrollLeft, e.scrollWidth - e.clientWidth]")
        assert most > 0
        assert visit.page.get_by_text("the table scrolls sideways").is_visible()
        assert abs(most - left) <= 1
        place = "(e) => e.getBoundingClientRect().left"
        edge = area.evaluate(place)
        assert visit.page.locator(".it-matrix tbody th").first.evaluate(place) - edge < 20
        assert visit.overflow() == []


def test_without_script_the_history_shows_everything_and_no_filter(reader: Reader) -> None:
    context = reader.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reader.origin}/history/2026.html")

    assert page.locator("form.it-filter").is_hidden()
    assert page.locator(".it-row").count() == page.locator(".it-row:visible").count() > 30
    context.close()


def test_the_anchor_of_an_update_and_of_a_rule_leads_there(site: Path) -> None:
    incident = (site / INCIDENT).read_text(encoding="utf-8")
    rules = (site / "rules/INC.html").read_text(encoding="utf-8")

    assert 'id="update-20261103-1420"' in incident
    assert 'href="#update-20261103-1420"' in incident
    assert 'id="timeline"' in incident
    assert 'id="INC001"' in rules


def test_a_review_prints_on_two_pages_and_names_itself(reader: Reader) -> None:
    with reader.visit(REVIEW, WIDE) as visit:
        visit.page.emulate_media(media="print")
        printed = visit.page.pdf(format="A4")

        assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 2
        assert visit.page.locator(".it-print-foot").is_visible()


def test_record_pages_stay_out_of_the_navigation(site: Path) -> None:
    page = (site / INCIDENT).read_text(encoding="utf-8")
    navigation = re.findall(r"<nav.*?</nav>", page, flags=re.DOTALL)

    assert navigation
    assert not any("2026-06-09-certificate-expired" in part for part in navigation)


def test_a_tab_opens_the_list_of_what_it_is_named_after(reader: Reader) -> None:
    with reader.visit("index.html", WIDE) as visit:
        tabs = visit.page.locator(".md-tabs__link")
        opened = {tab.inner_text().strip(): tab.get_attribute("href") or "" for tab in tabs.all()}

    assert opened["Reviews"] == "reviews.html"
    assert opened["Actions"] == "actions.html"


def test_search_finds_each_record_by_one_short_entry(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    records = [
        doc for doc in index["docs"] if re.match(r"(incidents|pir|runbooks)/", doc["location"])
    ]

    assert len(records) == len({doc["location"] for doc in records}) >= 60
    assert sum(len(json.dumps(doc)) for doc in records) / len(records) <= LARGEST_SEARCH_ENTRY


def test_who_types_the_id_or_the_ticket_of_a_record_finds_it_first(reader: Reader) -> None:
    searched = {
        "2026-11-03-site-down": [INCIDENT, REVIEW],
        "2025-12-29-search-empty": ["incidents/2025/2025-12-29-search-empty.html"],
        "2026-03-19-search-empty-again": ["incidents/2026/2026-03-19-search-empty-again.html"],
        "2026-11-20-volunteer-import-slow": [SLOW_IMPORT],
        "OPS-377": ["incidents/2026/2026-08-06-event-times-off.html"],
    }
    with reader.visit("metrics.html", WIDE) as visit:
        # The theme loads its index when the field is entered, and drops what is typed before.
        field = visit.page.locator("input.md-search__input")
        field.click()
        visit.page.wait_for_timeout(1000)
        for name, first in searched.items():
            field.press("Control+a")
            visit.page.keyboard.type(name, delay=5)
            addresses = [f"{visit.origin}/{path}" for path in first]
            visit.page.wait_for_function(FOUND_FIRST, arg=addresses)
        visit.page.locator(".md-search-result__link").first.click()
        visit.page.wait_for_url(f"**/{addresses[0].rpartition('/')[2]}*")


def test_an_unknown_severity_in_an_address_hides_no_record(reader: Reader) -> None:
    shown = {}
    for query in ("", "?severity=XX", "?severity=XX,P0", "?severity=P0", "?severity="):
        with reader.visit(f"history/2026.html{query}", WIDE) as visit:
            shown[query] = visit.page.locator(".it-row:not([hidden])").count()
    assert shown["?severity=XX"] == shown["?severity="] == shown[""] > shown["?severity=P0"] > 0
    assert shown["?severity=XX,P0"] == shown["?severity=P0"]


@pytest.mark.parametrize("path", ["index.html", INCIDENT])
def test_a_page_asks_for_no_sitemap_and_for_nothing_that_is_not_there(
    reader: Reader, path: str
) -> None:
    asked: dict[str, int] = {}
    with reader.visit("404.html", WIDE) as visit:
        visit.page.on("response", lambda answer: asked.update({answer.url: answer.status}))
        visit.page.goto(f"{reader.origin}/{path}", wait_until="networkidle")
    assert {url for url, status in asked.items() if status >= 400} == set()
    assert not [url for url in asked if "sitemap" in url]
    assert len(asked) > 4


def test_the_first_page_stays_small(site: Path) -> None:
    assert len((site / "index.html").read_bytes()) <= LARGEST_STATUS_PAGE
