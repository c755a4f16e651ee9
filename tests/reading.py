"""Records as short texts, read by the readers under test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from conftest import ROOT
from incident_tracker.finding import Edit, Fault
from incident_tracker.log.timeline import read_timeline
from incident_tracker.model import Entry, Said
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.edit import apply

CHICAGO = ZoneInfo("America/Chicago")
FIRST_LINE = 4
"""The line of a timeline's first entry in `document`."""


@cache
def protocol() -> Protocol:
    """This repository's protocol."""
    read, faults = read_protocol((ROOT / "protocol" / "protocol.yml").read_text("utf-8"))
    assert read is not None, faults
    return read


def document(body: str, day: str = "2026-11-03", section: str = "Timeline") -> Document:
    """A record of a day with one section."""
    text = f"---\n---\n## {section}\n{body}\n"
    return read_document(f"incidents/{day[:4]}/{day}-x.md", text.encode())


def timeline(body: str, day: str = "2026-11-03") -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The entries and faults of a timeline in Chicago."""
    read = document(body, day)
    section = read.section("Timeline")
    assert section is not None
    return read_timeline(
        section, read, protocol(), zone=CHICAGO, first_date=date.fromisoformat(day)
    )


def entry(line: str) -> Entry:
    """The only entry of a line that has no fault."""
    entries, faults = timeline(line)
    assert faults == ()
    assert len(entries) == 1
    return entries[0]


def said(text: str) -> Said | None:
    """What the text of an entry says."""
    return entry(f"- 14:05 - {text}").said


def codes(faults: Iterable[Fault]) -> list[str]:
    """The codes of faults, in their order."""
    return [fault.code for fault in faults]


def mended(body: str, day: str = "2026-11-03", rounds: int = 6) -> str:
    """A timeline's text with every fix made, as often as there is one."""
    for _ in range(rounds):
        read = document(body, day)
        fixes = [fault.fix for fault in timeline(body, day)[1] if fault.fix]
        if not fixes:
            return body
        body = apply(read.text, _apart(fixes)).split("\n", 3)[3].removesuffix("\n")
    message = f"still not mended after {rounds} rounds: {body!r}"
    raise AssertionError(message)


def _apart(fixes: list[tuple[Edit, ...]]) -> list[Edit]:
    """The edits of as many fixes as fit beside each other."""
    chosen: list[Edit] = []
    for fix in fixes:
        if all(
            edit.end < other.start
            or other.end < edit.start
            or edit.start == edit.end == other.start == other.end
            for edit in fix
            for other in chosen
        ):
            chosen += fix
    return chosen
