"""The hashes by which GitHub's code scanning follows a line: fingerprints.ts of codeql-action.

Its upload computes them too, and warns of each result that has another one.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

WINDOW = 100
FACTOR = 37
MASK = (1 << 64) - 1
END = 0xFFFF
BLANKS = re.compile(r"[ \t]")


def line_hashes(text: str) -> tuple[str, ...]:
    """Return the hash of each line: of the 100 characters from it on, blanks aside, and a count."""
    lines = [BLANKS.sub("", line) for line in re.split(r"\r\n|\r|\n", text)]
    units = [*_units("\n".join(lines)), END, *[0] * WINDOW]
    sums = list(accumulate(units, lambda sum_, unit: (sum_ * FACTOR + unit) & MASK, initial=0))
    leaving = pow(FACTOR, WINDOW, 1 << 64)
    seen: Counter[int] = Counter()
    found: list[str] = []
    start = 0
    for line in lines:
        value = (sums[start + WINDOW] - sums[start] * leaving) & MASK
        seen[value] += 1
        found.append(f"{value:x}:{seen[value]}")
        start += len(_units(line)) + 1
    return tuple(found)


def _units(text: str) -> list[int]:
    """Return a text as JavaScript counts it, in units of UTF-16."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
