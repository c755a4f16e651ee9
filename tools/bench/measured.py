"""What the benches share: a command's time and memory, and the tables of the page on speed.

A table stands on the page between two comments with its name; what else stands there is written by
hand. `rewritten` puts a new one in its place.
"""

from __future__ import annotations

import atexit
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "speed.md"
# The kernel counts the memory of a process in kilobytes.
KILOBYTES = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """What something took: seconds on the clock, seconds of processors, and megabytes at most."""

    wall: float
    cpu: float
    memory: float

    def against(self, floor: Took) -> tuple[float, float]:
        """How many times the floor's wall and processor time this is."""
        return self.wall / max(floor.wall, 1e-9), self.cpu / max(floor.cpu, 1e-9)


def run(command: Sequence[str], *, runs: int = 3, env: dict[str, str] | None = None) -> Took:
    """The median of what a command takes; the processor time of its children counts as well."""
    return median([_once(command, env or {}) for _ in range(runs)])


def _once(command: Sequence[str], env: dict[str, str]) -> Took:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=surroundings() | env)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        sys.exit(f"{' '.join(command)} failed")
    cpu = usage.ru_utime + usage.ru_stime
    return Took(wall=wall, cpu=cpu, memory=usage.ru_maxrss / KILOBYTES)


@cache
def surroundings() -> dict[str, str]:
    """The environment, with a place of its own for compiled modules, as an installation has one."""
    kept = tempfile.TemporaryDirectory(prefix="compiled-")
    atexit.register(kept.cleanup)
    off = ("PYTHONDONTWRITEBYTECODE", "INCIDENT_NO_CACHE")
    environment = {name: text for name, text in os.environ.items() if name not in off}
    return environment | {"PYTHONPYCACHEPREFIX": kept.name}


def median(took: Sequence[Took]) -> Took:
    """The median of each figure."""
    return Took(
        wall=statistics.median(one.wall for one in took),
        cpu=statistics.median(one.cpu for one in took),
        memory=statistics.median(one.memory for one in took),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, the first column of text, the others of numbers."""
    ruler = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ruler, *rows])


def rewritten(page: str, name: str, text: str) -> str:
    """The page with another table of that name."""
    begin, end = f"<!-- {name}: written by tools/bench -->", f"<!-- end of {name} -->"
    form = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not form.search(page):
        sys.exit(f"{PAGE} has no place for {name}: {begin} … {end}")
    return form.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)
