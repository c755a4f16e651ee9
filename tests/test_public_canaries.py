"""No byte of the public site holds a word of the team's; every word for everybody is there."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import canaries
import pytest
from test_export_site import articles

from incident_tracker import fields


def build(root: Path, config: str, *options: str) -> subprocess.CompletedProcess[str]:
    return run(root, "mkdocs", "build", "--config-file", config, *options)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": canaries.MOMENT},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return canaries.tracker(tmp_path_factory.mktemp("canaries") / "tracker")


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    folder = root.with_name("public")
    done = build(root, "mkdocs-public.yml", "--site-dir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def words(folder: Path) -> dict[str, set[str]]:
    """The marked words of every file and of its name, packed ones unpacked."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found[name] = set(canaries.WORD.findall(f"{name} {data.decode('latin-1')}".lower()))
    return found


def test_no_byte_of_the_public_site_holds_a_word_of_the_team(site: Path) -> None:
    leaked = {
        name: sorted(word for word in held if word.startswith(canaries.INNER))
        for name, held in words(site).items()
    }
    assert {name: held for name, held in leaked.items() if held} == {}
    assert {"404.html", "sitemap.xml.gz", "search/search_index.json"} <= leaked.keys()


@pytest.fixture(scope="module")
def exported(root: Path) -> Path:
    """The same as files for plain MkDocs, and what that makes of them below `site`."""
    folder = root.with_name("exported")
    command = ["incident_tracker", "export", "site", str(folder), "--audience", "public"]
    done = run(root, *command)
    assert done.returncode == 1, done.stderr  # a published record is kept back for its form
    done = run(folder, "mkdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr
    return folder


def test_no_byte_of_the_exported_public_site_holds_a_word_of_the_team(exported: Path) -> None:
    leaked = {
        name: sorted(word for word in held if word.startswith(canaries.INNER))
        for name, held in words(exported).items()
    }
    assert {name: held for name, held in leaked.items() if held} == {}
    assert {"mkdocs.yml", "docs/index.md", "site/search/search_index.json"} <= leaked.keys()


def test_the_exported_public_site_says_what_the_public_site_says(
    site: Path, exported: Path
) -> None:
    theirs, ours = dict(articles(exported / "site")), dict(articles(site))
    moved = {"qzpublicpage.html": "docs-public/qzpublicpage.html"}
    assert theirs.keys() == {moved.get(path, path) for path in ours}
    for path, article in ours.items():
        assert theirs[moved.get(path, path)].text == article.text, path


def test_every_word_for_everybody_is_there(root: Path, site: Path) -> None:
    told = {word for word in canaries.planted(root) if word.startswith(canaries.PUBLIC)}
    assert len(told) > 30
    assert told - set().union(*words(site).values()) == set()


def test_search_finds_what_was_published_and_nothing_else(site: Path) -> None:
    text = (site / "search" / "search_index.json").read_text("utf-8")
    found = " ".join(f"{doc['title']} {doc['text']}" for doc in json.loads(text)["docs"]).lower()
    for word in ("title", "summary", "window", "opensummary", "reviewsummary", "imprinttext"):
        assert canaries.PUBLIC + word in found
    assert canaries.INNER not in text.lower()


def test_only_published_records_have_a_page(site: Path) -> None:
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages == {
        "404.html",
        "about.html",
        "history/2026.html",
        "incidents/2026/2026-03-02-qzpublicid.html",
        "incidents/2026/2026-03-20-qzpublicopen.html",
        "incidents/2026/2026-03-22-qzpublicwindow.html",
        "index.html",
        "pir/2026/2026-03-02-qzpublicid.html",
        "qzpublicpage.html",
        "subscribe.html",
    }


def test_a_published_incident_that_cannot_be_shown_is_said_to_be_missing(
    root: Path, site: Path
) -> None:
    path = "incidents/2026/2026-03-12-qzinnerunsound.md"
    assert "1 published incident cannot be shown" in (site / "index.html").read_text("utf-8")
    strict = build(
        root, "mkdocs-public.yml", "--strict", "--site-dir", str(root.with_name("strict"))
    )
    assert strict.returncode == 1
    assert f"{path} is public, but not well-formed: it is left out" in strict.stderr


def test_most_words_of_the_team_are_on_its_own_site(root: Path) -> None:
    folder = root.with_name("internal")
    done = build(root, "mkdocs.yml", "--site-dir", str(folder))
    assert done.returncode == 0, done.stderr
    shown = set().union(*words(folder).values()) & canaries.planted(root)
    assert len([word for word in shown if word.startswith(canaries.INNER)]) > 80


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        ((canaries.OPEN_TO_ALL, canaries.PLANNED, canaries.DRILL), fields.INCIDENT),
        ((canaries.REVIEW,), fields.REVIEW),
    ],
    ids=["incident", "review"],
)
def test_every_field_that_a_record_can_have_is_in_one_of_these(
    texts: tuple[str, ...], known: dict[str, fields.Row]
) -> None:
    written = {key for text in texts for key in re.findall(r"(?m)^([a-z_]+):", text)}
    assert set(known) - written == set()
