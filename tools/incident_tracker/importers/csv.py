"""CSV with a line of column names; what a cell says is text, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.mapping import MappingError, RowMap
from incident_tracker.text.tables import nearest

DELIMITERS = ",;\t|"
SURROGATES = range(0xDC80, 0xDD00)


@importer("csv", ".csv", ".tsv")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """CSV with a line of column names; comma, semicolon or tab."""
    for file in files:
        yield from _rows(file, mapping)


def _rows(file: SourceFile, mapping: RowMap) -> Iterator[Row | Skipped]:
    # A byte that is not UTF-8 becomes a surrogate: it spoils its own row and no other.
    text = file.data.decode("utf-8-sig", "surrogateescape")
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
            reason = _broken(error, line, reader.line_num)
            yield Skipped(path=file.path, line=line, reason=reason)
            continue
        if not any(cells):
            continue
        if names is None:
            names = _header(cells, mapping)
        else:
            yield _row(cells, names, file.path, line)


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


def _row(cells: list[str], names: list[str], path: str, line: int) -> Row | Skipped:
    if len(cells) != len(names):
        reason = f"{len(cells)} columns instead of {len(names)}"
        return Skipped(path=path, line=line, reason=reason)
    for name, cell in zip(names, cells, strict=True):
        if not cell.isascii() and any(ord(sign) in SURROGATES for sign in cell):
            return Skipped(path=path, line=line, reason=f"{name}: is not UTF-8")
    return Row(path=path, line=line, value=dict(zip(names, cells, strict=True)))
