"""Where the processor time of a cold check goes, and how many times the floor it is.

`python tools/bench/shares.py DIR [RUNS]` checks the tracker in a folder, as `many.py` makes one, in
one process with nothing remembered, and prints the ratio of its processor time to the floor, both
in turns, the median of each (five runs if not told otherwise). The shares come from samples: a
signal for every millisecond of processor time, and the innermost function whose file has a name
below says what was at work.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from bench.checking import FLOOR  # noqa: E402 # found by the line above
from bench.measured import run, surroundings, table  # noqa: E402 # the same

START, REST = "the start: imports, patterns, the protocol", "all else"
AREAS = {
    "the timeline: what each line says, when, in which order": (
        *("log/timeline", "log/entries", "log/phrases", "log/shapes", "log/refused", "log/fold"),
    ),
    "secrets and personal data": ("text/sensitive",),
    "the rules": ("/rules/", "/judging", "/check.py"),
    "the front matter and its values": (
        *("text/yaml_plain", "text/yaml_reader", "/front_fields", "/values"),
    ),
    "sections and list items": ("text/sections", "text/below", "text/fences", "log/headings"),
    "boxes, actions and updates": ("log/lists", "log/blocks", "log/boxwords"),
}
INTERVAL = 0.001


def main() -> None:
    """Measure and print; with `sampled` in front, be the process that is measured."""
    if sys.argv[1] == "sampled":
        sampled(sys.argv[2])
        return
    tracker, runs = sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else 5
    sampling = [sys.executable, __file__, "sampled", tracker]
    run(sampling, runs=1)  # modules are compiled once
    floors, checks, found = [], [], Counter[str]()
    for _ in range(runs):
        floors.append(float(said([sys.executable, "-c", FLOOR, tracker]).split()[1]))
        cpu, counted = json.loads(said(sampling).splitlines()[-1])
        checks.append(cpu)
        found.update(counted)
    floor, check = statistics.median(floors), statistics.median(checks)
    print(f"floor {floor:.3f}, check {check:.3f}, × floor {check / floor:.1f}\n")
    rows = [(area, f"{count / found.total():.0%}") for area, count in found.most_common()]
    print(table(("Where", "Share"), rows))


def said(command: list[str]) -> str:
    """What a command prints."""
    made = subprocess.run(command, check=True, capture_output=True, text=True, env=surroundings())
    return made.stdout


def sampled(tracker: str) -> None:
    """Check a tracker, and print the processor time and the samples by area."""
    found: Counter[str] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        found[area_of(frame)] += 1

    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    os.environ["INCIDENT_ONE_PROCESS"] = "1"
    from incident_tracker.cli import main as incident  # noqa: PLC0415 # its import is measured

    try:
        incident(["-C", tracker, "check", "--no-cache"])
    except SystemExit:
        signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps([time.process_time(), found]))


def area_of(frame: FrameType | None) -> str:
    """What is at work in a frame, or in the one that called it."""
    nearest = REST
    while frame is not None:
        file = frame.f_code.co_filename
        if nearest is REST:
            kinds = (area for area, parts in AREAS.items() if any(part in file for part in parts))
            nearest = next(kinds, REST)
        if file.endswith("/units.py"):
            return nearest
        frame = frame.f_back
    return START


if __name__ == "__main__":
    main()
