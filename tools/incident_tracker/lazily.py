"""A tracker of which a file is only read into a record when somebody asks what stands in it.

What is known of each file from before is a few words: its digest, what kind of record it holds,
which of its fields came with which version of it. So it is known which fields a change touches,
and the records that are asked for nothing else are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from hashlib import blake2b
from typing import Any

from incident_tracker.asking.digests import SIZE, UntoldError, digest
from incident_tracker.asking.memo import Shelf
from incident_tracker.asking.records import asked_tracker, questions, unread_record
from incident_tracker.asking.trace import Asking, value_of
from incident_tracker.assemble import FOLDERS, Source, read_source
from incident_tracker.evidence import named
from incident_tracker.finding import Finding
from incident_tracker.loading import load_registers, without_collection
from incident_tracker.model import Incident, Record, Review, Runbook, Tracker, Unread
from incident_tracker.protocol import Protocol
from incident_tracker.workspace import Workspace

FILES = "files"
KINDS: Mapping[str, type[Record]] = {kind.__name__: kind for kind in (Incident, Review, Runbook)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is known of a file that holds a record without any fault of form."""

    digest: str
    kind: str
    names: Mapping[str, str]
    """The values by which it is found: its id, and of a review that of its incident."""
    first: str
    later: Mapping[str, str]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldWorkspace(Workspace):
    """A tracker on disk whose record files were read already."""

    held: Sequence[Source] = ()

    def sources(self, folders: Sequence[str] = FOLDERS) -> Iterator[Source]:
        """Yield every file of the record folders as it was read."""
        return (s for s in self.held if s.path.startswith(tuple(f"{f}/" for f in folders)))


@dataclass(slots=True)
class Files:
    """The files of a tracker, and what was known of them before."""

    protocol: Protocol
    asking: Asking
    shelf: Shelf
    common: str
    before: Mapping[str, Row]
    now: dict[str, Row] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """Yield a record for each file that holds one."""
        for source in self.sources:
            record = self._record(source)
            if record is not None:
                yield record

    def _record(self, source: Source) -> Record | None:
        path, version = source.path, _version(source)
        row = self.before.get(path)
        if row is not None and row.digest == version:
            self.now[path] = row
            self.names.add(_name(path))
            known: dict[str, object] = {**row.names, "path": path}
            read = partial(_read, source, self.protocol)
            made = unread_record(KINDS[row.kind], known, read, self.asking)
            return self._told(made, row, is_same=True)
        record, found, text = read_source(source, self.protocol)
        self.findings += found
        if record is None:
            self.unread.append(Unread(path=path, text=text))
            return None
        row = self._row(record, source, version)
        made = unread_record(KINDS[row.kind], _values(record), lambda: record, self.asking)
        if "zone" in record.fields:  # what it says depends on the system's zones as well
            self.asking.know(row.kind, source.path, made.__dict__)
            return made
        if not found:
            self.now[path] = row
            self.shelf.keep(_name(path), self.common, {}, source.data)
            self.names.add(_name(path))
        return self._told(made, row)

    def _told(self, record: Record, row: Row, *, is_same: bool = False) -> Record:
        born = (row.first, row.later)
        self.asking.know(row.kind, record.path, record.__dict__, born, is_same=is_same)
        return record

    def _row(self, record: Record, source: Source, version: str) -> Row:
        first, later = self._born(record, source, version)
        names = {"id": record.id}
        if isinstance(record, Review):
            names["incident"] = record.incident
        evidence = sorted(named([record])) if isinstance(record, Incident) else ()
        return Row(
            digest=version,
            kind=type(record).__name__,
            names=names,
            first=first,
            later=later,
            evidence=tuple(evidence),
        )

    def _born(self, record: Record, source: Source, version: str) -> tuple[str, Mapping[str, str]]:
        """Which fields are other ones than in the version of the file before."""
        row = self.before.get(source.path)
        kept = self.shelf.find(_name(source.path), self.common) if row else None
        if row is None or kept is None:
            return version, {}
        old = Source(path=source.path, data=kept[1])
        if _version(old) != row.digest:
            return version, {}
        before, found, _ = read_source(old, self.protocol)
        if found or type(before) is not type(record):
            return version, {}
        old_values, new_values = _values(before), _values(record)
        changed = (
            name
            for name in questions(before, record)
            if _differ(value_of(old_values, name), value_of(new_values, name))
        )
        later = {**row.later, **dict.fromkeys(changed, version)}
        return row.first, later

    def keep(self) -> None:
        """Keep what is known of the files."""
        rows = {
            path: [row.digest, row.kind, row.names, row.first, row.later, row.evidence]
            for path, row in self.now.items()
        }
        self.shelf.keep(FILES, self.common, {FILES: rows}, b"")
        self.names.add(FILES)


def lazy_tracker(
    workspace: Workspace, protocol: Protocol, asking: Asking, shelf: Shelf, common: str
) -> tuple[Tracker, Files]:
    """Return the tracker that the files make, as one that is asked."""
    registers = load_registers(workspace)
    files = Files(protocol, asking, shelf, common, _kept(shelf, common))
    files.findings += registers.findings
    with without_collection():
        files.sources = list(workspace.sources())
        records = sorted(files.records(), key=lambda record: record.path)
    by_kind = {
        kind: tuple(r for r in records if r.__class__ is of)
        for kind, of in (("incidents", Incident), ("reviews", Review), ("runbooks", Runbook))
    }
    evidence = {path for row in files.now.values() for path in row.evidence}
    evidence |= named(
        i for i in by_kind["incidents"] if i.path not in files.now and isinstance(i, Incident)
    )
    lists: dict[str, Any] = {
        **by_kind,
        "protocol": protocol,
        "components": registers.components,
        "contacts": registers.contacts,
        "unread": tuple(files.unread),
        "findings": tuple(files.findings),
        "evidence": workspace.checksums(evidence),
    }
    return asked_tracker(lists, asking), files


def _kept(shelf: Shelf, common: str) -> Mapping[str, Row]:
    found = shelf.find(FILES, common)
    try:
        return (
            {
                path: Row(
                    digest=version,
                    kind=KINDS[kind].__name__,
                    names=names,
                    first=first,
                    later=later,
                    evidence=tuple(evidence),
                )
                for path, (version, kind, names, first, later, evidence) in found[0][FILES].items()
            }
            if found
            else {}
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return {}


def _read(source: Source, protocol: Protocol) -> Record:
    with without_collection():
        record = read_source(source, protocol)[0]
    if record is None:
        raise ValueError(f"{source.path} was a record before")
    return record


def _values(record: Record) -> Mapping[str, object]:
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _version(source: Source) -> str:
    fault = repr(source.fault) if source.fault else ""
    head = f"{source.path}\0{fault}\0".encode("utf-8", "surrogatepass")
    return blake2b(head + source.data, digest_size=SIZE).hexdigest()


def _differ(one: object, other: object) -> bool:
    try:
        return digest(one) != digest(other)
    except UntoldError:
        return True


def _name(path: str) -> str:
    return f"record {path}"
