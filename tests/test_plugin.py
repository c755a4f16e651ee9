"""The MkDocs plugin on a small tracker: addresses, links, tabs, search, and hostile records."""

from __future__ import annotations

import html
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError

from browser import Scheme, View, Width, reading
from incident_tracker import pages
from incident_tracker.pages import Footer, Link, Page, Site
from incident_tracker.pages.safe import inline_markdown, plain, safe_markdown

ROOT = Path(__file__).parents[1]
RECORD = "incidents/2026/2026-11-03-site-down.md"
CONFIG = """\
site_name: A tracker
edit_uri: https://git.example.org/team/tracker/edit/main/
theme: {name: material}
plugins: [search, incident-tracker: {now: "2026-11-23T14:32:00-05:00"}]
validation: {links: {not_found: warn, anchors: warn, absolute_links: warn}}
"""
VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "<form action=javascript:alert(1)><button autofocus>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVa&Tab;ScRiPt&colon;alert(1)) <a href='&#106;avascript:alert(1)'>x</a>",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1)) ![x](https://evil.example/pixel.png)",
    "## x {: onclick=alert(1) onmouseover=alert(1) style=position:fixed }",
    "</title></h1></td><script>alert(1)</script><math><mtext><style><img src=x onerror=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x] <base href=https://evil.example/> <div id=__config>{}</div>",
]

CLICK_EVERYTHING = """() => document.querySelectorAll("article *").forEach(
  (element) => element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})))"""
WIDE = View(width=Width.WIDE, scheme=Scheme.LIGHT)
NEVER = {"script", "style", "iframe", "meta", "base", "math", "object", "link"}


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def incident(markdown: str = "# Down\n", **other: object) -> Page:
    facts: dict[str, object] = {
        "path": RECORD,
        "source": RECORD,
        "title": "Website down",
        "section": "History",
        "search": "Website P0",
    }
    return Page(markdown=markdown, **(facts | other))  # type: ignore[arg-type] # its fields


def history(markdown: str = "# Incident history\n") -> Page:
    return Page(path="history.md", title="Incident history", markdown=markdown, section="History")


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    root = tmp_path / "tracker"
    (root / "docs").mkdir(parents=True)
    (root / RECORD).parent.mkdir(parents=True)
    (root / RECORD).write_text("---\nicon: nope\ntemplate: 5\n---\nWhat the record says.\n")
    (root / "docs" / "start.md").write_text("# Start\n\nRead on.\n")
    (root / "mkdocs.yml").write_text(CONFIG)
    (root / "protocol").mkdir()
    shutil.copy(ROOT / "protocol" / "protocol.yml", root / "protocol")
    return root


