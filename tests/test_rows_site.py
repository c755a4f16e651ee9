"""A tracker in which every text is hostile, built by MkDocs and opened in a real browser.

The rows are those of docs/hostile-input.md; test_plugin.py says the same of single pages.
"""

from __future__ import annotations

import ast
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from test_plugin import CONFIG, VECTORS, Elements
from typed import ROOT

from browser import Scheme, View, Width, pages, reading
from incident_tracker.examples import good_files

RECORD = "incidents/2026/2026-03-02-good.md"
TEMPLATES = ("{{7*7}}", "{% include 'mkdocs.yml' %}", '--8<-- "mkdocs.yml"', "{{ config }}")
STEERING = "icon: nope\ntemplate: nope.html\nhide: 5\nsearch: 5\n"
RUNS = re.compile(r"(?:javascript|vbscript|data):")
# A link to a page leads there, which is all that it does; every other element is clicked.
CLICK = """() => [...document.querySelectorAll("article *")]
  .filter((element) => !/^https?:/.test(element.closest("a")?.protocol ?? ""))
  .forEach((element) => element.dispatchEvent(
    new MouseEvent("click", {bubbles: true, cancelable: true})))"""
WATCH = """\
import os, sys
def told(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        with open(os.environ["CANARY"], "a") as file:
            file.write(f"{event} {arguments}\\n")
sys.addaudithook(told)
"""


@dataclass(frozen=True)
class Built:
    """A site, how long the build took, and what it said."""

    folder: Path
    seconds: float
    said: str

    def page(self, record: str) -> str:
        """The page of a record, or of a file that could not be read as one."""
        places = [self.folder / record, self.folder / "broken" / record]
        (found,) = (
            p for p in (one.with_suffix("") / "index.html" for one in places) if p.is_file()
        )
        return found.read_text("utf-8")


def record_of(text: str, more: str = "") -> str:
    """The good incident with one text in every place that takes any."""
    line, quoted = " ".join(text.split()), json.dumps(text)
    good = good_files()[RECORD].decode()
    changes = {
        "title: Search shows an error for every visitor": f"title: {quoted}\n{more}tags: [{quoted}]"
        f"\ndescription: {quoted}\nsubtitle: {quoted}\nticket: {quoted}",
        "A release changed the format": f"{text}\n\nA release changed the format",
        "first error in the log": line,
        "Searching fails for everybody.": f"{text}\n\nSearching fails.",
        "search is unavailable": line,
        "(three searches)": f"({line})",
    }
    for old, new in changes.items():
        assert old in good
        good = good.replace(old, new, 1)
    return good


def tracker_of(root: Path, records: dict[str, str]) -> Path:
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "start.md").write_text("# Start\n\nRead on.\n")
    (root / "mkdocs.yml").write_text(re.sub("edit_uri.*\n", "", CONFIG))  # a link that we make
    (root / "protocol").mkdir()
    shutil.copy(ROOT / "protocol" / "protocol.yml", root / "protocol")
    for path, text in records.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def built(root: Path, **environment: str) -> Built:
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(root / "built")],
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Built(root / "built", time.monotonic() - begin, done.stdout + done.stderr)


def name(kind: str, number: int) -> str:
    return f"incidents/2026/2026-03-{number + 1:02d}-{kind}.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site of records with every vector, every piece of a template, and keys that steer."""
    records = {name("vector", n): record_of(text) for n, text in enumerate(VECTORS)}
    records |= {name("template", n): record_of(text) for n, text in enumerate(TEMPLATES)}
    records[name("every-vector", 0)] = record_of("\n\n".join(VECTORS))
    records[name("steering", 0)] = record_of("plain", STEERING)
    records[name("brackets", 0)] = record_of("plain") + "\n" + "[" * 20_000 + "\n"
    records[name("line", 0)] = record_of("</script>\u2028<script>alert(1)</script>")
    return built(tracker_of(tmp_path_factory.mktemp("hostile") / "tracker", records))


def test_row_12_no_page_of_a_hostile_tracker_has_anything_that_runs(site: Built) -> None:
    ours = [tag for tag, _ in Elements((site.folder / "start" / "index.html").read_text()).found]
    for page in site.folder.rglob("*.html"):
        elements = Elements(page.read_text("utf-8")).found
        assert [tag for tag, _ in elements].count("script") <= ours.count("script") + 1, page
        for tag, facts in elements:
            assert not [key for key in facts if key.startswith("on")], (page, tag, facts)
            addresses = (facts.get(key, "") for key in ("href", "src", "action", "xlink:href"))
            for address in addresses:
                assert not RUNS.match(re.sub(r"\s", "", html.unescape(address)).lower()), page


