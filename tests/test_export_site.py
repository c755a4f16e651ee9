"""The exported site: built without our plugin, it says what our own build says."""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from test_plugin import NEVER, VECTORS
from typed import Tracker as Typed

from conftest import ROOT
from incident_tracker.exporting import MARKER
from incident_tracker.exports.site_links import led
from incident_tracker.exports.site_proof import proven
from incident_tracker.pages.allowed_html import clean

MOMENT = {"SOURCE_DATE_EPOCH": "1795510800", "NO_MKDOCS_2_WARNING": "1"}
GOOD = "incidents/2026/2026-03-02-good.md"
VOID = {"br", "hr", "img", "input", "meta", "link", "path", "rect", "circle", "col"}


class Article(HTMLParser):
    """The first article of a page: its text, its elements, where its links lead."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.depth = 0
        self.is_over = False
        self.text: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth and not self.is_over:
            self.tags.add(tag)
            self.attributes |= {name for name, _ in attrs}
            self.links += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]
        if tag == "article":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.depth -= 1
            self.is_over = self.is_over or self.depth == 0

    def handle_data(self, data: str) -> None:
        if self.depth and not self.is_over:
            self.text += data.split()


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **MOMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def exported(tracker: Path, folder: Path) -> Path:
    """The folder of a tracker's exported site, built without the plugin."""
    run(tracker, "incident_tracker", "export", "site", str(folder))
    assert "incident-tracker" not in yaml.safe_load((folder / "mkdocs.yml").read_text())["plugins"]
    run(folder, "mkdocs", "build", "--strict")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site, exported and built."""
    return exported(ROOT, tmp_path_factory.mktemp("exported") / "out")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same by the plugin, for the same moment."""
    folder = tmp_path_factory.mktemp("ours") / "site"
    run(ROOT, "mkdocs", "build", "--strict", "--site-dir", str(folder))
    return folder


def articles(site: Path) -> Iterator[tuple[str, Article]]:
    for path in sorted(site.rglob("*.html")):
        content = path.read_text("utf-8")
        if "<article" in content:
            yield path.relative_to(site).as_posix(), Article(content)


def computed(site: Path) -> Mapping[str, Article]:
    """The computed pages by their addresses: hand-written ones have others there."""
    alone = ("start.html", "dependencies.html", "hostile-input.html", "speed.html", "404.html")
    guide = (*alone, "guide/", "decisions/", "docs/")
    return {path: one for path, one in articles(site) if not path.startswith(guide)}


def test_the_pages_say_what_our_own_build_says(built: Path, ours: Path) -> None:
    theirs, expected = computed(built / "site"), computed(ours)
    assert set(theirs) == set(expected)
    assert len(expected) > 80
    for path, article in expected.items():
        assert theirs[path].text == article.text, path
        assert theirs[path].tags == article.tags, path
        assert len(theirs[path].links) == len(article.links), path


def test_every_link_of_a_page_leads_somewhere(built: Path) -> None:
    top = built / "site"
    for path, article in articles(top):
        for link in article.links:
            target = unquote(link.partition("#")[0].partition("?")[0])
            if target and "://" not in target and not target.startswith("mailto:"):
                found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                # The page for unknown addresses is shown at any of them: it counts from the top.
                assert (top / found.removeprefix("/")).is_file(), (path, link)


def test_hand_written_pages_and_their_pictures_are_there(built: Path) -> None:
    assert (built / "site/docs/start.html").is_file()
    assert (built / "docs/docs/images/status.png").is_file()
    assert (built / "site/assets/incident-tracker/tracker.css").is_file()
    assert any((built / "site/assets/incident-tracker/fonts").iterdir())


def test_the_theme_shows_the_tabs_and_the_foot(built: Path) -> None:
    page = (built / "site/index.html").read_text("utf-8")
    for tab in ("Status", "History", "Metrics", "Protocol", "Guide"):
        assert re.search(rf"md-tabs__link[^>]*>\s*{tab}\s*<", page), tab
    assert "All times are local to the team" in page
    assert "fonts.googleapis.com" not in page


