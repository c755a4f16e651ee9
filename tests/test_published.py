"""The list of published files: one for the site, the exported site and the page Subscribe."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort
from poison import DECIDING, public, with_texts
from test_export import TOLD_TO_THE_PUBLIC
from test_plugin import built, history, tracker
from typed import Tracker as Typed

from incident_tracker.audience import Audience, seen_by
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.exports.published import alternates, site_files, site_offers
from incident_tracker.formats.home import Home
from incident_tracker.pages import Page, Site
from incident_tracker.pages.book import Book
from incident_tracker.pages.rendering import render
from incident_tracker.pages.subscribe import subscribe

__all__ = ["built", "tracker"]  # fixtures

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
AUDIENCES = pytest.mark.parametrize("audience", Audience)


PAGE = Page(
    path="subscribe.md",
    title="Subscribe",
    section="Status",
    markdown='# S\n\n<p><a href="feed.xml">f</a> <img src="badges/incidents.svg" alt="b"></p>\n',
)


def site(audience: Audience, url: str = "https://status.example.org") -> Site:
    return Site(now=NOW, home=Home(url=url), audience=audience)


def published(audience: Audience) -> Mapping[str, bytes]:
    return site_files(seen_by(audience, public()), site(audience), audience)


def page(audience: Audience, url: str = "https://status.example.org") -> str:
    book = Book(seen_by(audience, public()), site(audience, url))
    return render("subscribe.md.j2", subscribe(book))


@AUDIENCES
def test_the_page_leads_to_every_file_and_every_file_is_there(audience: Audience) -> None:
    links = set(re.findall(r'(?:href|src)="([^"#]+)"', page(audience)))
    assert links == set(published(audience))
    assert {places[0] for _, places in site_offers(audience)} <= links
    assert {one.path for one in alternates(audience)} <= links


@AUDIENCES
def test_the_page_says_of_each_what_it_is_who_reads_it_and_when_it_changes(
    audience: Audience,
) -> None:
    text = page(audience)
    for offer, places in site_offers(audience):
        assert all(word in text for word in (offer.title, offer.about, offer.readers))
        assert offer.changes in text
        assert all(f"https://status.example.org/{place}" in text for place in places)


def test_the_public_is_offered_nothing_of_the_team() -> None:
    team, everybody = published(Audience.INTERNAL), published(Audience.PUBLIC)
    assert set(team) - set(everybody) == {"data/actions.csv", "data/metrics.csv"}
    assert "actions" not in page(Audience.PUBLIC)
    assert "Everybody may read them" in page(Audience.PUBLIC)
    assert "guards the site" in page(Audience.INTERNAL)


def test_no_published_byte_for_the_public_holds_an_internal_text() -> None:
    kept = frozenset(DECIDING | TOLD_TO_THE_PUBLIC)
    marked = with_texts(public(), lambda label, _: f"CANARY {label}", kept=kept)
    files = site_files(seen_by(Audience.PUBLIC, marked), site(Audience.PUBLIC), Audience.PUBLIC)
    assert [path for path, data in files.items() if b"CANARY" in data] == []
    team = exports()["json"].files(marked, NOW, Settings())
    assert b"CANARY" in b"".join(team.values())


def test_what_is_taken_out_twice_is_as_if_taken_out_once() -> None:
    once = site_files(public(), site(Audience.PUBLIC), Audience.PUBLIC)
    assert once == published(Audience.PUBLIC)


@AUDIENCES
def test_the_site_serves_what_the_command_writes(audience: Audience) -> None:
    settings = Settings(audience=audience, home=Home(url="https://status.example.org"))
    files = published(audience)
    rest = dict(files)
    for one in exports().values():
        if one.on_site is not None:
            written = one.files(public(), NOW, settings)
            for path, data in written.items():
                assert rest.pop(one.on_site.folder + path) == data
    assert set(rest) == {"api/v2/schema.json", "data/v1/tracker.schema.json"}


def test_without_an_address_the_page_says_what_to_set_but_not_to_the_public() -> None:
    assert "site_url" in page(Audience.INTERNAL, "")
    assert "site_url" not in page(Audience.INTERNAL) + page(Audience.PUBLIC, "")
    assert "img.shields.io" not in page(Audience.INTERNAL, "")
    assert "[![" in page(Audience.PUBLIC)


def test_a_hand_written_file_at_a_published_address_is_refused(
    built: Callable[..., Path], tracker: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tracker / "docs" / "feed.xml").write_text("<mine/>")
    with pytest.raises(Abort):
        built(history())
    assert "docs/feed.xml and the published feed.xml share an address" in caplog.text


def test_folders_in_addresses_are_followed_in_feeds_and_links(
    built: Callable[..., Path], tracker: Path
) -> None:
    folder = built(history(), PAGE)
    shown = (folder / "subscribe/index.html").read_text("utf-8")
    assert 'href="../feed.xml"' in shown
    assert 'src="../badges/incidents.svg"' in shown
    assert (folder / "feed.xml").is_file()


def test_the_exported_site_holds_the_same_files(good_tracker: Typed, tmp_path: Path) -> None:
    good_tracker.write("mkdocs.yml", "site_url: https://status.example.org/\n")
    at = ("--now", "2026-04-01T09:00Z")
    for form in ("atom", "statuspage", "badges"):
        good_tracker.incident("export", form, f"{tmp_path}/files/", *at, "--force")
    good_tracker.incident("export", "site", f"{tmp_path}/site", *at)
    for path in ("badges/incidents.svg", "api/v2/status.json"):
        assert (tmp_path / "files" / path).read_bytes() == (
            tmp_path / "site/docs" / path
        ).read_bytes()
    feed = (tmp_path / "site/docs/feed.xml").read_text("utf-8")
    # The exported site has no folders, the tracker's own has.
    assert "https://status.example.org/incidents/2026/2026-03-02-good.html#update-" in feed
    config = (tmp_path / "site/mkdocs.yml").read_text("utf-8")
    assert "application/atom+xml" in config
