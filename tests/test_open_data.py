"""The data on the built site: the programs that it is made for read it from a server."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import feedparser
import icalendar
import pytest
from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from browser import served
from conftest import ROOT
from incident_tracker.model import Tracker
from incident_tracker.workspace import Workspace

EPOCH = "1795510800"
NOW = datetime.fromtimestamp(int(EPOCH), UTC)
ADDRESS = "https://status.example.org/incidents/"
CONFIG = f"""\
INHERIT: {ROOT}/mkdocs.yml
docs_dir: {ROOT}/docs
site_url: {ADDRESS}
plugins: [search, {{incident-tracker: {{root: {ROOT}}}}}]
"""
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}
CLIENT = Path(__file__).parent / "node"


def build(folder: Path, place: Mapping[str, str]) -> Path:
    """This repository's own site at its moment, as a machine in such a place builds it."""
    folder.mkdir()
    config = folder / "mkdocs.yml"
    config.write_text(CONFIG, encoding="utf-8")
    site = folder / "site"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build", "--strict"),
            "-f",
            str(config),
            "-d",
            str(site),
        ],
        env={**os.environ, **place, "SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("here") / "tracker", HERE)


@pytest.fixture(scope="module")
def origin(built: Path) -> Iterator[str]:
    with served(built) as address:
        yield address


@pytest.fixture(scope="module")
def records() -> Tracker:
    return Workspace.find(ROOT).load()


def read(address: str) -> bytes:
    with urlopen(address) as answer:  # noqa: S310 # our own server
        return bytes(answer.read())


def bytes_of(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


def test_another_place_builds_the_same_bytes(built: Path, tmp_path: Path) -> None:
    here, elsewhere = bytes_of(built), bytes_of(build(tmp_path / "tracker", ELSEWHERE))
    assert set(here) == set(elsewhere)
    assert [path for path, data in here.items() if data != elsewhere[path]] == []
    assert len(here) > 200


# --- Statuspage


@pytest.fixture(scope="module")
def told(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What the npm package `statuspage.io` was told by the site."""
    if shutil.which("npm") is None and "TRACKER_NEEDS_NODE" not in os.environ:
        pytest.skip("npm is not installed, so its client of Statuspage cannot be run")
    folder = tmp_path_factory.mktemp("node")
    for path in CLIENT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True
    )
    quiet = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        ["node", "read.js", origin], cwd=folder, env=quiet, check=True, capture_output=True
    )
    found: Mapping[str, object] = json.loads(done.stdout)
    return found


def names(told: Mapping[str, object], call: str, key: str) -> list[str]:
    answer = told[call]
    assert isinstance(answer, dict)
    return [one["name"] for one in answer[key]]


def test_a_client_of_statuspage_reads_what_is_open(
    told: Mapping[str, object], records: Tracker
) -> None:
    open_ = [
        i.title for i in records.incidents if i.is_open and not (i.is_drill or i.is_maintenance)
    ]
    assert names(told, "unresolved", "incidents") == names(told, "summary", "incidents") == open_
    assert len(open_) == 1
    listed = [
        i for i in records.incidents if not (i.is_drill or i.is_maintenance or i.is_cancelled)
    ]
    assert len(names(told, "incidents", "incidents")) == min(len(listed), 50) > 20


def test_a_client_of_statuspage_reads_components_and_planned_work(
    told: Mapping[str, object], records: Tracker
) -> None:
    listed = names(told, "components", "components")
    assert {component.name for component in records.components} <= set(listed)
    planned = [i.title for i in records.incidents if i.status == "scheduled"]
    assert names(told, "upcoming", "scheduled_maintenances") == planned
    assert len(planned) == 1


def test_a_client_of_statuspage_is_led_to_the_pages(
    told: Mapping[str, object], built: Path
) -> None:
    answer = told["incidents"]
    assert isinstance(answer, dict)
    assert answer["page"]["url"] == ADDRESS.rstrip("/")
    links = [one["shortlink"] for one in answer["incidents"]]
    assert len(links) > 20
    assert all((built / link.removeprefix(ADDRESS)).is_file() for link in links)


# --- feeds


def feed(address: str) -> feedparser.FeedParserDict:
    found = feedparser.parse(address)
    assert not found.bozo, (address, found.get("bozo_exception"))
    return found


def test_a_feed_reader_finds_an_entry_for_each_update(origin: str, records: Tracker) -> None:
    found = feed(f"{origin}/feed.xml")
    updates = [
        update
        for incident in records.incidents
        for update in incident.log.updates
        if not (incident.is_drill or incident.is_withdrawn) and update.at and update.at <= NOW
    ]
    told = [entry for entry in found.entries if "#update-" in entry.link]
    assert len(told) == len(updates) > 50
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    moments = [entry.updated for entry in found.entries]
    assert moments == sorted(moments, reverse=True)
    assert found.feed.updated == max(at for at in moments if at <= f"{NOW:%FT%TZ}")


def test_every_entry_leads_to_its_update_on_a_page(origin: str, built: Path) -> None:
    for entry in feed(f"{origin}/feed.xml").entries:
        path, _, anchor = entry.link.removeprefix(ADDRESS).partition("#")
        page = (built / path).read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in page, entry.link


def test_the_feed_of_a_component_holds_its_entries_under_the_same_ids(
    origin: str, records: Tracker
) -> None:
    whole = {entry.id: entry for entry in feed(f"{origin}/feed.xml").entries}
    for component in records.components:
        found = feed(f"{origin}/feeds/{component.id}.xml")
        assert {entry.id for entry in found.entries} == {
            known
            for known, entry in whole.items()
            if component.id in {tag.term for tag in entry.tags}
        }


# --- the others


def test_a_calendar_reads_what_is_planned(origin: str, records: Tracker) -> None:
    events = icalendar.Calendar.from_ical(read(f"{origin}/incidents.ics")).events
    planned = {f"Maintenance: {i.title}" for i in records.incidents if i.is_maintenance}
    assert planned <= {str(event["SUMMARY"]) for event in events}
    urls = {str(event["URL"]) for event in events if "URL" in event}
    assert urls
    assert all(url.startswith(ADDRESS) for url in urls)


def test_prometheus_reads_the_metrics(origin: str) -> None:
    text = read(f"{origin}/metrics.prom").decode()
    families = list(text_string_to_metric_families(text))  # type: ignore[no-untyped-call] # theirs
    assert {"incidents_open", "component_status", "incident_export_time_seconds"} <= {
        family.name for family in families
    }


def test_the_json_is_as_the_schema_beside_it_says(origin: str, records: Tracker) -> None:
    whole = json.loads(read(f"{origin}/data/v1/tracker.json"))
    schema = json.loads(read(f"{origin}/data/v1/tracker.schema.json"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(whole)) == []
    assert len(whole["incidents"]) == len(records.incidents)


@pytest.mark.parametrize("name", ["summary", "status", "components", "incidents", "history"])
def test_the_statuspage_files_are_as_the_schema_beside_them_says(origin: str, name: str) -> None:
    schema = json.loads(read(f"{origin}/api/v2/schema.json"))
    found = json.loads(read(f"{origin}/api/v2/{name}.json"))
    assert list(Draft202012Validator(schema).iter_errors(found)) == []


def test_a_spreadsheet_reads_the_tables_and_their_description(origin: str) -> None:
    described = json.loads(read(f"{origin}/data/csv-metadata.json"))["tables"]
    assert len(described) == 4
    for table in described:
        text = read(f"{origin}/data/{table['url']}").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows[0] == [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(rows) > 1


@pytest.mark.parametrize("name", ["incidents", "components/volunteers", "components/website"])
def test_a_badge_and_its_endpoint_say_the_same_and_from_when(origin: str, name: str) -> None:
    endpoint = json.loads(read(f"{origin}/badges/{name}.json"))
    assert set(endpoint) == {"schemaVersion", "label", "message", "color", "labelColor"}
    assert endpoint["schemaVersion"] == 1
    assert endpoint["message"].endswith("as of 24 Nov 2026, 09:00 UTC")
    picture = read(f"{origin}/badges/{name}.svg").decode()
    assert f"<title>{endpoint['label']}: {endpoint['message']}</title>" in picture


# --- how they are found


class Head(HTMLParser):
    """The alternates of a page: address and title by type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and "alternate" in (values.get("rel") or "").split():
            assert values["title"]
            self.found[values["type"] or ""] = values["href"] or ""


def test_the_head_of_every_page_names_feed_calendar_and_json(built: Path, origin: str) -> None:
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 100
    answered: set[str] = set()
    for path in pages:
        found = Head(path.read_text("utf-8")).found
        if path.parent != built or path.name != "404.html":
            here = f"{origin}/{path.relative_to(built).as_posix()}"
            found = {kind: urljoin(here, href) for kind, href in found.items()}
            answered |= set(found.values())
        assert set(found) == {"application/atom+xml", "text/calendar", "application/json"}, path
    assert {urlsplit(one).path for one in answered} == {
        "/feed.xml",
        "/incidents.ics",
        "/data/v1/tracker.json",
    }
    assert all(read(address) for address in answered)