@pytest.fixture
def built(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def run(*made: Page, strict: bool = True) -> Path:
        def computed(tracker: object, site: Site, spread: object, memo: object) -> Sequence[Page]:
            return made

        monkeypatch.setattr(pages, "build", computed)
        config = load_config(str(tracker / "mkdocs.yml"), strict=strict)
        build(config)
        return Path(config.site_dir)

    return run


def content(page: Path) -> str:
    """What stands in the article of a page."""
    text = page.read_text(encoding="utf-8")
    return text[text.index("<article") : text.index("</article>")]


def links(page: Path) -> list[str]:
    return [facts["href"] for tag, facts in Elements(content(page)).found if tag == "a"]


def test_a_record_keeps_its_path_and_shows_what_was_computed(built: Callable[..., Path]) -> None:
    site = built(history(), incident("# Computed\n"))

    page = content(site / "incidents/2026/2026-11-03-site-down/index.html")

    assert "Computed" in page
    assert "What the record says" not in page


def test_nothing_is_written_beside_the_sources(built: Callable[..., Path], tracker: Path) -> None:
    before = sorted(tracker.rglob("*"))

    site = built(history(), incident())

    assert (
        sorted(path for path in tracker.rglob("*") if site not in {path, *path.parents}) == before
    )


def test_links_between_records_and_hand_written_pages_hold_both_ways(
    built: Callable[..., Path], tracker: Path
) -> None:
    (tracker / "docs" / "start.md").write_text(f"# Start\n\nSee [it](../{RECORD}#down).\n")

    site = built(history(), incident("# Down\n\nSee [how](../../docs/start.md).\n"))

    assert "../incidents/2026/2026-11-03-site-down/#down" in links(site / "start/index.html")
    assert "../../../start/" in links(site / "incidents/2026/2026-11-03-site-down/index.html")


def test_a_link_in_html_leads_to_the_page_of_the_path_it_names(
    built: Callable[..., Path],
) -> None:
    cell = f'<table class="it-table"><tr><td><a href="{RECORD}#updates">it</a></td></tr></table>'

    site = built(history(f"# History\n\n{cell}\n"), incident("# Down\n\n## Updates\n"))

    assert "../incidents/2026/2026-11-03-site-down/#updates" in links(site / "history/index.html")


@pytest.mark.parametrize("link", ["[x](pir/none.md)", '<p><a href="pir/none.md">x</a></p>'])
def test_a_link_to_no_page_fails_a_strict_build(built: Callable[..., Path], link: str) -> None:
    with pytest.raises(Abort):
        built(history(f"# History\n\n{link}\n"))


def test_edit_links_name_the_real_files(built: Callable[..., Path], tracker: Path) -> None:
    (tracker / "mkdocs.yml").write_text(
        CONFIG.replace("material}", "material, features: [content.action.edit]}")
    )

    site = built(history(), incident())

    edit = "https://git.example.org/team/tracker/edit/main/"
    assert f"{edit}{RECORD}" in links(site / "incidents/2026/2026-11-03-site-down/index.html")
    assert f"{edit}docs/start.md" in links(site / "start/index.html")
    assert not [link for link in links(site / "history/index.html") if edit in link]


def test_the_pages_are_told_where_records_are_edited_and_what_time_it_is(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Site] = []

    def computed(tracker: object, site: Site, spread: object, memo: object) -> Sequence[Page]:
        told.append(site)
        return ()

    monkeypatch.setattr(pages, "build", computed)
    build(load_config(str(tracker / "mkdocs.yml"), strict=True))

    assert told[0].edit_url == "https://git.example.org/team/tracker/edit/main/"
    assert told[0].now.isoformat() == "2026-11-23T14:32:00-05:00"


def test_records_stay_out_of_the_navigation_and_have_tab_and_neighbours(
    built: Callable[..., Path],
) -> None:
    paths = [f"incidents/2026/2026-11-0{day}-down.md" for day in (1, 2, 3)]
    made = [incident(path=path, source=None, title=path) for path in paths]

    site = built(history(), *made)

    page = (site / "incidents/2026/2026-11-02-down/index.html").read_text()
    navigation = re.findall(r'(?s)<nav class="md-(?:tabs|nav md-nav--primary)".*?</nav>', page)
    assert not re.search(r"2026-11-0[13]", "".join(navigation))
    assert re.search(r'md-tabs__item--active">\s*<a href="[./]*history/"', page)
    assert [*re.findall(r'<link rel="(?:prev|next)" href="([^"]*)"', page)] == [
        "../2026-11-01-down/",
        "../2026-11-03-down/",
    ]


def test_tabs_stand_in_front_of_the_hand_written_navigation(
    built: Callable[..., Path], tracker: Path
) -> None:
    (tracker / "mkdocs.yml").write_text(CONFIG + "nav: [Handbook: docs/start.md]\n")

    site = built(history(), incident())

    page = (site / "start/index.html").read_text()
    tabs = re.findall(r'md-tabs__link">\s*(\w+)', page)
    assert tabs == ["History", "Handbook"]


def test_a_page_may_have_the_address_of_the_site_itself(built: Callable[..., Path]) -> None:
    status = Page(
        path="status.md",
        title="Status",
        markdown=f"# Quiet\n\n[it]({RECORD})\n",
        section="Status",
        serves_as="index.html",
    )

    site = built(status, history("# History\n\n[now](status.md)\n"), incident())

    assert "incidents/2026/2026-11-03-site-down/" in links(site / "index.html")
    assert "../" in links(site / "history/index.html")


def test_two_pages_with_one_address_are_refused(built: Callable[..., Path], tracker: Path) -> None:
    (tracker / "docs" / "index.md").write_text("# Mine\n")
    status = Page(
        path="status.md", title="S", markdown="# S\n", section="Status", serves_as="index.html"
    )

    with pytest.raises(Abort):
        built(status)


def test_search_holds_one_short_entry_of_a_record_and_none_of_a_listing(
    built: Callable[..., Path],
) -> None:
    long = incident("# Down\n\n## Timeline\n\nMuch text.\n", search="Website P0 " + "word " * 200)

    site = built(history("# History\n\nComputed listing.\n"), long)

    entries = json.loads((site / "search/search_index.json").read_text())["docs"]
    found = [entry for entry in entries if entry["location"].startswith("incidents/")]
    assert [entry["title"] for entry in found] == ["Website down"]
    assert found[0]["text"].startswith("<p>Website P0 word")
    assert len(found[0]["text"]) <= 500 + len("<p></p>")
    assert not [entry for entry in entries if entry["location"].startswith("history/")]
    assert "Much text" in content(site / "incidents/2026/2026-11-03-site-down/index.html")


def test_the_records_folders_are_watched_wherever_mkdocs_was_started(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tracker.parent)
    config = load_config("tracker/mkdocs.yml")

    config = config.plugins.on_config(config)

    assert str(tracker / "incidents") in config.watch


def test_the_same_moment_makes_the_same_bytes(built: Callable[..., Path]) -> None:
    def everything() -> dict[str, bytes]:
        site = built(history(), incident())
        return {str(path): path.read_bytes() for path in site.rglob("*") if path.is_file()}

    assert everything() == everything()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ('{now: "2026-11-23T14:32:00"}', "no offset"),
        ("{now: soon}", "is no time"),
        ("{audience: public}", "docs would show the team.s own files to everybody"),
    ],
)
def test_an_option_that_cannot_be_served_is_refused_in_words(
    tracker: Path, option: str, message: str
) -> None:
    text = re.sub(r"incident-tracker: \{.*?\}", f"incident-tracker: {option}", CONFIG)
    (tracker / "mkdocs.yml").write_text(text)
    config = load_config(str(tracker / "mkdocs.yml"))

    with pytest.raises(PluginError, match=message):
        config.plugins.on_config(config)


