"""JSON lines: one object per line. Numbers stay text, so that none is too long to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Draft, Skipped
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.table import drafts

BOM = b"\xef\xbb\xbf"
LONGEST = 5_000_000


@importer("jsonl")
def read(data: bytes, mapping: RowMap) -> Iterator[Draft | Skipped]:
    """JSON lines: one object per line, nested as it likes."""
    return drafts(_rows(data), mapping)


def _rows(data: bytes) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(data.removeprefix(BOM).split(b"\n"), start=1):
        if line.strip():
            yield number, _row(line, number)


def _row(line: bytes, number: int) -> object:
    if len(line) > LONGEST:
        return Skipped(
            line=number, reason=f"the line has {len(line):,} bytes, more than {LONGEST:,}"
        )
    try:
        return json.loads(
            line.decode("utf-8"),
            parse_int=str,
            parse_float=str,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        return Skipped(line=number, reason=f"byte {error.start + 1} of the line is not UTF-8")
    except RecursionError:
        return Skipped(line=number, reason="the line is nested too deeply")
    except json.JSONDecodeError as error:
        return Skipped(line=number, reason=f"no JSON: {error.msg} at column {error.colno}")
    except ValueError as error:
        return Skipped(line=number, reason=str(error))


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]}: stands twice in one object")
    return found
