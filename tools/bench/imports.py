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
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

HISTORY = Path("github-statuses/parsed/incidents.jsonl")
STAMP = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
READ = "import json, sys; [json.loads(line) for line in open(sys.argv[1], 'rb')]"
# The kernel counts the memory of a process in kilobytes.
KILOBYTES = 1024


def main() -> None:
    """Measure, and print the table."""
    folder = os.environ.get("TRACKER_REAL_DATA")
    if not folder:
        sys.exit("TRACKER_REAL_DATA does not name the folder of real records")
    rows = (Path(folder) / HISTORY).read_text("utf-8").splitlines()
    counts = [int(typed) for typed in sys.argv[1:]] or [819, 5_000, 14_000]
    print(f"{'incidents':>9}  {'step':<22} {'seconds':>8} {'ratio':>7} {'MB':>6}")
    for count in counts:
        for step, seconds, ratio, memory in measured(rows, count):
            print(f"{count:>9,}  {step:<22} {seconds:>8.2f} {ratio:>7.1f} {memory:>6.0f}")


def measured(rows: Sequence[str], count: int) -> Iterator[tuple[str, float, float, float]]:
    """Yield what each step takes with so many incidents."""
    with tempfile.TemporaryDirectory() as made:
        source, tracker = Path(made, "history.jsonl"), Path(made, "tracker")
        source.write_text("\n".join(repeated(rows, count)) + "\n", "utf-8")
        incident = [sys.executable, "-m", "incident_tracker"]
        run([*incident, "init", str(tracker)])
        read = [*incident, "-C", str(tracker), "import", "jsonl", str(source)]
        read += ["--map", "status-history", "--add-components"]
        floor, memory = run([sys.executable, "-c", READ, str(source)])
        yield "reading JSON", floor, 1.0, memory
        steps = {
            "import": read,
            "import --write": [*read, "--write"],
            "import --write, again": [*read, "--write"],
            "check": [*incident, "-C", str(tracker), "check", "--no-cache"],
        }
        for step, command in steps.items():
            seconds, memory = run(command)
            yield step, seconds, seconds / floor, memory


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


def run(command: Sequence[str]) -> tuple[float, float]:
    """The seconds that a command takes, and the most memory that it held, in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, usage.ru_maxrss / KILOBYTES


if __name__ == "__main__":
    main()
