"""A real Chromium on a built site: what a reader sees, at both widths and in both colours."""

from __future__ import annotations

import functools
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Error, Page, Request, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_MISSING = (
    "The browser tests need a Chromium: apt-get install chromium, or CHROMIUM=/path/to/it make test"
)
# Chromium speaks to no other machine, whatever a page asks for; root may run it.
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HEIGHT = 900  # CSS pixels: the fold, not the page
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
AXE_LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# Scrolls sideways: the page itself. Boxes that scroll inside (wide tables, code) are meant to.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => ["auto", "scroll", "hidden", "clip"]
    .includes(getComputedStyle(element).overflowX);
  const inside = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (scrolls(up)) return true;
    }
    return false;
  };
  const name = (element) => element.tagName.toLowerCase() +
    (element.className && element.className.baseVal === undefined
      ? "." + String(element.className).trim().split(/\\s+/).join(".") : "");
  const found = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" &&
      style.position !== "fixed" && (box.right > width + 1 || box.left < -1) && !inside(element);
  });
  const itself = document.documentElement.scrollWidth > width
    ? [`page: ${document.documentElement.scrollWidth} > ${width}`] : [];
  return itself.concat(itself.length ? found.map(name) : []);
}"""

# Text that its own box cuts off without offering to scroll; a closed drawer stands off screen.
CLIPPED = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const cuts = (overflow) => ["hidden", "clip"].includes(overflow);
  return [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
    element.clientWidth > 1 && element.clientHeight > 1 && style.visibility !== "hidden" &&
    box.right > 0 && box.left < document.documentElement.clientWidth &&
    ((cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
     (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 4));
}).map((element) =>
  `${element.tagName.toLowerCase()}: ${element.textContent.trim().slice(0, 60)}`)"""

# Only what is wrong: all that axe looked at is a thousand times as much to hand over.
VIOLATIONS = """async ([tags, colours]) => {
  const options = {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
    rules: {"color-contrast": {enabled: colours}},
  };
  const {violations} = await axe.run(document, options);
  return violations.map(({id, help, nodes}) =>
    ({rule: id, help: help, elements: nodes.map((node) => node.html.slice(0, 160))}));
}"""
MOST_RETURNS = 10
FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


class Width(Enum):
    """The two screens that every page is looked at on, in CSS pixels."""

    WIDE = 1280
    NARROW = 360


class Scheme(Enum):
    """The reader's colour preference."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One way of looking at a page."""

    width: Width
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.width.value}-{self.scheme.value}"


VIEWS = tuple(View(width=width, scheme=scheme) for width in Width for scheme in Scheme)


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One axe finding: the rule, and the elements it is about."""

    rule: str
    help: str
    elements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.help}): {'; '.join(self.elements[:3])}"


@dataclass(kw_only=True)
class Visit:
    """An open page, and what happened while it loaded."""

    page: Page
    origin: str
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def turn(self, view: View) -> None:
        """Looks at the same page another way, without loading it again."""
        self.page.set_viewport_size({"width": view.width.value, "height": HEIGHT})
        self.page.emulate_media(
            media="null", color_scheme=view.scheme.value, reduced_motion="reduce"
        )

    def overflow(self) -> list[str]:
        """What makes the page scroll sideways; empty if it does not."""
        return list(self.page.evaluate(OVERFLOW))

    def clipped(self) -> list[str]:
        """Elements whose text is cut off."""
        return list(self.page.evaluate(CLIPPED))

    def violations(self, *, colours: bool = True) -> list[Violation]:
        """What axe finds of level A and AA; comparing colours takes two thirds of its time."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE)
        return [
            Violation(rule=one["rule"], help=one["help"], elements=tuple(one["elements"]))
            for one in self.page.evaluate(VIOLATIONS, [list(AXE_LEVELS), colours])
        ]

    def screenshot(self, path: Path) -> None:
        """Writes the whole page as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A browser in front of one served site, with one tab for all visits."""

    browser: Browser
    origin: str
    tab: Page

    @contextmanager
    def visit(self, path: str, view: View) -> Iterator[Visit]:
        """The page at `path` of the site, loaded.

        Requests elsewhere are noted, and refused where they would leave this machine.
        A visit begins as a first one: what pages kept in the browser is forgotten behind each.
        """
        visit = Visit(page=self.tab, origin=self.origin)
        inside = (f"{self.origin}/", "data:", "blob:")

        def note(request: Request) -> None:
            if not request.url.startswith(inside):
                visit.foreign.append(request.url)

        def dismiss(dialog: Dialog) -> None:
            visit.dialogs.append(dialog.message)
            dialog.dismiss()

        def fail(error: Error) -> None:
            visit.errors.append(str(error))

        visit.turn(view)
        self.tab.context.on("request", note)
        self.tab.on("dialog", dismiss)
        self.tab.on("pageerror", fail)
        try:
            self.tab.goto(f"{self.origin}/{path.lstrip('/')}")
            self.tab.evaluate("async () => { await document.fonts.ready; }")
            yield visit
        finally:
            self._leave()
            self.tab.remove_listener("pageerror", fail)
            self.tab.remove_listener("dialog", dismiss)
            self.tab.context.remove_listener("request", note)

    def _leave(self) -> None:
        if self.tab.url.startswith(self.origin):
            try:
                self.tab.evaluate(FORGET)
            except Error:  # a click of the test is still leading to another page, or to nowhere
                self._come_back()
                self.tab.evaluate(FORGET)
        self.tab.goto("about:blank")
        for other in self.tab.context.pages:
            if other != self.tab:
                other.close()

    def _come_back(self) -> None:
        """Go to a page of the site, after whatever else the tab is still on its way to."""
        for left in reversed(range(MOST_RETURNS)):
            try:
                self.tab.goto(f"{self.origin}/404.html")
            except Error:
                if not left:
                    raise
                self.tab.wait_for_timeout(200)
            else:
                return


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the base class's name
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The origin under which `folder` is served on the loopback, until the block ends."""
    handler = functools.partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def chromium() -> str:
    """The path of the Chromium to use: $CHROMIUM, else the first one on PATH."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise RuntimeError(CHROMIUM_MISSING)
    return found


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A browser in front of the site built in `folder`."""
    with served(folder) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield Reader(browser=browser, origin=origin, tab=browser.new_page())
        finally:
            browser.close()


def pages(folder: Path) -> list[str]:
    """The path of every page of the site built in `folder`, as a reader's address bar shows it."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    return sorted(re.sub(r"(^|/)index\.html$", r"\1", path) for path in found)
