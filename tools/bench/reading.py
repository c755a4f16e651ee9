"""How long hostile files of growing size take to read: twice the size, about twice the time.

`python tools/bench/reading.py [BYTES]` (up to 250,000 if not told otherwise, the limit of a record)
prints the median of five readings for each shape and size, and how much the last doubling cost.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from incident_tracker.text.document import read_document
from incident_tracker.text.sensitive import masked, sensitive

FRONT = "---\ntitle: Site down\nseverity: P2\nstatus: investigating\n---\n"
RUNS = 5
SHAPES: dict[str, Callable[[int], str]] = {
    "fields": lambda n: "---\n" + "".join(f"k{i}: v\n" for i in range(n // 9)) + "---\n",
    "one field again": lambda n: "---\n" + "k: v\n" * (n // 5) + "---\n",
    "aliases": lambda n: "---\na: [" + "*x, " * (n // 4) + "]\n---\n",
    "brackets in front": lambda n: "---\na: " + "[" * n + "\n---\n",
    "sixties": lambda n: "---\na: 1:" + "59:" * (n // 3) + "\n---\n",
    "entries": lambda n: FRONT + "## Timeline\n" + "- 10:05 - Looked\n" * (n // 17),
    "brackets in text": lambda n: FRONT + "[" * n,
    "pictures": lambda n: FRONT + "![a](" * (n // 5),
    "tags": lambda n: FRONT + "<a " * (n // 3),
    "open comments": lambda n: FRONT + "<!-- a\n" * (n // 7),
    "fences": lambda n: FRONT + "```\n" * (n // 4),
    "hidden characters": lambda n: FRONT + "a\u200b\n" * (n // 5),
    "addresses": lambda n: FRONT + "a@b.town\n" * (n // 9),
}


def main() -> None:
    """Measure and print."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 250_000
    sizes = [most // 8, most // 4, most // 2, most]
    print(f"{'milliseconds for bytes':<24}{''.join(f'{size:>10,}' for size in sizes)}   ratio")
    for name, shape in SHAPES.items():
        took = [seconds(shape(size)) for size in sizes]
        columns = "".join(f"{one * 1000:10.1f}" for one in took)
        print(f"{name:<24}{columns} {took[-1] / max(took[-2], 1e-6):7.1f}")


def seconds(text: str) -> float:
    """Return the median processor time of reading a text and looking for secrets in it."""
    data, taken = text.encode(), []
    for _ in range(RUNS):
        sensitive.cache_clear()  # else all but the first reading find its answer there
        begin = time.process_time()
        read_document("incidents/2026/2026-03-20-odd.md", data)
        masked(text)
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
