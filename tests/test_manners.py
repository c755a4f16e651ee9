"""Every kind of page by keyboard, in forced colours, without motion or script, and on paper."""

from __future__ import annotations

import pytest

from browser import Reader, Scheme, View, Width

pytestmark = pytest.mark.browser

WIDE = View(width=Width.WIDE, scheme=Scheme.LIGHT)
NARROW = View(width=Width.NARROW, scheme=Scheme.DARK)
INCIDENT = "incidents/2026/2026-11-03-site-down.html"
REVIEW = "pir/2026/2026-11-03-site-down.html"
KINDS = ("index.html", "history/2026.html", INCIDENT, REVIEW, "metrics.html", "actions.html")
MOST_WAITS = 12
# The element that has the focus: who it is, whether that can be seen, and whether it is on top.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  // A box without a look of its own is drawn by what stands behind it.
  const drawn = element.matches("input[type=checkbox]") ? element.nextElementSibling
    : element.matches("input.md-option")
    ? element.parentElement.querySelector("label:not([hidden])")
    : element.querySelector(":scope > .it-b-hit") ?? element;
  const style = getComputedStyle(drawn);
  const box = drawn.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const top = document.elementFromPoint(x, y);
  return {
    name: `${element.tagName} ${element.className.baseVal ?? element.className} ` +
      `${element.textContent.trim().slice(0, 40)}`,
    number: (window.stops ??= new Map()).get(element) ?? window.stops.set(element, 0).size - 1,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 ||
      drawn !== element && style.stroke !== "none",
    onTop: top !== null && (element.contains(top) || top.contains(element) || drawn.contains(top)),
  };
}"""
STOPS = """() => document.querySelectorAll(
  "a[href], button, input, select, summary, label[tabindex], [tabindex='0']").length"""
# Shapes that are painted in the colour of the ground, where only that colour is painted.
UNPAINTED = """() => {
  const ground = getComputedStyle(document.body).backgroundColor;
  const grounds = [ground, "none", "rgba(0, 0, 0, 0)"];
  return [...document.querySelectorAll(".md-content svg")].filter((drawing) =>
    drawing.checkVisibility() && [...drawing.querySelectorAll("rect, path, circle")].every(
      (shape) => [getComputedStyle(shape).fill, getComputedStyle(shape).stroke]
        .every((paint) => grounds.includes(paint)))
  ).map((drawing) => drawing.outerHTML.slice(0, 200));
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  return `${style.transitionDuration},${style.animationDuration}`.split(",")
    .some((length) => parseFloat(length) > 0);
}).map((element) => `${element.tagName}.${element.className}`)"""


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=str)
@pytest.mark.parametrize("path", [*KINDS, "start.html", "subscribe.html"])
def test_the_keyboard_reaches_the_end_and_every_stop_can_be_seen(
    reader: Reader, path: str, view: View
) -> None:
    with reader.visit(path, view) as visit:
        names: list[str] = []
        unseen = []
        for _ in range(visit.page.evaluate(STOPS) + 1):
            visit.page.keyboard.press("Tab")
            stop = visit.page.evaluate(FOCUSED)
            # Behind the last one comes the browser itself, or the first one again.
            if stop is None or stop["number"] < len(names):
                break
            names.append(stop["name"])
            for _ in range(MOST_WAITS):  # the drawer and the search come and go in some time
                if stop["marked"] and stop["onTop"]:
                    break
                visit.page.wait_for_timeout(250)
                stop = visit.page.evaluate(FOCUSED)
            if not (stop["marked"] and stop["onTop"]):
                unseen.append(stop)
        else:
            pytest.fail(f"no end after {len(names)} stops")
        assert unseen == []
        assert names[0].endswith("Skip to content")
        assert len(names) > 10


@pytest.mark.parametrize("path", KINDS)
def test_the_first_stop_leads_past_the_navigation(reader: Reader, path: str) -> None:
    with reader.visit(path, WIDE) as visit:
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("path", [*KINDS, "drills.html", "runbooks.html"])
def test_every_drawing_is_painted_in_forced_colours(reader: Reader, path: str) -> None:
    with reader.visit(path, WIDE) as visit:
        for scheme in ("light", "dark"):
            visit.page.emulate_media(forced_colors="active", color_scheme=scheme)
            assert visit.page.evaluate("matchMedia('(forced-colors: active)').matches")
            assert visit.page.evaluate(UNPAINTED) == [], scheme
        visit.page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("path", KINDS)
def test_nothing_moves_where_the_reader_wants_none(reader: Reader, path: str) -> None:
    with reader.visit(path, WIDE) as visit:
        assert visit.page.evaluate(MOVING) == []
        visit.page.emulate_media(reduced_motion="no-preference")
        assert visit.page.evaluate(MOVING) != []


@pytest.mark.parametrize("path", KINDS)
def test_without_script_a_page_says_the_same_and_offers_nothing_that_is_dead(
    reader: Reader, path: str
) -> None:
    context = reader.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reader.origin}/{path}")
    quiet = page.locator(".md-content__inner").inner_text()
    dead = page.locator("article button:visible, article select:visible, .it-zone:visible").count()
    context.close()
    with reader.visit(path, WIDE) as visit:
        for added in visit.page.locator(".it-filter, .it-stale").all()[::-1]:
            added.evaluate("element => element.remove()")
        loud = visit.page.locator(".md-content__inner").inner_text()
    assert " ".join(quiet.split()) == " ".join(loud.split())
    assert len(quiet) > 500
    assert dead == 0


@pytest.mark.parametrize("path", [INCIDENT, REVIEW, "metrics.html"])
def test_paper_is_light_and_has_neither_head_nor_navigation(reader: Reader, path: str) -> None:
    with reader.visit(path, View(width=Width.WIDE, scheme=Scheme.DARK)) as visit:
        visit.page.emulate_media(media="print")
        for part in (".md-header", ".md-tabs", ".md-sidebar", ".md-footer", ".it-asidelinks"):
            assert visit.page.locator(part).locator("visible=true").count() == 0, part
        ink, ground = visit.page.evaluate(
            "() => [getComputedStyle(document.querySelector('h1')).color,"
            " getComputedStyle(document.body).backgroundColor]"
        )
        light = [sum(map(float, colour[4:-1].split(",")[:3])) for colour in (ink, ground)]
        assert light[0] < 150
        assert light[1] > 720
