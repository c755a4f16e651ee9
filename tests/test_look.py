"""The look in a real browser: every drawing, both schemes, both widths, with script and without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from test_drawings import days, marks, phases, plots

from browser import VIEWS, Reader, Scheme, View, Width, reading
from incident_tracker import pages
from incident_tracker.pages import Page, Site
from incident_tracker.pages.safe import safe_markdown

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
WIDE_LIGHT = View(width=Width.WIDE, scheme=Scheme.LIGHT)
DRAWINGS = f"""# Drawings

<p class="it-asof" data-built="2020-01-01T00:00:00Z" data-open="1">As of long ago.</p>

## Days

<div class="it-groups"><div class="it-comp"><span class="it-comp__name">Website</span>
<div class="it-comp__bars">{days("https://example.org/")}</div>
<span class="it-comp__state">Major outage</span></div></div>

## Phases

<table class="it-ph"><tbody><tr><th scope="row">Undetected</th>
<td class="it-ph__d">{phases("14:00")}</td><td class="it-ph__n">3 min</td></tr></tbody></table>

## Plots

<table class="it-dp"><tbody><tr><th scope="row">P0</th>
<td class="it-dp__d">{plots("0 d")}</td><td>7 min</td></tr></tbody></table>

## Marks

<p>{marks("words")}</p>

## What people write

{safe_markdown("- [x] done" + chr(10) + "- [ ] open, see `code` and [a link](https://example.org/)")}
"""
ROW = """<li class="it-row" data-severity="{0}" data-status="{1}" data-component="{2}">
<span class="it-row__t"><a href="https://example.org/">{3}</a></span></li>"""
BOX = """<label class="it-chip"><input type="checkbox" name="severity" value="{0}">
<span>{0}</span></label>"""
HISTORY = f"""# History

<form class="it-filter" hidden><fieldset class="it-fs"><legend>Severity</legend>{BOX.format("P0")}
{BOX.format("P1")}</fieldset><label class="it-fsel"><span>Component</span><select name="component">
<option value="">All</option><option value="mail">Mail</option></select></label>
<label class="it-fsel"><span>Words</span><input type="search" name="words"></label>
<p class="it-filter__out"><output></output> <button type="reset">Show all</button></p></form>

<section class="it-month" markdown="1">

## November

<p class="it-month__n">2 incidents: 1 P0, 1 P1</p>

<ol class="it-rows" role="list">{ROW.format("P0", "open", "mail website", "Mail queue stalled")}
{ROW.format("P1", "closed", "website", "Slow pages")}</ol>

</section>

<section class="it-month" markdown="1">

## October

<ol class="it-rows" role="list">{ROW.format("P1", "closed", "mail", "Late letters")}</ol>

</section>
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("look")
    (root / "docs").mkdir()
    (root / "docs" / "start.md").write_text("# Start\n\n- [x] by hand\n")
    (root / "protocol").mkdir()
    text = (ROOT / "protocol" / "protocol.yml").read_text(encoding="utf-8")
    (root / "protocol" / "protocol.yml").write_text(text, encoding="utf-8")
    (root / "mkdocs.yml").write_text(
        "site_name: A tracker\ntheme: {name: material}\nplugins: [search, incident-tracker]\n"
    )

    def computed(tracker: object, site: Site, spread: object, memo: object) -> Sequence[Page]:
        return (
            Page(path="drawings.md", title="Drawings", markdown=DRAWINGS, section="Drawings"),
            Page(path="history.md", title="History", markdown=HISTORY, section="History"),
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "build", computed)
        build(load_config(str(root / "mkdocs.yml"), strict=True))
    with reading(root / "site") as opened:
        yield opened


@pytest.mark.parametrize("path", ["drawings/", "history/", "start/"])
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_page_is_whole_and_accessible(reader: Reader, path: str, view: View) -> None:
    with reader.visit(path, view) as visit:
        assert visit.violations() == []
        assert visit.overflow() == []
        assert visit.clipped() == []
        assert visit.foreign == []
        assert visit.errors == []


def test_the_age_of_a_page_is_told_where_something_was_open(reader: Reader) -> None:
    with reader.visit("drawings/", WIDE_LIGHT) as visit:
        assert "days old." in visit.page.locator(".it-stale").inner_text()


def test_the_filters_hide_rows_and_empty_months_and_live_in_the_address(reader: Reader) -> None:
    with reader.visit("history/", WIDE_LIGHT) as visit:
        page = visit.page
        rows, months = page.locator(".it-row:visible"), page.locator(".it-month:visible")

        legend = "getComputedStyle(document.querySelector('.it-fs legend'), '::after').content"
        assert page.evaluate(legend) == '": all"'
        page.locator("label.it-chip", has_text="P0").click()

        assert [rows.count(), months.count()] == [1, 1]
        assert not page.locator(".it-month__n").is_visible(), "it counts what is not shown"
        assert page.evaluate(legend) == "none"
        assert page.locator("output").inner_text() == "1 record"
        assert page.url.endswith("history/?severity=P0")
        page.locator("button[type=reset].it-btn, .it-filter__out button").click()
        page.wait_for_timeout(50)
        assert [rows.count(), months.count()] == [3, 2]
        assert page.locator(".it-month__n").is_visible()
        assert page.url.endswith("history/")


def test_an_address_with_filters_opens_filtered(reader: Reader) -> None:
    with reader.visit("history/?component=mail&words=late", WIDE_LIGHT) as visit:
        assert visit.page.locator(".it-row:visible").all_inner_texts() == ["Late letters"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?severity=", "3 records"),
        ("?severity=nope&component=nope&words=%00", "0 records"),
        ("?severity=P0&words=%00", "0 records"),
    ],
)
def test_an_address_that_fits_nothing_breaks_nothing(
    reader: Reader, address: str, said: str
) -> None:
    with reader.visit(f"history/{address}", WIDE_LIGHT) as visit:
        assert visit.errors == []
        assert visit.page.locator("output").inner_text() == said


def test_without_script_all_is_shown_dark_as_the_reader_asked_and_no_filter(
    reader: Reader,
) -> None:
    context = reader.browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{reader.origin}/history/?severity=P0")

    assert page.locator(".it-row:visible").count() == 3
    assert not page.locator("form.it-filter").is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(18, 22, 28)"
    context.close()
