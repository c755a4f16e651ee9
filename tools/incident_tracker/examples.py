"""The known-good tracker that rules' examples change, and what `check` says about a changed one.

The good records are files of the package, so that a rule's page shows the finding that its
example really gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files as package_files
from types import MappingProxyType
from typing import TypeVar

from incident_tracker.assemble import (
    FOLDERS,
    Registers,
    Source,
    assemble,
    findings_of,
    not_markdown,
    read_known_protocol,
    with_files,
)
from incident_tracker.changes import ChangeSet, RecordChange
from incident_tracker.check import Report, check
from incident_tracker.check_changes import check_changes
from incident_tracker.evidence import FOLDER
from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK
from incident_tracker.finding import Fault, Finding
from incident_tracker.model import Contacts, Tracker
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.protocol import Protocol
from incident_tracker.registers import COMPONENTS, CONTACTS, ComponentFile, read_register
from incident_tracker.registry import Example, Rule
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.edit import apply, remove_field, set_field

Table = TypeVar("Table")
PATHS: Mapping[str, str] = MappingProxyType(
    {
        "incident": "incidents/2026/2026-03-02-good.md",
        "security": "incidents/2026/2026-03-09-good.md",
        "maintenance": "incidents/2026/2026-03-15-good.md",
        "review": "pir/2026/2026-03-02-good.md",
        "runbook": "runbooks/good.md",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an example gives: the file that it changes, its new bytes, and the verdict."""

    path: str
    data: bytes
    report: Report


@cache
def good_files() -> Mapping[str, bytes]:
    """Return the known-good tracker's files by path."""
    folder = package_files("incident_tracker") / "good"
    found = {path: (folder / f"{name}.md").read_bytes() for name, path in PATHS.items()}
    return MappingProxyType({**found, COMPONENTS: (folder / "components.yml").read_bytes()})


def outcome(rule: Rule | None, example: Example, protocol: Protocol) -> Outcome:
    """Return what an example of a rule gives under a protocol.

    For a rule about a change, that is what changing the good records to it gives. ValueError where
    the example fits the good record no longer.
    """
    path, files = example.path or PATHS[example.record], files_with(example)
    if rule is not None and rule.subject is RecordChange:
        report = check_changes(_changed_to(files, protocol))
    else:
        report = verdict(files, protocol)
    return Outcome(path=path, data=files.get(path, b""), report=report)


def _changed_to(files: Mapping[str, bytes], protocol: Protocol) -> ChangeSet:
    """The change from the good records to these files."""
    good = good_files()
    return ChangeSet(
        old=tracker_of(good, protocol),
        new=tracker_of(files, protocol),
        touched=frozenset(p for p in {*good, *files} if good.get(p) != files.get(p)),
        since="main (1a2b3c4)",
        commit="1a2b3c4",
    )


def files_with(example: Example) -> Mapping[str, bytes]:
    """Return the known-good tracker's files by path, changed as the example says."""
    files, usual = dict(good_files()), PATHS[example.record]
    good = files.pop(usual)
    if not example.gone:
        files[example.path or usual] = changed(example, good)
    return files | {name: text.encode() for name, text in example.beside.items()}


def changed(example: Example, good: bytes) -> bytes:
    """Return the bytes of the record with the example's changes."""
    if example.data is not None:
        return example.data
    if example.text is not None:
        return example.text.encode()
    document = read_document(PATHS[example.record], good)
    for key, value in example.set.items():
        document = _with_field(document, key, value)
    text = document.text
    for old, new in example.replace.items():
        if text.count(old) != 1:
            message = (
                f"{old!r} stands {text.count(old)} times in the good {example.record}, not once"
            )
            raise ValueError(message)
        text = text.replace(old, new)
    return text.encode()


def verdict(files: Mapping[str, bytes], protocol: Protocol) -> Report:
    """Return the verdict on a tracker given as files by path.

    Its own protocol file, if there is one, takes the place of ``protocol``.
    """
    if PROTOCOL in files:
        read, faults = read_known_protocol(files[PROTOCOL].decode())
        if read is None:
            return Report(findings=_about(PROTOCOL, files, faults))
        protocol = read
    return check(tracker_of(files, protocol))


def tracker_of(files: Mapping[str, bytes], protocol: Protocol) -> Tracker:
    """Return the tracker that files by path make; good records in it that nobody changed are known.

    A catalogue asks two hundred times about the good tracker with another file changed.
    """
    good = good_files()
    kept = {path for path, data in good.items() if files.get(path) == data}
    if COMPONENTS not in kept or CONTACTS in files:
        return _read(files, protocol)
    others = {path: data for path, data in files.items() if path not in kept}
    tracker = with_files(_good(protocol), _sources(others), gone=good.keys() - kept)
    return replace(tracker, evidence=_evidence(files))


def _good(protocol: Protocol) -> Tracker:
    """The good tracker under this very protocol; an equal one may show its tables otherwise."""
    if not _LAST or _LAST[0].protocol is not protocol:
        _LAST[:] = [_read(good_files(), protocol)]
    return _LAST[0]


_LAST: list[Tracker] = []


def _read(files: Mapping[str, bytes], protocol: Protocol) -> Tracker:
    components, wrong = _register(ComponentFile, COMPONENTS, files)
    contacts, more = _register(Contacts, CONTACTS, files)
    registers = Registers(
        components=components.components if components else (),
        contacts=contacts or Contacts(),
        findings=(*wrong, *more),
    )
    return replace(assemble(_sources(files), protocol, registers), evidence=_evidence(files))


def _evidence(files: Mapping[str, bytes]) -> Mapping[str, str]:
    return {p: sha256(d).hexdigest() for p, d in files.items() if p.startswith(FOLDER)}


def _with_field(document: Document, key: str, value: str | None) -> Document:
    order = tuple({**INCIDENT, **REVIEW, **RUNBOOK})
    edits = (
        remove_field(document, key)
        if value is None
        else set_field(document, key, value, order=order)
    )
    if not edits:
        message = f"the good record has no field {key} to remove"
        raise ValueError(message)
    text = apply(document.text, edits)
    return read_document(document.path, text.encode())


def _sources(files: Mapping[str, bytes]) -> Iterator[Source]:
    for path in sorted(files):
        if path.partition("/")[0] not in FOLDERS:
            continue
        if path.endswith(".md"):
            yield Source(path=path, data=files[path])
        else:
            yield not_markdown(path)


def _register(
    kind: type[Table], path: str, files: Mapping[str, bytes]
) -> tuple[Table | None, tuple[Finding, ...]]:
    if path not in files:
        return None, ()
    table, faults = read_register(kind, files[path].decode())
    return table, _about(path, files, faults)


def _about(path: str, files: Mapping[str, bytes], faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    return findings_of(path, faults, read_document(path, files[path]))