@pytest.mark.parametrize("epoch", ["abc", "99999999999999999", "1e9"])
def test_a_wrong_source_date_epoch_is_a_sentence(
    tracker: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    (tracker / "mkdocs.yml").write_text(re.sub(r": \{now.*?\}", "", CONFIG))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    config = load_config(str(tracker / "mkdocs.yml"))

    with pytest.raises(PluginError, match="is no number of seconds"):
        config.plugins.on_config(config)


def test_without_an_option_the_moment_comes_from_the_environment(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tracker / "mkdocs.yml").write_text(re.sub(r": \{now.*?\}", "", CONFIG))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    told: list[Site] = []

    def computed(tracker: object, site: Site, spread: object, memo: object) -> Sequence[Page]:
        told.append(site)
        return ()

    monkeypatch.setattr(pages, "build", computed)
    build(load_config(str(tracker / "mkdocs.yml"), strict=True))

    assert told[0].now.isoformat() == "2023-11-14T22:13:20+00:00"


def test_what_is_no_plain_text_file_is_left_out_with_a_message(
    built: Callable[..., Path], tracker: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outside = tracker.parent / "outside.md"
    outside.write_text("# Secret\n")
    (tracker / "docs" / "link.md").symlink_to(outside)
    (tracker / "docs" / "loop.md").symlink_to("loop.md")
    (tracker / "docs" / "latin.md").write_bytes(b"caf\xe9\n")
    (tracker / "docs" / "folder").symlink_to(tracker.parent)
    os.mkfifo(tracker / "docs" / "pipe.md")

    with caplog.at_level(logging.WARNING):
        site = built(history(), strict=False)

    said = [record.getMessage() for record in caplog.records if "left out" in record.getMessage()]
    assert "docs/link.md is left out: it is a symbolic link or lies behind one" in said
    assert "docs/latin.md is left out: it is not UTF-8 at byte 3" in said
    assert "docs/pipe.md is left out: it is no regular file" in said
    assert not [path for path in site.rglob("*.html") if "Secret" in path.read_text()]


def test_no_page_asks_another_host_for_anything(built: Callable[..., Path]) -> None:
    site = built(history(), incident("# Down\n\n![x](https://evil.example/pixel.png)\n"))

    for page in site.rglob("*.html"):
        for tag, facts in Elements(page.read_text()).found:
            fetched = [facts.get("src", ""), facts.get("href", "") if tag == "link" else ""]
            assert not [address for address in fetched if re.match(r"(?:[a-z]+:)?//", address)]


def test_the_foot_of_a_page_leads_to_pages(
    built: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    foot = Footer(note="All times <local>", links=(Link(label="Past & gone", target="history.md"),))
    monkeypatch.setattr(pages, "footer", lambda *_: foot)

    site = built(history(), incident())

    page = (site / "incidents/2026/2026-11-03-site-down/index.html").read_text()
    assert "All times &lt;local&gt;" in page
    assert '<a href="../../../history/">Past &amp; gone</a>' in page


def test_a_checkbox_has_a_name(built: Callable[..., Path]) -> None:
    site = built(history("# H\n\n- [x] one\n- [ ] two\n"))

    boxes = [f for tag, f in Elements(content(site / "history/index.html")).found if tag == "input"]
    assert [box["aria-label"] for box in boxes] == ["done", "open"]


def test_what_breaks_the_parser_is_shown_as_plain_text(
    built: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        site = built(history("# H\n\n[x](http://[::1/x) <b>\n"), strict=False)

    assert "[x](http://[::1/x) &lt;b&gt;" in content(site / "history/index.html")
    assert "is shown as plain text" in caplog.text


# --- hostile records ---------------------------------------------------------------------------


def hostile_pages() -> list[Page]:
    """Each vector in every field of a page, and in every way that text gets into its Markdown."""
    made = [history()]
    for number, vector in enumerate(VECTORS):
        line = " ".join(vector.split())
        markdown = "\n\n".join(
            (
                f"# {plain(vector)}",
                str(safe_markdown(vector)),
                f"- {inline_markdown(vector)}",
                f'<div class="it-upd" markdown="block">\n\n{safe_markdown(vector)}\n\n</div>',
                Markup("<p>{}</p>").format(vector),
                f"```\n{line}\n```",
                vector,  # as if the first line of defence had missed it
                f"## {line}",
            )
        )
        made.append(
            incident(
                markdown,
                path=f"incidents/2026/hostile-{number}.md",
                source=None,
                title=vector,
                description=vector,
                search=vector,
                hide=(vector, "toc"),
            )
        )
    return made


def test_row_12_hostile_text_is_inert_in_every_field(built: Callable[..., Path]) -> None:
    site = built(*hostile_pages(), strict=False)

    harmless = Elements((site / "history/index.html").read_text()).found
    scripts = [tag for tag, _ in harmless].count("script")
    for number in range(len(VECTORS)):
        page = (site / f"incidents/2026/hostile-{number}/index.html").read_text()
        elements = Elements(page).found
        assert [tag for tag, _ in elements].count("script") == scripts, VECTORS[number]
        for tag, facts in elements:
            assert not [name for name in facts if name.startswith("on")], (tag, facts)
            for name in ("href", "src", "action", "content"):
                value = re.sub(r"\s", "", html.unescape(facts.get(name, ""))).lower()
                scheme = value.partition(":")[0]
                runs = scheme in {"javascript", "vbscript", "data"} and name != "content"
                assert not runs, (tag, facts)
            assert "position" not in facts.get("style", ""), (tag, facts)
        article = content(site / f"incidents/2026/hostile-{number}/index.html")
        assert not NEVER & {tag for tag, _ in Elements(article).found}, VECTORS[number]


def test_a_typed_tag_can_be_read_by_the_reader(built: Callable[..., Path]) -> None:
    site = built(history(f"# H\n\n{safe_markdown('Use <script>x</script> and `<b>`.')}\n"))

    assert "Use &lt;script&gt;x&lt;/script&gt; and <code>&lt;b&gt;</code>." in content(
        site / "history/index.html"
    )


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{% include 'x' %}", '--8<-- "mkdocs.yml"', "{{config}}"]
)
def test_row_14_template_text_is_printed_as_it_stands(
    built: Callable[..., Path], text: str
) -> None:
    markdown = f"# {plain(text)}\n\n{safe_markdown(text)}\n\n- {inline_markdown(text)}\n"

    site = built(history(), incident(markdown, title=text, description=text))

    page = content(site / "incidents/2026/2026-11-03-site-down/index.html")
    assert html.unescape(page).count(text) >= 3


def test_row_13_front_matter_of_a_record_steers_nothing(
    built: Callable[..., Path], tracker: Path
) -> None:
    (tracker / RECORD).write_text(
        "---\nicon: nope\ntemplate: nope.html\nhide: 5\nsearch: 5\ntags: [<b>]\n---\n"
    )

    site = built(history(), incident())

    assert "<h1" in content(site / "incidents/2026/2026-11-03-site-down/index.html")


@pytest.mark.browser
def test_row_12_nothing_hostile_runs_in_a_real_browser(built: Callable[..., Path]) -> None:
    site = built(*hostile_pages(), strict=False)

    with reading(site) as reader:
        for number, vector in enumerate(VECTORS):
            path = f"incidents/2026/hostile-{number}/"
            with reader.visit(path, WIDE) as visit:
                visit.page.wait_for_timeout(200)  # for what comes late
                assert visit.foreign == [], vector
                assert visit.page.url == f"{reader.origin}/{path}", vector
                visit.page.evaluate(CLICK_EVERYTHING)
                visit.page.wait_for_timeout(100)
            # Leaving the page takes its time as well.
            assert visit.dialogs == [], vector


@pytest.mark.browser
def test_hostile_titles_are_harmless_in_search(built: Callable[..., Path]) -> None:
    site = built(*hostile_pages(), strict=False)

    with (
        reading(site) as reader,
        reader.visit("history/", WIDE) as visit,
    ):
        # The theme loads its index when the field is entered, and drops what is typed before.
        visit.page.locator("input.md-search__input").click()
        visit.page.wait_for_timeout(1000)
        visit.page.keyboard.type("onclick src=x autofocus", delay=10)
        visit.page.wait_for_selector(".md-search-result__item", timeout=5000)
        visit.page.wait_for_timeout(300)
        assert visit.page.locator(".md-search-result__item").count() >= 3
        assert visit.dialogs == []
        assert visit.foreign == []
