"""How long the command line takes in trackers of 1,000 and 10,000 records, against floors.

`python tools/bench/checking.py [--write] [N ...]` makes the trackers in a temporary folder and
prints a table for each. The floor is `frontmatter.load` of the same files in one process, its
start not counted; that of `--help` is `import click`. All is measured in one run, the median of
three; ratios of wall time come first, those of processor time behind them. `--write` puts the
tables into docs/speed.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from bench.measured import (  # noqa: E402 # found by the line above
    PAGE,
    Took,
    median,
    rewritten,
    run,
    table,
)

COUNTS = (1_000, 10_000)
RUNS = 3
FLOOR = """
import frontmatter, resource, sys, time
from pathlib import Path
folders = [Path(sys.argv[1], name) for name in ("incidents", "pir", "runbooks")]
files = [path for folder in folders for path in sorted(folder.rglob("*.md"))]
wall, cpu = time.perf_counter(), time.process_time()
for path in files:
    frontmatter.load(path)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
HEAD = ("Command", "seconds", "× floor", "processor time", "× floor", "MB", "at most")
TARGETS = {"cold": 3.0, "one file changed": 1.0, "incident --help": 1.6}


def main() -> None:
    """Measure, print, and write where it is asked for."""
    counts = [int(typed) for typed in sys.argv[1:] if typed.isdecimal()] or COUNTS
    tables = {}
    for command in ("check", "list"):  # modules are compiled once
        run([sys.executable, "-m", "incident_tracker", "-C", str(ROOT), command], runs=1)
    for count in counts:
        tables[f"check {count}"] = table(HEAD, [row(*one) for one in of_records(count)])
    # A process so small has the memory of the one that starts it, as the system counts it.
    starting = [row(*one) for one in of_starting()]
    tables["start"] = table([*HEAD[:5], HEAD[6]], [(*one[:5], one[6]) for one in starting])
    for name, text in tables.items():
        print(f"\n{name}\n{text}")
        if "--write" in sys.argv:
            PAGE.write_text(rewritten(PAGE.read_text("utf-8"), name, text), "utf-8")


def row(name: str, took: Took, floor: Took) -> tuple[str, ...]:
    """One line of a table."""
    wall, cpu = took.against(floor)
    most = next((f"{most:.1f}" for what, most in TARGETS.items() if what in name), "")
    return (
        name,
        f"{took.wall:.2f}",
        f"{wall:.1f}",
        f"{took.cpu:.2f}",
        f"{cpu:.1f}",
        f"{took.memory:.0f}",
        most,
    )


def of_records(count: int) -> Iterator[tuple[str, Took, Took]]:
    """Yield what each command takes with so many records."""
    with tempfile.TemporaryDirectory() as made:
        tracker = Path(made, "tracker")
        # Apart: of a small process the system counts what the one that starts it holds.
        many = [sys.executable, str(ROOT / "tools/bench/many.py"), str(tracker), str(count)]
        subprocess.run([*many, "--git"], check=True, stdout=subprocess.DEVNULL)
        records = sorted(tracker.glob("incidents/*/*.md"))
        env = {"XDG_CACHE_HOME": str(Path(made, "cache"))}
        incident = [sys.executable, "-m", "incident_tracker", "-C", str(tracker)]
        floor = floor_of(tracker)
        yield "`frontmatter.load`, the floor", floor, floor
        cold = run([*incident, "check", "--no-cache"], runs=RUNS, env=env)
        yield "`incident check`, cold", cold, floor
        run([*incident, "check"], runs=1, env=env)
        took = []
        for place in range(RUNS):
            changed = records[(place + 1) * len(records) // (RUNS + 1)]
            changed.write_text(changed.read_text("utf-8") + "\nLooked at again.\n", "utf-8")
            took.append(run([*incident, "check"], runs=1, env=env))
        yield "`incident check`, one file changed", median(took), floor
        again = run([*incident, "check"], runs=RUNS, env=env)
        yield "`incident check`, nothing changed", again, floor
        git = ["git", "-C", str(tracker), "-c", "user.name=bo", "-c", "user.email=bo@example.org"]
        subprocess.run([*git, "commit", "--quiet", "-am", "again"], check=True)
        changed.write_text(changed.read_text("utf-8") + "\nAnd again.\n", "utf-8")
        since = run([*incident, "check", "--since", "HEAD"], runs=RUNS)
        yield "`incident check --since HEAD`", since, floor
        anew = env | {"INCIDENT_NO_CACHE": "1"}
        yield (
            "`incident list`, nothing remembered",
            run([*incident, "list"], runs=RUNS, env=anew),
            floor,
        )
        for command in ("list", "list --open", "action list --open", f"checklist {changed.stem}"):
            asked = [*incident, *command.split()]
            run(asked, runs=1, env=env)
            named = command.replace(changed.stem, "ID")
            yield f"`incident {named}`", run(asked, runs=RUNS, env=env), floor


def floor_of(tracker: Path) -> Took:
    """What python-frontmatter needs to load the files, without the start of Python."""
    command = [sys.executable, "-c", FLOOR, str(tracker)]
    took = []
    for _ in range(RUNS):
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        wall, cpu, memory = map(float, said)
        took.append(Took(wall=wall, cpu=cpu, memory=memory))
    return median(took)


def of_starting() -> Iterator[tuple[str, Took, Took]]:
    """Yield what starting takes."""
    floor = run([sys.executable, "-c", "import click"], runs=3 * RUNS)
    yield "`import click`, the floor", floor, floor
    help_ = run([sys.executable, "-m", "incident_tracker", "--help"], runs=3 * RUNS)
    yield "`incident --help`", help_, floor


if __name__ == "__main__":
    main()
