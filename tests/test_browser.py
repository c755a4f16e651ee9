"""The browser helper sees what it is there to see: a check that is blind would pass every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import VIEWS, Reader, Scheme, View, Width, pages, reading

pytestmark = pytest.mark.browser

WIDE = View(width=Width.WIDE, scheme=Scheme.LIGHT)
NARROW = View(width=Width.NARROW, scheme=Scheme.DARK)
GOOD = (
    '<html lang="en"><title>t</title><meta name="viewport" content="width=device-width"><h1>t</h1>'
)
BOX = "width: 100px; white-space: nowrap;"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("pages")
    for name, body in {
        "good": "<p>Nothing to see.",
        "wide": '<p style="width: 500px">Wider than a telephone.',
        "box": f'<p style="{BOX} overflow-x: auto">A long line in a box that scrolls.',
        "cut": f'<p style="{BOX} overflow-x: hidden">A long line in a box that does not.',
        "foreign": '<img alt="" src="https://example.org/a.png">',
        "dialog": "<script>alert('hello')</script>",
        "broken": "<script>undefinedName()</script>",
        "pale": '<p style="color: #ccc; background: #fff">Pale.',
        "pale-at-night": "<style>p {background: #fff}"
        "@media (prefers-color-scheme: dark) {p {color: #ccc}}</style><p>Pale in the dark.",
    }.items():
        (folder / f"{name}.html").write_text(GOOD + body, encoding="utf-8")
    with reading(folder) as opened:
        yield opened


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_good_page_gives_no_cause_for_complaint(reader: Reader, view: View) -> None:
    with reader.visit("good.html", view) as visit:
        assert visit.overflow() == visit.clipped() == []
        assert visit.violations() == []
        assert visit.foreign == visit.dialogs == visit.errors == []


def test_a_page_that_scrolls_sideways_is_seen_where_it_does(reader: Reader) -> None:
    with reader.visit("wide.html", WIDE) as visit:
        assert visit.overflow() == []
        visit.turn(NARROW)
        assert visit.overflow() == ["page: 508 > 360", "p"]


def test_a_box_that_scrolls_is_no_fault_and_one_that_cuts_is(reader: Reader) -> None:
    with reader.visit("box.html", NARROW) as visit:
        assert visit.overflow() == visit.clipped() == []
    with reader.visit("cut.html", NARROW) as visit:
        assert visit.clipped() == ["p: A long line in a box that does not."]


def test_a_request_to_elsewhere_is_refused_and_noted(reader: Reader) -> None:
    with reader.visit("foreign.html", WIDE) as visit:
        assert visit.foreign == ["https://example.org/a.png"]
        failures: list[str | None] = []
        visit.page.on("requestfailed", lambda request: failures.append(request.failure))
        for address in ("https://example.org/b", "http://192.0.2.1/c", "http://[2001:db8::1]/d"):
            visit.page.evaluate("(address) => fetch(address).catch(() => 0)", address)
        assert failures == ["net::ERR_NAME_NOT_RESOLVED"] * 3
        assert len(visit.foreign) == 4


def test_a_visit_knows_nothing_of_the_one_before(reader: Reader) -> None:
    with reader.visit("foreign.html", NARROW) as visit:
        visit.page.evaluate("() => { localStorage.a = sessionStorage.b = 'c'; open('wide.html'); }")
        visit.page.emulate_media(media="print")
    with reader.visit("good.html", WIDE) as visit:
        assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert visit.page.evaluate("matchMedia('screen').matches && innerWidth") == 1280
        assert visit.page.context.pages == [visit.page]
        assert visit.foreign == []


def test_a_dialog_and_a_script_that_fails_are_noted(reader: Reader) -> None:
    with reader.visit("dialog.html", WIDE) as visit:
        assert visit.dialogs == ["hello"]
    with reader.visit("broken.html", WIDE) as visit:
        assert visit.errors == ["undefinedName is not defined"]


def test_axe_sees_a_contrast_too_low_also_only_at_night(reader: Reader) -> None:
    with reader.visit("pale.html", WIDE) as visit:
        assert [found.rule for found in visit.violations()] == ["color-contrast"]
    with reader.visit("pale-at-night.html", WIDE) as visit:
        assert visit.violations() == []
        visit.turn(NARROW)
        assert [found.rule for found in visit.violations()] == ["color-contrast"]


def test_a_screenshot_shows_the_whole_page(reader: Reader, tmp_path: Path) -> None:
    with reader.visit("good.html", WIDE) as visit:
        visit.screenshot(tmp_path / "shots" / "good.png")
    assert (tmp_path / "shots" / "good.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_s_index_is_listed_as_the_folder(tmp_path: Path) -> None:
    for name in ("index.html", "404.html", "a/index.html", "a/my-index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert pages(tmp_path) == ["", "404.html", "a/", "a/my-index.html"]
