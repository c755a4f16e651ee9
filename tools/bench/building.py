"""How long the site of 1,000 and of 10,000 records takes, against plain MkDocs on its final pages.

`python tools/bench/building.py [--write] [N ...]` makes the trackers in a temporary folder and
prints a table for each, and one of what a page costs. The floor is `mkdocs build` with Material and
without the plugin, of the Markdown that `incident export site` writes: the same pages, computed
already. Everything is measured once, in one run; processor time counts all processes, memory the
largest. `--write` puts the tables into docs/speed.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from bench.many import write  # noqa: E402 # found by the line above
from bench.measured import PAGE, Took, rewritten, run, table  # noqa: E402 # as above

COUNTS = (1_000, 10_000)
NOW = "1767200000"  # the moment of every build, some hours after the last record
HEAD = ("Build", "seconds", "× floor", "processor time", "× floor", "MB", "at most")
PAGES_HEAD = ("Records", "pages", "ms a page", "floor", "kept, kB a page", "search, kB a record")
LOGGED = "Looked at the graphs again"
TARGETS = {"full": "0.6, 0.85", "one record changed": "0.1"}
# What `mkdocs serve` does when a file is saved: all again in a process that goes on, with threads.
AGAIN = """
import sys, threading, time, resource
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
load = lambda: load_config(sys.argv[1], site_dir=sys.argv[2])
build(load())
threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
changed = Path(sys.argv[3])
changed.write_text(sys.argv[4], "utf-8")
wall, cpu = time.perf_counter(), time.process_time()
build(load())
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print("took", wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What the builds of one tracker took, in their order, and how large the site is."""

    records: int
    took: Mapping[str, Took]
    pages: int
    kept: int  # bytes
    index: int  # bytes


def main() -> None:
    """Measure, print, and write where it is asked for."""
    counts = [int(typed) for typed in sys.argv[1:] if typed.isdecimal()] or COUNTS
    tables, every = {}, []
    for count in counts:
        every.append(built(count))
        tables[f"build {count}"] = table(HEAD, list(rows(every[-1])))
        print(f"\nbuild {count}\n{tables[f'build {count}']}", flush=True)
    tables["pages"] = table(PAGES_HEAD, [of_pages(one) for one in every])
    print(f"\npages\n{tables['pages']}")
    if "--write" in sys.argv:
        for name, text in tables.items():
            PAGE.write_text(rewritten(PAGE.read_text("utf-8"), name, text), "utf-8")


def rows(one: Built) -> Iterator[Sequence[str]]:
    """Yield the lines of a table."""
    floor = next(iter(one.took.values()))
    for name, took in one.took.items():
        wall, cpu = took.against(floor)
        most = next((most for what, most in TARGETS.items() if what in name), "")
        times = (f"{took.wall:.1f}", f"{wall:.2f}", f"{took.cpu:.1f}", f"{cpu:.2f}")
        yield (name, *times, f"{took.memory:.0f}", most)


def of_pages(one: Built) -> Sequence[str]:
    """The line of what a page costs."""
    floor, full = list(one.took.values())[:2]
    return (
        f"{one.records:,}",
        f"{one.pages:,}",
        f"{full.cpu * 1000 / one.pages:.1f}",
        f"{floor.cpu * 1000 / one.pages:.1f}",
        f"{one.kept / 1000 / one.pages:.1f}",
        f"{one.index / 1000 / one.records:.2f}",
    )


def built(count: int) -> Built:
    """Make a tracker and measure every kind of build of it."""
    with tempfile.TemporaryDirectory() as made:
        tracker, plain, site = (Path(made, name) for name in ("tracker", "plain", "site"))
        paths = list(write(tracker, count, git=True))
        cache = Path(made, "cache")
        env = {"XDG_CACHE_HOME": str(cache), "SOURCE_DATE_EPOCH": NOW}
        env |= {"NO_MKDOCS_2_WARNING": "1"}
        incident = [sys.executable, "-m", "incident_tracker", "-C", str(tracker)]
        run([*incident, "export", "site", str(plain)], runs=1, env=env)
        took = {"MkDocs with Material alone, the floor": _mkdocs(plain, Path(made, "floor"), env)}
        took["full"] = _mkdocs(tracker, site, env)
        for name, place in (("one record changed", 1), ("another one changed", 2)):
            _save(tracker / paths[place * count // 3])
            took[name] = _mkdocs(tracker, site, env)
        took["nothing changed"] = _mkdocs(tracker, site, env)
        took["one record changed, in `mkdocs serve`"] = _again(tracker, site, paths[0], env)
        took["full, `cache: false`"] = _mkdocs(tracker, site, env | {"INCIDENT_NO_CACHE": "1"})
        return Built(
            records=count,
            took=took,
            pages=len(list(site.rglob("*.html"))),
            kept=sum(file.stat().st_size for file in cache.rglob("*.pages")),
            index=(site / "search" / "search_index.json").stat().st_size,
        )


def _save(record: Path) -> None:
    record.write_text(logged(record), "utf-8")


def logged(record: Path) -> str:
    """The text of a record with one more line in its timeline, as `incident log` writes it."""
    head, title, rest = record.read_text("utf-8").partition("\n## Timeline\n")
    lines, end, behind = rest.partition("\n\n## ")
    last = lines[lines.rindex("\n- ") + 1 :][:7]  # "- 12:10"
    return f"{head}{title}{lines}\n{last} - {LOGGED}{end}{behind}"


def _mkdocs(folder: Path, site: Path, env: dict[str, str]) -> Took:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    config = ["--config-file", str(folder / "mkdocs.yml"), "--site-dir", str(site)]
    return run([*command, *config], runs=1, env=env)


def _again(tracker: Path, site: Path, path: str, env: Mapping[str, str]) -> Took:
    """The second build of a process that stays, after a record was saved."""
    command = [sys.executable, "-c", AGAIN, str(tracker / "mkdocs.yml"), str(site)]
    said = subprocess.run(
        [*command, str(tracker / path), logged(tracker / path)],
        env={**os.environ, **env},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    wall, cpu, memory = map(float, said.split()[-3:])
    return Took(wall=wall, cpu=cpu, memory=memory)


if __name__ == "__main__":
    main()