@pytest.mark.browser
def test_row_12_nothing_of_a_hostile_tracker_runs_in_a_real_browser(site: Built) -> None:
    record = name("every-vector", 0).replace(".md", "/")
    assert record in pages(site.folder)
    with reading(site.folder) as reader:
        for path in ("", "history/2026/", record):
            with reader.visit(path, View(width=Width.WIDE, scheme=Scheme.LIGHT)) as visit:
                visit.page.wait_for_timeout(300)
                visit.page.evaluate(CLICK)
                visit.page.wait_for_timeout(100)
                assert (visit.dialogs, visit.foreign) == ([], []), path
                assert visit.page.url == f"{reader.origin}/{path}"


def test_row_13_keys_that_steer_a_theme_break_no_build_and_are_findings(site: Built) -> None:
    assert "<h1" in site.page(name("steering", 0))
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "check", "--format", "json"],
        cwd=site.folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [f for f in json.loads(done.stdout)["findings"] if f["path"] == name("steering", 0)]
    told = [f["field"] for f in found if f["code"] == "FMT002"]
    assert {"icon", "template", "hide", "search"} <= set(told)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("number", range(len(TEMPLATES)))
def test_row_14_text_of_a_template_is_printed_as_it_stands(site: Built, number: int) -> None:
    page = html.unescape(re.sub(r"<[^>]+>", "", site.page(name("template", number))))
    quotes = page.replace("’", "'").replace("“", '"').replace("”", '"')
    assert quotes.count(TEMPLATES[number]) >= 4
    assert "49" not in re.findall(r"\b\d+\b", quotes) or "7*7" not in TEMPLATES[number]
    assert "site_name: A tracker" not in page


def test_row_15_a_record_that_would_keep_a_parser_busy_is_refused_and_the_build_ends(
    site: Built,
) -> None:
    assert "FMT012" in site.page(name("brackets", 0))
    assert site.seconds < 60


def test_row_21_what_is_json_in_a_page_ends_no_script(site: Built) -> None:
    page = site.page(name("line", 0))
    index = (site.folder / "search" / "search_index.json").read_text("utf-8")
    json.loads(index, parse_constant=pytest.fail)
    for script in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", page, re.DOTALL):
        json.loads(script, parse_constant=pytest.fail)
    assert "<script>alert" not in page + index


def test_row_21_no_json_is_written_that_could_hold_what_json_has_not() -> None:
    package = ROOT / "tools" / "incident_tracker"
    texts = {"yaml_writer.py", "yaml_syntax.py", "baseline.py"}  # they quote a text, nothing else
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"json.dumps", "json.dump"}:
                keys = {word.arg: ast.unparse(word.value) for word in node.keywords}
                assert keys.get("allow_nan") == "False" or path.name in texts, path


class _Counting(BaseHTTPRequestHandler):
    """Counts who asks, and leads on to an address that only machines of a cloud have."""

    def __init__(self, asked: list[str], *arguments: object) -> None:
        self.asked = asked
        super().__init__(*arguments)  # type: ignore[arg-type] # passed on as they come

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its name there
        """Say nothing."""


def test_row_22_no_link_is_followed_by_check_or_build(tmp_path: Path) -> None:
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Counting, asked))
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}/redirect"
    links = (here, "http://169.254.169.254/", "http://localhost/", "file:///etc/passwd")
    body = "\n".join(f"- [x]({link}) ![x]({link}) <{link}>" for link in links)
    root = tracker_of(tmp_path / "tracker", {RECORD: record_of(f"see\n\n{body}\n")})
    (root / "docs" / "start.md").write_text("# Start\n\nRead on.\n")
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    canary = tmp_path / "canary"
    watched = os.pathsep.join([str(tmp_path / "watch"), os.environ.get("PYTHONPATH", "")])
    environment = {"CANARY": str(canary), "PYTHONPATH": watched}
    lookup = [sys.executable, "-c", "import socket; socket.getaddrinfo('localhost', 1)"]
    subprocess.run(lookup, env={**os.environ, **environment}, check=True)
    canary.unlink()  # it sees what it is there for
    site_of_it = built(root, **environment)
    subprocess.run(
        [sys.executable, "-m", "incident_tracker", "check"],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    server.shutdown()
    server.server_close()
    assert asked == []
    assert not canary.exists(), canary.read_text()
    assert "root:" not in site_of_it.page(RECORD)
