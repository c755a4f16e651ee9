"""What is left of a tracker when a command is killed at each point where it writes.

`python tools/trials/kills.py [KILLS [COMMAND…]]` (1,000, all) runs commands on copies of the
known-good records and kills each with SIGKILL in front of every opening, half-written text, fsync,
link, renaming, removal and change of mode, in turn; every fifth one from outside at any moment.
Then every file is the old one or the new one, whole and with its mode, Git sees nothing unfinished,
and the same command, typed again, takes away the unfinished files where it writes. It prints a
table and ends with status 1 if anything else was seen.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO, Any, Self

from incident_tracker.cli import main as incident
from incident_tracker.examples import good_files

ROOT = Path(__file__).parents[2]
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
WRITES = {"open", "os.mkdir", "os.chmod", "os.link", "os.rename", "os.remove", "os.rmdir"}
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
    points: int
    seconds: float


class Writing:
    """Counts what a process does to files, and kills it in front of one of these points."""

    def __init__(self, folder: Path, at: int, count: Callable[[int], None]) -> None:
        """Watch what happens below a folder; ``count`` is told each number."""
        self.folder, self.at, self.count, self.seen = str(folder), at, count, 0

    def watch(self) -> None:
        """Begin: from here on the process is under observation for the rest of its life."""
        sys.addaudithook(self._event)
        fsync = os.fsync
        fdopen: Callable[..., IO[Any]] = os.fdopen

        def counted(descriptor: int) -> None:
            self._point()
            fsync(descriptor)

        def halved(descriptor: int, *mode: str, **more: Any) -> IO[Any]:  # noqa: ANN401 # as fdopen
            return _Halves.of(fdopen(descriptor, *mode, **more), self._point)

        vars(os).update(fsync=counted, fdopen=halved)

    def _event(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in WRITES or not _writes(event, arguments):
            return
        if any(isinstance(one, (str, Path)) and self._is_ours(str(one)) for one in arguments):
            self._point()

    def _is_ours(self, path: str) -> bool:
        return str(Path(path).absolute()).startswith(self.folder)

    def _point(self) -> None:
        self.seen += 1
        self.count(self.seen)
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Halves:
    """A file whose text is written in two halves, with a point between them."""

    @staticmethod
    def of(file: IO[Any], point: Callable[[], None]) -> IO[Any]:
        if "b" not in getattr(file, "mode", "") or not file.writable():
            return file
        write = file.write

        class Halved:
            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # whatever the file has
                return getattr(file, name)

            def write(self, data: bytes) -> int:
                write(data[: len(data) // 2])
                file.flush()
                point()
                return len(data) // 2 + write(data[len(data) // 2 :])

        return Halved()  # type: ignore[return-value] # what its users use of it


def main() -> int:
    """Kill, look, print the table, and return the exit status."""
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    kills: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        good = _good(folder / "good")
        cases = [_case(name, good, folder / "tried") for name in sys.argv[2:] or COMMANDS]
        for case, at in _plan(cases, asked):
            kills[case.name] += 1
            wrong += _tried(case, good, folder / "tried", at)
    print(f"{'command':<14} points  kills")
    for case in cases:
        print(f"{case.name:<14} {case.points:6} {kills[case.name]:6}")
    print(f"{kills.total():,} kills, {len(wrong)} times something was wrong")
    print(*wrong[:20], sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


def _plan(cases: list[Case], asked: int) -> Iterator[tuple[Case, int]]:
    """Yield where to kill, each point in turn and again; 0 is from outside."""
    points = [(case, at) for case in cases for at in range(1, case.points + 1)]
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
    before, begin = _state(place), time.monotonic()
    status, points = _run(name, place, at=-1)
    if status not in {0, 1}:  # 1: the check found what it is there to find
        raise SystemExit(f"{name} ends with {status}")
    return Case(name, before, _state(place), points, time.monotonic() - begin)


def _tried(case: Case, good: Path, place: Path, at: int) -> list[str]:
    """Kill a command and return what is wrong with what it left."""
    _fresh(good, place)
    late = random.random() * case.seconds if at == 0 else 0  # noqa: S311 # no secret
    _run(case.name, place, at=at or -1, late=late)
    where = f"{case.name} at {at or f'{late:.3f} s'}"
    wrong = [f"{where}: {path} {what}" for path, what in _broken(case, _state(place))]
    seen = subprocess.run(
        ["git", "-C", str(place), "status", "--porcelain", "-uall"],  # noqa: S607 # as above
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wrong += [f"{where}: Git sees {line}" for line in seen.splitlines() if line.endswith(".tmp")]
    cut_off = _state(place)
    status, _ = _run(case.name, place, at=-1)
    if status not in {0, 1, 2}:  # 2: what was done already is refused in words
        wrong.append(f"{where}: typed again it ends with {status}")
    ended = _state(place)
    written = {place / Path(p).parent for p in {*cut_off, *ended} if cut_off.get(p) != ended.get(p)}
    left = (path for path in place.rglob(".incident-*.tmp") if path.parent in written)
    wrong += [f"{where}: {path.name} is left beside what was written" for path in left]
    return wrong


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


def _run(name: str, place: Path, *, at: int, late: float = 0) -> tuple[int, int]:
    """Type a command in a process of its own; return its status and how many points it passed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _typed(COMMANDS[name], place, Writing(place, at, lambda n: _tell(write, n)))
    os.close(write)
    if late:
        time.sleep(late)
        os.kill(child, signal.SIGKILL)
    told = b""
    while part := os.read(read, 65_536):
        told += part
    os.close(read)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), len(told)


def _tell(descriptor: int, _: int) -> None:
    os.write(descriptor, b".")


def _typed(arguments: tuple[str, ...], place: Path, writing: Writing) -> None:
    os.chdir(place)
    os.dup2(os.open("rows.jsonl", os.O_RDONLY), 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    writing.watch()
    status = 99
    try:
        incident(list(arguments))
    except SystemExit as stopped:
        status = stopped.code if isinstance(stopped.code, int) else 98
    finally:
        os._exit(status)


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return True
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


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
