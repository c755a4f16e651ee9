"""What is promised of what is shown and handed on, whatever stands in the records."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from xml.etree import ElementTree as ET

from fuzz.ground import NOW, ROOT, placed, protocol
from fuzz.promises import harmless, promised
from incident_tracker.afterwards.report import Kind, full_report, initial_report, wording
from incident_tracker.audience import Audience, seen_by
from incident_tracker.check import check
from incident_tracker.examples import good_files, tracker_of
from incident_tracker.exports.declare import Export, Settings, exports
from incident_tracker.formats.declare import View, report_formats
from incident_tracker.formats.home import Home
from incident_tracker.model import Tracker
from incident_tracker.notices import Which, for_outside, letter_of, notice_of, render, template_path
from incident_tracker.pages.book import Book, Site
from incident_tracker.pages.declare import DECLARED
from incident_tracker.pages.rendering import render as page_of
from incident_tracker.pages.safe import inline_markdown, plain, safe_markdown
from incident_tracker.registry import load

HOME = Home(url="https://status.example.org")
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
OF_RECORDS = (
    *("incidents", "reviews", "runbooks", "public incidents", "public reviews"),
    *("status.md", "history", "actions.md"),
)
"""The pages that show what people wrote; the others show rules, words and numbers."""
FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9.])")
LONGEST_LINE = 75
"""Octets of a line in a calendar."""


def rendering(data: bytes) -> None:
    """Text of a record becomes Markdown and HTML in which nothing runs, by each of the ways."""
    text = data.decode("utf-8", "replace")
    for markdown in (str(safe_markdown(text)), f"- {inline_markdown(text)}", f"x {plain(text)}"):
        harmless(markdown)


def pages(data: bytes) -> None:
    """A record that can be read has its pages, whatever its texts are, and nothing runs in them."""
    tracker = _tracker(data)
    load("incident_tracker.pages")
    for name, audience in _pages(data):
        book = Book(seen_by(audience, tracker), Site(now=NOW, home=HOME, audience=audience))
        for leaf in DECLARED[name].make(book):
            harmless(page_of(DECLARED[name].template, leaf.worked_out()))


def notices(data: bytes) -> None:
    """An incident has its notices and reports; a notice has a subject of one clean line."""
    path, record = placed(data)
    tracker = tracker_of({**good_files(), path: record}, protocol())
    told = [incident for incident in tracker.incidents if incident.path == path]
    for incident in told or tracker.incidents[:1]:
        review = tracker.review_by_incident.get(incident.id)
        for which in Which:
            notice = notice_of(incident, review, which, NOW)
            for said in (notice, for_outside(notice)):
                subject, _ = letter_of(render(_template(template_path(which)), said))
                promised(not RAW.search(subject), f"a raw character in {subject!r}")
        initial_report(_template(wording(Kind.INITIAL)), incident, tracker, NOW, "here")
        if review is not None:
            harmless(full_report(_template(wording(Kind.FULL)), incident, tracker, NOW))


def exporting(data: bytes) -> None:
    """Each export is read by what reads its kind of file, for the team and for everybody."""
    tracker = _tracker(data)
    for one in exports().values():
        for audience in () if one.of_pages else Audience:
            _read_by_others(one, tracker, audience)


def verdicts(data: bytes) -> None:
    """The verdict on any record is read by what reads each of its formats, and forges nothing."""
    report = check(_tracker(data))
    for name, one in report_formats().items():
        written = one.write(report, View(facts=True, strict=True))
        said = written if isinstance(written, str) else "".join(piece.text for piece in written)
        promised(not RAW.search(said), f"a raw character in the format {name}")
        for text in said.splitlines() if name in {"jsonl", "rdjsonl"} else (said,):
            _READERS.get(VERDICTS.get(name, ""), str)(text)


VERDICTS: Mapping[str, str] = {
    **dict.fromkeys(("json", "gitlab", "sarif", "jsonl", "rdjsonl"), "json"),
    "junit": "xml",
}


def _read_by_others(one: Export, tracker: Tracker, audience: Audience) -> None:
    for path, data in one.files(tracker, NOW, Settings(audience=audience, home=HOME)).items():
        text = data.decode("utf-8")
        promised(not RAW.search(text.replace("\u2028", "")), f"a raw character in {path}")
        _READERS.get(path.rpartition(".")[2], str)(text)


def _json(text: str) -> None:
    def refused(constant: str) -> object:
        raise AssertionError(constant)

    json.dumps(json.loads(text, parse_constant=refused), ensure_ascii=False).encode("utf-8")


def _table(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    promised(len({len(row) for row in rows}) == 1, "a row has another length")
    for cell in (cell for row in rows for cell in row):
        promised(not FORMULA.match(cell), f"a formula: {cell[:40]!r}")


def _calendar(text: str) -> None:
    promised(text.endswith("END:VCALENDAR\r\n"), "no end of the calendar")
    promised("\n" not in text.replace("\r\n", ""), "a line end of another kind")
    longest = max(len(line.encode()) for line in text.split("\r\n"))
    promised(longest <= LONGEST_LINE, f"a line of {longest} octets")
    promised(text.count("\r\nBEGIN:VEVENT\r\n") == text.count("\r\nEND:VEVENT\r\n"), "forged")


def _metrics(text: str) -> None:
    promised(text.endswith("\n# EOF\n"), "no end of the metrics")
    promised(text.count("# EOF\n") == 1, "a forged end of the metrics")


_READERS: Mapping[str, Callable[[str], object]] = {
    "json": _json,
    "xml": ET.fromstring,
    "svg": ET.fromstring,
    "csv": _table,
    "ics": _calendar,
    "prom": _metrics,
}


def _tracker(data: bytes) -> Tracker:
    path, record = placed(data)
    return tracker_of({**good_files(), path: record}, protocol())


def _pages(data: bytes) -> list[tuple[str, Audience]]:
    """Some of the pages, which the input chooses: all of them would take too long."""
    every = [(name, one) for name in OF_RECORDS for one in DECLARED[name].audiences]
    first = sum(data) % len(every)
    return [every[first], every[(first + 3) % len(every)]]


@cache
def _template(path: str) -> str:
    return (ROOT / path).read_text("utf-8")
