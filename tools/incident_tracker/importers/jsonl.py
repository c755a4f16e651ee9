"""JSON lines: one object per line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.json_values import WrongJsonError, json_value
from incident_tracker.importers.mapping import RowMap

BOM = b"\xef\xbb\xbf"
LONGEST = 5_000_000


@importer("jsonl", ".jsonl", ".ndjson")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """JSON lines: one object per line, nested as it likes."""
    for file in files:
        for number, line in enumerate(file.data.removeprefix(BOM).split(b"\n"), start=1):
            if line.strip():
                yield _row(line, file.path, number)


def _row(line: bytes, path: str, number: int) -> Row | Skipped:
    if len(line) > LONGEST:
        reason = f"the line has {len(line):,} bytes, more than {LONGEST:,}"
        return Skipped(path=path, line=number, reason=reason)
    try:
        return Row(path=path, line=number, value=json_value(line))
    except WrongJsonError as error:
        return Skipped(path=path, line=number, reason=str(error))
