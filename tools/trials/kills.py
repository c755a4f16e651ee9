"""What is left of a tracker when a command is killed at each point where it writes.

`python tools/trials/kills.py [KILLS [COMMAND…]]` (1,000, all) runs commands on copies of the
known-good records and kills each with SIGKILL in front of every opening, half-written text, fsync,
link, renaming, removal and change of mode, in turn; every fifth one from outside, at any moment
from the first of these points on. Then every file is the old one or the new one, whole and with
its mode, Git sees nothing unfinished, and the same command, typed again, takes away the unfinished
files where it writes. It prints where the kills came and what was left, and ends with status 1 if
anything else was seen. `writers.py` does the same to one of two writers.
"""

from __future__ import annotations

import random
import shutil
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from incident_tracker.examples import good_files  # noqa: E402 # found by the line above
from trials.killing import POINTS, TO_THE_END, typed  # noqa: E402 # as above

NOW = ("--now", "2026-03-20T10:00-06:00")
ID = "2026-03-02-good"
ROWS = '{"id": "%d", "title": "Slow", "started_at": "2026-02-0%dT10:00Z", "impact": "minor"}\n'
COMMANDS: dict[str, tuple[str, ...]] = {
    "new": ("new", "Site down", "--severity", "P2", *NOW),
    "log": ("log", ID, "Looked again", *NOW),
    "set": ("set", ID, "ticket=OPS-7", *NOW),
    "waive": ("waive", ID, "INC072", "it was a drill", *NOW),
    "pir new": ("pir", "new", "2026-03-09-good", *NOW),
    "rename": ("rename", ID, "search-down", *NOW),
    "evidence": ("evidence", ID, "--label", "rows", *NOW),
    "check --fix": ("check", "--fix"),
    "import": ("import", "jsonl", "rows.jsonl", "--map", "status-history", "--write", *NOW),
    "export": ("export", "csv", "tables", *NOW),
    "baseline": ("check", "--baseline", "baseline.json", "--write-baseline"),
}
FROM_OUTSIDE = 5
"""Each one of so many is killed by another process, at a moment that nobody chose."""
FILES = ("incidents", "pir", "runbooks", "protocol", "evidence", "tables", "baseline.json")
State = dict[str, tuple[bytes, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """A command, what the tracker was and what it becomes, and where it can be cut off."""

    name: str
    before: State
    after: State
    points: tuple[str, ...]
    writing: float


@dataclass(slots=True)
class Seen:
    """Where the kills came, and what they left."""

    commands: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Kill, look, print the table, and return the exit status."""
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seen = Seen()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        good = _good(folder / "good")
        cases = [_case(name, good, folder / "tried") for name in sys.argv[2:] or COMMANDS]
        for case, at in _plan(cases, asked):
            _tried(case, good, folder / "tried", at, seen)
    _print(cases, seen)
    return 1 if seen.wrong else 0


def _print(cases: list[Case], seen: Seen) -> None:
    print(f"{'command':<14} points  kills")
    for case in cases:
        print(f"{case.name:<14} {len(case.points):6} {seen.commands[case.name]:6}")
    for said, counted in (
        ("came", seen.moments),
        ("in front of", Counter({kind: seen.points[kind] for kind in POINTS})),
        ("left", seen.left),
    ):
        print(f"{said}:", ", ".join(f"{what} {number:,}" for what, number in counted.items()))
    print(f"{seen.commands.total():,} kills, {len(seen.wrong)} times something was wrong")
    print(*seen.wrong[:20], sep="\n", end="\n" if seen.wrong else "")


def _plan(cases: list[Case], asked: int) -> Iterator[tuple[Case, int]]:
    """Yield where to kill, each point in turn and again; 0 is from outside."""
    points = [(case, at) for case in cases for at in range(1, len(case.points) + 1)]
    random.Random(asked).shuffle(points)  # noqa: S311 # the same for everybody
    for number, (case, at) in zip(range(asked), cycle(points), strict=False):
        yield case, 0 if number % FROM_OUTSIDE == FROM_OUTSIDE - 1 else at


def _good(folder: Path) -> Path:
    for path, data in good_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    shutil.copy(ROOT / "protocol" / "protocol.yml", folder / "protocol")
    shutil.copy(ROOT / ".gitignore", folder)
    record = folder / f"incidents/2026/{ID}.md"
    record.write_text(record.read_text("utf-8").replace("- 10:13 - ", "- 10.13 - "), "utf-8")
    record.chmod(0o640)
    (folder / "rows.jsonl").write_text("".join(ROWS % (n, n) for n in range(1, 4)))
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # noqa: S607 # the user's
    return folder


def _case(name: str, good: Path, place: Path) -> Case:
    """Run a command to its end, and count where it could be cut off."""
    _fresh(good, place)
    before = _state(place)
    found = typed(COMMANDS[name], place).ended()
    if found.status not in {0, 1}:  # 1: the check found what it is there to find
        raise SystemExit(f"{name} ends with {found.status}")
    return Case(name, before, _state(place), found.points, found.writing)


def _tried(case: Case, good: Path, place: Path, at: int, known: Seen) -> None:
    """Kill a command and note what is wrong with what it left."""
    _fresh(good, place)
    late = random.random() * case.writing if at == 0 else None  # noqa: S311 # no secret
    killed = typed(COMMANDS[case.name], place, at=at or TO_THE_END).ended(late=late)
    where = f"{case.name} at {at or f'{late:.3f} s'}"
    _noted(case, at, killed.points, _state(place), known)
    wrong = [f"{where}: {path} {what}" for path, what in _broken(case, _state(place))]
    seen = subprocess.run(
        ["git", "-C", str(place), "status", "--porcelain", "-uall"],  # noqa: S607 # as above
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wrong += [f"{where}: Git sees {line}" for line in seen.splitlines() if line.endswith(".tmp")]
    cut_off = _state(place)
    status = typed(COMMANDS[case.name], place).ended().status
    if status not in {0, 1, 2}:  # 2: what was done already is refused in words
        wrong.append(f"{where}: typed again it ends with {status}")
    ended = _state(place)
    written = {place / Path(p).parent for p in {*cut_off, *ended} if cut_off.get(p) != ended.get(p)}
    left = (path for path in place.rglob(".incident-*.tmp") if path.parent in written)
    known.wrong += [
        *wrong,
        *(f"{where}: {path.name} is left beside what was written" for path in left),
    ]


def _noted(case: Case, at: int, points: tuple[str, ...], found: State, known: Seen) -> None:
    """Count where the kill came and what it left."""
    known.commands[case.name] += 1
    if at == 0:
        known.moments["from outside"] += 1
    elif at == 1:
        known.moments["in front of the first point"] += 1
    else:
        known.moments["between two points"] += 1
    if points:
        known.points[points[-1]] += 1
    finished = {path: one for path, one in found.items() if not path.endswith(".tmp")}
    what = {False: "some of each", True: "all as before"}[finished == case.before]
    known.left["all as after" if finished == case.after else what] += 1
    known.left["and something unfinished"] += finished != found


def _broken(case: Case, found: State) -> Iterator[tuple[str, str]]:
    for path in {*case.before, *case.after, *found}:
        old, new, now = case.before.get(path), case.after.get(path), found.get(path)
        if now is None:
            if old is not None and new is not None:
                yield path, "is gone"
        elif Path(path).name.startswith(".incident-"):
            continue
        elif now[0] not in {one[0] for one in (old, new) if one is not None}:
            yield path, f"is neither the old one nor the new one: {now[0][:60]!r}"
        elif old is not None and now[1] != old[1]:
            yield path, f"has the mode {now[1]:o}"


def _fresh(good: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(good, place)


def _state(place: Path) -> State:
    found: State = {}
    for top in FILES:
        for path in [place / top, *(place / top).rglob("*")]:
            if path.is_file():
                mode = stat.S_IMODE(path.stat().st_mode)
                found[path.relative_to(place).as_posix()] = (path.read_bytes(), mode)
    return found


if __name__ == "__main__":
    sys.exit(main())
