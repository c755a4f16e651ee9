"""Rows as CSV (RFC 4180) that a spreadsheet opens as text and runs none of."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from incident_tracker.text.characters import scrubbed

# What makes a formula of a cell, full width included: some input methods write it so.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
BREAKS = re.compile(r"[\t\r\n]+")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows as CSV, each ended by CR LF, no control character elsewhere."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [cell(value) for value in row] for row in rows
    )
    return text.getvalue()


def cell(value: str) -> str:
    """Return a value on one line, with an apostrophe in front of what would be a formula."""
    plain = BREAKS.sub(" ", scrubbed(value))
    # Some programs take blanks away before they look.
    is_formula = value.startswith(FORMULA) or plain.lstrip().startswith(FORMULA)
    return f"'{plain}" if is_formula else plain
