"""What is promised for any bytes, one function for each target; `run.py` and the tests call them.

A target takes bytes from a stranger and returns nothing; it raises where a promise is broken. The
byte 0xFF, which no UTF-8 text holds, parts the pieces of an input that has several.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from fuzz import asking, merges, showing
from fuzz.ground import PATH, Target, placed, protocol, respliced
from fuzz.promises import (
    fixes_stay_inside,
    kept_but_for_the_field,
    other_sections_stay,
    places_lie_inside,
    promised,
)
from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.examples import good_files, tracker_of, verdict
from incident_tracker.finding import Level
from incident_tracker.fix import fix
from incident_tracker.importers.declare import importers
from incident_tracker.importers.draft import SourceFile
from incident_tracker.importers.mapping import RowMap, preset_names, preset_text, read_mapping
from incident_tracker.importers.plan import Action, Existing, plan
from incident_tracker.importers.table import drafts
from incident_tracker.lifecycle.actions import Promise, with_action
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.model import Tracker
from incident_tracker.text import edit
from incident_tracker.text.characters import clean
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.yaml_nodes import Scalar

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
    path, record = placed(data)
    document = read_document(path, record)
    promised(document.readable or bool(document.faults), "neither a record nor a fault")
    places_lie_inside(document)
    fixes_stay_inside(document, record)
    for finding in verdict({**good_files(), path: record}, protocol()).findings:
        promised(finding.code != "CFG000", f"a rule crashed: {finding.message}")


def editing(data: bytes) -> None:
    """A field that is set or taken away is read back so; every line of another field stays."""
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
    there = [entry.key.text for entry in before.front.entries]
    for document, gone in ((after, key), *((before, one) for one in there[len(value) % 3 :: 3])):
        without = _without(document, gone)
        promised(without.front is None or without.front.get(gone) is None, f"{gone} is still there")
        kept_but_for_the_field(before, without, gone)


def _without(document: Document, gone: str) -> Document:
    """The document without a field, of which each line goes that is one of its own."""
    for _ in range(document.text.count(gone)):
        taken = edit.apply(document.text, edit.remove_field(document, gone))
        document = read_document(PATH, taken.encode())
        if document.front is None or document.front.get(gone) is None:
            break
    return document


def adding(data: bytes) -> None:
    """What a command adds to any record is one more of its kind, or is refused; the rest stays."""
    said, _, record = data.partition(b"\xff")
    text = said.decode("utf-8", "ignore")
    written = respliced(good_files()[PATH], record.split(b"\xff"))
    before = Draft(read_document(PATH, written), protocol())
    if before.parsed.record is None:
        return
    at = FIRST + timedelta(minutes=7 * (len(said) % 1_000))
    status = sorted(protocol().statuses)[len(said) % len(protocol().statuses)]
    telling = Telling(at=at, status=status, message=text, keys={"impact": text})
    promise = Promise(text=text, owner="asha", due=at.date())
    for section, add in (
        ("Updates", partial(with_update, telling=telling)),
        ("Action Items", partial(with_action, promise=promise)),
    ):
        try:
            after = add(before)
        except Refusal:
            continue
        other_sections_stay(before.document, after.document, section)
        old, new = ((len(d.incident.log.updates), len(d.incident.actions)) for d in (before, after))
        promised(sum(new) == sum(old) + 1, f"{section}: {old} became {new}")


def timeline(data: bytes) -> None:
    """An entry is one more entry whatever it says; those that were there stay as they were."""
    said, _, written = data.partition(b"\xff")
    good = good_files()[PATH].decode()
    head, mark, rest = good.partition("## Timeline\n")
    _, heading, tail = rest.partition("\n## ")
    body = written.decode("utf-8", "ignore").replace("\n#", "\n-") if written else rest
    record = f"{head}{mark}{body}{heading}{tail}" if written else good
    before = Draft(read_document(PATH, record.encode()), protocol())
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
    path, record = placed(data)
    once = fix(tracker_of({**good_files(), path: record}, protocol()))
    promised(not fix(once.tracker).after, "a second fix found more to do")
    promised(set(once.after) <= {path}, f"a fix of {path} changed {set(once.after)}")
    if read_document(path, record).readable and path in once.after:
        after = read_document(path, once.after[path].encode())
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
    found = plan(rows, protocol(), Existing.of(Tracker(protocol=protocol())))
    sources = [Source(path=one.path, data=one.text.encode()) for one in found.files]
    tracker = assemble(sources, protocol(), Registers())
    promised(not tracker.unread, f"a record that cannot be read: {tracker.unread}")
    wrong = [f for f in tracker.findings if f.level is Level.ERROR]
    promised(not wrong, f"errors of form: {wrong}")
    again = plan((one.settled.draft for one in found.files), protocol(), Existing.of(tracker))
    promised({one.action for one in again.files} <= {Action.SAME}, "a second import changes files")


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
        "adding": adding,
        "fixing": fixing,
        "merging": merges.merging,
        "protocol": asking.protocols,
        "registers": asking.registers,
        "settings": asking.settings,
        "wordings": asking.wordings,
        "alerts": asking.alerts,
        "issues": asking.issues,
        "rendering": showing.rendering,
        "pages": showing.pages,
        "notices": showing.notices,
        "exports": showing.exporting,
        "verdicts": showing.verdicts,
    }
    for name in importers():
        found[f"import-{name}"] = partial(importing, name)
    return {name: timed(target) for name, target in found.items()}


@cache
def _mapping(name: str) -> RowMap:
    preset = PRESETS.get(name, name)
    if preset not in preset_names():
        return TABLE
    found, faults = read_mapping(preset_text(preset), protocol())
    if found is None:
        raise ValueError(faults)
    return found
