"""This repository's own site for everybody: in a real browser, and what its settings refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError

from browser import VIEWS, Reader, Scheme, View, Width, reading
from conftest import ROOT

WIDE = View(width=Width.WIDE, scheme=Scheme.LIGHT)
INCIDENT = "incidents/2026/2026-11-03-site-down.html"
KINDS = (
    "index.html",
    "history/2026.html",
    INCIDENT,
    "incidents/2026/2026-04-19-fail-back.html",
    "incidents/2026/2026-11-20-volunteer-import-slow.html",
    "pir/2026/2026-06-09-certificate-expired.html",
    "about.html",
    "404.html",
)
SETTINGS = (ROOT / "mkdocs-public.yml").read_text("utf-8")


@pytest.fixture(scope="module")
def reader(public_site: Path) -> Iterator[Reader]:
    with reading(public_site) as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("path", KINDS)
def test_a_public_page_fits_and_can_be_read_by_everyone(reader: Reader, path: str) -> None:
    with reader.visit(path, WIDE) as visit:
        for view in VIEWS:
            visit.turn(view)
            assert visit.overflow() == [], view
            assert visit.clipped() == [], view
            assert [str(found) for found in visit.violations()] == [], view
        assert visit.foreign == visit.dialogs == visit.errors == []


@pytest.mark.browser
def test_the_filters_of_the_public_history_narrow_the_list(reader: Reader) -> None:
    with reader.visit("history/2026.html", WIDE) as visit:
        rows = visit.page.locator(".it-row:visible")
        everything = rows.count()
        visit.page.locator("input[name=severity][value=P0]").check()
        assert 0 < rows.count() < everything


@pytest.mark.browser
def test_the_address_of_an_update_leads_to_it(reader: Reader) -> None:
    with reader.visit(INCIDENT, WIDE) as visit:
        visit.page.locator(".it-upd__h a").first.click()
        assert visit.page.url.endswith("#update-20261103-1720")
        assert visit.page.locator("#update-20261103-1720").is_visible()


def test_the_public_site_links_to_no_page_that_is_not_there(public_site: Path) -> None:
    for page in public_site.rglob("*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#?:]+\.html)', page.read_text("utf-8")):
            if not link.startswith("/"):
                assert (page.parent / link).resolve().exists(), (page, link)


def test_the_guide_the_protocol_and_the_runbooks_are_not_in_it(public_site: Path) -> None:
    top = {path.relative_to(public_site).parts[0] for path in public_site.rglob("*.html")}
    assert top == {
        "404.html",
        "about.html",
        "history",
        "incidents",
        "index.html",
        "pir",
        "subscribe.html",
    }


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    root = tmp_path / "tracker"
    for folder in ("docs", "docs-public", "protocol", "incidents"):
        (root / folder).mkdir(parents=True)
    (root / "protocol" / "protocol.yml").write_bytes(
        (ROOT / "protocol" / "protocol.yml").read_bytes()
    )
    (root / "mkdocs.yml").write_text("site_name: x\ndocs_dir: handbook\n")
    (root / "handbook" / "public").mkdir(parents=True)
    return root


@pytest.mark.parametrize(
    "folder",
    ["docs", "handbook", "handbook/public", "incidents", "protocol", "link", "docs/../handbook"],
)
def test_the_folder_of_the_teams_pages_is_not_published(tracker: Path, folder: str) -> None:
    (tracker / "link").symlink_to("handbook")
    (tracker / "mkdocs-public.yml").write_text(SETTINGS.replace("docs-public", folder))
    config = load_config(str(tracker / "mkdocs-public.yml"))
    with pytest.raises(PluginError, match="would show the team's own files to everybody"):
        config.plugins.on_config(config)


@pytest.mark.parametrize(
    "line", ["INHERIT: mkdocs.yml\n", '"INHERIT": mkdocs.yml\n', "? INHERIT\n: mkdocs.yml\n"]
)
def test_settings_that_inherit_are_refused(tracker: Path, line: str) -> None:
    (tracker / "mkdocs-public.yml").write_text(line + SETTINGS)
    config = load_config(str(tracker / "mkdocs-public.yml"))
    with pytest.raises(PluginError, match="what is internal there would come along"):
        config.plugins.on_config(config)


def test_a_public_page_has_no_way_to_the_repository(tracker: Path) -> None:
    (tracker / "docs-public" / "imprint.md").write_text("# Imprint\n\nWe are us.\n")
    settings = SETTINGS.replace(
        "name: material", "name: material\n  features: [content.action.edit]"
    )
    repository = "repo_url: https://git.example.org/team/records\nedit_uri: edit/main/\n"
    (tracker / "mkdocs-public.yml").write_text(repository + settings)
    build(load_config(str(tracker / "mkdocs-public.yml"), strict=True))
    site = tracker / "site-public"
    assert "We are us." in (site / "imprint.html").read_text("utf-8")
    assert not [p for p in site.rglob("*") if p.is_file() and b"git.example" in p.read_bytes()]


def test_pages_of_the_team_of_its_own_get_a_tab_of_the_public_site(tracker: Path) -> None:
    (tracker / "docs-public" / "imprint.md").write_text("# Imprint\n\nWe are us.\n")
    for nav, tab in (("", "More"), ("nav: [Who we are: docs-public/imprint.md]\n", "Who we are")):
        (tracker / "mkdocs-public.yml").write_text(SETTINGS + nav)
        build(load_config(str(tracker / "mkdocs-public.yml"), strict=True))
        page = (tracker / "site-public" / "index.html").read_text("utf-8")
        tabs = re.findall(r'md-tabs__link">\s*([\w ]+?)\s*<', page)
        assert tabs == ["Status", "History", "About", tab]
