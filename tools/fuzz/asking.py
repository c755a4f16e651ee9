"""What is promised of what a tracker is set up with, and of what machines and issues bring."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from fuzz.ground import NOW, ROOT, protocol, protocol_text, respliced
from fuzz.promises import harmless, promised
from incident_tracker.assemble import read_known_protocol
from incident_tracker.baseline import Baseline, NotABaselineError
from incident_tracker.examples import PATHS, good_files, tracker_of, verdict
from incident_tracker.importers.mapping import preset_names, preset_text, read_mapping
from incident_tracker.lifecycle.alerting import meaning, with_delivery
from incident_tracker.lifecycle.alerts import read_delivery
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.issue_form import FORM, Field, answers, read_form
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.notices import Which, notice_of
from incident_tracker.pages.book import Book, Site
from incident_tracker.pages.incident import page_of_incident
from incident_tracker.pages.protocol_pages import components, contacts
from incident_tracker.pages.rendering import render
from incident_tracker.registers import COMPONENTS, CONTACTS
from incident_tracker.text.characters import clean
from incident_tracker.text.document import read_document
from incident_tracker.wordings import MOST_LETTERS, filled


def protocols(data: bytes) -> None:
    """Any text is a protocol or faults at their places; under a protocol every record is judged."""
    whole = data[:1] == b"\x00"
    text = data[1:] if whole else respliced(protocol_text(), data.split(b"\xff"))
    found, faults = read_known_protocol(text.decode("utf-8", "replace"))
    promised(found is not None or bool(faults), "neither a protocol nor a fault")
    lines = text.count(b"\n") + 1
    for fault in faults:
        promised(1 <= fault.position.line <= lines, f"{fault.code} at line {fault.position.line}")
        promised(clean(fault.message), f"a raw character in the message of {fault.code}")
    if found is None:
        return
    for finding in verdict(good_files(), found).findings:
        promised(finding.code != "CFG000", f"a rule crashed: {finding.message}")
    book = Book(tracker_of(good_files(), found), Site(now=NOW))
    for incident in book.newest_first:
        harmless(render("incident.md.j2", page_of_incident(incident, book).worked_out()))


def registers(data: bytes) -> None:
    """Any components and contacts are read or are findings; every record is judged, and shown."""
    path = (COMPONENTS, CONTACTS)[data[:1] > b"\x7f"]
    good = (ROOT / path).read_bytes()
    pieces = data[1:].split(b"\xff")
    text = data[1:] if data[:1] in b"\x00\x80" else respliced(good, pieces)
    files = {**good_files(), path: text.decode("utf-8", "replace").encode()}
    for finding in verdict(files, protocol()).findings:
        promised(finding.code != "CFG000", f"a rule crashed: {finding.message}")
        promised(clean(finding.message), f"a raw character in the message of {finding.code}")
    book = Book(tracker_of(files, protocol()), Site(now=NOW))
    harmless(render("tables.md.j2", (components if path == COMPONENTS else contacts)(book)))


def wordings(data: bytes) -> None:
    """Any wording is a text within bounds, or is refused as a wording."""
    try:
        said = filled(data.decode("utf-8", "replace"), _values())
    except Refusal:
        return
    promised(len(said) <= MOST_LETTERS + 1, f"{len(said)} letters")


def alerts(data: bytes) -> None:
    """Any delivery of a monitor is refused, or is logged as one line for each alert, once."""
    try:
        found = read_delivery(data.decode("utf-8", "replace"), protocol().alerts)
    except Refusal:
        return
    for alert in found.alerts:
        promised(clean(alert.title) and "\n" not in alert.title, f"the title {alert.title!r}")
    meaning(found.alerts, protocol(), ("website",))
    path = PATHS["incident"]
    before = Draft(read_document(path, good_files()[path]), protocol())
    try:
        once = with_delivery(before, found.alerts, found.group, NOW)
    except Refusal:
        return
    promised(not once.new_faults(before), f"faults: {once.new_faults(before)}")
    again = with_delivery(once, found.alerts, found.group, NOW)
    promised(again.document.text == once.document.text, "the same delivery was logged twice")


def issues(data: bytes) -> None:
    """No text of an issue changes what a list of the form answered; any form is read or refused."""
    text = data.decode("utf-8", "replace")
    chosen = next(field for field in _form() if field.options)
    given = {chosen.id: chosen.options[0]} | {f.id: text for f in _form() if f.is_long}
    body = "\r\n\r\n".join(
        f"### {f.label}\r\n\r\n{given.get(f.id) or '_No response_'}" for f in _form()
    )
    key = chosen.options[0].partition(":")[0].strip()
    try:
        promised(answers(_form(), body)[chosen.id] == key, "a forged answer")
        answers(_form(), text)
    except Refusal:
        pass
    try:
        read_form(text)
    except Refusal:
        return


def settings(data: bytes) -> None:
    """Any baseline and any mapping of an import is read or refused; what is read is written so."""
    text = data.decode("utf-8", "replace")
    try:
        found = Baseline.read(text)
    except NotABaselineError:
        pass
    else:
        promised(Baseline.read(found.text()) == found, "a baseline is not read as it was written")
    good = preset_text(min(preset_names())).encode()
    for mapping in (text, respliced(good, data.split(b"\xff")).decode("utf-8", "replace")):
        read, faults = read_mapping(mapping, protocol())
        promised(read is not None or bool(faults), "neither a mapping nor a fault")


@cache
def _form() -> tuple[Field, ...]:
    return read_form((ROOT / FORM).read_text("utf-8"))


@cache
def _values() -> dict[str, object]:
    tracker = tracker_of(good_files(), protocol())
    incident = tracker.incidents[0]
    review = tracker.review_by_incident.get(incident.id)
    return asdict(notice_of(incident, review, Which.RESOLUTION, NOW))
