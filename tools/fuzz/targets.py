"""What is promised for any bytes, one function for each target; `run.py` and the tests call them.

A target takes bytes from a stranger and returns nothing; it raises where a promise is broken. The
byte 0xFF, which no UTF-8 text holds, parts the pieces of an input that has several.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

from fuzz.promises import (
    fixes_stay_inside,
    harmless,
    kept_but_for_the_field,
    other_sections_stay,
    places_lie_inside,
    promised,
)
from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.examples import PATHS, good_files, tracker_of, verdict
from incident_tracker.finding import Level
from incident_tracker.fix import fix
from incident_tracker.importers.declare import importers
from incident_tracker.importers.draft import SourceFile
from incident_tracker.importers.mapping import RowMap, preset_names, preset_text, read_mapping
from incident_tracker.importers.plan import Action, Existing, plan
from incident_tracker.importers.table import drafts
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Tracker
from incident_tracker.pages.book import Book, Site
from incident_tracker.pages.incident import incidents
from incident_tracker.pages.rendering import render
from incident_tracker.pages.safe import inline_markdown, plain, safe_markdown
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registers import COMPONENTS
from incident_tracker.text import edit
from incident_tracker.text.characters import clean
from incident_tracker.text.document import read_document
from incident_tracker.text.yaml_nodes import Scalar

Target: TypeAlias = Callable[[bytes], None]

ROOT = Path(__file__).parents[2]
PATH = PATHS["incident"]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST = datetime(2026, 2, 28, tzinfo=UTC)
FIELDS = ("title", "severity", "waive", "roles", "zone", "new_one")
PRESETS = {"jsonl": "status-history", "json": "status-history"}
TABLE = RowMap(title="title", times={"detected_at": "begin"})
NAMES = {
    "cstate": ("content/issues/2026-02-03-form.md", "config.yml", "config.toml"),
    "upptime": ("checks.csv", "history/summary.json", ".upptimerc.yml"),
}
HEADER = b"title,begin\n"
SLOWEST = 2.0
"""Seconds of processor time for any input of up to a kilobyte."""
SECONDS_PER_BYTE = 0.002
"""What each further byte may take: beyond, the time is no longer bounded by the size."""
MOST_BYTES = 20_000
"""What a harness feeds at most, so that a case takes milliseconds; the limits have their tests."""


def reading(data: bytes) -> None:
    """Any bytes are a record or findings, each at a place that the file has."""
    document = read_document(PATH, data)
    promised(document.readable or bool(document.faults), "neither a record nor a fault")
    places_lie_inside(document)
    fixes_stay_inside(document, data)
    for finding in verdict({**good_files(), PATH: data}, _protocol()).findings:
        promised(finding.code != "CFG000", f"a rule crashed: {finding.message}")


def editing(data: bytes) -> None:
    """A field that is set is read back as asked; every line of another field stays."""
    value, _, record = data.partition(b"\xff")
    text = value.decode("utf-8", "ignore")
    before = read_document(PATH, record or good_files()[PATH])
    if before.front is None or not clean(text):
        return
    key = FIELDS[len(value) % len(FIELDS)]
    written = edit.apply(before.text, edit.set_field(before, key, edit.scalar(text), order=FIELDS))
    after = read_document(PATH, written.encode())
    found = after.front.get(key) if after.front else None
    promised(isinstance(found, Scalar) and found.text == text, f"{key} reads {found!r}")
    kept_but_for_the_field(before, after, key)


def timeline(data: bytes) -> None:
    """An entry is one more entry whatever it says; those that were there stay as they were."""
    said, _, written = data.partition(b"\xff")
    good = good_files()[PATH].decode()
    head, mark, rest = good.partition("## Timeline\n")
    _, heading, tail = rest.partition("\n## ")
    body = written.decode("utf-8", "ignore").replace("\n#", "\n-") if written else rest
    record = f"{head}{mark}{body}{heading}{tail}" if written else good
    before = Draft(read_document(PATH, record.encode()), _protocol())
    if before.parsed.record is None:
        return
    at = FIRST + timedelta(minutes=7 * (len(said) % 1_000))
    try:
        after = with_entry(before, at, said.decode("utf-8", "ignore"))
    except Refusal:
        return
    old = [(entry.at, entry.text) for entry in before.incident.log.entries]
    new = [(entry.at, entry.text) for entry in after.incident.log.entries]
    if not written:
        promised(len(new) == len(old) + 1, f"{len(old)} entries became {len(new)}")
        promised([entry for entry in new if entry in old] == old, "another entry changed")
        other_sections_stay(before.document, after.document, "Timeline")


def fixing(data: bytes) -> None:
    """What was fixed once has nothing left to fix, and is read wherever it could be read."""
    good = good_files()[PATH]
    at = int.from_bytes(data[:2], "big") % len(good)
    record = data[2:] if data[2:5] == b"---" else good[:at] + data[2:] + good[at:]
    once = fix(tracker_of({**good_files(), PATH: record}, _protocol()))
    promised(not fix(once.tracker).after, "a second fix found more to do")
    if PATH not in once.after and clean(record.decode("utf-8", "ignore")):
        return
    if read_document(PATH, record).readable and PATH in once.after:
        after = read_document(PATH, once.after[PATH].encode())
        promised(after.readable, "a fix made a record unreadable")


def importing(name: str, data: bytes) -> None:
    """Any bytes become records without an error, or a reason why they are none; twice the same."""
    mapping, suffix = _mapping(name), importers()[name].suffixes[0]
    parts = [HEADER + data] if name == "csv" else data.split(b"\xff\xff", 2)
    names = NAMES.get(name, (f"a{suffix}", f"b{suffix}", f"c{suffix}"))
    files = [SourceFile(path=path, data=part) for path, part in zip(names, parts, strict=False)]
    try:
        rows = tuple(drafts(importers()[name].read(files, mapping), mapping))
    except Refusal:
        return
    found = plan(rows, _protocol(), Existing.of(Tracker(protocol=_protocol())))
    sources = [Source(path=one.path, data=one.text.encode()) for one in found.files]
    tracker = assemble(sources, _protocol(), Registers())
    promised(not tracker.unread, f"a record that cannot be read: {tracker.unread}")
    wrong = [f for f in tracker.findings if f.level is Level.ERROR]
    promised(not wrong, f"errors of form: {wrong}")
    again = plan((one.settled.draft for one in found.files), _protocol(), Existing.of(tracker))
    promised({one.action for one in again.files} <= {Action.SAME}, "a second import changes files")


def rendering(data: bytes) -> None:
    """Text of a record becomes Markdown and HTML in which nothing runs, by each of the ways."""
    text = data.decode("utf-8", "replace")
    for markdown in (str(safe_markdown(text)), f"- {inline_markdown(text)}", f"x {plain(text)}"):
        harmless(markdown)


def pages(data: bytes) -> None:
    """A record that can be read has its page, whatever its texts are, and nothing runs in it."""
    good = good_files()[PATH]
    at = int.from_bytes(data[:2], "big") % len(good)
    record = data[2:] if data[2:5] == b"---" else good[:at] + data[2:] + good[at:]
    tracker = tracker_of({PATH: record, COMPONENTS: good_files()[COMPONENTS]}, _protocol())
    for leaf in incidents(Book(tracker, Site(now=NOW))):
        harmless(render("incident.md.j2", leaf.values))


def timed(target: Target) -> Target:
    """Return the target that also promises a time bounded by the size of its input."""

    def bounded(data: bytes) -> None:
        begin = time.process_time()
        target(data)
        took = time.process_time() - begin
        most = SLOWEST + SECONDS_PER_BYTE * len(data)
        promised(took < most, f"{took:.1f} s for {len(data)} bytes")

    return bounded


@cache
def targets() -> Mapping[str, Target]:
    """Return the targets by name, one for each importer among them."""
    found: dict[str, Target] = {
        "reading": reading,
        "editing": editing,
        "timeline": timeline,
        "fixing": fixing,
        "rendering": rendering,
        "pages": pages,
    }
    for name in importers():
        found[f"import-{name}"] = partial(importing, name)
    return {name: timed(target) for name, target in found.items()}


@cache
def _protocol() -> Protocol:
    found, faults = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    if found is None:
        raise ValueError(faults)
    return found


@cache
def _mapping(name: str) -> RowMap:
    preset = PRESETS.get(name, name)
    if preset not in preset_names():
        return TABLE
    found, faults = read_mapping(preset_text(preset), _protocol())
    if found is None:
        raise ValueError(faults)
    return found
