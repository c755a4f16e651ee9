"""Pages of trackers of every size in a real browser: nothing scrolls sideways, nothing is cut off.

One page of each type is looked at for each size; test_site.py looks at more of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
import sizes
from playwright.sync_api import ConsoleMessage, sync_playwright

from browser import ARGUMENTS, Reader, Scheme, View, Width, chromium, served

pytestmark = pytest.mark.browser

# Where text stands does not depend on colours: each width and each scheme once.
SEEN = (
    View(width=Width.WIDE, scheme=Scheme.LIGHT),
    View(width=Width.NARROW, scheme=Scheme.DARK),
)
DAY = 86_400  # seconds
PAPER = 673  # CSS pixels between the margins of A4
# Only cells whose text stands in one line or column; drawings have labels beyond their ends.
WIDER_THAN_THEIR_CELLS = """() => [...document.querySelectorAll(".md-content :is(td, th)")]
  .filter((cell) => !cell.querySelector("svg, .it-axis-x"))
  .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
  .map((cell) => cell.textContent.trim())"""
LISTS = ("index.html", "history/2026.html", "reviews.html", "lessons.html", "actions.html")
TABLES = ("metrics.html", "runbooks.html", "drills.html", "subscribe.html")
FIRST = "2026-11-03-site-down.html"
RECORDS = (f"incidents/2026/{FIRST}", f"pir/2026/{FIRST}", "runbooks/site-down.html")
OPEN = "incidents/2026/2026-11-24-open.html"
HARD = [f"2026-{10 - number:02}-14-{hard.name}.html" for number, hard in enumerate(sizes.HARD)]
PUBLIC = "mkdocs-public.yml"
LOOKED_AT = {
    ("none", "mkdocs.yml"): (*LISTS, *TABLES),
    ("none", PUBLIC): LISTS[:2],
    ("one", "mkdocs.yml"): (*LISTS[:3], "metrics.html", *RECORDS),
    ("thirty", "mkdocs.yml"): (*LISTS, *TABLES, "metrics/2026-q3.html", "protocol.html", OPEN),
    ("four-hundred", "mkdocs.yml"): (*LISTS, "metrics.html", "drills.html", RECORDS[2]),
    ("hard", "mkdocs.yml"): (
        *(*LISTS, *TABLES, "protocol/components.html"),
        *(f"incidents/2026/{name}" for name in HARD),
        *(f"pir/2026/{name}" for name in HARD[:3]),
        *("incidents/2026/2026-11-24-unbroken-open.html", "runbooks/unbroken.html"),
    ),
    ("hard", PUBLIC): (*LISTS[:2], *(f"incidents/2026/{n}" for n in HARD[:3])),
}
# Reading a page aloud takes a second. More of the same is heard no better, and test_site.py reads
# most types of pages: here, those that are empty, of hard texts, or of no type that is read there.
READ_ALOUD = {
    key: paths
    for key, paths in {
        **LOOKED_AT,
        ("thirty", "mkdocs.yml"): ("lessons.html", "drills.html", "metrics/2026-q3.html", OPEN),
    }.items()
    if key[0] in {"none", "thirty", "hard"}
}
# Nor has a hard text another colour; what is shown while a P0 is open has.
COLOURED = ("index.html", "incidents/2026/2026-11-24-unbroken-open.html")
# What a page may grow by for each record more; one that is not among these does not grow.
BYTES_FOR_EACH = {
    "index.html": 1,
    "reviews.html": 180,
    "lessons.html": 450,
    "actions.html": 300,
    "metrics.html": 200,
    "drills.html": 50,
    "runbooks.html": 1,
    "runbooks/site-down.html": 25,
}
BYTES_IN_ITS_YEAR = 1_000  # of a record in the history


def kept(path: str) -> bool:
    """Whether a page of the largest tracker is built: all lists, and the records of one month."""
    return not path.startswith(("incidents/", "pir/")) or "2026-11" in path


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Path]:
    """The sites that are looked at, by size and configuration."""
    root = tmp_path_factory.mktemp("sizes")
    trackers = {size: sizes.write(root / size, size) for size in sizes.SIZES}
    return {
        (size, config): sizes.site(
            trackers[size], config, only=kept if size == "four-hundred" else None
        )
        for size, config in LOOKED_AT
    }


@pytest.fixture(scope="module")
def readers(sites: Mapping[tuple[str, str], Path]) -> Iterator[Mapping[tuple[str, str], Reader]]:
    """One browser, in front of each of the sites."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        stack.callback(browser.close)
        tab = browser.new_page()
        yield {
            key: Reader(browser=browser, origin=stack.enter_context(served(folder)), tab=tab)
            for key, folder in sites.items()
        }


