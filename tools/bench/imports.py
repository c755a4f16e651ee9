"""How long an import takes, and how much memory, by the number of incidents.

`python tools/bench/imports.py [COUNT ...]` (819, 5,000 and 14,000 if not told otherwise) repeats a
real status page's history, from the folder that TRACKER_REAL_DATA names, with ids of its own and
times some weeks earlier, and imports it into a new tracker: a dry run, the writing, a second run
that finds everything as it is, and a check of what was written. Printed are seconds, their ratio
to reading the same lines as JSON, which nobody can do without, and the peak of the memory in MB.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from bench.measured import Took, run  # noqa: E402 # found by the line above

HISTORY = Path("github-statuses/parsed/incidents.jsonl")
STAMP = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
READ = "import json, sys; [json.loads(line) for line in open(sys.argv[1], 'rb')]"


def main() -> None:
    """Measure, and print the table."""
    folder = os.environ.get("TRACKER_REAL_DATA")
    if not folder:
        sys.exit("TRACKER_REAL_DATA does not name the folder of real records")
    rows = (Path(folder) / HISTORY).read_text("utf-8").splitlines()
    counts = [int(typed) for typed in sys.argv[1:]] or [819, 5_000, 14_000]
    print(f"{'incidents':>9}  {'step':<22} {'seconds':>8} {'ratio':>7} {'MB':>6}")
    for count in counts:
        floor = None
        for step, took in steps(rows, count):
            floor = floor or took
            ratio, _ = took.against(floor)
            print(f"{count:>9,}  {step:<22} {took.wall:>8.2f} {ratio:>7.1f} {took.memory:>6.0f}")


def steps(rows: Sequence[str], count: int) -> Iterator[tuple[str, Took]]:
    """Yield what each step takes with so many incidents, reading the same lines first."""
    with tempfile.TemporaryDirectory() as made:
        source, tracker = Path(made, "history.jsonl"), Path(made, "tracker")
        source.write_text("\n".join(repeated(rows, count)) + "\n", "utf-8")
        incident = [sys.executable, "-m", "incident_tracker"]
        run([*incident, "init", str(tracker)], runs=1)
        read = [*incident, "-C", str(tracker), "import", "jsonl", str(source)]
        read += ["--map", "status-history", "--add-components"]
        yield "reading JSON", run([sys.executable, "-c", READ, str(source)])
        commands = {
            "import": read,
            "import --write": [*read, "--write"],
            "import --write, again": [*read, "--write"],
            "check": [*incident, "-C", str(tracker), "check", "--no-cache"],
        }
        for step, command in commands.items():
            yield step, run(command, runs=1)  # what it finds is another thing the second time


def repeated(rows: Sequence[str], count: int) -> Iterator[str]:
    """Yield so many rows, those after the first round as incidents of their own, some weeks ago."""
    for number in range(count):
        again, place = divmod(number, len(rows))
        if not again:
            yield rows[place]
            continue
        row = json.loads(earlier(rows[place], timedelta(weeks=5 * again, hours=again)))
        yield json.dumps({**row, "id": f"{row['id']}-{again}"})


def earlier(row: str, shift: timedelta) -> str:
    """A row with each of its times so much earlier."""

    def shifted(found: re.Match[str]) -> str:
        return f'"{datetime.fromisoformat(found[1]) - shift:%Y-%m-%dT%H:%M:%SZ}"'

    return STAMP.sub(shifted, row)


if __name__ == "__main__":
    main()
