"""Files → tracker: each becomes a record or is counted as unread, each fault becomes a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from functools import lru_cache

from incident_tracker.finding import Fault, Finding, Level, Position
from incident_tracker.frozen import value
from incident_tracker.log.shapes import SHAPES
from incident_tracker.model import (
    Component,
    Contacts,
    Incident,
    Milestone,
    Record,
    Review,
    Runbook,
    Tracker,
    Unread,
)
from incident_tracker.parse import parse, unsound
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.protocol_faults import Known
from incident_tracker.registry import rules
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.sensitive import masked

FOLDERS = ("incidents", "pir", "runbooks")
LISTED = ("ACT",)
"""Families of faults in an item that nothing else depends on: what else is owed is told as well."""


@value
class Source:
    """One file of a record folder, by relative path: its bytes, or why they were not read."""

    path: str
    data: bytes = b""
    fault: Fault | None = None

    def may_hold(self, word: str) -> bool:
        """Whether a key or a value of the front matter may be this word, without reading it.

        It stands there as it is, unless what a backslash begins is a part of it.
        """
        return word.encode() in self.data or b"\\" in self.data


@value
class Registers:
    """What stands in the protocol folder besides the protocol, and the findings about it."""

    components: tuple[Component, ...] = ()
    contacts: Contacts = field(default_factory=Contacts)
    findings: tuple[Finding, ...] = ()


@lru_cache(maxsize=16)
def read_known_protocol(text: str) -> tuple[Protocol | None, tuple[Fault, ...]]:
    """Return the protocol of a text; a duty, shape or milestone that no code knows is a fault.

    It is the same value for the same text, and nothing in it changes: one process that looks at a
    tracker again, to serve the site or to judge a change, reads it once.
    """
    return read_protocol(text, known_names())


def known_names() -> Known:
    """Return the names in a protocol that code must understand."""
    return Known(
        duties=tuple(rule.duty for rule in rules().values() if rule.duty),
        shapes=tuple(SHAPES),
        milestones=tuple(milestone.value for milestone in Milestone),
    )


def assemble(sources: Iterable[Source], protocol: Protocol, registers: Registers) -> Tracker:
    """Return the tracker that these files make."""
    records: list[Record] = []
    unread: list[Unread] = []
    findings = list(registers.findings)
    for source in sources:
        record, found, text = read_source(source, protocol)
        findings += found
        if record is None:
            unread.append(Unread(path=source.path, text=text))
        else:
            records.append(record)
    return Tracker(
        protocol=protocol,
        incidents=tuple(
            sorted((r for r in records if isinstance(r, Incident)), key=lambda r: r.path)
        ),
        reviews=tuple(sorted((r for r in records if isinstance(r, Review)), key=lambda r: r.path)),
        runbooks=tuple(
            sorted((r for r in records if isinstance(r, Runbook)), key=lambda r: r.path)
        ),
        components=registers.components,
        contacts=registers.contacts,
        unread=tuple(unread),
        findings=tuple(findings),
    )


def with_files(tracker: Tracker, sources: Iterable[Source], gone: Iterable[str] = ()) -> Tracker:
    """Return the tracker with some of its files read anew and others gone."""
    new = assemble(sources, tracker.protocol, Registers())
    left = {record.path for record in new.records} | {unread.path for unread in new.unread}
    left |= set(gone)
    records = [r for r in tracker.records if r.path not in left] + [*new.records]
    records.sort(key=lambda record: record.path)
    unread = [u for u in tracker.unread if u.path not in left] + [*new.unread]
    return replace(
        tracker,
        incidents=tuple(r for r in records if isinstance(r, Incident)),
        reviews=tuple(r for r in records if isinstance(r, Review)),
        runbooks=tuple(r for r in records if isinstance(r, Runbook)),
        unread=tuple(sorted(unread, key=lambda u: u.path)),
        findings=(*(f for f in tracker.findings if f.path not in left), *new.findings),
    )


def read_source(
    source: Source, protocol: Protocol
) -> tuple[Record | None, tuple[Finding, ...], str]:
    """Return the record of one file, the findings about its form, and its text."""
    if source.fault is not None:
        return None, findings_of(source.path, (source.fault,), None), ""
    document = read_document(source.path, source.data)
    parsed = parse(document, protocol)
    found = findings_of(source.path, parsed.faults, document)
    record = parsed.record
    spoilt = (f for f in found if f.level is Level.ERROR and not f.code.startswith(LISTED))
    if record is not None and any(spoilt):
        record = unsound(record)
    return record, found, document.text


def refused(path: str, what: str, remedy: str) -> Source:
    """Return a file that is not read, whatever it holds: a link, a device, another kind of file."""
    fault = Fault(code="FMT015", message=f"{path} {what}", help=remedy, position=Position(1, 1))
    return Source(path=path, fault=fault)


def not_markdown(path: str) -> Source:
    """Return a file that is no record because of its name's ending."""
    return refused(
        path, "is no Markdown file", "records end in .md; other files belong into evidence/"
    )


def findings_of(
    path: str, faults: Sequence[Fault], document: Document | None
) -> tuple[Finding, ...]:
    """Return the faults of one file as findings, with name and level from their declaration."""
    declared = rules()
    found = (
        fault.finding(
            path=path,
            name=declared[fault.code].name,
            level=declared[fault.code].level,
            source=source_line(document, fault.position.line),
        )
        for fault in faults
    )
    return tuple(concealed(finding) for finding in found)


def concealed(finding: Finding) -> Finding:
    """Return the finding with all hidden that it quotes of a record and nobody should read."""
    if not finding.path.startswith(FOLDERS):
        return finding  # contacts and settings of the team, which hold addresses by design
    return replace(
        finding,
        message=masked(finding.message),
        help=masked(finding.help) if finding.help else finding.help,
        note=masked(finding.note) if finding.note else finding.note,
        source=masked(finding.source) if finding.source else finding.source,
        field=masked(finding.field) if finding.field else finding.field,
    )


def source_line(document: Document | None, line: int) -> str | None:
    """Return a line of the document, None where there is none."""
    if document is None or not 1 <= line <= len(document.lines):
        return None
    return document.lines[line - 1]