@pytest.mark.parametrize("key", LOOKED_AT, ids=" ".join)
def test_no_page_scrolls_sideways_cuts_text_off_or_shuts_anybody_out(
    sites: Mapping[tuple[str, str], Path],
    readers: Mapping[tuple[str, str], Reader],
    key: tuple[str, str],
) -> None:
    reader, said = readers[key], list[str]()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    reader.tab.on("console", note)
    for number, path in enumerate(LOOKED_AT[key]):
        is_read_aloud = path in READ_ALOUD.get(key, ())
        colours = key[0] != "hard" or path in COLOURED
        with reader.visit(path, SEEN[0]) as visit:
            for view in SEEN:
                visit.turn(view)
                assert visit.overflow() == [], (path, view)
                assert visit.clipped() == [], (path, view)
                if is_read_aloud and view is SEEN[number % 2]:
                    found = visit.violations(colours=colours)
                    assert [str(violation) for violation in found] == [], (path, view)
            assert visit.foreign == visit.dialogs == visit.errors == said == [], path
    reader.tab.remove_listener("console", note)


def test_a_text_from_right_to_left_runs_so_and_pulls_nothing_along(
    readers: Mapping[tuple[str, str], Reader],
) -> None:
    with readers["hard", "mkdocs.yml"].visit(f"incidents/2026/{HARD[2]}", SEEN[0]) as visit:
        page = visit.page
        title, time = page.locator("h1"), page.locator(".it-tl time").first
        assert title.evaluate("(heading) => getComputedStyle(heading).direction") == "rtl"
        assert page.locator(".it-tl bdi").first.inner_text().startswith("טופס")
        line = page.locator(".it-tl li").first
        assert line.evaluate("(item) => getComputedStyle(item).direction") == "ltr"
        left = "(element) => element.getBoundingClientRect().x"
        assert time.evaluate(left) < line.locator("bdi").evaluate(left)


@pytest.mark.parametrize("path", ["metrics.html", "history/2026.html", *RECORDS[:2]])
def test_on_paper_no_cell_covers_its_neighbour(
    readers: Mapping[tuple[str, str], Reader], path: str
) -> None:
    with readers["one" if path in RECORDS else "thirty", "mkdocs.yml"].visit(
        path, SEEN[0]
    ) as visit:
        visit.page.set_viewport_size({"width": PAPER, "height": 1000})
        visit.page.emulate_media(media="print")
        assert visit.overflow() == []
        assert visit.page.evaluate(WIDER_THAN_THEIR_CELLS) == []


def test_what_is_folded_is_shown_to_whom_it_is_filtered_for(
    readers: Mapping[tuple[str, str], Reader],
) -> None:
    with readers["four-hundred", "mkdocs.yml"].visit("actions.html", SEEN[0]) as visit:
        page = visit.page
        rows, folds = page.locator(".it-item"), page.locator("details.it-data[open]")
        assert rows.count() > page.locator(".it-item:visible").count() > 30
        assert folds.count() == 0
        page.locator("select[name=owner]").select_option("finn")
        found = page.locator(".it-item:visible").count()
        assert page.locator(".it-filter output").inner_text() == f"{found} items"
        assert folds.count() > 0
        page.locator(".it-filter button").click()
        page.wait_for_function("() => !document.querySelector('details.it-data[open]')")


def test_a_page_grows_by_a_few_bytes_for_each_record(
    sites: Mapping[tuple[str, str], Path],
) -> None:
    few, many = sites["thirty", "mkdocs.yml"], sites["four-hundred", "mkdocs.yml"]
    for path, most in BYTES_FOR_EACH.items():
        grown = (many / path).stat().st_size - (few / path).stat().st_size
        assert grown / (400 - 30) <= most, path
    year = many / "history/2025.html"
    listed = year.read_text("utf-8").count('<li class="it-row')
    assert listed > 100
    assert year.stat().st_size / listed <= BYTES_IN_ITS_YEAR


def test_a_page_changes_with_its_content_and_not_with_the_clock(
    sites: Mapping[tuple[str, str], Path],
) -> None:
    now = sites["thirty", "mkdocs.yml"]
    tracker = now.parent
    different = changed(now, sizes.site(tracker, at=sizes.MOMENT + 40 * DAY))
    records = {page for page in different if page.startswith(("incidents/", "pir/"))}
    assert different - records == {
        # as of when; the lengths of what is open; what is owed by when, and since when
        *("index.html", "actions.html", "reviews.html", "history/2026.html"),
        *("drills.html", "protocol/contacts.html"),
        # the ages of open actions, in the period of their incident
        *("metrics.html", "metrics/2026.html"),
        *(f"metrics/2026-q{number}.html" for number in (1, 3, 4)),
    }
    for page in records:
        text = (tracker / page).with_suffix(".md").read_text("utf-8")
        assert "\n- [ ] " in text or not re.search(r"\nstatus: (closed|published)\n", text), page
    every = {*now.glob("incidents/*/*.html"), *now.glob("pir/*/*.html")}
    assert len(records) < len(every) / 3


def changed(one: Path, other: Path) -> set[str]:
    """The pages that are not the same in both."""
    found = {path.relative_to(one).as_posix() for path in one.rglob("*.html")}
    assert found == {path.relative_to(other).as_posix() for path in other.rglob("*.html")}
    return {path for path in found if (one / path).read_bytes() != (other / path).read_bytes()}
