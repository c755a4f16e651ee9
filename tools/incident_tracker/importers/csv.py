"""CSV with a line of column names; what a cell says is text, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Draft, Skipped
from incident_tracker.importers.mapping import MappingError, RowMap
from incident_tracker.importers.table import drafts
from incident_tracker.text.tables import nearest

DELIMITERS = ",;\t|"
SURROGATES = range(0xDC80, 0xDD00)


@importer("csv")
def read(data: bytes, mapping: RowMap) -> Iterator[Draft | Skipped]:
    """CSV with a line of column names; comma, semicolon or tab."""
    return drafts(_rows(data, mapping), mapping)


def _rows(data: bytes, mapping: RowMap) -> Iterator[tuple[int, object]]:
    # A byte that is not UTF-8 becomes a surrogate: it spoils its own row and no other.
    text = data.decode("utf-8-sig", "surrogateescape")
    first = text.partition("\n")[0]
    delimiter = mapping.delimiter or max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Skipped(line=line, reason=_broken(error, line, reader.line_num))
            continue
        if not any(cells):
            continue
        if names is None:
            names = _header(cells, mapping)
        else:
            yield line, _row(cells, names, line)


def _broken(error: csv.Error, first: int, last: int) -> str:
    """The reason; a quote that is not closed takes the lines behind it with it."""
    return f"no CSV: {error}{f', up to line {last}' if last > first else ''}"


def _header(cells: list[str], mapping: RowMap) -> list[str]:
    names = [cell.strip() for cell in cells]
    for column in sorted(mapping.columns):
        if names.count(column) > 1:
            raise MappingError(f'the column "{column}" stands there twice', "rename one of them")
        if column not in names and "[]." not in column:
            near = nearest(column, tuple(names))
            hint = f"did you mean {near}?" if near else f"columns: {', '.join(names)[:500]}"
            raise MappingError(f'the file has no column "{column}"', hint)
    return names


def _row(cells: list[str], names: list[str], line: int) -> object:
    if len(cells) != len(names):
        return Skipped(line=line, reason=f"{len(cells)} columns instead of {len(names)}")
    for name, cell in zip(names, cells, strict=True):
        if not cell.isascii() and any(ord(sign) in SURROGATES for sign in cell):
            return Skipped(line=line, reason=f"{name}: is not UTF-8")
    return dict(zip(names, cells, strict=True))