def test_what_our_own_search_leaves_out_is_left_out(built: Path, ours: Path) -> None:
    pages = set(computed(ours))

    def found(site: Path) -> set[str]:
        index = json.loads((site / "search/search_index.json").read_text("utf-8"))
        places = {entry["location"].partition("#")[0] for entry in index["docs"]}
        return places & pages

    assert found(built / "site") == found(ours)


@pytest.fixture
def hostile(good_tracker: Typed) -> Path:
    """A tracker in which every text that a page shows was written to run."""
    body = "\n\n".join(VECTORS)
    good_tracker.change(GOOD, "## Summary\n", f"## Summary\n{body}\n\n")
    good_tracker.change(
        GOOD, "title: Search shows an error for every visitor", f"title: '{VECTORS[0]} {{{{ 1 }}}}'"
    )
    good_tracker.change(GOOD, "Searching works again.", f"{body}\n\n[x](../../status.md)")
    return good_tracker.root


def test_nothing_that_a_record_holds_runs_in_the_exported_site(
    hostile: Path, tmp_path: Path
) -> None:
    folder = exported(hostile, tmp_path / "out")
    found = dict(articles(folder / "site"))
    page = found["incidents/2026/2026-03-02-good.html"]
    assert page.tags.isdisjoint(NEVER)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert not [
        a for a in page.links if re.match(r"\s*(javascript|data|vbscript):", a, re.IGNORECASE)
    ]
    assert "alert(1)" in "".join(page.text)


@pytest.mark.parametrize("text", VECTORS)
def test_what_the_allow_list_would_change_leaves_as_what_it_lets_through(text: str) -> None:
    import markdown  # type: ignore[import-untyped] # noqa: PLC0415 # ships no types

    written = proven(f"# Title\n\n{text}\n")
    made = markdown.markdown(written, extensions=["attr_list", "md_in_html", "tables"])
    reader = Article(f"<article>{made}</article>")
    assert reader.tags.isdisjoint(NEVER)
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert clean(made).count("<") == made.count("<")


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nA *b* `c`\n\n- [x] d\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        "```bash\nls\n```\n",
        '<div class="it-banner">\n<p id="a">x</p>\n</div>\n',
        "!!! note\n    text\n",
    ],
)
def test_a_page_that_is_allowed_stays_as_it_was(text: str) -> None:
    assert proven(text) == text


def test_links_are_led_but_not_in_code() -> None:
    pages = {"status.md", "incidents/2026/a.md", "docs/start.md"}
    text = (
        '<a href="../../status.md#x">s</a> [s](../../status.md) [d](../../docs/start.md#y)\n'
        '<a href="b.md">no page</a> <a href="https://example.org/a.md">out</a>\n'
        '```\n<a href="../../status.md">code</a>\n```\n'
    )
    assert led(text, "incidents/2026/a.md", pages, {"status.md": "index.md"}) == (
        '<a href="../../index.html#x">s</a> [s](../../index.md) [d](../../docs/start.md#y)\n'
        '<a href="b.md">no page</a> <a href="https://example.org/a.md">out</a>\n'
        '```\n<a href="../../status.md">code</a>\n```\n'
    )


def test_an_export_in_the_folder_of_the_guide_is_not_exported_again(good_tracker: Typed) -> None:
    good_tracker.write("docs/start.md", "# Start\n\n[it](../incidents/2026/2026-03-02-good.md)\n")
    good_tracker.write("docs/.hidden.md", "# Hidden\n")
    (good_tracker.root / "docs/link.md").symlink_to(good_tracker.root / GOOD)
    for _ in range(2):
        said = good_tracker.incident("export", "site", "docs/site")
        assert said.status == 0
    exported_ = good_tracker.root / "docs/site"
    assert (exported_ / MARKER).is_file()
    assert sorted(p.name for p in (exported_ / "docs/docs").rglob("*")) == ["start.md"]


def test_an_old_address_leads_on(good_tracker: Typed, tmp_path: Path) -> None:
    good_tracker.change(GOOD, "protocol: 2.0.0", "formerly: [2026-03-02-bad]\nprotocol: 2.0.0")
    good_tracker.incident("export", "site", str(tmp_path / "out"))
    page = tmp_path / "out/docs/incidents/2026/2026-03-02-bad.html"
    assert 'url=2026-03-02-good.html"' in page.read_text("utf-8")
