"""Rows of an invented status page, and what an import makes of them, in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from builder import PROTOCOL
from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.importers.declare import importers
from incident_tracker.importers.draft import Draft, Remark, Skipped, SourceFile
from incident_tracker.importers.mapping import RowMap, preset_text, read_mapping
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Existing, Plan, plan
from incident_tracker.importers.table import drafts
from incident_tracker.model import Tracker

EMPTY = Tracker(protocol=PROTOCOL)


def row(**changed: object) -> dict[str, object]:
    """A good row of the preset's shape with other values; None removes a field."""
    good: dict[str, object] = {
        "id": "77",
        "title": "Sign-up form answers slowly",
        "url": "https://status.example.org/77",
        "impact": "minor",
        "started_at": "2026-02-03T10:00:00Z",
        "resolved_at": "2026-02-03T11:30:00Z",
        "components": ["Event sign-up"],
        "updates": [
            {"at": "2026-02-03T10:00:00Z", "status": "Investigating", "message": "We look."},
            {"at": "2026-02-03T11:30:00Z", "status": "Resolved", "message": "It is fast again."},
        ],
    }
    return {key: value for key, value in (good | changed).items() if value is not None}


def lines(*rows: Mapping[str, object]) -> bytes:
    """The rows as JSON lines."""
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


def preset() -> RowMap:
    """The preset of that shape."""
    found, faults = read_mapping(preset_text("status-history"), PROTOCOL)
    assert found is not None, faults
    return found


def planned(data: bytes, source: str = "jsonl", mapping: RowMap | None = None) -> Plan:
    """What an import into an empty tracker would do."""
    return plan(rows_of(data, source, mapping), PROTOCOL, Existing.of(EMPTY))


def rows_of(
    data: bytes, source: str = "jsonl", mapping: RowMap | None = None
) -> Iterator[Draft | Skipped | Remark]:
    """What an importer and a mapping make of one file."""
    chosen = mapping or preset()
    files = [SourceFile(path="history", data=data)]
    return drafts(importers()[source].read(files, chosen), chosen)


def only(**changed: object) -> str:
    """The text of the record that one row becomes."""
    found = planned(lines(row(**changed)))
    assert found.skipped == ()
    return found.files[0].text


def reason(**changed: object) -> str:
    """Why one row becomes no record."""
    found = planned(lines(row(**changed)))
    assert found.files == ()
    assert found.skipped[0].line == 1
    return found.skipped[0].reason


def left_out(**changed: object) -> str:
    """What is told of a row that becomes a record without one of its values."""
    found = planned(lines(row(**changed)))
    assert found.skipped == ()
    assert len(found.files) == 1
    (told,) = found.defects()
    assert (told.line, told.is_kept) == (1, False)
    return told.reason


def read(files: Iterable[tuple[str, str]]) -> Tracker:
    """The tracker of these files."""
    sources = [Source(path=path, data=text.encode()) for path, text in sorted(files)]
    return assemble(sources, PROTOCOL, Registers())


def read_back(found: Plan) -> Tracker:
    """The tracker that the files of a plan make."""
    return read((one.path, one.text) for one in found.files)


def planned_files(
    source: str, files: Mapping[str, bytes], *pairs: tuple[str, str], there: Tracker = EMPTY
) -> Plan:
    """What an import of files by the preset of the format's own name would do."""
    found, faults = read_mapping(preset_text(source), PROTOCOL)
    assert found is not None, faults
    mapping = with_pairs(found, pairs, PROTOCOL)
    given = [SourceFile(path=path, data=data) for path, data in files.items()]
    rows = drafts(importers()[source].read(given, mapping), mapping)
    return plan(rows, PROTOCOL, Existing.of(there))
